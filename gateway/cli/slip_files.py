"""Files of slips: what a source's device writes, one JSON object a line, and how it signs them.

A key file holds an Ed25519 seed as 64 hexadecimal digits and is readable by its owner alone.
"""

import csv
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from credit_scoring.rewards.slips import message
from gateway.api.problems import Problem
from gateway.api.schemas.base import Units
from gateway.api.schemas.rewards import PresentSlip
from gateway.errors import CannotRun

SLIPS_MAX = 100_000
SEED_BYTES = 32
COLUMNS = ("source", "slip", "reward", "account", "act", "quantity", "day")
_UNSIGNED = "0" * 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file: the slip that stands there, or what is wrong with it."""

    number: int
    slip: dict[str, Any] | None
    problem: str = ""

    @property
    def key(self) -> str:
        """Return the idempotency key under which this slip is handed in, however often."""
        text = msgspec.json.encode(self.slip, order="sorted")
        return f"slip-{hashlib.sha256(text).hexdigest()[:48]}"


def read_slips(path: Path) -> Iterator[Line]:
    """Read a file of slips, a line at a time; a bad line says its field and does not stop.

    Raises:
        CannotRun: the file cannot be read, or has more than ``SLIPS_MAX`` lines.
    """
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if number > SLIPS_MAX:
                    raise CannotRun(f"{path} has more than {SLIPS_MAX} lines")
                if raw.strip():
                    yield _line(number, raw)
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}") from error


def _line(number: int, raw: bytes) -> Line:
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Line(number=number, slip=None, problem=f"expected one JSON object: {error}")
    try:
        PresentSlip.model_validate(found).to_command(Units({}))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"]) or "line"
        return Line(number=number, slip=None, problem=f"{place}: {first['msg']}")
    except Problem as problem:
        words = f"{problem.field}: expected {problem.expected}, found {problem.found!r}"
        return Line(number=number, slip=None, problem=words)
    return Line(number=number, slip=found)


def sign_slips(path: Path, key: Ed25519PrivateKey) -> Iterator[bytes]:
    """Sign every row of a CSV file with the columns of a slip; yield the lines to write.

    Raises:
        CannotRun: the file cannot be read, or a row is no slip; names its line and field.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != COLUMNS:
                raise CannotRun(f"{path}, line 1: expected the columns {','.join(COLUMNS)}")
            for number, row in enumerate(rows, start=2):
                yield _signed(number, row, path=path, key=key)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CannotRun(f"{path} cannot be read: {error}") from error


def _signed(number: int, row: dict[str, Any], *, path: Path, key: Ed25519PrivateKey) -> bytes:
    unsigned = _line(number, msgspec.json.encode(row | {"signature": _UNSIGNED}))
    if unsigned.slip is None:
        raise CannotRun(f"{path}, line {number}, {unsigned.problem}")
    command = PresentSlip.model_validate(unsigned.slip).to_command(Units({}))
    signature = key.sign(message(command)).hex()
    return msgspec.json.encode(row | {"signature": signature}) + b"\n"


def make_key(path: Path) -> str:
    """Write a new key's seed to a file that must not exist; return the public key.

    Raises:
        CannotRun: the file exists or cannot be written.
    """
    seed = secrets.token_bytes(SEED_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{seed.hex()}\n")
    return public_of(Ed25519PrivateKey.from_private_bytes(seed))


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read a key's seed.

    Raises:
        CannotRun: the file is none of ours.
    """
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii").strip())
        return Ed25519PrivateKey.from_private_bytes(seed)
    except (OSError, ValueError) as error:
        raise CannotRun(f"{path} holds no key of {SEED_BYTES} bytes in hexadecimal") from error


def public_of(key: Ed25519PrivateKey) -> str:
    """Return the public key as a source registers it."""
    return key.public_key().public_bytes_raw().hex()
