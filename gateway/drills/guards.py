"""What guards the tables: triggers and their functions, constraints, rights, as the catalogue says.

Compared with a freshly migrated database, so that no list of guards can grow old. It shows what no
check of rows can: a trigger that was dropped or switched off, a function that refuses nothing any
more, a right that was granted.
"""

from collections.abc import Mapping

import asyncpg

Guards = Mapping[str, str]
GUARDS_MAX = 10_000

# 'O' stands for a trigger that fires for everybody but a session in the replica role.
_TRIGGERS = """
SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass,
       tgenabled::text || ' ' || pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1 LIMIT $1
"""
_FUNCTIONS = """
SELECT 'function ' || p.oid::regprocedure, 'with the digest ' || md5(p.prosrc)
FROM pg_proc p WHERE pronamespace = 'public'::regnamespace ORDER BY 1 LIMIT $1
"""
_CONSTRAINTS = """
SELECT 'constraint ' || conname || ' on ' || conrelid::regclass, pg_get_constraintdef(oid)
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'p', 'u', 'f', 'x')
ORDER BY 1 LIMIT $1
"""
_RIGHTS = """
SELECT 'rights of ' || grantee || ' on ' || table_name,
       string_agg(privilege_type, ', ' ORDER BY privilege_type)
FROM information_schema.role_table_grants
JOIN pg_tables ON schemaname = table_schema AND tablename = table_name
WHERE table_schema = 'public' AND grantee <> tableowner GROUP BY 1 ORDER BY 1 LIMIT $1
"""


async def guards_of(connection: asyncpg.Connection) -> Guards:
    """Return every guard of a database by its name."""
    found: dict[str, str] = {}
    for query in (_TRIGGERS, _FUNCTIONS, _CONSTRAINTS, _RIGHTS):
        found.update({row[0]: row[1] for row in await connection.fetch(query, GUARDS_MAX)})
    return found


def differences(*, expected: Guards, found: Guards) -> list[str]:
    """Say in words what differs, by name."""
    return [
        f"{name}: expected {expected.get(name, 'none')}, found {found.get(name, 'none')}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]
