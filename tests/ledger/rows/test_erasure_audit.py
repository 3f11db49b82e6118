"""The audit after an erasure: everything stands, and what was not done or not allowed is found."""

import asyncpg
import pytest

from gateway import wiring
from ledger.personal.eraser import Eraser
from ledger.personal.vault import Vault
from ledger.replay import Replay
from ledger.state_hash import state_hash
from ledger.verification.audit import Audit
from ledger.verification.findings import Finding
from tests.ledger.rows.scribe import Scribe
from tests.ledger.rows.stream import erase_somebody


@pytest.fixture
async def erased(scribe: Scribe) -> Scribe:
    """A venue in which P01 was erased by an entry; the eraser has not come yet."""
    await erase_somebody(scribe)
    await scribe.commit()
    return scribe


async def audit(scribe: Scribe, *, vault: Vault | None = None) -> list[Finding]:
    found = Audit(
        scribe.connection, wiring.new_machine, vault=vault or scribe.vault, grace_seconds=0
    )
    return (await found.run()).findings


async def erase(scribe: Scribe) -> None:
    assert await Eraser(scribe.connection, scribe.vault).step() == 1


async def shared_entry(connection: asyncpg.Connection) -> int:
    found = await connection.fetchval("SELECT \"index\" FROM entry_personal WHERE subject = 'P02'")
    return int(found)


async def test_an_erasure_leaves_audit_replay_and_state_hash_as_they_were(erased: Scribe) -> None:
    before = state_hash(erased.machine)
    await erase(erased)

    assert await audit(erased) == []
    for decide in (False, True):
        replay = Replay(
            erased.connection,
            new_machine=wiring.new_machine,
            load=wiring.load_machine,
            certify=wiring.certify,
        )
        report = await replay.run(decide=decide)
        assert (report.findings, report.state_hash) == ([], before)
        assert report.entries == erased.index + 1
    assert report.decided == report.entries


async def test_what_an_erasure_has_left_is_found(erased: Scribe) -> None:
    findings = await audit(erased)

    assert {(each.check, each.table) for each in findings} == {
        ("erasure", "entry_personal"),
        ("erasure", "subject_key"),
    }
    assert {each.entry for each in findings} == {erased.ledger.privacy.erasures["P01"].entry}


async def test_a_key_that_came_back_from_a_backup_is_found(erased: Scribe) -> None:
    await erase(erased)
    erased.vault.ensure(erased.ledger.origin, ["P01"])

    assert [str(each.key[0]) for each in await audit(erased)] == ["P01"]


async def test_a_part_that_no_entry_erased_is_missed(erased: Scribe) -> None:
    await erase(erased)
    index = await erased.connection.fetchval(
        "SELECT \"index\" FROM entry_personal WHERE subject = 'E01'"
    )
    await erased.connection.execute('DELETE FROM entry_personal WHERE "index" = $1', index)

    (finding,) = await audit(erased)

    assert (finding.check, finding.table, finding.entry) == ("commitment", "entry", index)
    assert finding.found == "neither an empty part nor a row"


async def test_anothers_portion_of_an_erased_part_is_missed(erased: Scribe) -> None:
    await erase(erased)
    index = await shared_entry(erased.connection)
    await erased.connection.execute("DELETE FROM entry_personal WHERE subject = 'P02'")

    (finding,) = await audit(erased)

    assert (finding.entry, finding.expected) == (index, "P02's portion")


@pytest.mark.parametrize("column", ["key", "body"])
async def test_a_changed_ciphertext_is_found_beside_an_erased_one(
    erased: Scribe, column: str
) -> None:
    await erase(erased)
    index = await shared_entry(erased.connection)
    await erased.connection.execute(
        f"UPDATE entry_personal SET {column} = set_byte({column}, 20, "
        f"get_byte({column}, 20) # 1) WHERE subject = 'P02'"
    )

    (finding,) = await audit(erased)

    assert (finding.entry, finding.found) == (index, "another ciphertext")


@pytest.mark.parametrize("subject", ["E01", "P02"])
async def test_a_key_of_somebody_alive_is_missed(erased: Scribe, subject: str) -> None:
    await erase(erased)
    erased.vault.destroy(erased.ledger.origin, [subject])

    (finding,) = await audit(erased)

    assert (finding.table, finding.found) == ("entry", "no key in the vault")


async def test_without_the_vault_the_parts_stay_closed_and_missing_ones_are_missed(
    erased: Scribe,
) -> None:
    await erase(erased)
    closed = Audit(erased.connection, wiring.new_machine)
    assert (await closed.run()).findings == []

    await erased.connection.execute("DELETE FROM entry_personal WHERE subject <> 'P02'")
    report = await Audit(erased.connection, wiring.new_machine).run()

    assert {each.check for each in report.findings} == {"commitment"}
    assert len(report.findings) >= 6


async def test_no_name_is_anywhere_in_the_database_in_clear(erased: Scribe) -> None:
    """Not in entries, states, proposals or quarantine: names lie under their keys alone."""
    tables = await erased.connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    found: dict[str, set[str]] = {}
    for name in ("林溪", "周野", "Company E01", "P01"):
        for table in tables:
            query = (
                f'SELECT count(*) FROM "{table[0]}" t '
                "WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0"
            )
            if await erased.connection.fetchval(query, name, name.encode().hex()):
                found.setdefault(name, set()).add(table[0])

    assert found.keys() == {"P01"}
    assert {"party", "erasure", "proposal", "entry"} <= found["P01"]
