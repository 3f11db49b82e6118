"""What a statement is made of: the postings of one account, and their digest."""

import hashlib
from collections.abc import Iterable

import msgspec


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One signed amount on one account (分录), with the entry and cause it came from."""

    entry: int
    number: int
    instrument: str
    quantity: int
    cause: str


class CertifiedPostings(msgspec.Struct, frozen=True, kw_only=True):
    """The count and digest of a run of postings, fetched for ``certify_statement``."""

    count: int
    digest: str


def certify(postings: Iterable[Posting]) -> CertifiedPostings:
    """Digest postings in their order: SHA-256 over one line of text for each."""
    digest = hashlib.sha256()
    count = 0
    for posting in postings:
        line = (
            f"{posting.entry} {posting.number} {posting.instrument} "
            f"{posting.quantity} {posting.cause}\n"
        )
        digest.update(line.encode())
        count += 1
    return CertifiedPostings(count=count, digest=digest.hexdigest())
