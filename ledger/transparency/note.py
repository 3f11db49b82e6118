"""Signed notes (c2sp.org/signed-note): a text and lines of signatures, each of a named key.

A line of an unknown key or algorithm is carried and reported; a line of a known key must verify, or
the whole note is refused.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kernel.errors import DomainError, Kind

ED25519 = 0x01
COSIGNATURE = 0x04
PUBLIC_SIZE = 32
ID_SIZE = 4
LINES_MAX = 100
_DASH = "\u2014"
_SECRET_PREFIX = "PRIVATE+KEY+"  # noqa: S105  the format's word


class NoteRefused(DomainError):
    """A note that says nothing to be believed."""

    code = "log.note_refused"
    kind = Kind.MALFORMED


class SignatureLine(NamedTuple):
    """One line below a note: the key's name and id, and what the key made."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line as it stands in the note."""
        return f"{_DASH} {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was read: nothing of it is believed yet."""

    text: str
    lines: tuple[SignatureLine, ...]

    @property
    def whole(self) -> str:
        """The note as it is stored and sent."""
        return self.text + "\n" + "".join(line.text for line in self.lines)

    def with_lines(self, lines: Iterable[SignatureLine]) -> "Note":
        """Return the note with more lines, each once."""
        return Note(self.text, tuple(dict.fromkeys([*self.lines, *lines])))


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who may sign, and how: a vkey (``name+id+base64``); ``algorithm`` is the format's byte."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        head = f"{self.name}\n".encode() + bytes([self.algorithm])
        return hashlib.sha256(head + self.public).digest()[:ID_SIZE]

    @property
    def text(self) -> str:
        """The key as people write it down."""
        data = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{data}"

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Read a vkey.

        Raises:
            NoteRefused: it is none, or its id is not that of its key.
        """
        name, _, rest = text.partition("+")
        key_id, _, data = rest.partition("+")
        check_name(name)
        decoded = decode_base64(data, what="a key")
        if not decoded:
            raise NoteRefused("a key without an algorithm")
        key = cls(name, decoded[0], decoded[1:])
        if key.algorithm in {ED25519, COSIGNATURE} and len(key.public) != PUBLIC_SIZE:
            raise NoteRefused(f"the key of {name} has {len(key.public)} bytes", expected="32")
        if key.key_id.hex() != key_id:
            raise NoteRefused(f"the key of {name} has another id", expected=key.key_id.hex())
        return key

    def is_of(self, line: SignatureLine) -> bool:
        """Tell whether a line claims to be of this key."""
        return (line.name, line.key_id) == (self.name, self.key_id)

    def accepts(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this key signed exactly these bytes with Ed25519."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SecretKey:
    """A key that signs; ``text`` is its only way out."""

    __slots__ = ("_private", "_seed", "public")

    def __init__(self, name: str, seed: bytes, *, algorithm: int = ED25519) -> None:
        check_name(name)
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(name, algorithm, self._private.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """The secret as a file holds it."""
        data = base64.b64encode(bytes([self.public.algorithm]) + self._seed).decode()
        return f"{_SECRET_PREFIX}{self.public.name}+{self.public.key_id.hex()}+{data}"

    @classmethod
    def parse(cls, text: str) -> "SecretKey":
        """Read what ``text`` gives.

        Raises:
            NoteRefused: it is no such secret.
        """
        if not text.startswith(_SECRET_PREFIX):
            raise NoteRefused("not a secret key")
        name, _, rest = text.removeprefix(_SECRET_PREFIX).partition("+")
        key_id, _, data = rest.partition("+")
        decoded = decode_base64(data, what="a secret key")
        if len(decoded) != 1 + PUBLIC_SIZE or decoded[0] not in {ED25519, COSIGNATURE}:
            raise NoteRefused("a secret key of an unknown algorithm")
        key = cls(name, decoded[1:], algorithm=decoded[0])
        if key.public.key_id.hex() != key_id:
            raise NoteRefused(f"the secret key of {name} has another id")
        return key

    def sign(self, message: bytes) -> bytes:
        """Sign bytes with Ed25519."""
        return self._private.sign(message)

    def line(self, signature: bytes) -> SignatureLine:
        """Return a line of this key."""
        return SignatureLine(self.public.name, self.public.key_id, signature)


def check_name(name: str) -> None:
    """Refuse a name that no line can hold.

    Raises:
        NoteRefused: it is empty, or has a space or a plus sign.
    """
    if not name or "+" in name or any(each.isspace() for each in name):
        raise NoteRefused(f"{name!r} is no key's name")


def decode_base64(text: str, *, what: str) -> bytes:
    """Read standard, padded base64 in its one canonical form.

    Raises:
        NoteRefused: it is not.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteRefused(f"{what} is not in base64") from error
    if base64.b64encode(data).decode() != text:
        raise NoteRefused(f"{what} is not in canonical base64")
    return data


def parse_note(whole: str) -> Note:
    """Read a note's form; its signatures are still to be verified.

    Raises:
        NoteRefused: with what is wrong.
    """
    if any(each < " " and each != "\n" for each in whole):
        raise NoteRefused("a control character")
    if any("\ud800" <= each <= "\udfff" for each in whole):
        raise NoteRefused("text with a lone surrogate")
    if not whole.endswith("\n"):
        raise NoteRefused("the last line does not end")
    text, blank, signatures = whole.rpartition("\n\n")
    if not blank or not text:
        raise NoteRefused("no empty line between text and signatures")
    rows = signatures.removesuffix("\n").split("\n")
    if len(rows) > LINES_MAX:
        raise NoteRefused(f"more than {LINES_MAX} signatures")
    return Note(text + "\n", tuple(_parse_line(row) for row in rows))


def _parse_line(row: str) -> SignatureLine:
    parts = row.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:  # noqa: PLR2004  dash, name, signature
        raise NoteRefused(f"{row[:80]!r} is no signature")
    check_name(parts[1])
    data = decode_base64(parts[2], what="a signature")
    if len(data) <= ID_SIZE:
        raise NoteRefused("a signature without a signature")
    return SignatureLine(parts[1], data[:ID_SIZE], data[ID_SIZE:])


def sign_note(text: str, keys: Sequence[SecretKey]) -> Note:
    """Return a signed note; the text ends with a line's end."""
    if not text.endswith("\n"):
        raise NoteRefused("the text's last line does not end")
    return Note(text, tuple(key.line(key.sign(text.encode())) for key in keys))


def verify_note(note: Note, keys: Sequence[PublicKey]) -> list[PublicKey]:
    """Return which of the keys signed a note; other lines are nobody's.

    Raises:
        NoteRefused: a line of a known key does not verify, or none is of a known key.
    """
    signed = []
    for line in note.lines:
        key = next((key for key in keys if key.is_of(line)), None)
        if key is None or key in signed:
            continue
        if key.algorithm != ED25519 or not key.accepts(note.text.encode(), line.signature):
            raise NoteRefused(f"the signature of {line.name} does not verify")
        signed.append(key)
    if not signed:
        raise NoteRefused("no signature of a known key")
    return signed
