"""Who may draft, review, approve and publish valuations."""

from collections.abc import Mapping

from gep.publishing.valuations import commands, decisions
from ledger.commands import Command
from ledger.machine import Rule
from ledger.roles import Role


def rules(*, works: frozenset[Role], decides: frozenset[Role]) -> Mapping[type[Command], Rule]:
    """Return the rules of valuations; ``works`` draft and review, ``decides`` approve."""
    return {
        commands.DraftGepValuation: Rule(
            decide=decisions.draft_valuation,
            roles=works,
            linkable=False,
            reads=decisions.reads_draft,
        ),
        commands.ReviewGepValuation: Rule(
            decide=decisions.review_valuation, roles=works, reads=decisions.reads_named
        ),
        commands.ApproveGepValuation: Rule(
            decide=decisions.approve_valuation,
            roles=decides,
            four_eyes=lambda _state, _command: True,
            reads=decisions.reads_named,
        ),
        commands.PublishGepValuation: Rule(
            decide=decisions.publish_valuation, roles=decides, reads=decisions.reads_publication
        ),
        commands.WithdrawGepValuation: Rule(
            decide=decisions.withdraw_valuation, roles=works, reads=decisions.reads_named
        ),
    }
