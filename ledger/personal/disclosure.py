"""The disclosure of one entry: what lets its receiver check the shown parts against the leaf.

The receiver computes the leaf hash of the header's exact text, and for each part that is shown the
commitment under its key, and compares both with the header. A part that is not shown says why:
``withheld`` from this receiver, ``erased`` for everybody. ``empty`` has its key like a shown one.
"""

from dataclasses import dataclass

import msgspec

from ledger.entry import NO_PERSONAL, leaf_hash, read_header
from ledger.personal.parts import PersonalPart
from ledger.store import StoredEntry

SHOWN = "shown"
WITHHELD = "withheld"
ERASED = "erased"
EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a receiver may see of an entry beside its header."""

    postings: bool
    personal: bool


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as a receiver may see it; keys and hashes are hexadecimal text.

    ``index`` is that of the header: the entry's place in its own public log.
    """

    index: str
    header: str
    leaf_hash: str
    postings: str | None
    postings_key: str | None
    postings_state: str
    personal: str | None
    personal_key: str | None
    personal_state: str


def disclose(
    entry: StoredEntry, *, part: PersonalPart | None = None, erased: bool = False, sight: Sight
) -> Disclosed:
    """Assemble a disclosure; ``part`` is the personal part where it was opened."""
    shown, state = _personal(entry.empty_personal_key, part, erased=erased, sight=sight)
    return Disclosed(
        index=read_header(entry.header).index,
        header=entry.header.decode(),
        leaf_hash=leaf_hash(entry.header),
        postings=entry.postings.decode() if sight.postings else None,
        postings_key=entry.postings_key.hex() if sight.postings else None,
        postings_state=SHOWN if sight.postings else WITHHELD,
        personal=None if shown is None else shown.body.decode(),
        personal_key=None if shown is None else shown.key.hex(),
        personal_state=state,
    )


def _personal(
    empty_key: bytes | None, part: PersonalPart | None, *, erased: bool, sight: Sight
) -> tuple[PersonalPart | None, str]:
    """Return what is shown and the state's name; a stranger cannot tell empty from withheld."""
    if not (sight.postings or sight.personal):
        return None, WITHHELD
    if empty_key is not None:
        return PersonalPart(empty_key, NO_PERSONAL), EMPTY
    if erased:
        return None, ERASED
    if sight.personal and part is not None:
        return part, SHOWN
    return None, WITHHELD
