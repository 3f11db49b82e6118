"""The signer: signs a log's checkpoints, and never two that do not continue each other.

It believes nobody, least of all the database: it remembers the last checkpoint that it signed in a
file of its own, and signs a larger one only with a proof that leads from there. So a database that
was restored from an old backup cannot make it sign a fork.
"""

import hashlib
import os
from pathlib import Path

import msgspec

from kernel.errors import DomainError, Kind
from ledger.transparency.checkpoint import Checkpoint, open_checkpoint
from ledger.transparency.hashing import EMPTY_ROOT
from ledger.transparency.note import NoteRefused, PublicKey, SecretKey, parse_note, sign_note
from ledger.transparency.proofs import verify_consistency

SEED_SIZE = 32


class Fork(DomainError):
    """What is to be signed does not continue what was signed."""

    code = "log.fork_refused"
    kind = Kind.CONFLICT


class SignRequest(msgspec.Struct, frozen=True):
    """A checkpoint to sign, and the proof that it continues the tree of ``old`` entries."""

    origin: str
    size: int
    root: bytes
    old: int
    proof: list[bytes]


class Signed(msgspec.Struct, frozen=True):
    """The signed note, or why there is none, and what the signer remembers then."""

    note: str
    refused: str
    size: int


class Signer:
    """One log's keys and its memory, which is a file with the last note it signed."""

    def __init__(self, origin: str, keys: list[SecretKey], memory: Path) -> None:
        self.origin = origin
        self._keys = keys
        self._memory = memory
        self._closed = memory.with_suffix(".closed")
        self._last = self._remember()

    @property
    def size(self) -> int:
        """The size of the last tree that was signed."""
        return self._last.size

    def sign(self, request: SignRequest) -> str:
        """Sign a checkpoint and return the note; the memory is on disk before.

        Raises:
            Fork: it is smaller than what was signed, or does not continue it.
            ProofRefused: the proof does not prove that.
        """
        last = self._last
        if self._closed.exists() and request.size > int(self._closed.read_text(encoding="ascii")):
            raise Fork("the log has ended; another goes on")
        if request.size < last.size:
            raise Fork(f"a tree of {request.size} after one of {last.size} was signed")
        if request.size == last.size and request.root != last.root:
            raise Fork(f"a second root for {last.size} entries")
        if last.size and request.size > last.size:
            if request.old != last.size:
                raise Fork(f"a proof from {request.old}", expected=str(last.size))
            verify_consistency(
                old_size=last.size,
                new_size=request.size,
                old_root=last.root,
                new_root=request.root,
                proof=request.proof,
            )
        checkpoint = Checkpoint(self.origin, request.size, request.root)
        note = sign_note(checkpoint.text, self._keys).whole
        if checkpoint != last or not self._memory.exists():
            write_durably(self._memory, note)
        self._last = checkpoint
        return note

    def _remember(self) -> Checkpoint:
        if not self._memory.exists():
            return Checkpoint(self.origin, 0, EMPTY_ROOT)
        whole = self._memory.read_text(encoding="utf-8")
        try:
            checkpoint, _ = open_checkpoint(
                whole, origin=self.origin, keys=[key.public for key in self._keys]
            )
        except NoteRefused as error:
            # Who cannot read its memory must not sign as if there were none.
            raise Fork(f"{self._memory} is not what this signer wrote: {error}") from error
        return checkpoint


class Signers:
    """The signer's folder: for each log a file of secret keys and the memory beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signers: dict[str, Signer] = {}

    def answer(self, request: SignRequest) -> Signed:
        """Sign, or say why not."""
        try:
            signer = self._of(request.origin)
        except (DomainError, OSError) as error:
            return Signed("", f"{type(error).__name__}: {error}", 0)
        try:
            return Signed(signer.sign(request), "", signer.size)
        except DomainError as error:
            return Signed("", f"{error.code}: {error}", signer.size)

    def _of(self, origin: str) -> Signer:
        found = self._signers.get(origin)
        if found is None:
            keys = read_secrets(self._folder, origin)
            if not keys:
                raise Fork(f"this signer has no key of {origin}")
            found = Signer(origin, keys, memory_file(self._folder, origin))
            self._signers[origin] = found
        return found


def keys_file(folder: Path, origin: str) -> Path:
    """Return the file with a log's secret keys."""
    return _file(folder, origin, "keys")


def memory_file(folder: Path, origin: str) -> Path:
    """Return the file with the last note that was signed for a log."""
    return _file(folder, origin, "signed")


def _file(folder: Path, origin: str, kind: str) -> Path:
    return folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}.{kind}"


def read_secrets(folder: Path, origin: str) -> list[SecretKey]:
    """Return a log's secret keys; the newest stands last."""
    path = keys_file(folder, origin)
    if not path.exists():
        return []
    return [SecretKey.parse(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def add_secret(folder: Path, origin: str) -> SecretKey:
    """Make a key for a log, beside those that it has."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = [*read_secrets(folder, origin), SecretKey(origin, os.urandom(SEED_SIZE))]
    write_durably(keys_file(folder, origin), "".join(f"{key.text}\n" for key in keys))
    publics = "".join(f"{key.public.text}\n" for key in keys)
    write_durably(_file(folder, origin, "vkeys"), publics)
    return keys[-1]


def read_publics(folder: Path, origin: str) -> list[PublicKey]:
    """Return a log's public keys without touching its secret ones; the newest stands last."""
    path = _file(folder, origin, "vkeys")
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [PublicKey.parse(line) for line in lines if line]


def close_log(folder: Path, origin: str, *, size: int) -> None:
    """Let nothing above this size be signed under the log's name any more."""
    write_durably(_file(folder, origin, "closed"), str(size))


def last_signed(folder: Path, origin: str) -> Checkpoint | None:
    """Return the last checkpoint that was signed, ``None`` where none was."""
    path = memory_file(folder, origin)
    if not path.exists():
        return None
    return Checkpoint.parse(parse_note(path.read_text(encoding="utf-8")).text)


def write_durably(path: Path, text: str) -> None:
    """Replace a small file so that after a crash it is the old or the new one."""
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
