"""Every query of the adopted rule sets and their challengers."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.rule_sets.adopting.commands import ADOPTED_MAX, CHALLENGERS_MAX
from credit_scoring.rule_sets.adopting.state import AdoptedRuleSet, Challenger, read, read_all
from credit_scoring.rule_sets.rule_set import RuleSet


class RuleSetStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def adopted(self) -> list[AdoptedRuleSet]:
        """Return what was adopted, by first day."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_rule_set ORDER BY effective_from LIMIT $1", ADOPTED_MAX
        )
        return [AdoptedRuleSet(**_plain(row)) for row in rows]

    async def challengers(self) -> list[Challenger]:
        """Return the challengers of now, by version."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_challenger WHERE dropped_in IS NULL ORDER BY version LIMIT $1",
            CHALLENGERS_MAX,
        )
        return [Challenger(**_plain(row)) for row in rows]

    async def rule_sets(self) -> list[RuleSet]:
        """Return the adopted sets, by first day: what any score is computed with."""
        return read_all(each.document for each in await self.adopted())


class KnownRuleSets:
    """Adopted rule sets by hash, each fetched and read once: what was adopted never changes."""

    def __init__(self) -> None:
        self._by_hash: dict[str, RuleSet] = {}

    async def of(self, connection: asyncpg.Connection, hashes: Iterable[str]) -> list[RuleSet]:
        """Return the rule sets of these hashes in their order."""
        wanted = list(hashes)
        missing = [each for each in wanted if each not in self._by_hash]
        if missing:
            query = "SELECT hash, document FROM credit_rule_set WHERE hash = ANY($1::text[])"
            for row in await connection.fetch(query, missing):
                self._by_hash[row["hash"]] = read(row["document"])
        return [self._by_hash[each] for each in wanted]


def _plain(row: asyncpg.Record) -> dict[str, Any]:
    return dict(row)
