"""What can happen to personal parts, and how it changes state."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ledger.effects import Effect
from ledger.journal import create, remove
from ledger.personal.commands import DisclosurePurpose, ErasureBasis
from ledger.personal.state import Disclosure, DisclosureUse, Erasure, Retention
from ledger.state import Ledger

DISCLOSURE = "disclosure"


class SharedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A portion of another subject in an entry's personal part; it stays."""

    entry: int
    subject: str


class PersonErased(Effect, frozen=True, kw_only=True, tag="person_erased"):
    """A person's personal parts are to be destroyed: those of ``entries``. Names nobody.

    ``shared`` are the portions of others in these entries, so that an audit misses them.
    """

    party: str
    basis: ErasureBasis
    entries: list[int]
    shared: list[SharedPart]


class RecordsRetained(Effect, frozen=True, kw_only=True, tag="records_retained"):
    """A party's records must be kept until an instant (microseconds since the epoch)."""

    party: str
    until: int
    source: str


class PersonalDisclosed(Effect, frozen=True, kw_only=True, tag="personal_disclosed"):
    """A party may see personal parts of another until an instant."""

    disclosure: int
    party: str
    recipient: str
    purpose: DisclosurePurpose
    entries: list[int]
    granted_by: str
    until: int


class DisclosureUsed(Effect, frozen=True, kw_only=True, tag="disclosure_used"):
    """Somebody read a party's personal part under a disclosure."""

    disclosure: int
    party: str
    actor: str
    target: int | None


class DisclosureEnded(Effect, frozen=True, kw_only=True, tag="disclosure_ended"):
    """A disclosure is over: expired, withdrawn, or its subject was erased."""

    disclosure: int
    cause: str


def person_erased(ledger: Ledger, effect: PersonErased) -> None:
    """Mark a person as erased; the eraser follows the row."""
    erasure = Erasure(party=effect.party, entry=ledger.entry, basis=effect.basis)
    create(ledger.journal, ledger.privacy.erasures, key=erasure.party, value=erasure)


def records_retained(ledger: Ledger, effect: RecordsRetained) -> None:
    """Set or change a retention period."""
    found = ledger.privacy.retentions.get(effect.party)
    if found is None:
        retention = Retention(party=effect.party, until=effect.until, source=effect.source)
        create(ledger.journal, ledger.privacy.retentions, key=effect.party, value=retention)
        return
    ledger.journal.append((found, found.until, found.source))
    found.until = effect.until
    found.source = effect.source


def personal_disclosed(ledger: Ledger, effect: PersonalDisclosed) -> None:
    """Add a disclosure, and schedule its end."""
    disclosure = Disclosure(
        id=effect.disclosure,
        party=effect.party,
        recipient=effect.recipient,
        purpose=effect.purpose,
        entries=effect.entries,
        granted_by=effect.granted_by,
        until=effect.until,
    )
    create(ledger.journal, ledger.privacy.disclosures, key=disclosure.id, value=disclosure)
    ledger.timers.schedule(
        ledger.journal, kind=DISCLOSURE, subject=str(disclosure.id), due=disclosure.until
    )


def disclosure_used(ledger: Ledger, effect: DisclosureUsed) -> None:
    """Append the row of one reading to the write set."""
    use = DisclosureUse(
        entry=ledger.entry,
        disclosure=effect.disclosure,
        party=effect.party,
        actor=effect.actor,
        target=effect.target,
    )
    ledger.journal.append((use,))


def disclosure_ended(ledger: Ledger, effect: DisclosureEnded) -> None:
    """End a disclosure; it leaves the state, its row stays."""
    disclosure = ledger.privacy.disclosures[effect.disclosure]
    ledger.journal.append((disclosure, disclosure.live))
    disclosure.live = False
    remove(ledger.journal, ledger.privacy.disclosures, key=disclosure.id)
    ledger.timers.cancel(ledger.journal, (DISCLOSURE, str(disclosure.id)))


FOLDS: Mapping[type[Effect], Any] = {
    PersonErased: person_erased,
    RecordsRetained: records_retained,
    PersonalDisclosed: personal_disclosed,
    DisclosureUsed: disclosure_used,
    DisclosureEnded: disclosure_ended,
}
