"""How lists are opened, entered and left: always by two persons of the supervision.

A subject comes on a list by a rule, which is a live fact of one of the list's rules, or by a
decision where the list names none. It leaves by itself with its last day, with the repair or the
revocation of its fact, or by a decision.
"""

import re

from credit_scoring.archive.decisions import DAY_FIRST, check_evidence, day_at, shown_day
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.lists.commands import (
    RULES_PER_LIST_MAX,
    STAY_MONTHS_MAX,
    DefineList,
    EnterOnList,
    LeaveList,
    Sign,
)
from credit_scoring.lists.effects import ListDefined, ListEntered, ListLeft
from credit_scoring.lists.refusals import Reject
from credit_scoring.lists.state import Lists, SubjectList
from credit_scoring.records import SubjectKind
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.shelf import RowKey

NAME = re.compile(r"[A-Z0-9-]{1,32}\Z")


def define_list(state: Lists, command: DefineList, context: Context) -> Refusal | None:
    """Open a list whose rules are known and of its kind of subject."""
    if command.list_name in state.lists:
        return Refusal(code=Reject.LIST_EXISTS, field="list_name", found=command.list_name)
    refusal = _form_fault(command) or _rules_fault(state, command)
    if refusal is not None:
        return refusal
    context.emit(
        ListDefined(
            list_name=command.list_name,
            sign=command.sign,
            subject_kind=command.subject_kind,
            rules=sorted(set(command.rules)),
            months=command.months,
            published=command.published,
            basis=command.basis,
            decision=command.decision,
        )
    )
    return None


def _form_fault(command: DefineList) -> Refusal | None:
    if NAME.match(command.list_name) is None:
        return _unfit("list_name", "1 to 32 of A-Z, 0-9 and -", command.list_name)
    if not 1 <= command.months <= STAY_MONTHS_MAX:
        return _unfit("months", f"1 to {STAY_MONTHS_MAX}", str(command.months))
    if not command.basis:
        return _unfit("basis", "the law that the list rests on", command.basis)
    speaks_against = command.sign is Sign.NEGATIVE
    if speaks_against and command.published and command.subject_kind is SubjectKind.PERSON:
        # A person's behaviour opens benefits and is held up to nobody (eco_credit.md 4.1).
        return _unfit("published", "false: nothing against a person is published", "true")
    return None


def _rules_fault(state: Lists, command: DefineList) -> Refusal | None:
    if len(command.rules) > RULES_PER_LIST_MAX:
        return _unfit("rules", f"at most {RULES_PER_LIST_MAX}", str(len(command.rules)))
    for name in command.rules:
        rule = state.archive.rule(name)
        if rule is None or rule.subject is not command.subject_kind:
            expected = f"an adopted rule of {command.subject_kind.value}s"
            return _unfit("rules", expected, name)
    return None


def _unfit(field: str, expected: str, found: str) -> Refusal:
    return Refusal(code=Reject.LIST_UNFIT, field=field, expected=expected, found=found)


def reads_entering(state: Lists, command: EnterOnList) -> list[RowKey]:
    """Declare the subject, the fact of the stay, and that of the stay before it."""
    archive = state.archive
    before = state.listings.get((command.list_name, command.subject))
    facts = [(command.source, command.reference)]
    facts += [] if before is None else [(before.source, before.reference)]
    rows = [archive.subjects.named(command.subject)]
    for name in facts:
        if name[1]:
            rows += [archive.facts.named(*name), archive.standings.named(*name)]
    return rows


def enter_on_list(state: Lists, command: EnterOnList, context: Context) -> Refusal | None:
    """Put a subject on a list for days on which it is not on it."""
    listed = state.lists.get(command.list_name)
    if listed is None:
        return Refusal(code=Reject.LIST_UNKNOWN, field="list_name", found=command.list_name)
    refusal = (
        _subject_fault(state, listed, command.subject)
        or _fact_fault(state, listed, command)
        or _period_fault(listed, command, today=day_at(context.at))
        or check_evidence(command.evidence)
        or _place_fault(state, command)
    )
    if refusal is not None:
        return refusal
    context.emit(
        ListEntered(
            listing=state.next.listing,
            list_name=command.list_name,
            subject=command.subject,
            day_from=command.day_from,
            day_to=command.day_to,
            source=command.source if command.reference else "",
            reference=command.reference,
            decision=command.decision,
            evidence=command.evidence,
            actor=context.actor.id,
        )
    )
    return None


