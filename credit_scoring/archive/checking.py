"""Facts of a file checked beside the writer: the machine's own checks on rows of one snapshot.

What passes here may still be refused by the machine, which alone decides; what fails here would
fail there.
"""

from collections.abc import Sequence

import asyncpg

from credit_scoring.archive.commands import ReportedFact
from credit_scoring.archive.decisions import FactCheck
from credit_scoring.archive.state import Archive, Department
from credit_scoring.rule_sets.adopting.part import load_rule_sets
from credit_scoring.rule_sets.adopting.state import RuleSets
from ledger.refusals import Refusal
from ledger.state import Ledger

_SUBJECTS = "SELECT * FROM credit_subject WHERE party = ANY($1::text[])"
# What an intake of the same file has recorded already is no double: it goes on from there.
_TAKEN = """
SELECT f.* FROM credit_fact f
WHERE f.source = $1 AND f.reference = ANY($2::text[]) AND NOT EXISTS (
    SELECT FROM credit_intake i
    WHERE i.manifest = f.file AND i.source = $1 AND i.file = $3 AND i.state = 'open')
"""


async def department_named(connection: asyncpg.Connection, party: str) -> Department | None:
    """Return a department that may report something."""
    row = await connection.fetchrow("SELECT * FROM credit_department WHERE party = $1", party)
    return None if row is None or not row["rules"] else Department(**dict(row))


async def faults_of(
    connection: asyncpg.Connection,
    department: Department,
    facts: Sequence[ReportedFact],
    *,
    file: str,
) -> list[Refusal | None]:
    """Return for each fact why it cannot be recorded, ``None`` where it can."""
    ledger = Ledger()
    rule_sets = RuleSets(ledger)
    archive = Archive(ledger, rule_sets)
    subjects = list({each.subject for each in facts})
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await load_rule_sets(rule_sets, connection)
        archive.subjects.adopt(await connection.fetch(_SUBJECTS, subjects))
        archive.facts.adopt(await _taken(connection, department.party, facts, file=file))
        at = await connection.fetchval("SELECT at FROM venue LIMIT 1")
    check = FactCheck(archive, department, at=at)
    return [check.fault(each) for each in facts]


async def taken(
    connection: asyncpg.Connection, source: str, facts: Sequence[ReportedFact], *, file: str
) -> dict[str, int]:
    """Return the references that other facts of the source have, with their entries."""
    rows = await _taken(connection, source, facts, file=file)
    return {row["reference"]: row["entry"] for row in rows}


async def _taken(
    connection: asyncpg.Connection, source: str, facts: Sequence[ReportedFact], *, file: str
) -> list[asyncpg.Record]:
    references = [each.reference for each in facts]
    found: list[asyncpg.Record] = await connection.fetch(_TAKEN, source, references, file)
    return found
