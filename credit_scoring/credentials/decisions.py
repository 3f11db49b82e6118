"""How commands about credentials are decided: a known issuer, fit claims, a place in a list.

The place in a list follows from the credential's own random id: a replay gives the same, and who
sees a place learns nothing of when it was given.
"""

import hashlib
from datetime import date
from uuid import UUID

from credit_scoring.credentials import effects as e
from credit_scoring.credentials import fields
from credit_scoring.credentials.commands import (
    DefineCredentialIssuer,
    IssueCredential,
    ResumeCredential,
    RevokeCredential,
    SuspendCredential,
)
from credit_scoring.credentials.failures import CredentialRefused
from credit_scoring.credentials.grade import issue
from credit_scoring.credentials.issuers import issuer_of_did_key
from credit_scoring.credentials.making import credential_of
from credit_scoring.credentials.multibase import DID_KEY
from credit_scoring.credentials.refusals import Reject
from credit_scoring.credentials.register import LISTS_MAX
from credit_scoring.credentials.state import Credentials, Given
from credit_scoring.credentials.status_list import BITS
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey

MICROSECONDS = 1_000_000
# The last second of the year 9999, which is the last that can be written.
INSTANT_MAX = 253_402_300_799 * MICROSECONDS
DAY_MAX = date.max.toordinal()


_Names = IssueCredential | RevokeCredential | SuspendCredential | ResumeCredential


def reads_credential(state: Credentials, command: _Names) -> list[RowKey]:
    """Declare the credential that a command names."""
    return [state.given.named(command.credential)]


def define_issuer(
    state: Credentials, command: DefineCredentialIssuer, context: Context
) -> Refusal | None:
    """Put an issuer's name and the place of its lists in force."""
    del state
    try:
        if command.issuer.startswith(DID_KEY):
            issuer_of_did_key(command.issuer)
        else:
            fields.url(command.issuer, field="issuer")
        fields.url(command.base, field="base")
    except CredentialRefused as error:
        return _refusal(Reject.ISSUER_UNFIT, error)
    context.emit(e.CredentialIssuerDefined(issuer=command.issuer, base=command.base))
    return None


def issue_one(state: Credentials, command: IssueCredential, context: Context) -> Refusal | None:
    """Issue a credential that every verifier of ours takes, in a place that nobody has."""
    if not state.terms:
        return Refusal(code=Reject.ISSUER_UNDEFINED, expected="define_credential_issuer first")
    if state.given.get(command.credential) is not None:
        return Refusal(code=Reject.CREDENTIAL_EXISTS, field="credential", found=command.credential)
    refusal = _check_form(command) or _check_run(state, command)
    if refusal is not None:
        return refusal
    terms = state.terms[0]
    number = state.next_list(terms)
    if number > LISTS_MAX:
        return Refusal(code=Reject.LISTS_FULL, expected=f"at most {LISTS_MAX} lists")
    effect = e.CredentialIssued(
        credential=command.credential,
        issuer=terms.issuer,
        base=terms.base,
        list=number,
        place=free_place(state, command.credential, number=number),
        subject=command.subject,
        subject_kind=command.subject_kind,
        grade=command.grade,
        colour=command.colour,
        as_of=command.as_of,
        rule_set_version=command.rule_set_version,
        rule_set_hash=command.rule_set_hash,
        records_hash=command.records_hash,
        score_entry=command.score_entry,
        valid_from=context.at - context.at % MICROSECONDS,
        valid_until=command.valid_until,
        suspendable=command.suspendable,
    )
    try:
        issue(credential_of(e.given_of(effect, entry=0)))
    except CredentialRefused as error:
        return _refusal(Reject.CLAIMS_UNFIT, error)
    context.emit(effect)
    return None


