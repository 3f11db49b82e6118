"""Why figures, documents and accounts are refused.

DomainError
 +- Malformed       a document: the place in it and what was expected there
 +- InputRefused    a figure that a formula cannot take
 +- UnitMismatch    amounts of unlike units, tonnes of C and of CO2 among them
 +- BasisMixed      capital and annualised prices in one sum
 +- Unknown         an edition, parameter set, parameter or call that is not there
 +- AccountRefused  an account that must not be made as it stands
"""

from collections.abc import Iterator
from contextlib import contextmanager

from kernel.errors import DomainError, Kind


class Malformed(DomainError):
    """A document is not what its reader expects; ``field`` is the place, as a path."""

    code = "gep.malformed"
    kind = Kind.MALFORMED

    def __init__(self, *, code: str, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{field}: expected {expected}, found {found}",
            code=f"gep.{code}",
            field=field,
            expected=expected,
            data={"found": found},
        )


class InputRefused(DomainError):
    """A formula cannot take a figure: it is negative, outside its range, or no number."""

    code = "gep.input_refused"
    kind = Kind.MALFORMED

    def __init__(self, *, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{field}: expected {expected}, found {found}",
            field=field,
            expected=expected,
            data={"found": found},
        )


class UnitMismatch(DomainError):
    """Amounts of unlike units meet."""

    code = "gep.unit_mismatch"
    kind = Kind.MALFORMED

    def __init__(self, *, expected: str, found: str, field: str | None = None) -> None:
        super().__init__(
            f"{field or 'amount'}: expected {expected}, found {found}",
            field=field,
            expected=expected,
            data={"found": found},
        )


class BasisMixed(DomainError):
    """Capital and annualised prices meet in one sum; their results differ tenfold and more."""

    code = "gep.basis_mixed"
    kind = Kind.MALFORMED

    def __init__(self) -> None:
        super().__init__(
            "prices of both bases in one sum",
            field="price_basis",
            expected="either CAPITAL or ANNUALISED throughout",
        )


class Unknown(DomainError):
    """Nothing of that kind has that name."""

    code = "gep.unknown"
    kind = Kind.NOT_FOUND

    def __init__(self, *, what: str, name: str) -> None:
        super().__init__(
            f"no {what} {name}",
            code=f"gep.{what.replace(' ', '_')}_unknown",
            field=what.replace(" ", "_"),
            expected=f"a known {what}",
            data={"found": name},
        )


class AccountRefused(DomainError):
    """An account, a comparison or a project must not be computed as it stands."""

    code = "gep.account_refused"

    def __init__(self, *, code: str, field: str, expected: str, found: str = "") -> None:
        super().__init__(
            f"{field}: expected {expected}" + (f", found {found}" if found else ""),
            code=f"gep.{code}",
            field=field,
            expected=expected,
            data={"found": found} if found else None,
        )


@contextmanager
def at_line(line: str) -> Iterator[None]:
    """Name the line in what refuses its figures: a formula knows its arguments alone."""
    try:
        yield
    except (InputRefused, UnitMismatch, BasisMixed, Unknown) as error:
        place = f"lines.{line}"
        error.field = place if error.field is None else f"{place}.{error.field}"
        error.args = (f"{place}: {error}",)
        raise
