"""The warnings' part of the machine: who may set thresholds, raise, assign, answer and close."""

from gep.space.watching import commands, raising, settling
from gep.space.watching.effects import FOLDS
from gep.space.watching.state import Watch
from ledger.machine import ANYONE, Part, Rule
from ledger.roles import Role

_WATCHES = frozenset({Role.OPERATOR, Role.REGULATOR})


def watch_part(state: Watch) -> Part:
    """Return what the warnings register with the machine."""
    return Part(
        state=state,
        rules={
            commands.SetGepThreshold: Rule(
                decide=raising.set_threshold, roles=_WATCHES, reads=raising.reads_threshold
            ),
            commands.RaiseGepWarning: Rule(
                decide=raising.raise_warning,
                roles=_WATCHES,
                # Reading two accounts is what a command may cost; a list could have a hundred.
                linkable=False,
                reads=raising.reads_raising,
            ),
            commands.AssignGepWarning: Rule(
                decide=settling.assign_warning, roles=_WATCHES, reads=settling.reads_warning
            ),
            commands.AnswerGepWarning: Rule(
                decide=settling.answer_warning, roles=ANYONE, reads=settling.reads_warning
            ),
            commands.CloseGepWarning: Rule(
                decide=settling.close_warning,
                roles=frozenset({Role.REGULATOR}),
                reads=settling.reads_warning,
            ),
        },
        folds=FOLDS,
        shelves=(state.thresholds, state.warnings, state.events),
    )
