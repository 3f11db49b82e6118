"""Replay: folding and deciding the whole log again gives the state that the rows hold."""

import asyncpg

from exchange.store import ExchangeStore
from gateway import wiring
from ledger.replay import Replay
from ledger.state_hash import state_hash
from ledger.verification.findings import Check, Report


async def replay(connection: asyncpg.Connection, *, decide: bool = False) -> Report:
    run = Replay(
        connection,
        new_machine=wiring.new_machine,
        load=wiring.load_machine,
        certify=wiring.certify,
    )
    return await run.run(decide=decide)


async def test_folding_all_entries_gives_the_loaded_state(story: asyncpg.Connection) -> None:
    report = await replay(story)

    assert report.findings == []
    assert report.state_hash == state_hash(await wiring.load_machine(story))


async def test_deciding_all_commands_again_gives_the_same_bytes(story: asyncpg.Connection) -> None:
    report = await replay(story, decide=True)

    assert report.findings == []
    assert report.decided == report.entries - 1


async def test_a_changed_balance_is_named_with_its_column(story: asyncpg.Connection) -> None:
    await story.execute("UPDATE holding SET held = held + 1 WHERE account = 101")

    report = await replay(story)

    states = [each for each in report.findings if each.check is Check.STATE and each.key]
    assert {(each.table, each.column) for each in states} == {("holding", "held")}


async def test_a_decision_that_comes_out_otherwise_names_its_entry(
    story: asyncpg.Connection,
) -> None:
    bad = await story.fetchval(
        """SELECT "index" FROM entry WHERE position('"kind":"cash_in"'::bytea in postings) > 0
           ORDER BY 1 LIMIT 1"""
    )
    await story.execute(
        """UPDATE entry SET postings = decode(replace(encode(postings, 'escape'),
           '"amount":"100000000000"', '"amount":"100000000001"'), 'escape') WHERE "index" = $1""",
        bad,
    )

    report = await replay(story, decide=True)

    assert [each.check for each in report.findings] == [Check.DECISION]
    assert report.findings[0].entry == bad


async def test_a_certified_statement_is_fetched_again_from_the_rows(
    story: asyncpg.Connection,
) -> None:
    await story.execute("UPDATE movement SET cause = 'gift' WHERE entry > 20 AND target = 100")

    report = await replay(story, decide=True)

    certified = [each for each in report.findings if each.check is Check.DECISION]
    assert len(certified) == 1


async def test_balances_are_the_sums_of_all_postings(story: asyncpg.Connection) -> None:
    head = await story.fetchval("SELECT head FROM writer")
    store = ExchangeStore(story)
    for row in await story.fetch(
        "SELECT account, instrument, available + held AS total FROM holding"
    ):
        sums = await store.balances_at(row["account"], entry=head)

        if row["account"] != 7:
            assert sums.get(row["instrument"], 0) == row["total"], row
