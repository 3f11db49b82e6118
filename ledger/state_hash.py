"""The state hash: SHA-256 over the canonical rows of all machine state, in total order."""

import hashlib

import msgspec

from ledger.machine import Machine
from ledger.state import Row, RowValue

_encode = msgspec.json.Encoder().encode


def state_hash(machine: Machine) -> str:
    """Return the hash of all machine state, equal for equal states however they came to be.

    Each object gives one line of canonical JSON: its table and its row, numbers as decimal
    strings. Orders carry their priority, so the order of queues is part of it; timers and the
    machine's version have rows too. Caches, key window, lease and process counters have none.
    """
    digest = hashlib.sha256()
    for thing in machine.rows():
        digest.update(line(thing.TABLE, thing.row()))
    return digest.hexdigest()


def line(table: str, row: Row) -> bytes:
    """Return the canonical line of one row, with its line feed."""
    return _encode([table, *map(_plain, row)]) + b"\n"


def _plain(value: RowValue) -> object:
    kind = type(value)
    if kind is int:
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
