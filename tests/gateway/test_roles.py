"""What the database itself refuses, and who may do what in it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from gateway import schema
from gateway.embedded.cluster import Cluster, start
from ledger.sequencer.statements import append

ENTRY = (0, b"h", b"p", b"k", b"e")


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    schema.all_tables()
    opened = await asyncpg.connect(database)
    await append(opened, "entry", [ENTRY])
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    "table",
    [
        "credit_consent",
        "credit_consent_revocation",
        "credit_erasure",
        "credit_query",
        "decision",
        "disclosure_use",
        "entry",
        "movement",
        "reconciliation_event",
        "trade",
    ],
)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"]
)
async def test_what_is_append_only_refuses_every_change(
    connection: asyncpg.Connection, table: str, statement: str
) -> None:
    column = "header" if table == "entry" else "entry"

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"{table} is append-only"):
        await connection.execute(statement.format(table, column))


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ("holding VALUES (3, 'CNY', -1, 0, 0, 0)", "available_not_negative"),
        ("holding VALUES (1, 'CNY', 0, -1, 0, 0)", "held_not_negative"),
        ("holding VALUES (1, 'CNY', 0, 0, -1, 0)", "fresh_not_negative"),
        ("hold VALUES (1, 1, 'CNY', -1, 'deposit', '', NULL, NULL)", "quantity_not_negative"),
        ("movement VALUES (1, 0, 1, 2, 'CNY', 0, '')", "quantity_positive"),
        (
            "reconciliation VALUES (1, '', '', 0, 0, '', 0, 0, '', 3, 4, 0, 0, NULL, NULL)",
            "matched_in_lines",
        ),
        ("entry VALUES (-1, '', '', '', '')", "index_not_negative"),
        (
            "credit_consent VALUES (1, 0, 0, '', '', '', '{}', 2, 1, repeat('0', 64), '')",
            "days_in_order",
        ),
        (
            "credit_query VALUES (1, 0, 0, '', '', '', '', '{}', NULL, '', '', '', 0, 0, '')",
            "answered_or_refused",
        ),
    ],
)
async def test_a_row_against_a_fence_is_refused_by_name(
    connection: asyncpg.Connection, row: str, constraint: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as caught:
        await connection.execute(f"INSERT INTO {row}")

    assert caught.value.constraint_name is not None
    assert caught.value.constraint_name.endswith(constraint)


EMPTIED = "rule = '', \"on\" = 0, evidence = repeat('0', 64), incident = '', file = '', actor = ''"


async def test_a_fact_changes_by_losing_its_content_and_in_no_other_way(
    connection: asyncpg.Connection,
) -> None:
    row = "('D', 'r', 'P', 'P-PROT-11', 739000, 1, 'I', repeat('e', 64), 'f', 'D-1', 0, 7)"
    await connection.execute(f"INSERT INTO credit_fact VALUES {row}")

    for statement in (
        "UPDATE credit_fact SET rule = 'P-LIVE-01'",
        "UPDATE credit_fact SET quantity = 2",
        f"UPDATE credit_fact SET {EMPTIED}, subject = 'Q'",
        f"UPDATE credit_fact SET {EMPTIED}, at = 8",
        "UPDATE credit_fact SET rule = ''",
        "DELETE FROM credit_fact",
        "TRUNCATE credit_fact",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="credit_fact is append-only"):
            await connection.execute(statement)
    await connection.execute(f"UPDATE credit_fact SET {EMPTIED}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="credit_fact is append-only"):
        await connection.execute(f"UPDATE credit_fact SET {EMPTIED}")


async def test_contra_accounts_may_be_below_zero(connection: asyncpg.Connection) -> None:
    await connection.execute("INSERT INTO holding VALUES (2, 'CNY', -5, 0, 0, 0)")


async def test_a_public_identifier_belongs_to_one_party(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "INSERT INTO party VALUES ('A', '', 'uscc', ''), ('B', '', 'uscc', '')"
    )
    await connection.execute("INSERT INTO party VALUES ('C', '', 'uscc', '9')")

    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO party VALUES ('D', '', 'uscc', '9')")


async def test_keys_lie_in_ranges_of_four_million_entries(connection: asyncpg.Connection) -> None:
    rows = [(1, 0), (2, 3_999_999), (3, 4_000_000), (4, 10**12)]
    await connection.copy_records_to_table(
        "idempotency", records=rows, columns=["key_hash", "index"]
    )

    found = await connection.fetch(
        "SELECT tableoid::regclass::text AS range FROM idempotency ORDER BY key_hash"
    )

    assert [row["range"] for row in found] == [
        "idempotency_0",
        "idempotency_0",
        "idempotency_1",
        "idempotency_rest",
    ]


@pytest.mark.parametrize(
    ("role", "statement", "may"),
    [
        ("reader", "SELECT * FROM entry", True),
        ("reader", "SELECT * FROM entry_personal", False),
        ("reader", "INSERT INTO quarantine VALUES ('', '', '')", False),
        ("reader", "SELECT * FROM anchor", True),
        ("reader", "UPDATE anchor SET error = ''", False),
        ("writer", "UPDATE anchor SET error = ''", True),
        ("writer", "DELETE FROM anchor", False),
        ("writer", "INSERT INTO entry VALUES (1, '', '', '', '')", True),
        ("writer", "UPDATE holding SET held = held", True),
        ("writer", "UPDATE reconciliation_task SET state = state", True),
        ("writer", "UPDATE reconciliation_event SET detail = detail", False),
        ("writer", "UPDATE shelf SET rows = rows", True),
        ("writer", "UPDATE credit_consent_line SET ends = ends", True),
        ("writer", "UPDATE credit_query SET refusal = refusal", False),
        ("reader", "SELECT * FROM credit_query, credit_consent", True),
        ("writer", "UPDATE credit_fact SET rule = rule", True),
        ("writer", "DELETE FROM credit_fact", False),
        ("writer", "UPDATE credit_notice SET parts = parts", True),
        ("writer", "DELETE FROM credit_review", False),
        ("reader", "SELECT * FROM credit_review, credit_notice, credit_listing", True),
        ("writer", "DELETE FROM shelf", False),
        ("reader", "UPDATE shelf SET rows = rows", False),
        ("reader", "SELECT * FROM reconciliation_terms, reconciliation_event", True),
        ("writer", "UPDATE entry SET header = header", False),
        ("writer", "DELETE FROM holding", False),
        ("writer", "DELETE FROM entry_personal", False),
        ("reader", "SELECT * FROM job, job_step, job_worker", True),
        ("reader", "DELETE FROM job", False),
        ("writer", "SELECT * FROM job", False),
        ("eraser", "DELETE FROM entry_personal", True),
        ("eraser", "SELECT * FROM holding", False),
        ("eraser", "DELETE FROM entry", False),
    ],
)
async def test_each_role_may_do_its_own_work_only(
    connection: asyncpg.Connection, role: str, statement: str, *, may: bool
) -> None:
    await connection.execute(f"SET ROLE ecorights_{role}")

    if may:
        await connection.execute(statement)
    else:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_a_reader_is_cut_off_after_five_seconds(connection: asyncpg.Connection) -> None:
    settings = await connection.fetchval(
        "SELECT rolconfig FROM pg_roles WHERE rolname = 'ecorights_reader'"
    )

    assert {
        "statement_timeout=5s",
        "idle_in_transaction_session_timeout=5s",
        "default_transaction_read_only=on",
    } <= set(settings)


@pytest.fixture
async def own_cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    """A server in which nobody has made the roles."""
    cluster = await asyncio.to_thread(start, tmp_path / "home")
    yield cluster
    await asyncio.to_thread(cluster.stop)


async def test_who_may_not_make_roles_is_told_and_has_all_tables(
    own_cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    await own_cluster.ensure_database("modest")
    url = own_cluster.url("modest")
    admin = await asyncpg.connect(url)
    await admin.execute("CREATE ROLE modest LOGIN")
    await admin.execute("ALTER DATABASE modest OWNER TO modest")
    await admin.close()
    scheme, rest = url.split("://", 1)
    url = f"{scheme}://modest@{rest.split('@', 1)[-1]}"

    with caplog.at_level(logging.WARNING):
        await schema.upgrade(url)

    assert "CREATE ROLE ecorights_eraser LOGIN" in caplog.text
    assert await schema.revision_of(url) == schema.newest_revision()
