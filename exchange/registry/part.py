"""The registry's part of the machine."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from exchange.registry import closing, commands, decisions
from exchange.registry.effects import FOLDS
from exchange.registry.state import (
    ClosedYear,
    ComplianceRule,
    Obligation,
    Registry,
    SettledObligation,
    ShortObligation,
)
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import Role

_REGULATES = frozenset({Role.REGULATOR})
_OWNS = frozenset({Role.TRADER, Role.APPROVER})
_VERIFIES = frozenset({Role.VERIFIER, Role.REGULATOR})


def registry_part(registry: Registry) -> Part:
    """Return what the registry registers with the machine."""
    always = decisions.always
    return Part(
        state=registry,
        rules={
            commands.Issue: Rule(decide=decisions.issue, roles=_REGULATES, four_eyes=always),
            commands.Allocate: Rule(decide=decisions.allocate, roles=_REGULATES, four_eyes=always),
            commands.Transfer: Rule(
                decide=decisions.transfer, roles=_OWNS, four_eyes=decisions.large
            ),
            commands.Surrender: Rule(decide=decisions.surrender, roles=_OWNS),
            commands.Retire: Rule(decide=decisions.retire, roles=_OWNS),
            commands.CancelUnits: Rule(
                decide=decisions.cancel_units, roles=_REGULATES, four_eyes=always
            ),
            commands.CarryOver: Rule(
                decide=decisions.carry_over, roles=_REGULATES, four_eyes=always
            ),
            commands.RecordVerifiedEmissions: Rule(
                decide=decisions.record_verified, roles=_VERIFIES
            ),
            commands.SetComplianceRule: Rule(decide=decisions.set_rule, roles=_REGULATES),
            commands.CloseComplianceYear: Rule(decide=closing.close_year, roles=_REGULATES),
        },
        folds=FOLDS,
        phases={closing.COMPLIANCE: closing.carry_on_close},
        rows=_rows,
        binds=_binds,
    )


def _binds(registry: Registry, party: str) -> str | None:
    """Return the first obligation of a party that is not settled, in words."""
    owed = [
        f"obligation for {each.right} of {each.year}"
        for each in registry.obligations.values()
        if each.party == party and (each.verified or 0) > each.surrendered
    ]
    return min(owed, default=None)


def _rows(registry: Registry) -> Iterable[Any]:
    yield from (registry.rules[right] for right in sorted(registry.rules))
    yield from (registry.obligations[key] for key in sorted(registry.obligations))
    yield from (registry.closed[key] for key in sorted(registry.closed))
    yield from (registry.settled[key] for key in sorted(registry.settled))
    yield from (registry.short[key] for key in sorted(registry.short))


async def load_registry(registry: Registry, connection: asyncpg.Connection) -> None:
    """Fill an empty registry with what is committed."""
    for row in await rows_of(connection, "SELECT * FROM compliance_rule"):
        registry.rules[row["right"]] = ComplianceRule(
            right=row["right"], mode=row["rule"], first_year=row["first_year"]
        )
    async for row in connection.cursor("SELECT * FROM obligation"):
        found = Obligation(**dict(row))
        registry.obligations[found.party, found.right, found.year] = found
    for row in await rows_of(connection, "SELECT * FROM closed_year"):
        registry.closed[row["right"], row["year"]] = ClosedYear(**dict(row))
    waiting = "SELECT * FROM settled_obligation WHERE recorded_in IS NULL"
    for row in await rows_of(connection, waiting):
        settled = SettledObligation(**dict(row))
        registry.settled[settled.right, settled.year, settled.number] = settled
    for row in await rows_of(connection, "SELECT * FROM short_obligation"):
        short = ShortObligation(**dict(row))
        registry.short[short.right, short.year, short.party] = short
