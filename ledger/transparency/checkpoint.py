"""Checkpoints (c2sp.org/tlog-checkpoint) and what witnesses sign of them (tlog-cosignature)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.transparency.hashing import EMPTY_ROOT, HASH_SIZE
from ledger.transparency.note import (
    COSIGNATURE,
    Note,
    NoteRefused,
    PublicKey,
    SecretKey,
    SignatureLine,
    decode_base64,
    parse_note,
    verify_note,
)

SIZE_MAX = 2**63 - 1
_LINES_MIN = 3
_TIME_SIZE = 8
_SIGNATURE_SIZE = 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its name, its size and its root."""

    origin: str
    size: int
    root: bytes
    extension: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extension))

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a checkpoint's text.

        Raises:
            NoteRefused: with what is wrong.
        """
        if not text.endswith("\n"):
            raise NoteRefused("the checkpoint's last line does not end")
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < _LINES_MIN or not all(lines):
            raise NoteRefused("a checkpoint has an origin, a size and a root", expected="3 lines")
        origin, size, root, *extension = lines
        found = cls(origin, parse_size(size), decode_base64(root, what="the root"), (*extension,))
        if len(found.root) != HASH_SIZE:
            raise NoteRefused(f"a root of {len(found.root)} bytes", expected="32 bytes")
        if found.size == 0 and found.root != EMPTY_ROOT:
            raise NoteRefused("an empty tree with a root of its own")
        return found


def parse_size(text: str) -> int:
    """Read a size in its one decimal form.

    Raises:
        NoteRefused: it is another form, or too large.
    """
    if not (text.isascii() and text.isdecimal()) or (text[0] == "0" and text != "0"):
        raise NoteRefused(f"{text[:40]!r} is no size")
    if len(text) > len(str(SIZE_MAX)) or int(text) > SIZE_MAX:
        raise NoteRefused(f"{text[:40]!r} is too large a size")
    return int(text)


def open_checkpoint(
    whole: str, *, origin: str, keys: Sequence[PublicKey]
) -> tuple[Checkpoint, Note]:
    """Read a checkpoint that a log signed with one of its keys.

    Raises:
        NoteRefused: it is not of this log, or not signed.
    """
    note = parse_note(whole)
    verify_note(note, keys)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != origin:
        raise NoteRefused(f"the checkpoint is of {checkpoint.origin}", expected=origin)
    return checkpoint, note


def cosigned_message(text: str, *, at: int) -> bytes:
    """Return the bytes that a witness signs at a time (whole seconds since the epoch)."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosign(checkpoint: Checkpoint, key: SecretKey, *, at: int) -> SignatureLine:
    """Return a witness's line: this is the largest consistent tree it has seen, at that time."""
    signature = key.sign(cosigned_message(checkpoint.text, at=at))
    return key.line(at.to_bytes(_TIME_SIZE, "big") + signature)


def cosigned_at(note: Note, key: PublicKey) -> int | None:
    """Return when a witness cosigned, ``None`` where no line is of its key.

    Raises:
        NoteRefused: its line does not verify.
    """
    for line in note.lines:
        if not key.is_of(line):
            continue
        at = int.from_bytes(line.signature[:_TIME_SIZE], "big")
        fits = key.algorithm == COSIGNATURE and len(line.signature) == _TIME_SIZE + _SIGNATURE_SIZE
        message = cosigned_message(note.text, at=at)
        if not fits or not at or not key.accepts(message, line.signature[_TIME_SIZE:]):
            raise NoteRefused(f"the cosignature of {line.name} does not verify")
        return at
    return None


def unknown_lines(note: Note, keys: Sequence[PublicKey]) -> list[SignatureLine]:
    """Return the lines that none of these keys made: of others, or of unknown algorithms."""
    return [line for line in note.lines if not any(key.is_of(line) for key in keys)]


def subtree_message(  # noqa: PLR0917  the fields in their order
    name: str, at: int, origin: str, start: int, end: int, root: bytes
) -> bytes:
    """Return the bytes of an ML-DSA-44 cosignature (c2sp.org/tlog-cosignature); start 0 is a tree.

    ``at`` is in whole seconds since the epoch.
    """
    return b"".join(
        (
            b"subtree/v1\n\x00",
            _short(name),
            at.to_bytes(_TIME_SIZE, "big"),
            _short(origin),
            start.to_bytes(_TIME_SIZE, "big"),
            end.to_bytes(_TIME_SIZE, "big"),
            root,
        )
    )


def _short(text: str) -> bytes:
    data = text.encode()
    return bytes([len(data)]) + data
