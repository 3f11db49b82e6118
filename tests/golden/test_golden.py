"""The committed logs: today's code decides, folds and stores them exactly as they stand.

A golden log is never adapted to the code. A version of the machine that decides otherwise is a new
version; a new kind of command or effect is told in a new log. The files are written by
``ECORIGHTS_WRITE_GOLDEN=1 ./ecorights test tests/golden``.
"""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import msgspec
import pytest

from gateway import wiring
from kernel.canonical import parse, parse_utc
from ledger.entry import FIRST_PREVIOUS, Chain, leaf_hash
from ledger.personal.eraser import Eraser
from ledger.personal.parts import PlainRow, encrypted, plain_rows
from ledger.personal.portions import stored_portions
from ledger.projection import APPENDED, write_set
from ledger.replay import Replay
from ledger.sequencer.statements import append, write_rows
from ledger.sequencer.submission import StoredBody, key_hash
from ledger.state_hash import state_hash
from ledger.verification.audit import Audit
from tests.golden import logs
from tests.golden.accounts_story import tell_gep_accounts, tell_gep_valuations
from tests.golden.credentials_story import tell_credentials
from tests.golden.rewards_story import tell_rewards
from tests.golden.story import (
    SET_ASIDE,
    tell_a_close,
    tell_both_versions,
    tell_credit_archives,
    tell_credit_consents,
    tell_credit_intakes,
    tell_credit_rights,
    tell_credit_runs,
    tell_machine_1,
    tell_privacy,
    tell_reconciliation,
    tell_terms,
    tell_two_logs,
)
from tests.golden.supervision_story import tell_supervision
from tests.golden.units_story import tell_gep_units
from tests.ledger.rows.scribe import Scribe, vault_of

STORIES = {
    "machine-1": tell_machine_1,
    "machine-1-and-2": tell_both_versions,
    "machine-1-terms": tell_terms,
    "machine-3-close": tell_a_close,
    "two-logs": tell_two_logs,
    "machine-1-privacy": tell_privacy,
    "machine-1-reconciliation": tell_reconciliation,
    "machine-1-credit-archives": tell_credit_archives,
    "machine-1-credit-intakes": tell_credit_intakes,
    "machine-1-rewards": tell_rewards,
    "machine-1-credentials": tell_credentials,
    "machine-1-credit-consents": tell_credit_consents,
    "machine-1-credit-runs": tell_credit_runs,
    "machine-1-credit-rights": tell_credit_rights,
    "machine-1-supervision": tell_supervision,
    "machine-1-gep-accounts": tell_gep_accounts,
    "machine-1-gep-units": tell_gep_units,
    "machine-1-gep-valuations": tell_gep_valuations,
}
OF_VERSION_1 = (
    "machine-1",
    "machine-1-terms",
    "machine-1-privacy",
    "machine-1-reconciliation",
    "machine-1-credit-archives",
    "machine-1-credit-intakes",
    "machine-1-rewards",
    "machine-1-credentials",
    "machine-1-credit-consents",
    "machine-1-credit-runs",
    "machine-1-credit-rights",
    "machine-1-supervision",
    "machine-1-gep-accounts",
    "machine-1-gep-units",
    "machine-1-gep-valuations",
)
names = pytest.mark.parametrize("name", STORIES)


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


@names
async def test_the_story_told_today_gives_the_committed_bytes(
    name: str, connection: asyncpg.Connection
) -> None:
    scribe = Scribe(connection)
    await STORIES[name](scribe)
    told = logs.GoldenLog(await logs.stored(connection), state_hash(scribe.machine))
    if os.environ.get("ECORIGHTS_WRITE_GOLDEN"):
        logs.write(name, told)

    golden = logs.read(name)
    for index, (now, then) in enumerate(zip(told.entries, golden.entries, strict=True)):
        assert now == then, index
    assert told.state_hash == golden.state_hash


@names
def test_every_header_seals_its_body_and_its_predecessor(name: str) -> None:
    golden = logs.read(name)
    chain, first = Chain(origin="", previous=FIRST_PREVIOUS), 0
    for index, entry in enumerate(golden.entries):
        origin = parse(entry.header)["origin"]
        if origin != chain.origin:
            chain, first = Chain(origin=origin, previous=chain.previous), index
        sealed = chain.seal(
            index=index - first,
            at=_stamp(entry),
            postings=entry.postings,
            personal=entry.personal,
            keys=entry.postings_key + entry.personal_key,
        )
        assert sealed.header == entry.header


