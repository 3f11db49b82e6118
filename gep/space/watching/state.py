"""Thresholds and warnings of one venue, and what happened to each warning. All on shelves.

Invariants
1. A warning's figures never change: they are of two accounts and a limit that it names.
2. A warning goes raised, assigned, answered, closed; from answered it may return to assigned.
3. Whoever answered a warning did not close it.
4. A warning has as many events as it counts, numbered from 1.
"""

from enum import StrEnum
from typing import ClassVar

import msgspec

from gep.publishing.state import Accounts
from gep.space.watching.judging import PROPOSED, WarningRule
from ledger.shelf import Key, Shelf
from ledger.state import Ledger, Row


class WarningState(StrEnum):
    """Where a warning stands (预警状态)."""

    RAISED = "raised"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


class Threshold(msgspec.Struct, frozen=True):
    """A limit that holds in this venue in place of the proposed one, in millionths."""

    TABLE: ClassVar[str] = "gep_threshold"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("rule", "text"),)

    rule: str
    limit_ppm: int
    author: str
    party: str
    reason: str
    entry: int

    @property
    def key(self) -> Key:
        """Return the rule."""
        return (self.rule,)

    def row(self) -> Row:
        """Return the columns of table ``gep_threshold`` in their order."""
        return msgspec.structs.astuple(self)


class StoredWarning(msgspec.Struct, frozen=True):
    """A warning: its figures (fen, millionths), and where it stands."""

    TABLE: ClassVar[str] = "gep_warning"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("warning", "text"),)

    warning: str
    rule: str
    area: str
    year: int
    account: str
    base: str
    service: str
    before: int
    after: int
    measured_ppm: int
    limit_ppm: int
    severity: str
    raised_by: str
    entry: int
    events: int = 1
    state: str = WarningState.RAISED.value
    party: str = ""
    owner: str = ""
    deadline: int | None = None
    answered_by: str = ""
    answer_account: str = ""
    closed_by: str = ""
    closed_in: int | None = None

    @property
    def key(self) -> Key:
        """Return the warning's name."""
        return (self.warning,)

    def row(self) -> Row:
        """Return the columns of table ``gep_warning`` in their order."""
        return msgspec.structs.astuple(self)


class WarningEvent(msgspec.Struct, frozen=True):
    """A step of a warning, by whom and in which entry; it never changes."""

    TABLE: ClassVar[str] = "gep_warning_event"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("warning", "text"), ("number", "bigint"))

    warning: str
    number: int
    event: str
    actor: str
    entry: int
    at: int
    party: str = ""
    owner: str = ""
    deadline: int | None = None
    words: str = ""
    account: str = ""

    @property
    def key(self) -> Key:
        """Return warning and number."""
        return (self.warning, self.number)

    def row(self) -> Row:
        """Return the columns of table ``gep_warning_event`` in their order."""
        return msgspec.structs.astuple(self)


class Watch:
    """The warnings of one venue, beside its accounts."""

    __slots__ = ("accounts", "events", "ledger", "thresholds", "warnings")

    def __init__(self, ledger: Ledger, accounts: Accounts) -> None:
        self.ledger = ledger
        self.accounts = accounts
        self.thresholds: Shelf[Threshold] = Shelf(Threshold)
        self.warnings: Shelf[StoredWarning] = Shelf(StoredWarning)
        self.events: Shelf[WarningEvent] = Shelf(WarningEvent)

    def limit(self, rule: WarningRule) -> int:
        """Return the limit that holds, in millionths; 0 for a rule that has none."""
        found = self.thresholds.get(rule.value)
        return PROPOSED.get(rule, 0) if found is None else found.limit_ppm
