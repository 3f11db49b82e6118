"""Why a rule set, or a file of the eco-credit, is refused.

DomainError
 +- Malformed        the text, a place in it and what was expected there
 +- RuleSetMissing   no rule set is in force, or none has that version
"""

from datetime import date

from kernel.errors import DomainError, Kind


class Malformed(DomainError):
    """A document is not what its reader expects; ``field`` is the place, as a path."""

    code = "credit_scoring.malformed"
    kind = Kind.MALFORMED

    def __init__(self, *, code: str, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{field}: expected {expected}, found {found}",
            code=f"credit_scoring.{code}",
            field=field,
            expected=expected,
            data={"found": found},
        )


class RuleSetMissing(DomainError):
    """No rule set is in force on the date, or none has the version."""

    code = "credit_scoring.rule_set_missing"
    kind = Kind.NOT_FOUND

    def __init__(self, *, on: date | None = None, version: str | None = None) -> None:
        wanted = f"version {version}" if on is None else f"in force on {on}"
        super().__init__(f"no rule set {wanted}", field="rule_set", expected="a known rule set")
        self.on, self.version = on, version
