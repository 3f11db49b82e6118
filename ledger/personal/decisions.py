"""How erasure and disclosure are decided.

Order of checks of an erasure: who asks and who approves, that it is a person, that no law wants the
records kept, that nothing of the person's is open. The entries to erase are not resident: the
sequencer fetches them before ``apply``.
"""

from collections.abc import Mapping
from typing import Any

from kernel.canonical import utc_text
from ledger.commands import Command
from ledger.effects import AccountClosed, ActorRevoked, ProposalClosed
from ledger.machine import ANYONE, Context, Rule
from ledger.personal.commands import (
    DisclosePersonal,
    ErasePerson,
    RetainRecords,
    UseDisclosure,
    WithdrawDisclosure,
)
from ledger.personal.effects import (
    DISCLOSURE,
    DisclosureEnded,
    DisclosureUsed,
    PersonalDisclosed,
    PersonErased,
    RecordsRetained,
)
from ledger.personal.fetched import ENTRIES_PER_PERSON_MAX, PersonalEntries
from ledger.refusals import Refusal, Reject
from ledger.roles import PartyKind, Role
from ledger.state import Ledger

_DISCLOSERS = frozenset({Role.OPERATOR, Role.REGULATOR})


def erase_person(ledger: Ledger, command: ErasePerson, context: Context) -> Refusal | None:
    """Erase a person of whom nothing is open; revoke its keys and close its accounts."""
    refusal = (
        _may_erase(ledger, command, context)
        or _must_keep(ledger, command, context)
        or _engaged(ledger, command.party, context)
    )
    if refusal is not None:
        return refusal
    fetched = context.fetched
    if not isinstance(fetched, PersonalEntries) or not fetched.known:
        return Refusal(code=Reject.ENTRY_NOT_COMMITTED, field="party")
    if len(fetched.entries) > ENTRIES_PER_PERSON_MAX:
        expected = f"at most {ENTRIES_PER_PERSON_MAX} entries"
        return Refusal(code=Reject.RANGE_TOO_LONG, field="party", expected=expected)
    _end_everything(ledger, command.party, context)
    context.emit(
        PersonErased(
            party=command.party,
            basis=command.basis,
            entries=fetched.entries,
            shared=fetched.shared,
        )
    )
    return None


def _may_erase(ledger: Ledger, command: ErasePerson, context: Context) -> Refusal | None:
    refusal = _find_party(ledger, command.party, field="party")
    if refusal is not None:
        return refusal
    actor, approver = context.actor, context.approver
    if Role.OPERATOR not in actor.roles and actor.party != command.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="party")
    if approver is None or Role.OPERATOR not in approver.roles:
        return Refusal(code=Reject.ROLE_MISSING, expected=Role.OPERATOR)
    kind = ledger.parties[command.party].kind
    if kind is not PartyKind.PERSON:
        # The law on personal information is about natural persons; an enterprise's records are
        # kept by the rules of its market (for carbon at least 5 years, MEE Order 19 of 2020).
        return Refusal(
            code=Reject.NOT_A_PERSON, field="party", expected=PartyKind.PERSON, found=kind
        )
    return None


def _must_keep(ledger: Ledger, command: ErasePerson, context: Context) -> Refusal | None:
    retention = ledger.privacy.retentions.get(command.party)
    if retention is None or retention.until <= context.at:
        return None
    # PIPL art. 47, paragraph 2: no erasure while a legal retention period runs.
    return Refusal(
        code=Reject.RETENTION_RUNS,
        field="party",
        expected=f"from {utc_text(retention.until, digits=0)} on",
        found=utc_text(context.at, digits=0),
        rule=retention.source,
    )


def _engaged(ledger: Ledger, party: str, context: Context) -> Refusal | None:
    found = context.machine.binding(party) or binding(ledger, party)
    if found is None:
        return None
    return Refusal(code=Reject.PARTY_ENGAGED, field="party", expected="nothing open", found=found)


def binding(ledger: Ledger, party: str) -> str | None:
    """Return the first hold or holding that a party still has, in words."""
    holds = sorted(ledger.holds)
    for number in holds:
        hold = ledger.holds[number]
        if party in {hold.beneficiary, ledger.accounts[hold.account].party}:
            return f"hold {number}"
    for number in _accounts_of(ledger, party):
        holdings = ledger.accounts[number].holdings
        for code in sorted(holdings):
            left = holdings[code].available + holdings[code].held
            if left:
                return f"{ledger.instruments[code].amount(left)} of {code} in account {number}"
    return None


def _end_everything(ledger: Ledger, party: str, context: Context) -> None:
    actors = sorted(a.id for a in ledger.actors.values() if a.party == party and a.live)
    for actor in actors:
        context.emit(ActorRevoked(actor=actor))
    _turn_down(ledger, actors, context)
    for number in _accounts_of(ledger, party):
        if ledger.accounts[number].open:
            context.emit(AccountClosed(account=number))
    grants = ledger.privacy.disclosures
    for number in sorted(grants):
        if grants[number].party == party:
            context.emit(DisclosureEnded(disclosure=number, cause="erased"))


