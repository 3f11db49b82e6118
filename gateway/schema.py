"""Bring a database to the schema of this code, or to any of its migrations.

One place calls Alembic, for `up`, for the tests and for an operator. Tables are found by
name: every `tables.py` below the top packages belongs to the schema.
"""

import importlib
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from kernel.db.base import metadata
from kernel.db.session import for_sqlalchemy

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("kernel", "ledger", "credit_scoring", "gep", "exchange", "gateway")


async def upgrade(url: str, *, revision: str = "head") -> None:
    """Migrate the database up to `revision`."""
    await _on_connection(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, *, revision: str) -> None:
    """Migrate the database down to `revision`, or to `base` for an empty one."""
    await _on_connection(url, lambda config: command.downgrade(config, revision))


async def revision_of(url: str) -> str | None:
    """Return the migration that the database stands at."""
    engine = create_async_engine(for_sqlalchemy(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)
    finally:
        await engine.dispose()


def newest_revision() -> str | None:
    """Return the newest migration of this code."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def all_tables() -> MetaData:
    """Import every `tables.py` and return the catalogue that they fill."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("tables.py")):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return metadata


def is_compared(name: str | None, kind: str, parents: object) -> bool:
    """Tell Alembic what to compare: not the ranges of a table, which migrations alone know."""
    del parents
    return not (kind == "table" and name is not None and name.startswith("idempotency_"))


async def _on_connection(url: str, migrate: Callable[[Config], None]) -> None:
    engine = create_async_engine(for_sqlalchemy(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_with_config, migrate)
    finally:
        await engine.dispose()


def _with_config(connection: Connection, migrate: Callable[[Config], None]) -> None:
    config = _config()
    config.attributes["connection"] = connection
    migrate(config)


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
