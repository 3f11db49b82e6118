"""Personal parts of a venue that was opened before there was a vault are encrypted once."""

import asyncpg

from gateway import schema, wiring
from ledger.personal.earlier import encrypt_earlier
from ledger.personal.parts import PersonalRow, opened
from ledger.verification.audit import Audit
from tests.golden import logs
from tests.golden.test_golden import store
from tests.ledger.rows.scribe import vault_of

BEFORE = "0004"


async def plain_again(connection: asyncpg.Connection) -> None:
    """Put the golden parts back as the earlier schema held them: in clear."""
    await connection.execute("TRUNCATE entry_personal")
    for index, entry in enumerate(logs.read("machine-1").entries):
        if entry.personal != b"{}":
            await connection.execute(
                'INSERT INTO entry_personal ("index", key, body) VALUES ($1, $2, $3)',
                index,
                entry.personal_key,
                entry.personal,
            )


async def test_parts_in_clear_are_encrypted_for_their_subjects(database: str) -> None:
    connection = await asyncpg.connect(database)
    await store(logs.read("machine-1"), connection)
    vault = vault_of(connection)
    await connection.close()
    await schema.downgrade(database, revision=BEFORE)
    connection = await asyncpg.connect(database)
    await connection.execute("DROP TABLE entry_personal_by_subject")
    await plain_again(connection)
    await connection.close()
    await schema.upgrade(database)

    connection = await asyncpg.connect(database)
    decode = wiring.new_machine().decode_command
    count = await encrypt_earlier(connection, decode, vault=vault)
    again = await encrypt_earlier(connection, decode, vault=vault)

    audit = await Audit(connection, wiring.new_machine, vault=vault).run()
    clear = await connection.fetchval(
        "SELECT count(*) FROM entry_personal WHERE strpos(body::text, $1) > 0",
        b"Company".hex(),
    )
    await connection.close()
    assert (count > 6, again, clear) == (True, 0, 0)
    assert audit.findings == []


async def test_the_way_down_and_up_again_keeps_what_is_encrypted(database: str) -> None:
    connection = await asyncpg.connect(database)
    await store(logs.read("machine-1"), connection)
    vault = vault_of(connection)
    query = 'SELECT "index", subject, key, body FROM entry_personal ORDER BY 1, 2'
    before = await connection.fetch(query)
    await connection.close()

    await schema.downgrade(database, revision=BEFORE)
    await schema.upgrade(database)

    connection = await asyncpg.connect(database)
    after = [PersonalRow(*row) for row in await connection.fetch(query)]
    await connection.close()
    assert after == [PersonalRow(*row) for row in before]
    keys = vault.keys("ledger.example/t", [row.subject for row in after])
    assert len(opened(after, origin="ledger.example/t", keys=keys)) == len(after) > 6
