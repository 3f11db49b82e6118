"""Why columns, or a comparison, are refused.

DomainError
 +- ColumnRefused   the column, the row and what was expected there
"""

from kernel.errors import DomainError, Kind


class ColumnRefused(DomainError):
    """A column is not what the kernels may be given."""

    code = "credit_scoring.column_refused"
    kind = Kind.MALFORMED

    def __init__(self, *, column: str, expected: str, found: str) -> None:
        super().__init__(
            f"{column}: expected {expected}, found {found}",
            field=column,
            expected=expected,
            data={"found": found},
        )
