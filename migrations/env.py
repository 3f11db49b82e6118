"""Run migrations on the connection that `gateway.schema` hands over, or on `-x url=...`.

Every migration runs in its own transaction, waits 200 ms for a lock and 60 s for a
statement; a file that needs more says so with a reason. A step that cannot get its lock
fails whole and is tried again by whoever called it.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gateway.schema import all_tables, is_compared
from kernel.db.session import for_sqlalchemy

LOCK_TIMEOUT = "200ms"
STATEMENT_TIMEOUT = "60s"


def run(connection: Connection) -> None:
    """Migrate on an open connection."""
    for name, limit in (("lock_timeout", LOCK_TIMEOUT), ("statement_timeout", STATEMENT_TIMEOUT)):
        connection.execute(text(f"SET {name} = '{limit}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
        include_name=is_compared,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


async def connect_and_run(url: str) -> None:
    """Migrate the database that an operator names on the command line."""
    engine = create_async_engine(for_sqlalchemy(url), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    asyncio.run(connect_and_run(context.get_x_argument(as_dictionary=True)["url"]))
