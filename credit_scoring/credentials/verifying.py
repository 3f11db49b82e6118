"""Believing a credential: its form, issuer, proof, time and status; the first failure wins.

What is not asked about is not checked, and the verdict says so: without lists, nothing is known of
revocation. The order of the checks is that of :class:`Failure`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credit_scoring.credentials import fields
from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.grade import REVOCATION, Credential, StatusPlace, parse
from credit_scoring.credentials.issuers import Issuer
from credit_scoring.credentials.proof import check_proof
from credit_scoring.credentials.status_list import StatusList, parse_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A credential that is believed, and the purposes of the lists in which it was looked up."""

    credential: Credential
    looked_up: tuple[str, ...]


def verify(
    secured: Any,
    *,
    issuers: Sequence[Issuer],
    at: datetime,
    lists: Sequence[Any] | None,
) -> Verdict:
    """Verify a credential as of an instant.

    ``lists`` are the documents of status lists; with any, every status of the credential must be
    looked up, with ``None`` none is.

    Raises:
        CredentialRefused: what is wrong first, in the order of :class:`Failure`.
    """
    credential = parse(secured)
    issuer = _issuer(credential.issuer, issuers, field="issuer")
    created = check_proof(secured, issuer)
    if at < max(credential.valid_from, created):
        raise _time(Failure.NOT_YET_VALID, f"{max(credential.valid_from, created)}", at)
    if at >= credential.valid_until:
        raise _time(Failure.EXPIRED, f"before {credential.valid_until}", at)
    if lists is None:
        return Verdict(credential=credential, looked_up=())
    by_url = {_url_of(each): each for each in lists}
    for place in credential.statuses:
        _look_up(place, by_url, issuer=issuer, at=at)
    return Verdict(
        credential=credential, looked_up=tuple(each.purpose for each in credential.statuses)
    )


def verify_list(secured: Any, *, issuer: Issuer, at: datetime) -> StatusList:
    """Verify a status list as of an instant.

    Raises:
        CredentialRefused: its form, its issuer, its proof; STATUS_LIST_OUT_OF_DATE.
    """
    found = parse_list(secured)
    _issuer(found.issuer, [issuer], field="statusList.issuer")
    created = check_proof(secured, issuer)
    if not max(found.valid_from, created) <= at < found.valid_until:
        expected = f"{max(found.valid_from, created)} to before {found.valid_until}"
        raise _time(Failure.STATUS_LIST_OUT_OF_DATE, expected, at)
    return found


def _look_up(
    place: StatusPlace, by_url: Mapping[str, Any], *, issuer: Issuer, at: datetime
) -> None:
    if place.list_url not in by_url:
        raise CredentialRefused(
            Failure.STATUS_LIST_MISSING,
            field="credentialStatus",
            expected=f"the list {place.list_url}",
            found=", ".join(sorted(by_url)) or "none",
        )
    found = verify_list(by_url[place.list_url], issuer=issuer, at=at)
    if found.purpose != place.purpose:
        raise CredentialRefused(
            Failure.STATUS_LIST_WRONG,
            field="statusList.statusPurpose",
            expected=place.purpose,
            found=found.purpose,
        )
    if found.bits.is_set(place.index):
        failure = Failure.REVOKED if place.purpose == REVOCATION else Failure.SUSPENDED
        raise CredentialRefused(
            failure,
            field="credentialStatus",
            expected=f"bit {place.index} of {place.list_url} not set",
            found="it is set",
        )


def _url_of(document: Any) -> str:
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, str) else "a document without id"


def _issuer(name: str, issuers: Sequence[Issuer], *, field: str) -> Issuer:
    for each in issuers:
        if each.id == name:
            return each
    known = ", ".join(each.id for each in issuers)
    raise CredentialRefused(Failure.ISSUER_UNKNOWN, field=field, expected=known, found=name)


def _time(failure: Failure, expected: str, at: datetime) -> CredentialRefused:
    found = fields.instant_text(at)
    return CredentialRefused(failure, field="at", expected=expected, found=found)
