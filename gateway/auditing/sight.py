"""Who may ask for which scope of an audit, and which bodies are shown.

Operators, regulators and auditors ask for any scope and see every postings part. A party asks for
its own accounts and for trades that it has a side of, and sees what its own actors sent; of
others' entries, the system's among them, it gets header and proof. Nobody gets a personal part.
"""

import asyncpg

from gateway.auditing.bundle import Sees
from gateway.auditing.finding import ScopeEmpty
from gateway.auditing.scope import Scope
from gateway.caller import Caller
from kernel.errors import DomainError, Kind
from ledger.personal.disclosure import Sight
from ledger.store import StoredEntry

ACTORS_MAX = 10_000
_OF_ACCOUNT = "SELECT party FROM account WHERE number = $1"
_OF_TRADE = (
    "SELECT party FROM account WHERE number IN "
    "(SELECT unnest(ARRAY[buyer, seller]) FROM trade WHERE id = $1) LIMIT 2"
)


class ScopeOfOthers(DomainError):
    """The scope is not the caller's."""

    code = "request.forbidden"
    kind = Kind.FORBIDDEN


async def sight_of(connection: asyncpg.Connection, caller: Caller, scope: Scope) -> Sees:
    """Return what a caller sees of a scope.

    Raises:
        ScopeOfOthers: the scope is not the caller's.
        ScopeEmpty: there is no such trade or account.
    """
    if caller.watches():
        return lambda _: Sight(postings=True, personal=False)
    if caller.party not in await _parties_of(connection, scope):
        raise ScopeOfOthers(scope.text, field="scope")
    rows = await connection.fetch(
        "SELECT id FROM actor WHERE party = $1 LIMIT $2", caller.party, ACTORS_MAX
    )
    own = {row["id"] for row in rows}

    def is_own(entry: StoredEntry) -> bool:
        return entry.body().actor in own

    return lambda entry: Sight(postings=is_own(entry), personal=False)


async def _parties_of(connection: asyncpg.Connection, scope: Scope) -> set[str]:
    """Return whose a scope is; of other scopes than account and trade nobody is."""
    if scope.kind not in {"account", "trade"}:
        return set()
    query = _OF_ACCOUNT if scope.kind == "account" else _OF_TRADE
    rows = await connection.fetch(query, scope.number())
    if not rows:
        raise ScopeEmpty(f"there is no {scope.text}", field="scope")
    return {row["party"] for row in rows}
