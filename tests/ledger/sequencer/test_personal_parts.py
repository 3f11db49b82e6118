"""The writer and personal parts: keys before rows, nothing personal where nothing was applied."""

import asyncio
from pathlib import Path

from ledger import commands
from ledger.encoding import personal_text
from ledger.entry import commit_personal
from ledger.personal.parts import PersonalRow, read_whole
from ledger.personal.vault import Vault
from ledger.refusals import Reject
from ledger.roles import PartyKind
from ledger.sequencer.submission import Submission, digest_of
from tests.ledger.sequencer import rig


def registration(party: str, name: str, *, identifier: str = "") -> commands.RegisterParty:
    return commands.RegisterParty(
        party=party,
        party_kind=PartyKind.PERSON,
        scheme="s",
        identifier=identifier,
        personal=commands.PartyPersonal(name=name),
    )


async def rows(database: str) -> list[PersonalRow]:
    query = 'SELECT "index", subject, key, body FROM entry_personal ORDER BY 1, 2'
    return [PersonalRow(*row) for row in await rig.fetch(database, query)]


async def test_each_part_lies_under_its_subjects_keys_and_keeps_its_commitment(
    database: str, socket: Path
) -> None:
    plan = rig.plan_of(database, socket)
    one, two = registration("P1", "一"), registration("P2", "二")
    both = commands.Linked(commands=(registration("P3", "三"), registration("P4", "四")))
    async with rig.opened(plan) as run:
        for number, command in enumerate((one, two, both)):
            answer = await run.one(command, key=f"k{number}", actor="x-1")
            assert answer.refusal is None

    stored = await rows(database)
    origin = (await rig.fetch(database, "SELECT origin FROM venue"))[0]["origin"]
    vault = Vault(plan.vault)
    assert [row.subject for row in stored] == ["P1", "P2", "P3", "P4"]
    for command, part_rows in ((one, stored[:1]), (two, stored[1:2]), (both, stored[2:])):
        part = read_whole(part_rows, origin=origin, vault=vault)
        assert part is not None
        assert part.body == personal_text(command)
        query = 'SELECT header FROM entry WHERE "index" = $1'
        [row] = await rig.fetch(database, query, part_rows[0].entry)
        assert commit_personal(part.key, part.body).encode() in row["header"]


async def test_a_refused_command_and_a_quarantined_one_keep_nothing_personal(
    database: str, socket: Path
) -> None:
    plan = rig.plan_of(database, socket)
    poisoned = registration("P2", "二", identifier="\x00")
    async with rig.opened(plan) as run:
        await run.one(registration("P1", "一"), key="k1", actor="x-1")
        refused = await run.one(registration("P1", "另"), key="k2", actor="x-1")
        aside = await run.one(poisoned, key="k3", actor="x-1")
        again = await run.one(poisoned, key="k3", actor="x-1")

    assert refused.refusal is not None
    assert refused.refusal.code == Reject.PARTY_EXISTS
    assert aside.refusal is not None
    assert aside.refusal.code == Reject.QUARANTINED
    assert again == aside
    assert [row.subject for row in await rows(database)] == ["P1"]
    [row] = await rig.fetch(database, "SELECT digest, command, actor FROM quarantine")
    assert "二".encode() not in row["command"]
    assert (row["digest"], row["actor"]) == (digest_of(row["command"]), "x-1")


async def test_a_vault_that_cannot_be_written_refuses_nobody(database: str, socket: Path) -> None:
    plan = rig.plan_of(database, socket)
    async with rig.opened(plan) as run:
        plan.vault.unlink(missing_ok=True)
        plan.vault.mkdir()
        waiting = asyncio.create_task(run.one(registration("P1", "一"), key="k", actor="x-1"))
        assert run.writer.sequencer is not None
        intake = run.writer.sequencer.intake
        async with asyncio.timeout(20):
            while not intake.closed:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.01)
        assert not waiting.done()
        plan.vault.rmdir()
        answer = await waiting

    assert answer.refusal is None
    assert [row.subject for row in await rows(database)] == ["P1"]


async def test_a_name_under_a_used_key_is_compared_after_a_restart(
    database: str, socket: Path
) -> None:
    plan = rig.plan_of(database, socket)
    async with rig.opened(plan) as run:
        first = await run.one(registration("P1", "一"), key="k", actor="x-1")
    async with rig.running(plan) as run:
        same = await run.one(registration("P1", "一"), key="k", actor="x-1")
        other = await run.one(registration("P1", "另"), key="k", actor="x-1")

    assert same == first
    assert other.refusal is not None
    assert other.refusal.code == Reject.KEY_REUSED


async def test_orders_without_personal_parts_touch_no_vault(database: str, socket: Path) -> None:
    plan = rig.plan_of(database, socket)
    async with rig.opened(plan) as run:
        await run.send(
            [Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(1)) for n in range(50)]
        )

    assert not plan.vault.exists()
