"""From what the ledger keeps of credentials to the documents that are signed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from credit_scoring.credentials.grade import (
    REVOCATION,
    SUSPENSION,
    Claims,
    Credential,
    StatusPlace,
)
from credit_scoring.credentials.state import Given
from credit_scoring.credentials.status_list import StatusList, bits_of
from credit_scoring.records import SubjectKind

LIST_DAYS = 7  # our assumption, ADR-0022: how long a bank may rely on a list that it fetched
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def credential_of(given: Given) -> Credential:
    """Return the credential that was issued; the same for every reading of it."""
    purposes = [REVOCATION, SUSPENSION] if given.suspendable else [REVOCATION]
    return Credential(
        id=UUID(given.id),
        issuer=given.issuer,
        valid_from=instant_of(given.valid_from),
        valid_until=instant_of(given.valid_until),
        claims=Claims(
            subject=given.subject,
            kind=SubjectKind(given.subject_kind),
            grade=given.grade,
            colour=given.colour,
            as_of=date.fromordinal(given.as_of),
            rule_set_version=given.rule_set_version,
            rule_set_hash=given.rule_set_hash,
            records_hash=given.records_hash,
            entry=given.score_entry,
        ),
        statuses=tuple(
            StatusPlace(
                purpose=purpose,
                list_url=list_url(given.base, purpose=purpose, number=given.list),
                index=given.place,
            )
            for purpose in purposes
        ),
    )


def list_of(
    places: Iterable[int], *, issuer: str, base: str, purpose: str, number: int, at: datetime
) -> StatusList:
    """Return a list in which these places are set, in force for some days from an instant."""
    return StatusList(
        url=list_url(base, purpose=purpose, number=number),
        issuer=issuer,
        purpose=purpose,
        valid_from=at,
        valid_until=at + timedelta(days=LIST_DAYS),
        bits=bits_of(places),
    )


def list_url(base: str, *, purpose: str, number: int) -> str:
    """Return where a list is published."""
    return f"{base}/{purpose}-{number}"


def instant_of(microseconds: int) -> datetime:
    """Return an instant of the ledger; what is finer than a second is cut off."""
    return _EPOCH + timedelta(seconds=microseconds // 1_000_000)
