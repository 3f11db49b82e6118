"""The part of accounts and valuations: who may draft, review, approve, publish and cite."""

from gep.publishing import citing, commands, decisions
from gep.publishing.effects import FOLDS
from gep.publishing.state import Accounts
from gep.publishing.valuations import effects as of_valuations
from gep.publishing.valuations.rules import rules as rules_of_valuations
from ledger.machine import Part, Rule
from ledger.roles import Role

# A verifier's, an operator's or a regulator's accountant computes and reviews; a regulator decides.
_ACCOUNTS = frozenset({Role.OPERATOR, Role.REGULATOR, Role.VERIFIER})
_DECIDES = frozenset({Role.REGULATOR})
_CITES = frozenset(
    {
        Role.ASSESSOR,
        Role.BANK_APPROVER,
        Role.BANK_OFFICER,
        Role.OPERATOR,
        Role.REGULATOR,
        Role.TRADER,
        Role.VERIFIER,
    }
)


def accounts_part(state: Accounts) -> Part:
    """Return what the accounts register with the machine."""
    return Part(
        state=state,
        rules={
            commands.DraftGepAccount: Rule(
                decide=decisions.draft_account,
                roles=_ACCOUNTS,
                # Reading one document is what a command may cost; a list could have a hundred.
                linkable=False,
                reads=decisions.reads_draft,
            ),
            commands.ReviewGepAccount: Rule(
                decide=decisions.review_account, roles=_ACCOUNTS, reads=decisions.reads_named
            ),
            commands.ApproveGepAccount: Rule(
                decide=decisions.approve_account,
                roles=_DECIDES,
                four_eyes=lambda _state, _command: True,
                reads=decisions.reads_named,
            ),
            commands.PublishGepAccount: Rule(
                decide=decisions.publish_account,
                roles=_DECIDES,
                reads=decisions.reads_publication,
            ),
            commands.WithdrawGepAccount: Rule(
                decide=decisions.withdraw_account, roles=_ACCOUNTS, reads=decisions.reads_named
            ),
            commands.CiteGepAccount: Rule(
                decide=citing.cite_account, roles=_CITES, reads=citing.reads_citation
            ),
            commands.SettleGepCitation: Rule(
                decide=citing.settle_citation, roles=_CITES, reads=citing.reads_citation
            ),
            **rules_of_valuations(works=_ACCOUNTS, decides=_DECIDES),
        },
        folds={**FOLDS, **of_valuations.FOLDS},
        shelves=(
            state.accounts,
            state.documents,
            state.counting,
            state.citations,
            state.valuations,
            state.valuation_documents,
            state.valued,
        ),
    )
