"""What is wrong in a table: the cell, a code, what was expected and what was found there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gep.errors import Malformed

FAULTS_MAX = 1_000
SHOWN_MAX = 80


class Severity(StrEnum):
    """An error lets no plan be made; a warning says how something was understood."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a table; ``row`` is 0 and ``cell`` empty where it is a whole sheet or file."""

    sheet: str
    row: int = 0
    column: str = ""
    cell: str = ""

    @property
    def shown(self) -> str:
        """The place as a formula would name it, as far as it is known."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong; ``also`` is another cell that has part in it."""

    severity: Severity
    code: str
    spot: Spot
    expected: str
    found: str
    also: str = ""

    def document(self) -> Mapping[str, str | int]:
        """Return the fault as plain values."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "sheet": self.spot.sheet,
            "row": self.spot.row,
            "column": self.spot.column,
            "cell": self.spot.cell,
            "expected": self.expected,
            "found": self.found,
            "also": self.also,
        }


@dataclass(slots=True)
class Faults:
    """All that is wrong in a file, up to a bound; ``count`` goes on beyond it."""

    found: list[Fault] = field(default_factory=list)
    error_count: int = 0
    seen: set[tuple[str, Spot]] = field(default_factory=set)

    def error(
        self, code: str, spot: Spot, *, expected: str, found: object = "", also: str = ""
    ) -> None:
        """Note an error; one that is met again is the same."""
        self._add(Severity.ERROR, code, spot, words=(expected, str(found), also))

    def warn(self, code: str, spot: Spot, *, expected: str, found: object = "") -> None:
        """Note a warning."""
        self._add(Severity.WARNING, code, spot, words=(expected, str(found), ""))

    def malformed(self, error: Malformed, spot: Spot) -> None:
        """Note a refusal of the document's reader at the cell that it came from."""
        self.error(
            error.code, spot, expected=error.expected or "", found=error.data.get("found", "")
        )

    def of_errors(self) -> tuple[Fault, ...]:
        """Return the errors that were noted."""
        return tuple(each for each in self.found if each.severity is Severity.ERROR)

    def _add(
        self, severity: Severity, code: str, spot: Spot, *, words: tuple[str, str, str]
    ) -> None:
        expected, found, also = words
        if (code, spot) in self.seen:
            return
        self.seen.add((code, spot))
        self.error_count += severity is Severity.ERROR
        if len(self.found) < FAULTS_MAX:
            self.found.append(
                Fault(
                    severity=severity,
                    code=f"gep.{code}" if not code.startswith("gep.") else code,
                    spot=spot,
                    expected=expected,
                    found=found[:SHOWN_MAX],
                    also=also,
                )
            )
