"""The migrations and the tables of the code say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gateway import schema
from kernel.db.session import for_sqlalchemy


def difference(connection: Connection) -> list[object]:
    opts = {"compare_type": True, "include_name": schema.is_compared}
    context = MigrationContext.configure(connection, opts=opts)
    return list(compare_metadata(context, schema.all_tables()))


async def test_migrations_build_exactly_the_tables_of_the_code(database: str) -> None:
    engine = create_async_engine(for_sqlalchemy(database), poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(difference)
    await engine.dispose()

    assert found == []


async def test_the_way_up_down_and_up_again_works(empty_database: str) -> None:
    await schema.upgrade(empty_database)
    await schema.downgrade(empty_database, revision="base")
    await schema.upgrade(empty_database)

    assert await schema.revision_of(empty_database) == schema.newest_revision()
