"""What an issuer keeps of its credentials: where the status of each stands, and what it is.

1. A place in a list belongs to one credential for ever, also after its end.
2. A list has 131,072 places; the next list begins when all are taken. Places are taken at random,
   so that a place says nothing of when its credential was issued (W3C status lists, 2.1).
3. Revocation is for ever. Suspension ends, and is possible only where a credential names a list
   for it.

A register is a value; each change gives another. Randomness comes in as a number.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from credit_scoring.credentials.grade import REVOCATION, SUSPENSION, StatusPlace
from credit_scoring.credentials.status_list import BITS, Bits, bits_of
from kernel.errors import DomainError, Kind

LISTS_MAX = 1_000


class CredentialUnknown(DomainError):
    """No credential of the register has this id."""

    code = "credit_scoring.credential_unknown"
    kind = Kind.NOT_FOUND

    def __init__(self, name: UUID) -> None:
        super().__init__(
            f"{name} is not of this register", field="id", expected="an issued credential"
        )


class StatusRefused(DomainError):
    """A status that a credential cannot take; ``expected`` says which it could."""

    code = "credit_scoring.credential_status_refused"
    kind = Kind.CONFLICT

    def __init__(self, name: UUID, *, expected: str, found: str) -> None:
        super().__init__(
            f"{name} is {found}", field="status", expected=expected, data={"found": found}
        )


class ListsFull(DomainError):
    """Every place of every list that a register may have is taken."""

    code = "credit_scoring.credential_lists_full"
    kind = Kind.CONFLICT

    def __init__(self) -> None:
        super().__init__("all lists are full", field="list", expected=f"at most {LISTS_MAX} lists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One credential in a register; ``list`` counts from 1."""

    id: UUID
    subject: str
    list: int
    index: int
    issued_at: datetime
    valid_until: datetime
    suspendable: bool
    revoked_at: datetime | None = None
    suspended_at: datetime | None = None

    @property
    def status(self) -> str:
        """What is known of it, but for its end."""
        if self.revoked_at is not None:
            return "revoked"
        return "good" if self.suspended_at is None else "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All that an issuer issued; its lists are published below ``base``."""

    base: str
    issuer: str
    issued: tuple[Issued, ...] = ()

    def find(self, name: UUID) -> Issued:
        """Return a credential.

        Raises:
            CredentialUnknown: there is none.
        """
        for each in self.issued:
            if each.id == name:
                return each
        raise CredentialUnknown(name)

    def lists(self) -> range:
        """Return the numbers of the lists that are begun."""
        return range(1, 1 + max((each.list for each in self.issued), default=1))


def free_place(register: Register, *, random_number: int) -> tuple[int, int]:
    """Return a list's number and a place in it that nobody has, by a random number of any size.

    Raises:
        ListsFull: there is none.
    """
    number = register.lists()[-1]
    taken = {each.index for each in register.issued if each.list == number}
    if len(taken) == BITS:
        number, taken = number + 1, set()
    if number > LISTS_MAX:
        raise ListsFull
    nth = random_number % (BITS - len(taken))
    for index in sorted(taken):
        # Each place that is taken at or before the one that was drawn moves it on by one.
        nth += index <= nth
    return number, nth


def places(register: Register, issued: Issued) -> tuple[StatusPlace, ...]:
    """Return where a verifier looks up the statuses of a credential."""
    purposes = [REVOCATION, SUSPENSION] if issued.suspendable else [REVOCATION]
    return tuple(
        StatusPlace(
            purpose=purpose,
            list_url=list_url(register, number=issued.list, purpose=purpose),
            index=issued.index,
        )
        for purpose in purposes
    )


def list_url(register: Register, *, number: int, purpose: str) -> str:
    """Return where a list is published."""
    return f"{register.base}/{purpose}-{number}"


def list_bits(register: Register, *, number: int, purpose: str) -> Bits:
    """Return the bits of a list as they are now."""
    return bits_of(
        each.index
        for each in register.issued
        if each.list == number and _stands(each, purpose=purpose)
    )


def revoke(register: Register, name: UUID, *, at: datetime) -> Register:
    """Revoke a credential.

    Raises:
        CredentialUnknown: there is none; StatusRefused: it is revoked.
    """
    found = register.find(name)
    if found.revoked_at is not None:
        raise StatusRefused(name, expected="a credential that is not revoked", found="revoked")
    return _with(register, replace(found, revoked_at=at))


def suspend(register: Register, name: UUID, *, at: datetime) -> Register:
    """Suspend a credential.

    Raises:
        CredentialUnknown: there is none; StatusRefused: it is not good, or not to be suspended.
    """
    found = register.find(name)
    if not found.suspendable:
        raise StatusRefused(name, expected="one issued as suspendable", found="not suspendable")
    if found.status != "good":
        raise StatusRefused(name, expected="a good credential", found=found.status)
    return _with(register, replace(found, suspended_at=at))


def resume(register: Register, name: UUID) -> Register:
    """End a suspension.

    Raises:
        CredentialUnknown: there is none; StatusRefused: it is not suspended.
    """
    found = register.find(name)
    if found.status != "suspended":
        raise StatusRefused(name, expected="a suspended credential", found=found.status)
    return _with(register, replace(found, suspended_at=None))


def _stands(issued: Issued, *, purpose: str) -> bool:
    since = issued.revoked_at if purpose == REVOCATION else issued.suspended_at
    return since is not None


def _with(register: Register, changed: Issued) -> Register:
    kept: Iterable[Issued] = (
        changed if each.id == changed.id else each for each in register.issued
    )
    return replace(register, issued=tuple(kept))
