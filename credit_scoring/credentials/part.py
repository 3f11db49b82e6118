"""The credentials' part of the machine, and how its state comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.credentials import commands, decisions
from credit_scoring.credentials.effects import FOLDS
from credit_scoring.credentials.state import Credentials, Given, IssuerTerms
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import Role

_OPERATES = frozenset({Role.OPERATOR})
_ISSUES = frozenset({Role.OPERATOR, Role.REGULATOR})


def credentials_part(state: Credentials) -> Part:
    """Return what credentials register with the machine."""
    return Part(
        state=state,
        rules={
            commands.DefineCredentialIssuer: Rule(decide=decisions.define_issuer, roles=_OPERATES),
            commands.IssueCredential: Rule(decide=decisions.issue_one, roles=_ISSUES),
            commands.RevokeCredential: Rule(decide=decisions.revoke_one, roles=_ISSUES),
            commands.SuspendCredential: Rule(decide=decisions.suspend_one, roles=_ISSUES),
            commands.ResumeCredential: Rule(decide=decisions.resume_one, roles=_ISSUES),
        },
        folds=FOLDS,
        rows=_rows,
        check=Credentials.check,
    )


def _rows(state: Credentials) -> Iterable[Any]:
    yield from (state.terms[number] for number in sorted(state.terms))
    yield from (state.given[name] for name in sorted(state.given))


async def load_credentials(state: Credentials, connection: asyncpg.Connection) -> None:
    """Fill an empty state with what is committed."""
    for row in await rows_of(connection, "SELECT * FROM credential_issuer"):
        terms = IssuerTerms(**dict(row))
        state.terms[terms.number] = terms
    for row in await rows_of(connection, "SELECT * FROM credential ORDER BY list, entry"):
        state.adopt(Given(**dict(row)))
