"""How a personal part lies in the database: one row for each subject, under that subject's key.

The commitment in the header covers the whole part. Its key is cut into as many shares as the part
has subjects, of which all are needed, and each lies with one subject's own portion. So erasing one
subject leaves the others' portions readable and makes the commitment a random-looking value: a key
that could still be had would let anybody test guesses of the portion that is gone.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel.canonical import canonical, parse
from kernel.errors import DomainError, Kind
from ledger.personal.vault import Vault

NONCE_SIZE = 12
_COMMANDS = "commands"


class PersonalRow(NamedTuple):
    """One row of ``entry_personal``; ``key`` and ``body`` are nonce and AES-256-GCM ciphertext."""

    entry: int
    subject: str
    key: bytes
    body: bytes


class PlainRow(NamedTuple):
    """The same before encryption: a share of the commitment's key, and the subject's portion."""

    entry: int
    subject: str
    key: bytes
    body: bytes


class PersonalPart(NamedTuple):
    """A whole personal part, and the key of its commitment."""

    key: bytes
    body: bytes


class PartUnreadable(DomainError):
    """A row cannot be opened: its subject's key is gone, or the row is not what was written."""

    code = "ledger.part_unreadable"
    kind = Kind.GONE

    def __init__(self, row: PersonalRow, *, expected: str, found: str) -> None:
        super().__init__(
            f"personal part of entry {row.entry}, subject {row.subject}: {found}",
            field="personal",
            expected=expected,
        )
        self.found = found


def plain_rows(index: int, key: bytes, portions: Sequence[tuple[str, bytes]]) -> list[PlainRow]:
    """Return a part's rows: each subject's portion with its share of the commitment's key."""
    shares = [os.urandom(len(key)) for _ in portions[1:]]
    shares.insert(0, _combined([key, *shares]))
    return [
        PlainRow(index, subject, share, body)
        for share, (subject, body) in zip(shares, portions, strict=True)
    ]


def encrypted(
    rows: Iterable[PlainRow], *, origin: str, keys: Mapping[str, bytes]
) -> list[PersonalRow]:
    """Encrypt rows under their subjects' keys."""
    return [
        PersonalRow(
            row.entry,
            row.subject,
            _encrypt(keys[row.subject], row.key, _bound(origin, row, "key")),
            _encrypt(keys[row.subject], row.body, _bound(origin, row, "body")),
        )
        for row in rows
    ]


def opened(
    rows: Iterable[PersonalRow], *, origin: str, keys: Mapping[str, bytes]
) -> list[PlainRow]:
    """Decrypt rows.

    Raises:
        PartUnreadable: a key is missing, or a row was changed or belongs elsewhere.
    """
    return [_open(row, origin=origin, keys=keys) for row in rows]


def whole(rows: Sequence[PlainRow]) -> PersonalPart:
    """Return the part that all rows of an entry make."""
    body = rows[0].body if len(rows) == 1 else _merged([row.body for row in rows])
    return PersonalPart(_combined([row.key for row in rows]), body)


def read_whole(rows: Sequence[PersonalRow], *, origin: str, vault: Vault) -> PersonalPart | None:
    """Return the part that an entry's rows make, ``None`` where a row cannot be opened.

    After one of several subjects was erased the others' rows give another key than the
    commitment's; ``ledger.entry.commit_personal`` tells.
    """
    keys = vault.keys(origin, [row.subject for row in rows])
    try:
        return whole(opened(rows, origin=origin, keys=keys)) if rows else None
    except PartUnreadable:
        return None


def fields_of(body: bytes) -> dict[str, Any]:
    """Return what a subject's portion says, the newest of several legs last."""
    said = parse(body)
    found: dict[str, Any] = {}
    for leg in said.get(_COMMANDS, [said]):
        found.update(leg)
    return found


def _open(row: PersonalRow, *, origin: str, keys: Mapping[str, bytes]) -> PlainRow:
    key = keys.get(row.subject)
    if key is None:
        raise PartUnreadable(row, expected="the subject's key", found="no key in the vault")
    cipher = AESGCM(key)
    try:
        opened_key, opened_body = (
            cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], _bound(origin, row, field))
            for field, sealed in (("key", row.key), ("body", row.body))
        )
    except (InvalidTag, ValueError) as error:
        raise PartUnreadable(
            row, expected="what was encrypted for this entry", found="another ciphertext"
        ) from error
    return PlainRow(row.entry, row.subject, opened_key, opened_body)


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _bound(origin: str, row: PersonalRow | PlainRow, field: str) -> bytes:
    """Return what a ciphertext is bound to: it opens in its own place and nowhere else."""
    return f"ecorights/personal/1\n{origin}\n{row.entry}\n{row.subject}\n{field}".encode()


def _combined(shares: Sequence[bytes]) -> bytes:
    combined = 0
    for share in shares:
        combined ^= int.from_bytes(share)
    return combined.to_bytes(len(shares[0]))


def _merged(bodies: Sequence[bytes]) -> bytes:
    """Return the linked list's part: of each leg what some portion says of it."""
    lists: list[list[dict[str, Any]]] = [parse(body)[_COMMANDS] for body in bodies]
    legs: list[dict[str, Any]] = [
        next((leg for leg in of_leg if leg), {}) for of_leg in zip(*lists, strict=True)
    ]
    return canonical({_COMMANDS: legs})
