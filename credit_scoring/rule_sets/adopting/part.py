"""The rule sets' part of the machine, and how they come back from their rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.rule_sets.adopting import commands, decisions
from credit_scoring.rule_sets.adopting.effects import FOLDS
from credit_scoring.rule_sets.adopting.state import AdoptedRuleSet, Challenger, RuleSets
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import Role

_REGULATOR = frozenset({Role.REGULATOR})


def rule_sets_part(state: RuleSets) -> Part:
    """Return what the rule sets register with the machine."""
    return Part(
        state=state,
        rules={
            commands.AdoptRuleSet: _decided(decisions.adopt_rule_set),
            commands.AppointChallenger: _decided(decisions.appoint_challenger),
            commands.DropChallenger: _decided(decisions.drop_challenger),
        },
        folds=FOLDS,
        rows=_rows,
        check=RuleSets.check,
    )


def _decided(decide: Any) -> Rule:
    """Return the rule of what two people of the regulator decide."""
    return Rule(decide=decide, roles=_REGULATOR, four_eyes=lambda _state, _command: True)


def _rows(state: RuleSets) -> Iterable[Any]:
    yield from (state.adopted[key] for key in sorted(state.adopted))
    yield from (state.challengers[key] for key in sorted(state.challengers))


async def load_rule_sets(state: RuleSets, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its ledger, with what is committed."""
    for row in await rows_of(connection, "SELECT * FROM credit_rule_set"):
        state.adopted[row["version"]] = AdoptedRuleSet(**dict(row))
    challengers = "SELECT * FROM credit_challenger WHERE dropped_in IS NULL"
    for row in await rows_of(connection, challengers):
        state.challengers[row["version"]] = Challenger(**dict(row))
