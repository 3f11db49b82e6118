"""Who calls, or for whom a job works: an actor with its party and its roles."""

from dataclasses import dataclass

from ledger.roles import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor behind a request."""

    actor: str
    party: str
    roles: frozenset[Role]

    def watches(self) -> bool:
        """Tell whether this caller may see every party's affairs."""
        return not self.roles.isdisjoint({Role.OPERATOR, Role.REGULATOR, Role.AUDITOR})
