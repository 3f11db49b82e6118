"""The scope of an audit bundle: an account, a trade, a case, a period, or everything.

A case is everything under one reference: the number under which a court, a regulator or a bank
set something apart.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from kernel.errors import DomainError, Kind

ScopeKind = Literal["account", "trade", "case", "period", "everything"]
FORMS = "account:NUMBER, trade:NUMBER, case:REFERENCE, period:FROM..TO or everything"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}\Z")
_REFERENCE = re.compile(r"[^\x00-\x1f\"\\]{1,200}\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
MICROSECONDS = 1_000_000


class ScopeUnfit(DomainError):
    """A scope that names nothing."""

    code = "audit.scope_unfit"
    kind = Kind.MALFORMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a bundle is about; ``name`` is the number, the reference or the days."""

    kind: ScopeKind
    name: str = ""

    @property
    def text(self) -> str:
        """The scope as it is written."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    def number(self) -> int:
        """Return the account or trade."""
        return int(self.name)

    def instants(self) -> tuple[int, int]:
        """Return a period's beginning and its end, as microseconds; the last day is in it (UTC)."""
        begin, _, end = self.name.partition("..")
        return _midnight(begin), _midnight(end) + 86_400 * MICROSECONDS


def parse_scope(text: str) -> Scope:
    """Read a scope.

    Raises:
        ScopeUnfit: with the forms there are.
    """
    kind, colon, name = text.partition(":")
    if kind == "everything" and not colon:
        return Scope(kind="everything")
    if kind == "account" and _NUMBER.match(name):
        return Scope(kind="account", name=name)
    if kind == "trade" and _NUMBER.match(name):
        return Scope(kind="trade", name=name)
    if kind == "case" and _REFERENCE.match(name):
        return Scope(kind="case", name=name)
    if kind == "period" and _is_period(name):
        return Scope(kind="period", name=name)
    raise ScopeUnfit(f"{text[:80]!r} is no scope", field="scope", expected=FORMS)


def _is_period(name: str) -> bool:
    begin, _, end = name.partition("..")
    if _DAY.match(begin) is None or _DAY.match(end) is None:
        return False
    try:
        return date.fromisoformat(begin) <= date.fromisoformat(end)
    except ValueError:
        return False


def _midnight(day: str) -> int:
    instant = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
