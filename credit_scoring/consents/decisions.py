"""How consents and queries are decided: whose they are, whether they fit, then what stands.

The consent is looked up when the query is applied, in the one order of all commands: a revocation
before it in the log counts, one behind it does not.
"""

import re
from collections.abc import Iterable

from credit_scoring.archive.decisions import DAY_FIRST, DIGEST, day_at, shown_day
from credit_scoring.consents.commands import (
    CONSENTS_AHEAD_MAX,
    GrantConsent,
    LogQuery,
    QueryPurpose,
    RevokeConsent,
    ScopeItem,
)
from credit_scoring.consents.consent_line import answerable
from credit_scoring.consents.days import begin_of
from credit_scoring.consents.effects import ConsentGranted, ConsentRevoked, CreditQueried
from credit_scoring.consents.refusals import QueryRefusal, Reject
from credit_scoring.consents.state import Consents
from credit_scoring.dates import add_months_to_ordinal
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import PartyKind
from ledger.shelf import RowKey

VERSION = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
_CONSENTERS = frozenset({PartyKind.ENTERPRISE, PartyKind.VILLAGE, PartyKind.PERSON})


def reads_line(state: Consents, command: GrantConsent | RevokeConsent) -> list[RowKey]:
    """Declare the one line that a consent stands on."""
    return [state.named(command.subject, command.grantee, command.purpose)]


def reads_lines(state: Consents, command: LogQuery) -> list[RowKey]:
    """Declare the bank's lines with the subject, for every purpose."""
    return [state.named(command.subject, command.bank, purpose) for purpose in QueryPurpose]


def grant_consent(state: Consents, command: GrantConsent, context: Context) -> Refusal | None:
    """Grant a consent of one's own to a bank, on days that no other of its line has."""
    refusal = (
        _check_subject(state, command.subject, context, is_own=True)
        or _check_bank(state, command.grantee, field="grantee")
        or _check_scope(command.scope)
        or _check_digest(command.evidence, field="evidence")
        or _check_period(command, today=day_at(context.at), months=state.months_max())
        or _check_place(state, command, context)
    )
    if refusal is not None:
        return refusal
    context.emit(
        ConsentGranted(
            consent=state.next.consent,
            subject=command.subject,
            grantee=command.grantee,
            purpose=command.purpose,
            scope=_ordered(command.scope),
            day_from=command.day_from,
            day_to=command.day_to,
            evidence=command.evidence,
            actor=context.actor.id,
        )
    )
    return None


def revoke_consent(state: Consents, command: RevokeConsent, context: Context) -> Refusal | None:
    """End a consent of one's own that is not over."""
    refusal = _check_subject(state, command.subject, context, is_own=True)
    if refusal is not None:
        return refusal
    line = state.line(command.subject, command.grantee, command.purpose)
    found = [span for span in line.spans if span.consent == command.consent]
    if not found:
        # One that ended long ago has left its line as well.
        return Refusal(code=Reject.CONSENT_UNKNOWN, field="consent", found=str(command.consent))
    if found[0].is_over(context.at):
        return Refusal(code=Reject.CONSENT_OVER, field="consent", found=str(command.consent))
    context.emit(
        ConsentRevoked(
            consent=command.consent,
            subject=command.subject,
            grantee=command.grantee,
            purpose=command.purpose,
            actor=context.actor.id,
        )
    )
    return None


def log_query(state: Consents, command: LogQuery, context: Context) -> Refusal | None:
    """Log a bank's query, and decide whether its answer goes out."""
    refusal = (
        _check_subject(state, command.subject, context, is_own=False)
        or _check_asker(state, command, context)
        or _check_scope(command.scope)
        or _check_answer(command, context)
    )
    if refusal is not None:
        return refusal
    lines = {each: state.line(command.subject, command.bank, each) for each in QueryPurpose}
    scope = {item.value for item in command.scope}
    found = answerable(lines, command.purpose, scope=scope, at=context.at)
    context.emit(
        CreditQueried(
            query=state.next.query,
            subject=command.subject,
            bank=command.bank,
            purpose=command.purpose,
            scope=_ordered(command.scope),
            consent=None if isinstance(found, QueryRefusal) else found,
            refusal=found if isinstance(found, QueryRefusal) else None,
            rule_set=command.rule_set,
            rule_set_hash=command.rule_set_hash,
            as_of=command.as_of,
            known_at=command.known_at,
            answer_hash=command.answer_hash,
            actor=context.actor.id,
        )
    )
    return None


