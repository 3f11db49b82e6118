"""The disclosure of one entry: what lets its receiver check the shown parts against the leaf.

The receiver computes the leaf hash of the header's exact text, and for each part that is shown the
commitment under its key, and compares both with the header. A part that is not shown says why:
``withheld`` from this receiver, ``erased`` for everybody. ``empty`` has its key like a shown one.
"""

from dataclasses import dataclass

from ledger.entry import NO_PERSONAL, leaf_hash
from ledger.personal.parts import PersonalPart

SHOWN = "shown"
WITHHELD = "withheld"
ERASED = "erased"
EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a receiver may see of an entry beside its header."""

    postings: bool
    personal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """One entry as a receiver may see it; keys and hashes are hexadecimal text."""

    index: str
    header: str
    leaf_hash: str
    postings: str | None
    postings_key: str | None
    personal: str | None
    personal_key: str | None
    personal_state: str


def disclose(
    *,
    index: int,
    header: bytes,
    postings: bytes,
    postings_key: bytes,
    empty_personal_key: bytes | None,
    part: PersonalPart | None,
    erased: bool,
    sight: Sight,
) -> Disclosed:
    """Assemble a disclosure; ``part`` is the personal part where it was opened."""
    shown, state = _personal(empty_personal_key, part, erased=erased, sight=sight)
    return Disclosed(
        index=str(index),
        header=header.decode(),
        leaf_hash=leaf_hash(header),
        postings=postings.decode() if sight.postings else None,
        postings_key=postings_key.hex() if sight.postings else None,
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
