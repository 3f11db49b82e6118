"""The consequences' part of the machine, and how they come back from their rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.consequences.adopting.commands import AdoptConsequences
from credit_scoring.consequences.adopting.decisions import adopt_consequences
from credit_scoring.consequences.adopting.effects import FOLDS
from credit_scoring.consequences.adopting.state import AdoptedTable, Consequences
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import Role


def consequences_part(state: Consequences) -> Part:
    """Return what the consequences register with the machine."""
    rule = Rule(
        decide=adopt_consequences,
        roles=frozenset({Role.OPERATOR, Role.REGULATOR}),
        four_eyes=lambda _state, _command: True,
    )
    return Part(
        state=state,
        rules={AdoptConsequences: rule},
        folds=FOLDS,
        rows=_rows,
        check=Consequences.check,
    )


def _rows(state: Consequences) -> Iterable[Any]:
    return (state.adopted[key] for key in sorted(state.adopted))


async def load_consequences(state: Consequences, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its ledger and rule sets, with what is committed."""
    for row in await rows_of(connection, "SELECT * FROM credit_consequence_table"):
        state.adopted[row["version"]] = AdoptedTable(**dict(row))
