"""The runs' part of the machine, and how their state comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.runs import commands, decisions
from credit_scoring.runs.effects import FOLDS
from credit_scoring.runs.state import CreditRun, Runs, Snapshot
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import Role

RUNNERS = frozenset({Role.OPERATOR, Role.REGULATOR})


def runs_part(state: Runs) -> Part:
    """Return what runs register with the machine."""
    return Part(
        state=state,
        rules={
            commands.RecordCreditRun: Rule(
                decide=decisions.record_run, roles=RUNNERS, linkable=False
            ),
            commands.DesignateSnapshot: Rule(
                decide=decisions.designate_snapshot,
                roles=frozenset({Role.REGULATOR}),
                four_eyes=lambda _state, _command: True,
            ),
        },
        folds=FOLDS,
        rows=_rows,
        check=Runs.check,
    )


def _rows(state: Runs) -> Iterable[Any]:
    yield from (state.runs[number] for number in sorted(state.runs))
    yield from (state.snapshots[number] for number in sorted(state.snapshots))


async def load_runs(state: Runs, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its ledger and rule sets, with what is committed."""
    for row in await rows_of(connection, "SELECT * FROM credit_run"):
        state.adopt(CreditRun(**dict(row)))
    for row in await rows_of(connection, "SELECT * FROM credit_snapshot"):
        state.adopt_snapshot(Snapshot(**dict(row)))
