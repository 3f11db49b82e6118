"""The supervision's part of the machine, and how what is resident of it comes back."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from exchange.supervision import commands, origins, reporting, serving, settling
from exchange.supervision.effects import FOLDS
from exchange.supervision.state import FactOrigin, Supervision
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import Role

_SUPERVISES = frozenset({Role.OPERATOR, Role.REGULATOR})
_DECIDES = frozenset({Role.INTAKE, Role.REGULATOR})
_CHECKS_REPORTS = frozenset({Role.VERIFIER, Role.REGULATOR})


def supervision_part(state: Supervision) -> Part:
    """Return what the supervision registers with the machine."""
    return Part(
        state=state,
        rules={
            commands.SetFactOrigin: Rule(
                decide=origins.set_origin, roles=_SUPERVISES, four_eyes=origins.always
            ),
            commands.ServeDecision: Rule(
                decide=serving.serve_decision,
                roles=_DECIDES,
                four_eyes=origins.always,
                reads=serving.reads_decision,
            ),
            commands.AnnulDecision: Rule(
                decide=serving.annul_decision,
                roles=_DECIDES,
                four_eyes=origins.always,
                reads=serving.reads_annulled,
            ),
            commands.RecordSettlements: Rule(
                decide=settling.record_settlements,
                roles=_DECIDES,
                # Its page is declared from the state before the list, and has to be that.
                linkable=False,
                reads=settling.reads_settlements,
            ),
            commands.RecordReportResults: Rule(
                decide=reporting.record_reports,
                roles=_CHECKS_REPORTS,
                # Which facts it gives depends on origins, which another leg could set.
                linkable=False,
                reads=reporting.reads_reports,
            ),
        },
        folds=FOLDS,
        rows=_rows,
        check=Supervision.check,
        shelves=(state.decisions, state.results),
    )


def _rows(state: Supervision) -> Iterable[Any]:
    yield from (state.origins[key] for key in sorted(state.origins))


async def load_supervision(state: Supervision, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after archives and registry, with what is committed and resident."""
    for row in await rows_of(connection, "SELECT * FROM fact_origin"):
        state.origins[row["origin"], row["department"]] = FactOrigin(**dict(row))
    last = await connection.fetchval("SELECT max(number) FROM authority_decision")
    state.next.decision = (last or 0) + 1
