"""Pages of a list: keyset order, so that writes beside a reader never shift what it has seen."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

from gateway.api.cursors import Cursors

PAGE_MAX = 1_000
PAGE_DEFAULT = 100
ENTRY_MAX = 10**18

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="How many rows, at most.")]
Cursor = Annotated[
    str | None, Query(max_length=600, description="``next`` of the page before; opaque.")
]
Row = TypeVar("Row")


class Page:
    """One page of one list: where it starts, and the cursor of the one that follows.

    ``scope`` names the list with its filters; a cursor of another scope is refused.
    """

    def __init__(self, cursors: Cursors, *, scope: str, cursor: str | None, limit: int) -> None:
        self._cursors = cursors
        self._scope = scope
        self._limit = limit
        position = cursors.read(cursor, scope=scope)
        self._after = None if position is None else tuple(json.loads(position))

    @property
    def limit(self) -> int:
        """How many rows to fetch: one more than the page shows, to know whether it is the last."""
        return self._limit + 1

    def after(self, *start: Any) -> tuple[Any, ...]:
        """Return the key after which the page starts; ``start`` for the first page."""
        return start if self._after is None else self._after

    def cut(
        self, rows: Sequence[Row], key: Callable[[Row], tuple[Any, ...]]
    ) -> tuple[Sequence[Row], str | None]:
        """Return the rows of the page and the cursor of the next one, ``None`` at the end."""
        if len(rows) <= self._limit:
            return rows, None
        shown = rows[: self._limit]
        position = json.dumps(key(shown[-1]), separators=(",", ":"))
        return shown, self._cursors.write(scope=self._scope, position=position)
