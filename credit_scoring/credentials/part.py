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
            commands.IssueCredential: _named(decisions.issue_one),
            commands.RevokeCredential: _named(decisions.revoke_one),
            commands.SuspendCredential: _named(decisions.suspend_one),
            commands.ResumeCredential: _named(decisions.resume_one),
        },
        folds=FOLDS,
        rows=_rows,
        check=Credentials.check,
        shelves=(state.given,),
    )


def _named(decide: Any) -> Rule:
    """Return the rule of what is done with one credential."""
    return Rule(decide=decide, roles=_ISSUES, reads=decisions.reads_credential)


def _rows(state: Credentials) -> Iterable[Any]:
    yield from (state.terms[number] for number in sorted(state.terms))


async def load_credentials(state: Credentials, connection: asyncpg.Connection) -> None:
    """Fill an empty state with the issuer and the places of the last list."""
    for row in await rows_of(connection, "SELECT * FROM credential_issuer"):
        terms = IssuerTerms(**dict(row))
        state.terms[terms.number] = terms
    last = "SELECT * FROM credential WHERE list = (SELECT max(list) FROM credential) ORDER BY entry"
    for row in await rows_of(connection, last):
        state.last.take(Given(**dict(row)))
