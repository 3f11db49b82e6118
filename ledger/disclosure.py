r"""What a party is shown of one entry, so that it can check the rest alone.

With a part and its key the receiver computes the commitment that the header holds, and from the
header the leaf of the public log: ``HMAC-SHA-256(key, "eco-ledger/commit/v1\npostings/1\n" +
part)``, and ``personal/1`` for the personal part. A part that is not shown stays a commitment.
"""

from enum import StrEnum

import msgspec

from ledger.entry import NO_PERSONAL, leaf_hash, read_header
from ledger.store import StoredEntry


class PartState(StrEnum):
    """Why a part of a body is there, or is not."""

    SHOWN = "shown"
    WITHHELD = "withheld"
    ERASED = "erased"
    EMPTY = "empty"


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as somebody may see it; the texts are the very bytes that were committed to.

    ``index`` is that of the header: the entry's place in its own public log.
    Keys are hexadecimal; they are there where the part is shown or empty.
    """

    header: str
    index: str
    leaf_hash: str
    personal: str | None
    personal_key: str | None
    personal_state: PartState
    postings: str | None
    postings_key: str | None
    postings_state: PartState


def disclose(entry: StoredEntry, *, postings: bool, personal: bool) -> Disclosure:
    """Return what somebody sees who may see these parts; an empty personal part hides nothing."""
    state = _personal_state(entry, shown=personal)
    body, key = entry.personal, entry.personal_key
    visible = state in {PartState.SHOWN, PartState.EMPTY}
    return Disclosure(
        header=entry.header.decode(),
        index=read_header(entry.header).index,
        leaf_hash=leaf_hash(entry.header),
        personal=body.decode() if visible and body is not None else None,
        personal_key=key.hex() if visible and key is not None else None,
        personal_state=state,
        postings=entry.postings.decode() if postings else None,
        postings_key=entry.postings_key.hex() if postings else None,
        postings_state=PartState.SHOWN if postings else PartState.WITHHELD,
    )


def _personal_state(entry: StoredEntry, *, shown: bool) -> PartState:
    if entry.personal == NO_PERSONAL:
        return PartState.EMPTY if shown else PartState.WITHHELD
    if entry.personal is None:
        return PartState.ERASED
    return PartState.SHOWN if shown else PartState.WITHHELD
