"""Credentials that were issued before they lay on a shelf are counted by the migration."""

import asyncpg
import pytest

from gateway import schema, wiring
from ledger.verification.audit import Audit
from tests.golden import logs
from tests.golden.test_golden import store

BEFORE = "0019"


async def test_the_shelf_of_credentials_is_that_which_folding_makes(database: str) -> None:
    connection = await asyncpg.connect(database)
    await store(logs.read("machine-1-credentials"), connection)
    query = "SELECT * FROM shelf WHERE name = 'credential'"
    folded = await connection.fetchrow(query)
    await connection.close()

    await schema.downgrade(database, revision=BEFORE)
    await schema.upgrade(database)

    connection = await asyncpg.connect(database)
    made = await connection.fetchrow(query)
    audit = await Audit(connection, wiring.new_machine).run()
    await connection.close()
    assert folded is not None
    assert folded["rows"] > 0
    assert made == folded
    assert audit.findings == []


async def test_coins_of_the_one_form_are_not_taken_for_the_other(database: str) -> None:
    connection = await asyncpg.connect(database)
    await store(logs.read("machine-1-rewards"), connection)
    acts = await connection.fetchval("SELECT count(*) FROM coin_act")
    await connection.close()

    with pytest.raises(RuntimeError, match="has rows that an older version cannot read"):
        await schema.downgrade(database, revision=BEFORE)

    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM coin_act") == acts > 0
    await connection.close()