def _check_subject(
    state: Consents, subject: str, context: Context, *, is_own: bool
) -> Refusal | None:
    ledger = state.ledger
    party = ledger.parties.get(subject)
    if party is None:
        return Refusal(code=LedgerReject.PARTY_UNKNOWN, field="subject", found=subject)
    if subject in ledger.privacy.erasures:
        return Refusal(code=LedgerReject.PARTY_ERASED, field="subject", found=subject)
    if is_own and context.actor.party != subject:
        return Refusal(code=LedgerReject.NOT_THE_OWNER, field="subject", found=subject)
    if party.kind not in _CONSENTERS:
        return Refusal(
            code=Reject.CONSENTER_UNFIT,
            field="subject",
            expected=", ".join(sorted(_CONSENTERS)),
            found=party.kind.value,
        )
    return None


def _check_bank(state: Consents, bank: str, *, field: str) -> Refusal | None:
    party = state.ledger.parties.get(bank)
    if party is None:
        return Refusal(code=LedgerReject.PARTY_UNKNOWN, field=field, found=bank)
    if party.kind is not PartyKind.BANK:
        return Refusal(
            code=Reject.GRANTEE_UNFIT,
            field=field,
            expected=PartyKind.BANK.value,
            found=party.kind.value,
        )
    return None


def _check_asker(state: Consents, command: LogQuery, context: Context) -> Refusal | None:
    if context.actor.party != command.bank:
        return Refusal(code=LedgerReject.NOT_THE_OWNER, field="bank", found=command.bank)
    return _check_bank(state, command.bank, field="bank")


def _check_scope(scope: list[ScopeItem]) -> Refusal | None:
    if scope and len(set(scope)) == len(scope):
        return None
    return Refusal(
        code=Reject.SCOPE_UNFIT,
        field="scope",
        expected="each part once, at least one",
        found=", ".join(scope),
    )


def _check_digest(digest: str, *, field: str) -> Refusal | None:
    if DIGEST.match(digest) is not None:
        return None
    return Refusal(
        code=Reject.DIGEST_UNFIT, field=field, expected="SHA-256, 64 digits 0 to 9, a to f"
    )


def _check_period(command: GrantConsent, *, today: int, months: int) -> Refusal | None:
    """Check the order of the days, that they are not over, and their length in months.

    A consent may begin at most as far ahead as one may last.
    """
    expected = field = None
    begin_last = add_months_to_ordinal(today, months)
    if not DAY_FIRST <= command.day_from <= begin_last:
        field, expected = "day_from", f"1990-01-01 to {shown_day(begin_last)}"
    elif command.day_to < max(command.day_from, today):
        field, expected = "day_to", f"{shown_day(max(command.day_from, today))} or later"
    elif command.day_to >= (end := add_months_to_ordinal(command.day_from, months)):
        field, expected = "day_to", f"before {shown_day(end)}, {months} months"
    if field is None:
        return None
    found = command.day_from if field == "day_from" else command.day_to
    return Refusal(
        code=Reject.CONSENT_PERIOD_UNFIT, field=field, expected=expected, found=shown_day(found)
    )


def _check_place(state: Consents, command: GrantConsent, context: Context) -> Refusal | None:
    line = state.line(command.subject, command.grantee, command.purpose)
    if len(line.ahead(context.at)) >= CONSENTS_AHEAD_MAX:
        expected = f"at most {CONSENTS_AHEAD_MAX} that are not over"
        return Refusal(code=Reject.CONSENTS_TOO_MANY, field="grantee", expected=expected)
    begins = max(begin_of(command.day_from), context.at)
    found = line.overlapped(begins=begins, ends=begin_of(command.day_to + 1), at=context.at)
    if found is None:
        return None
    return Refusal(
        code=Reject.CONSENT_OVERLAPS,
        field="day_from",
        expected="days that no other consent to this bank for this purpose has",
        found=f"consent {found.consent}",
    )


def _check_answer(command: LogQuery, context: Context) -> Refusal | None:
    if VERSION.match(command.rule_set) is None:
        return Refusal(code=Reject.DIGEST_UNFIT, field="rule_set", expected="a rule set's version")
    refusal = _check_digest(command.rule_set_hash, field="rule_set_hash") or _check_digest(
        command.answer_hash, field="answer_hash"
    )
    if refusal is not None:
        return refusal
    today = day_at(context.at)
    if not DAY_FIRST <= command.as_of <= today:
        expected = f"1990-01-01 to {shown_day(today)}"
        return Refusal(
            code=Reject.QUERY_AHEAD,
            field="as_of",
            expected=expected,
            found=shown_day(command.as_of),
        )
    if command.known_at > context.at:
        return Refusal(code=Reject.QUERY_AHEAD, field="known_at", expected="not ahead")
    return None


def _ordered(scope: Iterable[ScopeItem]) -> list[ScopeItem]:
    named = set(scope)
    return [item for item in ScopeItem if item in named]
