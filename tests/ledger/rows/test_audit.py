"""The audit finds every changed byte, names its place, and finds nothing in what is whole."""

from itertools import zip_longest
from typing import Any

import asyncpg
import pytest
from sqlalchemy.dialects import postgresql

from gateway import schema, wiring
from ledger.sequencer.statements import statement_of
from ledger.verification.audit import Audit
from ledger.verification.findings import Report
from ledger.verification.rows import NOT_PROJECTED
from tests.ledger.rows.scribe import vault_of

TABLES = schema.all_tables().tables
# The lease and the writer's notes about deaths are its own; no entry determines them.
PROCESS_STATE = {
    ("writer", column) for column in ("venue", "epoch", "holder", "backend_pid", "until")
}
# How far an anchor is, the chain and the authority say: `ecorights anchor verify` asks them.
PROCESS_STATE |= {
    ("anchor", column)
    for column in TABLES["anchor"].columns.keys()  # noqa: SIM118  the columns are no mapping
    if column not in {"origin", "size", "root", "note", "note_hash"}
}
DIALECT: Any = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library has none
CHANGED_BYTES = "set_byte({0}, octet_length({0}) / 2, get_byte({0}, octet_length({0}) / 2) # 1)"
CHANGES = {
    "BIGINT": "coalesce({0}, 0) + 1",
    "TEXT": "coalesce({0}, '') || 'x'",
    "BOOLEAN": "NOT {0}",
    "BYTEA": CHANGED_BYTES,
    "BIGINT[]": "{0} || 1::bigint",
    "TEXT[]": "{0} || 'public'::text",
}
KEY_CHANGES = CHANGES | {"BIGINT": "{0} + 1000000000"}
# Jobs and uploads are work, not value: no entry determines them.
EMPTY = {"attempt", "credit_upload", "job", "job_step", "job_worker", "raster_package"}
# What runs stage is hashed into their entry; `ecorights credit run check` compares it.
EMPTY |= {table for table in TABLES if table.startswith("credit_run_")}
COLUMNS = [
    (table, column.name)
    for table in sorted(TABLES)
    for column in TABLES[table].columns
    if table not in EMPTY and (table, column.name) not in PROCESS_STATE
]
OF_THE_LOG = [each for each in COLUMNS if each[0] in NOT_PROJECTED]
PROJECTED = sorted({table for table, _ in COLUMNS} - NOT_PROJECTED)
# Of each projection the first column, of each the second, and so on: one audit finds them all.
ABREAST = [
    [each for each in abreast if each is not None]
    for abreast in zip_longest(
        *([each for each in COLUMNS if each[0] == table] for table in PROJECTED)
    )
]


async def audit(connection: asyncpg.Connection, **more: Any) -> Report:
    vault = vault_of(connection)
    audit = Audit(connection, wiring.new_machine, vault=vault, grace_seconds=0)
    return await audit.run(**more)


async def change(connection: asyncpg.Connection, table: str, column: str) -> None:
    """Change one column of one row in the middle of a table, as a superuser can."""
    found = TABLES[table].columns[column]
    changes = KEY_CHANGES if found.primary_key or column == "index" else CHANGES
    value = changes[found.type.compile(DIALECT)].format(f'"{column}"')
    some = f'WHERE "{column}" IS NOT NULL' if found.nullable else ""
    first = next(iter(TABLES[table].columns)).name  # not the place on disk, which vacuum moves
    done = await connection.execute(
        f'UPDATE "{table}" SET "{column}" = {value} WHERE ctid = (SELECT ctid FROM "{table}" '
        f'{some} ORDER BY "{first}" OFFSET (SELECT count(*) / 2 FROM "{table}" {some}) LIMIT 1)'
    )
    assert done == "UPDATE 1", f"the story leaves {table}.{column} without a value"


async def test_a_whole_story_passes(story: asyncpg.Connection) -> None:
    report = await audit(story)

    assert report.findings == []
    assert report.ok
    assert report.first_bad is None
    assert report.entries == report.head + 1 > 400


async def test_the_story_fills_every_table_that_entries_determine(
    story: asyncpg.Connection,
) -> None:
    for table in sorted(set(TABLES) - EMPTY):
        assert await story.fetchval(f'SELECT count(*) FROM "{table}"') > 0, table


async def spoil(connection: asyncpg.Connection, table: str, column: str) -> asyncpg.Record:
    """Change a column of a row, and return the row as it was."""
    before = await connection.fetch(f'SELECT * FROM "{table}"')
    await change(connection, table, column)
    after = await connection.fetch(f'SELECT * FROM "{table}"')
    return next(row for row in before if row not in after)


@pytest.mark.parametrize("abreast", ABREAST, ids=lambda abreast: abreast[0][1])
async def test_each_changed_value_of_a_projection_is_found_and_named(
    story: asyncpg.Connection, abreast: list[tuple[str, str]]
) -> None:
    spoilt = [(table, column, await spoil(story, table, column)) for table, column in abreast]

    report = await audit(story)

    for table, column, bad in spoilt:
        key = tuple(bad[place] for place in statement_of(table).keys)
        of_row = [each for each in report.findings if (each.table, each.key) == (table, key)]
        assert of_row, (table, column, report.first_bad)
        is_key = TABLES[table].columns[column].primary_key
        assert is_key or {each.column for each in of_row} == {column}
        assert all(each.entry is not None for each in of_row)


