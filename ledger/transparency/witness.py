"""A witness (c2sp.org/tlog-witness): cosigns a log's checkpoint if it continues the last one seen.

It knows nothing of the exchange but its keys, and trusts neither its operator nor its database. To
check and to remember are one step under one lock, and the memory is on disk before an answer goes.
"""

import base64
import fcntl
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kernel.errors import DomainError
from ledger.transparency.checkpoint import Checkpoint, cosign, parse_size
from ledger.transparency.hashing import EMPTY_ROOT
from ledger.transparency.note import (
    Note,
    NoteRefused,
    PublicKey,
    SecretKey,
    decode_base64,
    parse_note,
    verify_note,
)
from ledger.transparency.proofs import NODES_MAX, verify_consistency
from ledger.transparency.signing import write_durably

SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
BODY_BYTES_MAX = 1 << 16


@dataclass(frozen=True, slots=True)
class WitnessAnswer:
    """What goes back: an HTTP status, a body, and its type."""

    status: int
    body: str
    media_type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: the size that the sender thinks is remembered, the proof, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @property
    def text(self) -> str:
        """The request's body."""
        rows = [f"old {self.old}", *(base64.b64encode(node).decode() for node in self.proof)]
        return "\n".join([*rows, "", self.note.whole])

    @classmethod
    def parse(cls, text: str) -> "AddCheckpoint":
        """Read a body.

        Raises:
            NoteRefused: it is malformed.
        """
        head, blank, whole = text.partition("\n\n")
        first, *rows = head.split("\n")
        if not blank or not first.startswith("old "):
            raise NoteRefused("no old size", expected="old SIZE")
        if len(rows) > NODES_MAX:
            raise NoteRefused(f"more than {NODES_MAX} nodes")
        proof = tuple(decode_base64(row, what="a node") for row in rows)
        return cls(parse_size(first.removeprefix("old ")), proof, parse_note(whole))


class Witness:
    """One witness's key, the logs it knows, and a folder with what it saw last of each."""

    def __init__(
        self,
        key: SecretKey,
        logs: Mapping[str, list[PublicKey]],
        folder: Path,
        *,
        clock: Callable[[], int],
    ) -> None:
        self.key = key
        self._logs = logs
        self._folder = folder
        self._clock = clock

    def add_checkpoint(self, body: str) -> WitnessAnswer:
        """Answer a request as the protocol says; ``clock`` is in whole seconds."""
        try:
            request = AddCheckpoint.parse(body)
            checkpoint = Checkpoint.parse(request.note.text)
        except NoteRefused as error:
            return WitnessAnswer(400, f"{error}\n")
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return WitnessAnswer(404, "unknown origin\n")
        try:
            verify_note(request.note, keys)
        except NoteRefused as error:
            return WitnessAnswer(403, f"{error}\n")
        if request.old > checkpoint.size:
            return WitnessAnswer(400, "the old size is larger than the checkpoint's\n")
        with self._alone(checkpoint.origin) as path:
            return self._judge(request, checkpoint, path)

    def newest(self, origin_hash: str) -> str | None:
        """Return the last checkpoint that was cosigned, by the SHA-256 of its origin."""
        for origin in self._logs:
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                path = self._path(origin)
                return path.read_text(encoding="utf-8") if path.exists() else None
        return None

    def _judge(self, request: AddCheckpoint, checkpoint: Checkpoint, path: Path) -> WitnessAnswer:
        seen = _seen(path, checkpoint.origin)
        if request.old != seen.size:
            return WitnessAnswer(409, f"{seen.size}\n", SIZE_TYPE)
        try:
            _check(request, checkpoint, seen)
        except DomainError as error:
            return WitnessAnswer(422, f"{error}\n")
        line = cosign(checkpoint, self.key, at=self._clock())
        write_durably(path, request.note.with_lines([line]).whole)
        return WitnessAnswer(200, line.text)

    @contextmanager
    def _alone(self, origin: str) -> Iterator[Path]:
        """Hold the log's lock, against other requests and other processes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(origin)
        with path.with_suffix(".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield path

    def _path(self, origin: str) -> Path:
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}.seen"


def _seen(path: Path, origin: str) -> Checkpoint:
    if not path.exists():
        return Checkpoint(origin, 0, EMPTY_ROOT)
    return Checkpoint.parse(parse_note(path.read_text(encoding="utf-8")).text)


def _check(request: AddCheckpoint, checkpoint: Checkpoint, seen: Checkpoint) -> None:
    """Accept a tree that continues the one seen.

    Raises:
        NoteRefused: a proof where none belongs.
        ProofRefused: it does not.
    """
    if seen.size == 0:
        if request.proof:
            raise NoteRefused("a proof from an empty tree")
        return
    verify_consistency(
        old_size=seen.size,
        new_size=checkpoint.size,
        old_root=seen.root,
        new_root=checkpoint.root,
        proof=request.proof,
    )
