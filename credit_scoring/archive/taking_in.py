"""How facts come in by other ways than a list: keys that sign batches, and files in chunks."""

import hashlib
from collections.abc import Sequence
from typing import ClassVar

import msgspec

from credit_scoring.archive.commands import ReportedFact
from kernel.canonical import canonical
from ledger.journal import Journal
from ledger.shelf import Key
from ledger.state import Row

OPEN, ADOPTED, DROPPED = "open", "adopted", "dropped"
_encode = msgspec.json.Encoder(order="sorted").encode


class DepartmentKey(msgspec.Struct, frozen=True):
    """A key by which a department signs; a retired one stays, with the entry that retired it."""

    TABLE: ClassVar[str] = "credit_department_key"

    department: str
    key_id: str
    public_key: str
    decision: str
    entry: int
    retired_in: int | None = None

    def row(self) -> Row:
        """Return the columns of table ``credit_department_key`` in their order."""
        return msgspec.structs.astuple(self)


class SignedBatch(msgspec.Struct, frozen=True):
    """A batch that was recorded: who signed what, so that anybody can check it later.

    ``digest`` is the SHA-256 of the signed bytes, and stands as the ``file`` of its facts.
    """

    TABLE: ClassVar[str] = "credit_signed_batch"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("source", "text"), ("batch", "bigint"))

    source: str
    batch: int
    key_id: str
    signature: str
    digest: str
    facts: int
    actor: str
    entry: int
    at: int

    @property
    def key(self) -> Key:
        """Return source and number."""
        return (self.source, self.batch)

    def row(self) -> Row:
        """Return the columns of table ``credit_signed_batch`` in their order."""
        return msgspec.structs.astuple(self)


class Intake(msgspec.Struct, kw_only=True):
    """A large file on its way in: its chunks are recorded one by one, and count all at once.

    ``manifest`` names it at its facts: what one entry adopts. ``recorded`` counts chunks.
    """

    TABLE: ClassVar[str] = "credit_intake"

    id: int
    source: str
    file: str
    lines: int
    chunks: list[str]
    manifest: str
    recorded: int
    state: str
    opened_in: int
    closed_in: int | None = None
    closed_at: int | None = None

    def move(
        self, journal: Journal, *, recorded: int, state: str, closed: tuple[int, int] | None
    ) -> None:
        """Count chunks, or close it in an entry at an instant; the journal keeps what was."""
        journal.append((self, self.recorded, self.state, self.closed_in, self.closed_at))
        self.restore(recorded, state, *(closed or (None, None)))

    def restore(self, recorded: int, state: str, *closed: int | None) -> None:
        """Take old values back."""
        self.recorded, self.state = recorded, state
        self.closed_in, self.closed_at = closed

    @property
    def is_open(self) -> bool:
        """Whether it may still be adopted."""
        return self.state == OPEN

    def row(self) -> Row:
        """Return the columns of table ``credit_intake`` in their order."""
        return msgspec.structs.astuple(self)


def chunk_digest(facts: Sequence[ReportedFact]) -> str:
    """Return the SHA-256 of a chunk's facts as canonical JSON, days as ordinals."""
    return hashlib.sha256(_encode(facts)).hexdigest()


def manifest_of(*, intake: int, source: str, file: str, lines: int, chunks: Sequence[str]) -> str:
    """Return the digest that commits to a whole intake, by the digests of its chunks."""
    listed = {
        "format": "ecorights-intake-v1",
        "intake": str(intake),
        "source": source,
        "file": file,
        "lines": str(lines),
        "chunks": list(chunks),
    }
    return hashlib.sha256(canonical(listed)).hexdigest()