def _turn_down(ledger: Ledger, makers: list[str], context: Context) -> None:
    """Close the makers' other proposals, which nobody could approve or withdraw any more."""
    checker = context.actor if context.approver is None else context.approver
    proposals = ledger.proposals
    for number in sorted(n for n, each in proposals.items() if each.maker in makers):
        maker = proposals[number].maker
        context.emit(
            ProposalClosed(proposal=number, status="rejected", maker=maker, checker=checker.id)
        )


def _accounts_of(ledger: Ledger, party: str) -> list[int]:
    return sorted(each.number for each in ledger.accounts.values() if each.party == party)


def retain_records(ledger: Ledger, command: RetainRecords, context: Context) -> Refusal | None:
    """Set until when a party's records are kept; an earlier instant shortens the period."""
    refusal = _find_party(ledger, command.party, field="party")
    if refusal is not None:
        return refusal
    context.emit(RecordsRetained(party=command.party, until=command.until, source=command.source))
    return None


def disclose_personal(
    ledger: Ledger, command: DisclosePersonal, context: Context
) -> Refusal | None:
    """Grant a disclosure: one's own, or as operator or regulator anybody's."""
    refusal = _find_party(ledger, command.party, field="party") or _find_party(
        ledger, command.recipient, field="recipient"
    )
    if refusal is not None:
        return refusal
    actor = context.actor
    if actor.party != command.party and _DISCLOSERS.isdisjoint(actor.roles):
        return Refusal(code=Reject.NOT_THE_OWNER, field="party")
    if command.until <= context.at:
        return Refusal(code=Reject.TIME_NOT_AHEAD, field="until")
    if any(index >= ledger.entry for index in command.entries):
        return Refusal(code=Reject.ENTRY_NOT_COMMITTED, field="entries")
    context.emit(
        PersonalDisclosed(
            disclosure=ledger.entry,
            party=command.party,
            recipient=command.recipient,
            purpose=command.purpose,
            entries=sorted(set(command.entries)),
            granted_by=actor.party,
            until=command.until,
        )
    )
    return None


def use_disclosure(ledger: Ledger, command: UseDisclosure, context: Context) -> Refusal | None:
    """Record a reading by the party that a live disclosure names."""
    disclosure = ledger.privacy.disclosures.get(command.disclosure)
    if disclosure is None:
        return Refusal(
            code=Reject.DISCLOSURE_UNKNOWN, field="disclosure", found=str(command.disclosure)
        )
    if disclosure.recipient != context.actor.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="disclosure")
    if disclosure.entries and command.target not in {None, *disclosure.entries}:
        return Refusal(code=Reject.NOT_THE_OWNER, field="target", found=str(command.target))
    context.emit(
        DisclosureUsed(
            disclosure=disclosure.id,
            party=disclosure.party,
            actor=context.actor.id,
            target=command.target,
        )
    )
    return None


def withdraw_disclosure(
    ledger: Ledger, command: WithdrawDisclosure, context: Context
) -> Refusal | None:
    """End a disclosure: its subject, who granted it, the operator or a regulator may."""
    disclosure = ledger.privacy.disclosures.get(command.disclosure)
    if disclosure is None:
        return Refusal(
            code=Reject.DISCLOSURE_UNKNOWN, field="disclosure", found=str(command.disclosure)
        )
    actor = context.actor
    owners = {disclosure.party, disclosure.granted_by}
    if actor.party not in owners and _DISCLOSERS.isdisjoint(actor.roles):
        return Refusal(code=Reject.NOT_THE_OWNER, field="disclosure")
    context.emit(DisclosureEnded(disclosure=disclosure.id, cause="withdrawn"))
    return None


def expire_disclosure(ledger: Ledger, subject: str, context: Context) -> None:
    """Timer: a disclosure's time has passed."""
    del ledger
    context.emit(DisclosureEnded(disclosure=int(subject), cause="expired"))


def always(ledger: Ledger, command: Command) -> bool:
    """Ask for a second person, whatever the command says."""
    del ledger, command
    return True


def _find_party(ledger: Ledger, party: str, *, field: str) -> Refusal | None:
    if party not in ledger.parties:
        return Refusal(code=Reject.PARTY_UNKNOWN, field=field, found=party)
    if party in ledger.privacy.erasures:
        return Refusal(code=Reject.PARTY_ERASED, field=field, found=party)
    return None


RULES: Mapping[type[Command], Rule] = {
    ErasePerson: Rule(
        decide=erase_person,
        roles=ANYONE,
        four_eyes=always,
        linkable=False,
        checkers=frozenset({Role.OPERATOR}),
    ),
    RetainRecords: Rule(
        decide=retain_records, roles=frozenset({Role.OPERATOR, Role.REGULATOR, Role.COURT})
    ),
    DisclosePersonal: Rule(decide=disclose_personal, roles=ANYONE, linkable=False),
    UseDisclosure: Rule(decide=use_disclosure, roles=ANYONE, linkable=False),
    WithdrawDisclosure: Rule(decide=withdraw_disclosure, roles=ANYONE),
}
TIMERS: Mapping[str, Any] = {DISCLOSURE: expire_disclosure}