def _subject_fault(state: Lists, listed: SubjectList, subject: str) -> Refusal | None:
    if subject in state.ledger.privacy.erasures:
        return Refusal(code=LedgerReject.PARTY_ERASED, field="subject", found=subject)
    found = state.archive.subjects.get(subject)
    if found is None:
        return Refusal(code=ArchiveReject.SUBJECT_UNKNOWN, field="subject", found=subject)
    if found.kind == listed.subject_kind:
        return None
    return Refusal(
        code=Reject.LISTING_OF_OTHER_KIND,
        field="subject",
        expected=listed.subject_kind,
        found=found.kind,
    )


def _fact_fault(state: Lists, listed: SubjectList, command: EnterOnList) -> Refusal | None:
    """Refuse a fact where the list has no rules, and any but a live one of them where it has."""
    if not listed.rules and not command.reference:
        return None
    expected = f"a live fact of the subject under {', '.join(listed.rules)}"
    if not listed.rules:
        expected = "none: the list is entered by decision"
    else:
        fact = state.archive.seen(command.source, command.reference)
        standing = state.archive.standing(command.source, command.reference)
        ended = standing.revoked or standing.repaired_on > 0
        if (
            fact is not None
            and fact.subject == command.subject
            and fact.rule in listed.rules
            and not ended
        ):
            return None
    found = f"{command.source}/{command.reference}"
    return Refusal(
        code=Reject.LISTING_FACT_UNFIT, field="reference", expected=expected, found=found
    )


def _period_fault(listed: SubjectList, command: EnterOnList, *, today: int) -> Refusal | None:
    """Refuse days in the past, in the wrong order, or longer than the list's stay."""
    if not DAY_FIRST <= command.day_from <= today:
        expected = f"{shown_day(DAY_FIRST)} to {shown_day(today)}"
        field, found = "day_from", command.day_from
    else:
        last = add_months_to_ordinal(command.day_from, listed.months) - 1
        first = max(command.day_from, today)
        if first <= command.day_to <= last:
            return None
        expected = f"{shown_day(first)} to {shown_day(last)}, {listed.months} months"
        field, found = "day_to", command.day_to
    return Refusal(
        code=Reject.LISTING_PERIOD_UNFIT, field=field, expected=expected, found=shown_day(found)
    )


def _place_fault(state: Lists, command: EnterOnList) -> Refusal | None:
    before = state.listings.get((command.list_name, command.subject))
    if before is None or (last := state.last_day(before)) < command.day_from:
        return None
    return Refusal(
        code=Reject.LISTED,
        field="day_from",
        expected=f"after {shown_day(last)}",
        found=f"listing {before.id}",
    )


def reads_leaving(state: Lists, command: LeaveList) -> list[RowKey]:
    """Declare the fact of the stay that is to end."""
    listing = state.listings.get((command.list_name, command.subject))
    if listing is None or not listing.reference:
        return []
    name = (listing.source, listing.reference)
    return [state.archive.facts.named(*name), state.archive.standings.named(*name)]


def leave_list(state: Lists, command: LeaveList, context: Context) -> Refusal | None:
    """Take a subject off a list from a day of its stay on."""
    listing = state.listings.get((command.list_name, command.subject))
    if listing is None or state.last_day(listing) < day_at(context.at):
        found = f"{command.subject} on {command.list_name}"
        return Refusal(code=Reject.NOT_LISTED, field="subject", found=found)
    last = state.last_day(listing)
    if not listing.day_from <= command.day <= last:
        return Refusal(
            code=Reject.LISTING_PERIOD_UNFIT,
            field="day",
            expected=f"{shown_day(listing.day_from)} to {shown_day(last)}",
            found=shown_day(command.day),
        )
    refusal = check_evidence(command.evidence)
    if refusal is not None:
        return refusal
    context.emit(
        ListLeft(
            listing=listing.id,
            list_name=command.list_name,
            subject=command.subject,
            day=command.day,
            reason=command.reason,
            decision=command.decision,
            evidence=command.evidence,
            actor=context.actor.id,
        )
    )
    return None
