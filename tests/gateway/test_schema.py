"""Migrations carry an empty database to the schema of the code and back."""

from gateway import schema


async def test_upgrade_brings_a_database_to_the_newest_migration(empty_database: str) -> None:
    await schema.upgrade(empty_database)

    assert await schema.revision_of(empty_database) == schema.newest_revision()


async def test_downgrade_takes_every_migration_back(empty_database: str) -> None:
    await schema.upgrade(empty_database)

    await schema.downgrade(empty_database, revision="base")

    assert await schema.revision_of(empty_database) is None