def free_place(state: Credentials, name: str, *, number: int) -> int:
    """Return the first free place of a list along a walk over all of it that an id begins.

    The step is odd and the list's length a power of two, so that the walk meets every place once.
    """
    digest = hashlib.sha256(name.encode()).digest()
    place = int.from_bytes(digest[:8], "big") % BITS
    step = int.from_bytes(digest[8:16], "big") % BITS | 1
    for _ in range(BITS):
        if not state.is_taken(number, place):
            break
        place = (place + step) % BITS
    return place


def revoke_one(state: Credentials, command: RevokeCredential, context: Context) -> Refusal | None:
    """Revoke a credential that is not revoked."""
    given = state.given.get(command.credential)
    if given is None:
        return _unknown(command.credential)
    if given.revoked_at is not None:
        return _unfit(given, expected="a credential that is not revoked")
    context.emit(e.CredentialRevoked(credential=command.credential, reason=command.reason))
    return None


def suspend_one(state: Credentials, command: SuspendCredential, context: Context) -> Refusal | None:
    """Suspend a good credential that has a list for it."""
    given = state.given.get(command.credential)
    if given is None:
        return _unknown(command.credential)
    if status_of(given) != "good" or not given.suspendable:
        return _unfit(given, expected="a good credential that was issued as suspendable")
    context.emit(e.CredentialSuspended(credential=command.credential))
    return None


def resume_one(state: Credentials, command: ResumeCredential, context: Context) -> Refusal | None:
    """End a suspension."""
    given = state.given.get(command.credential)
    if given is None:
        return _unknown(command.credential)
    if status_of(given) != "suspended":
        return _unfit(given, expected="a suspended credential")
    context.emit(e.CredentialResumed(credential=command.credential))
    return None


def status_of(given: Given) -> str:
    """Return what is known of a credential, but for its end."""
    if given.revoked_at is not None:
        return "revoked"
    return "good" if given.suspended_at is None else "suspended"


def _check_form(command: IssueCredential) -> Refusal | None:
    """Refuse what cannot be written as a day, an instant or an id at all."""
    try:
        known = str(UUID(command.credential)) == command.credential
    except ValueError:
        known = False
    whole = 0 <= command.valid_until <= INSTANT_MAX and command.valid_until % MICROSECONDS == 0
    for field, fits, expected in (
        ("credential", known, "a UUID in lower case"),
        ("as_of", 1 <= command.as_of <= DAY_MAX, "a day"),
        ("valid_until", whole, "an instant of a whole second"),
    ):
        if not fits:
            return Refusal(code=Reject.CLAIMS_UNFIT, field=field, expected=expected)
    return None


def _check_run(state: Credentials, command: IssueCredential) -> Refusal | None:
    """Refuse claims that the run does not make whose entry they name as the score's."""
    run = state.run_of(command.score_entry)
    if run is None:
        return None
    champion = run.under()[0]
    graded = {(each.subject_kind, each.grade) for each in champion.grades}
    for field, fits, expected in (
        ("as_of", command.as_of == run.as_of, f"the day of run {run.number}"),
        ("rule_set_version", command.rule_set_version == champion.version, champion.version),
        ("rule_set_hash", command.rule_set_hash == champion.rule_set_hash, champion.rule_set_hash),
        (
            "grade",
            (command.subject_kind.value, command.grade) in graded,
            f"a grade that run {run.number} gave to a {command.subject_kind.value}",
        ),
    ):
        if not fits:
            return Refusal(code=Reject.CLAIMS_UNFIT, field=field, expected=expected)
    return None


def _unknown(name: str) -> Refusal:
    return Refusal(code=Reject.CREDENTIAL_UNKNOWN, field="credential", found=name)


def _unfit(given: Given, *, expected: str) -> Refusal:
    found = status_of(given)
    return Refusal(code=Reject.STATUS_UNFIT, field="credential", expected=expected, found=found)


def _refusal(code: Reject, error: CredentialRefused) -> Refusal:
    found = error.data["found"]
    return Refusal(code=code, field=error.field, expected=error.expected, found=found)
