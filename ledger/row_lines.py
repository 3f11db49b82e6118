"""One row of state as one canonical line, for hashes."""

import msgspec

from ledger.state import Row, RowValue

_encode = msgspec.json.Encoder().encode


def line(table: str, row: Row) -> bytes:
    """Return the canonical line of one row, numbers as decimal strings, with its line feed."""
    return _encode([table, *map(_plain, row)]) + b"\n"


def _plain(value: RowValue) -> object:
    kind = type(value)
    if kind is int:
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
