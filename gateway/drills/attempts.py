"""The plain attempt: the same statement by somebody without a superuser's rights.

The writer's and the eraser's roles have grants only for their own work; the owner has all rights,
and meets triggers and constraints. Whatever gets through is rolled back.
"""

import asyncpg

from gateway.drills.definition import OWNER, Attempt, Line, Plain
from gateway.drills.targets import Targets

NOT_GRANTED = ("permission denied", "must be owner")


async def attempt(connection: asyncpg.Connection, plain: Plain, targets: Targets) -> list[Attempt]:
    """Try a statement as each of those who may come upon the idea."""
    sql = targets.fill(plain.sql)
    return [await _try(connection, sql, by=by) for by in plain.by]


async def _try(connection: asyncpg.Connection, sql: str, *, by: str) -> Attempt:
    transaction = connection.transaction()
    await transaction.start()
    try:
        if by != OWNER:
            await connection.execute(f"SET LOCAL ROLE {by}")
        done = await connection.execute(sql)
    except asyncpg.InsufficientPrivilegeError as error:
        is_grant = str(error).startswith(NOT_GRANTED)
        return Attempt(by=by, line=Line.GRANT if is_grant else Line.TRIGGER, words=str(error))
    except asyncpg.IntegrityConstraintViolationError as error:
        return Attempt(by=by, line=Line.CONSTRAINT, words=str(error))
    finally:
        await transaction.rollback()
    return Attempt(by=by, line=None, words=f"let through: {done}")
