"""The bytes of an entry: public header, postings part, personal part, and the chain of headers.

Format 1, final. The header is canonical JSON (RFC 8785) of seven strings and is chain link and
Merkle leaf at once: ``previous`` is the RFC 6962 leaf hash of the header before it. It commits to
each part of the body under a random key of that part's own, and names neither kind nor actor.
The postings part stays for ever; the personal part and its key may be destroyed, and chain, proofs
and replay stay whole.
"""

import hashlib
import hmac

import msgspec

from kernel.canonical import utc_text

FORMAT = "1"
KEY_SIZE = 32
NO_PERSONAL = b"{}"
FIRST_PREVIOUS = "0" * 64
_POSTINGS_PREFIX = b"eco-ledger/commit/v1\npostings/1\n"
_PERSONAL_PREFIX = b"eco-ledger/commit/v1\npersonal/1\n"
_LEAF_PREFIX = b"\x00"
_HEADER = (
    '{"index":"%d","origin":%s,"personal":"%s","postings":"%s","previous":"%s","time":"%s","v":"1"}'
)


class EntryBytes(msgspec.Struct, frozen=True):
    """One entry as it is stored: its header, and the body's parts with their keys."""

    index: int
    header: bytes
    postings: bytes
    postings_key: bytes
    personal: bytes
    personal_key: bytes


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """A header, read back; every value is text."""

    index: str
    origin: str
    personal: str
    postings: str
    previous: str
    time: str
    v: str


_decode_header = msgspec.json.Decoder(Header).decode


def read_header(header: bytes) -> Header:
    """Return a header's members.

    Raises:
        msgspec.MsgspecError: it is none.
    """
    return _decode_header(header)


def leaf_hash(header: bytes) -> str:
    """Return the RFC 6962 leaf hash of a header, as hexadecimal text."""
    return hashlib.sha256(_LEAF_PREFIX + header).hexdigest()


def commit_postings(key: bytes, postings: bytes) -> str:
    """Return the commitment to a postings part under its key."""
    return hmac.digest(key, _POSTINGS_PREFIX + postings, "sha256").hex()


def commit_personal(key: bytes, personal: bytes) -> str:
    """Return the commitment to a personal part under its key."""
    return hmac.digest(key, _PERSONAL_PREFIX + personal, "sha256").hex()


class Chain:
    """The end of a log: seals one entry after another.

    ``previous`` is the leaf hash of the last sealed header; setting it back is how a failed batch
    is forgotten.
    """

    __slots__ = ("_origin", "origin", "previous")

    def __init__(self, *, origin: str, previous: str = FIRST_PREVIOUS) -> None:
        self.origin = origin
        self._origin = msgspec.json.encode(origin).decode()
        self.previous = previous

    def seal(
        self, *, index: int, at: int, postings: bytes, personal: bytes, keys: bytes
    ) -> EntryBytes:
        """Make the entry at ``index``; ``keys`` are 64 random bytes drawn before."""
        postings_key = keys[:KEY_SIZE]
        personal_key = keys[KEY_SIZE:]
        header = (
            _HEADER
            % (
                index,
                self._origin,
                commit_personal(personal_key, personal),
                commit_postings(postings_key, postings),
                self.previous,
                utc_text(at, digits=0),
            )
        ).encode()
        self.previous = leaf_hash(header)
        return EntryBytes(index, header, postings, postings_key, personal, personal_key)
