"""Every query of the adopted consequences, and which rows are in force on a day."""

from datetime import date

import asyncpg

from credit_scoring.consequences.adopting.commands import ADOPTED_MAX
from credit_scoring.consequences.adopting.state import AdoptedTable, in_force
from credit_scoring.consequences.adopting.table import Table, read_table
from credit_scoring.rule_sets.adopting.store import RuleSetStore
from kernel.errors import DomainError, Kind


class ConsequencesMissing(DomainError):
    """No adopted table is in force on the day, or has the version."""

    code = "credit.consequences_missing"
    kind = Kind.NOT_FOUND


class ConsequenceStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def adopted(self) -> list[AdoptedTable]:
        """Return what was adopted, by first day."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_consequence_table ORDER BY effective_from LIMIT $1", ADOPTED_MAX
        )
        return [AdoptedTable(**dict(row)) for row in rows]

    async def in_force(self, on: date) -> Table:
        """Return the table that is in force on a day.

        Raises:
            ConsequencesMissing: none is, so nothing follows from any grade.
        """
        found = in_force(await self.adopted(), on)
        if found is None:
            raise ConsequencesMissing(
                on.isoformat(), field="on", expected="a day from the first adopted table on"
            )
        rule_sets = await RuleSetStore(self._connection).adopted()
        [rules] = [each.document for each in rule_sets if each.version == found.rule_set]
        return read_table(found.document, rules)
