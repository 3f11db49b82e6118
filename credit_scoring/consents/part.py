"""The consents' part of the machine, and how its state comes back from the rows."""

import asyncpg

from credit_scoring.consents import commands, decisions
from credit_scoring.consents.effects import FOLDS
from credit_scoring.consents.state import Consents
from ledger.machine import Part, Rule
from ledger.roles import Role

_CONSENTS = frozenset({Role.SUBJECT})
_ASKS = frozenset({Role.BANK_OFFICER, Role.BANK_APPROVER})


def consents_part(state: Consents) -> Part:
    """Return what the consents register with the machine.

    A query is an entry of its own: in a list it could be refused with the list, unlogged.
    """
    return Part(
        state=state,
        rules={
            commands.GrantConsent: Rule(
                decide=decisions.grant_consent, roles=_CONSENTS, reads=decisions.reads_line
            ),
            commands.RevokeConsent: Rule(
                decide=decisions.revoke_consent, roles=_CONSENTS, reads=decisions.reads_line
            ),
            commands.LogQuery: Rule(
                decide=decisions.log_query,
                roles=_ASKS,
                linkable=False,
                reads=decisions.reads_lines,
            ),
        },
        folds=FOLDS,
        check=Consents.check,
        shelves=(state.lines,),
    )


async def load_consents(state: Consents, connection: asyncpg.Connection) -> None:
    """Let an empty state number on where the committed rows end; its lines stay where they are."""
    consent = await connection.fetchval("SELECT max(id) FROM credit_consent")
    query = await connection.fetchval("SELECT max(id) FROM credit_query")
    state.next.consent = (consent or 0) + 1
    state.next.query = (query or 0) + 1