@pytest.mark.parametrize(("table", "column"), OF_THE_LOG)
async def test_a_single_changed_value_of_the_log_is_found_and_named(
    story: asyncpg.Connection, table: str, column: str
) -> None:
    bad = await spoil(story, table, column)

    report = await audit(story)

    named = {(each.table, each.column) for each in report.findings}
    if table in {"entry", "entry_personal"}:
        first = min(report.findings, key=lambda each: each.order())
        assert first.entry == bad["index"], report.first_bad
        assert column == "index" or any(column in each.column for each in report.findings)
    else:
        assert any(name == table for name, _ in named), report.first_bad


# That a checkpoint was taken away is known to the signer and to those who keep it; that an anchor
# was, to the chain.
TAKEN = sorted(set(TABLES) - EMPTY - {"writer", "checkpoint", "anchor"})


@pytest.mark.parametrize("table", TAKEN)
async def test_a_row_that_was_taken_away_is_found(story: asyncpg.Connection, table: str) -> None:
    await story.execute(
        f'DELETE FROM "{table}" WHERE ctid = (SELECT ctid FROM "{table}" ORDER BY 1 DESC LIMIT 1)'
    )

    report = await audit(story)

    place = "entry" if table == "entry_personal" else table
    assert any(each.table == place for each in report.findings), report.first_bad


FORGED = {
    "trade": "UPDATE",
    "party": "INSERT INTO party VALUES ('Z', 'enterprise', '', '')",
    "hold": "INSERT INTO hold VALUES (99999, 100, 'CNY', 0, 'deposit', '', NULL, NULL)",
    "movement": "INSERT INTO movement SELECT entry, 77, source, target, instrument, quantity, "
    "cause FROM movement LIMIT 1",
    "holding": "INSERT INTO holding VALUES (101, 'ZZZ', 5, 0, 0, 0)",
    "timer": "INSERT INTO timer VALUES ('hold', '999', 5, true)",
    "trading_order": "INSERT INTO trading_order SELECT * FROM trading_order",
    "idempotency": 'INSERT INTO idempotency SELECT key_hash, "index" FROM idempotency LIMIT 1',
    "entry_personal": "INSERT INTO entry_personal VALUES (4, '', '', '')",
    "quarantine": "INSERT INTO quarantine VALUES ('00', '', 'row')",
}
FORGED["trade"] = "CREATE TEMP TABLE t AS SELECT * FROM trade LIMIT 1; UPDATE t SET id = 99999;"
FORGED["trade"] += "INSERT INTO trade SELECT * FROM t"
FORGED["trading_order"] = FORGED["trade"].replace("trade", "trading_order")


@pytest.mark.parametrize("table", sorted(FORGED))
async def test_a_row_that_no_entry_made_is_found(story: asyncpg.Connection, table: str) -> None:
    await story.execute(FORGED[table])

    report = await audit(story)

    assert any(each.table == table for each in report.findings), report.first_bad


async def test_the_last_entries_taken_away_are_missed(story: asyncpg.Connection) -> None:
    head = await story.fetchval("SELECT head FROM writer")
    await story.execute('DELETE FROM entry WHERE "index" > $1', head - 3)

    report = await audit(story)

    assert report.first_bad is not None
    assert report.first_bad.startswith(f"chain at table entry, row {head - 2}")


async def test_a_rewritten_log_is_found_by_a_head_kept_outside_alone(
    story: asyncpg.Connection,
) -> None:
    kept = await story.fetchrow("SELECT head, head_hash FROM writer")
    assert kept is not None
    head = (kept["head"], kept["head_hash"])
    assert (await audit(story, kept_head=head)).ok

    for index, digest in ((head[0], "0" * 64), (head[0] + 1, head[1]), (-5, head[1])):
        report = await audit(story, kept_head=(index, digest))

        assert [each.check for each in report.findings] == ["kept head"]


async def test_findings_are_sorted_and_none_hides_another(story: asyncpg.Connection) -> None:
    await change(story, "holding", "available")
    await change(story, "party", "kind")
    await change(story, "entry", "postings_key")
    bad = await story.fetchval('SELECT "index" FROM entry ORDER BY 1 OFFSET 5 LIMIT 1')
    await story.execute(
        f'UPDATE entry SET header = {CHANGED_BYTES.format("header")} WHERE "index" = $1', bad
    )

    report = await audit(story)

    assert {"entry", "holding", "party"} <= {each.table for each in report.findings}
    assert report.findings[0].entry == bad
    orders = [each.order() for each in report.findings]
    assert orders == sorted(orders)


async def test_value_that_comes_from_nowhere_is_found_as_unconserved(
    story: asyncpg.Connection,
) -> None:
    await story.execute("UPDATE holding SET available = available + 1 WHERE account = 100")

    report = await audit(story)

    assert "sum over CEA25" in {each.column for each in report.findings}
