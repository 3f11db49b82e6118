"""The reconciliation's part of the machine, and how its state comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.reconciliation import commands, decisions
from ledger.reconciliation.effects import FOLDS
from ledger.reconciliation.state import TIMER, Reconciliations, Run, Task, terms_of
from ledger.roles import Role

_OPERATES = frozenset({Role.OPERATOR})
_TAKES_PART = frozenset({Role.OPERATOR, Role.SETTLEMENT_BANK})


def reconciliation_part(state: Reconciliations) -> Part:
    """Return what the reconciliation registers with the machine."""
    return Part(
        state=state,
        rules={
            commands.SetReconciliationTerms: Rule(
                decide=decisions.set_terms, roles=_OPERATES, four_eyes=decisions.always
            ),
            commands.RecordReconciliation: Rule(
                decide=decisions.record, roles=_TAKES_PART, linkable=False
            ),
            commands.AssignTask: Rule(decide=decisions.assign, roles=_OPERATES),
            commands.AnswerTask: Rule(decide=decisions.answer, roles=_TAKES_PART),
            commands.CloseTask: Rule(
                decide=decisions.close, roles=_OPERATES, four_eyes=decisions.is_large
            ),
            commands.ReopenTask: Rule(decide=decisions.reopen, roles=_TAKES_PART),
        },
        folds=FOLDS,
        timers={TIMER: decisions.fire},
        rows=_rows,
        check=Reconciliations.check,
    )


def _rows(state: Reconciliations) -> Iterable[Any]:
    yield from (state.terms[key] for key in sorted(state.terms))
    yield from (state.runs[key] for key in sorted(state.runs))
    yield from (state.tasks[number] for number in sorted(state.tasks))


async def load_reconciliations(state: Reconciliations, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its ledger, with what is committed."""
    for row in await rows_of(connection, "SELECT * FROM reconciliation_terms"):
        terms = terms_of(row)
        state.terms[terms.counterparty, terms.file_kind] = terms
    files = "SELECT * FROM reconciliation WHERE superseded_by IS NULL"
    for row in await rows_of(connection, files):
        run = Run(**dict(row))
        state.runs[run.counterparty, run.file_kind, run.day] = run
    tasks = "SELECT * FROM reconciliation_task WHERE state <> 'closed' OR until IS NOT NULL"
    for row in await rows_of(connection, tasks):
        state.adopt(Task(**dict(row)))
    run_last = await connection.fetchval("SELECT max(id) FROM reconciliation")
    task_last = await connection.fetchval("SELECT max(id) FROM reconciliation_task")
    state.next.run = (run_last or 0) + 1
    state.next.task = (task_last or 0) + 1
