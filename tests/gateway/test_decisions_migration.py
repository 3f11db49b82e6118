"""A venue that was opened before there were rows for decisions gets them from its entries."""

import asyncpg
import pytest

from gateway import schema, wiring
from ledger.verification.audit import Audit
from tests.golden import logs
from tests.golden.test_golden import store

BEFORE = "0002"


@pytest.mark.parametrize("name", ["machine-1", "machine-1-terms"])
async def test_the_rows_that_the_migration_makes_are_those_that_folding_makes(
    database: str, name: str
) -> None:
    connection = await asyncpg.connect(database)
    await store(logs.read(name), connection)
    folded = await connection.fetch("SELECT * FROM decision ORDER BY entry, number")
    await connection.close()

    await schema.downgrade(database, revision=BEFORE)
    await schema.upgrade(database)

    connection = await asyncpg.connect(database)
    made = await connection.fetch("SELECT * FROM decision ORDER BY entry, number")
    audit = await Audit(connection, wiring.new_machine).run()
    await connection.close()
    assert {row["kind"] for row in folded} >= {"machine", "instrument", "book_terms", "trading_day"}
    assert made == folded
    assert audit.findings == []
