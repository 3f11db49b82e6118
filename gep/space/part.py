"""The units' part of the machine: who may enter boundaries."""

from gep.space import commands, decisions
from gep.space.effects import FOLDS
from gep.space.state import Units
from ledger.machine import Part, Rule
from ledger.roles import Role

_ENTERS = frozenset({Role.OPERATOR, Role.REGULATOR})


def units_part(state: Units) -> Part:
    """Return what the units register with the machine."""
    return Part(
        state=state,
        rules={
            commands.SetGepBoundary: Rule(
                decide=decisions.set_boundary,
                roles=_ENTERS,
                # Reading one geometry is what a command may cost; a list could have a hundred.
                linkable=False,
                reads=decisions.reads_boundary,
            ),
        },
        folds=FOLDS,
        shelves=(state.units, state.boundaries, state.geometries),
    )