@names
async def test_a_database_made_from_the_log_alone_verifies_and_replays(
    name: str, connection: asyncpg.Connection
) -> None:
    golden = logs.read(name)
    await store(golden, connection)
    await Eraser(connection, vault_of(connection)).step()

    audit = await Audit(connection, wiring.new_machine, vault=vault_of(connection)).run()
    assert audit.findings == []
    for decide in (False, True):
        replay = Replay(
            connection,
            new_machine=wiring.new_machine,
            load=wiring.load_machine,
            certify=wiring.certify,
        )
        report = await replay.run(decide=decide)
        assert report.findings == []
        assert report.state_hash == golden.state_hash
        assert report.entries == len(golden.entries)
    assert report.decided >= report.entries - 1


def test_the_logs_hold_every_kind_of_command_and_effect() -> None:
    machine = wiring.new_machine()
    commands: set[str] = set()
    effects: set[str] = set()
    for entry in [entry for name in STORIES for entry in logs.read(name).entries]:
        body = parse(entry.postings)
        commands |= set(_kinds(body["command"]))
        effects |= {effect["effect"] for effect in body["effects"]}

    assert commands == {_tag(kind) for kind in machine.command_types}
    assert effects == {_tag(kind) for kind in machine.effect_types}


@pytest.mark.parametrize("name", OF_VERSION_1)
def test_a_log_of_version_1_was_decided_by_it_alone(name: str) -> None:
    assert {parse(entry.postings)["machine"] for entry in logs.read(name).entries} == {"1"}


def test_version_2_keeps_the_place_of_an_order_that_is_only_valid_for_less_long() -> None:
    bodies = [parse(entry.postings) for entry in logs.read("machine-1-and-2").entries]
    effects = [(body["machine"], effect) for body in bodies for effect in body["effects"]]

    amended = [(by, e["keeps_place"]) for by, e in effects if e["effect"] == "order_amended"]
    bought = [(by, e["buy"]) for by, e in effects if e["effect"] == "filled"]

    # Orders 1 and 4 came first and were amended; 2 and 5 stood behind them.
    assert amended == [("1", False), ("2", True)]
    assert bought == [("1", "2"), ("2", "4")]


async def store(golden: logs.GoldenLog, connection: asyncpg.Connection) -> None:
    """Make the rows of a venue out of its log: entries as they are, the rest by folding."""
    machine = wiring.new_machine()
    head_hash = FIRST_PREVIOUS
    personal: list[PlainRow] = []
    entries, keys, aside = [], [], []
    for index, entry in enumerate(golden.entries):
        body = msgspec.json.decode(entry.postings, type=StoredBody)
        machine.fold(machine.decode_effects(bytes(body.effects)), index=index, at=_stamp(entry))
        empty = entry.personal_key if entry.personal == b"{}" else None
        entries.append((index, entry.header, entry.postings, entry.postings_key, empty))
        if empty is None:
            portions = stored_portions(machine.decode_command(body.command), entry.personal)
            personal += plain_rows(index, entry.personal_key, portions)
        if body.key:
            keys.append((key_hash(body.actor, body.key), index))
        set_aside = parse(bytes(body.command))
        if set_aside["kind"] == "quarantine":
            aside.append((set_aside["digest"], SET_ASIDE, set_aside["cause"], body.actor))
        head_hash = leaf_hash(entry.header)
    rows = [(t.table, t.created, t.changed) for t in write_set(machine.ledger.journal)]
    origin = machine.ledger.first_origin
    subject_keys = vault_of(connection).ensure(origin, [row.subject for row in personal])
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO writer (venue, epoch, head, head_hash, holder, backend_pid, until) "
            "VALUES ('t', 1, $1, $2, 'test', 0, now())",
            len(entries) - 1,
            head_hash,
        )
        await append(connection, "entry", entries)
        await append(
            connection, "entry_personal", encrypted(personal, origin=origin, keys=subject_keys)
        )
        await connection.copy_records_to_table(
            "idempotency", records=keys, columns=["key_hash", "index"]
        )
        await write_rows(connection, rows, appended=APPENDED)
        await append(connection, "quarantine", aside)


def _stamp(entry: logs.GoldenEntry) -> int:
    return parse_utc(parse(entry.postings)["at"])


def _kinds(command: dict[str, Any]) -> Iterator[str]:
    yield command["kind"]
    for inner in [*command.get("commands", ()), command.get("command")]:
        if isinstance(inner, dict):
            yield from _kinds(inner)


def _tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)
