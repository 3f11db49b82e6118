"""Who is at fault when a transaction fails, by the class of its SQLSTATE."""

from enum import StrEnum

FENCED = "fenced"
LOST = "lost"
CLOCKS_PART = "clocks_part"
UNSAFE = "unsafe"


class Fault(StrEnum):
    """What the sequencer does about a failed batch.

    ROW blames a command: halve until it stands alone. CONFLICT cannot be with one writer: once
    more, then stop. DATABASE blames nobody: pause, again. UNKNOWN: the batch may have committed.
    STEP_DOWN: this writer may not go on.
    """

    ROW = "row"
    CONFLICT = "conflict"
    DATABASE = "database"
    UNKNOWN = "unknown"
    STEP_DOWN = "step_down"


_ROW_CLASSES = frozenset({"22", "23", "54"})
_CONFLICT_CLASS = "40"
_COMPLETION_UNKNOWN = "40003"
_UNKNOWN_CLASSES = frozenset({"08", "57"})


def fault_of(state: str) -> Fault:
    """Return the fault behind a result's state: a SQLSTATE or one of this module's words."""
    if state in {FENCED, CLOCKS_PART, UNSAFE}:
        return Fault.STEP_DOWN
    kind = state[:2]
    if state in {LOST, _COMPLETION_UNKNOWN} or kind in _UNKNOWN_CLASSES:
        return Fault.UNKNOWN
    if kind in _ROW_CLASSES:
        return Fault.ROW
    if kind == _CONFLICT_CLASS:
        return Fault.CONFLICT
    return Fault.DATABASE
