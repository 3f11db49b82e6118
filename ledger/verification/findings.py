"""What an audit finds: the place, what was expected there, and what stands there."""

from dataclasses import dataclass, field
from enum import StrEnum

Key = tuple[object, ...]
FINDINGS_PER_CHECK_MAX = 1_000
ENTRY_TABLES = frozenset({"entry", "entry_personal"})


class Check(StrEnum):
    """What was checked; of several findings about one entry the earlier check comes first."""

    CHAIN = "chain"
    COMMITMENT = "commitment"
    BODY = "body"
    KEPT_HEAD = "kept head"
    FOLD = "fold"
    DECISION = "decision"
    KEY = "key"
    ROW = "row"
    STATE = "state"
    PUBLIC_LOG = "public log"
    ERASURE = "erasure"


_OF_ROWS = frozenset({Check.KEY, Check.ROW, Check.STATE, Check.PUBLIC_LOG, Check.ERASURE})
_PRECEDENCE = {check: place for place, check in enumerate(Check)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One contradiction: table, row and column, and the entry that determines what is expected."""

    check: Check
    table: str
    key: Key = ()
    column: str = ""
    expected: str
    found: str
    entry: int | None = None

    @property
    def place(self) -> str:
        """Return where it is, in words."""
        row = "/".join(str(part) for part in self.key)
        words = [f"table {self.table}", f"row {row}" if row else "", self.column]
        if self.column:
            words[2] = f"column {self.column}"
        if self.entry is not None and self.table not in ENTRY_TABLES:
            words.append(f"as of entry {self.entry}")
        return ", ".join(word for word in words if word)

    def __str__(self) -> str:
        return f"{self.check} at {self.place}: expected {self.expected}, found {self.found}"

    def order(self) -> tuple[bool, int, int, str, str, str]:
        """Return what findings are sorted by: bad entries first, since rows follow from them."""
        is_row = self.check in _OF_ROWS
        entry = (1 << 63) if self.entry is None else self.entry
        return (is_row, entry, _PRECEDENCE[self.check], self.table, str(self.key), self.column)


@dataclass(slots=True)
class Report:
    """The outcome of an audit or a replay; beyond a bound findings are counted only."""

    entries: int = 0
    head: int = -1
    head_hash: str = ""
    state_hash: str = ""
    decided: int = 0
    findings: list[Finding] = field(default_factory=list)
    uncounted: int = 0
    _counts: dict[Check, int] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Note a finding."""
        count = self._counts.get(finding.check, 0)
        self._counts[finding.check] = count + 1
        if count < FINDINGS_PER_CHECK_MAX:
            self.findings.append(finding)
        else:
            self.uncounted += 1

    def sort(self) -> None:
        """Put the findings in the order of their entries."""
        self.findings.sort(key=Finding.order)

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings

    @property
    def first_bad(self) -> str | None:
        """Return the first finding in words: the first bad entry, else the first bad row."""
        return None if self.ok else str(min(self.findings, key=Finding.order))


def shown(value: object) -> str:
    """Return a stored value in words."""
    if value is None:
        return "null"
    return value.hex() if isinstance(value, bytes) else str(value)
