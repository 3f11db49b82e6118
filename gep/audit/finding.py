"""What an audit finds: which rule, at which place, what was printed, what comes out, in money."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Rule(StrEnum):
    """The rules of the audit, and what each one says when it is broken."""

    MISSING_ADDEND = "missing_addend"
    ADDEND_TWICE = "addend_twice"
    SWAPPED_DIGITS = "swapped_digits"
    POWER_OF_TEN = "power_of_ten"
    CARBON_FOR_DIOXIDE = "carbon_for_dioxide"
    DOUBLED_LINE = "doubled_line"
    PARAMETER_DIFFERS = "parameter_differs"
    PRICE_IN_NO_TABLE = "price_in_no_table"
    UNIT_VALUE_NOT_A_CLASS_PRICE = "unit_value_not_a_class_price"
    QUANTITY_DIFFERS = "quantity_differs"
    VALUE_DIFFERS = "value_differs"
    SUM_DIFFERS = "sum_differs"
    SHARE_DIFFERS = "share_differs"
    INDEX_DIFFERS = "index_differs"
    UNIT_DIFFERS = "unit_differs"
    ABOVE_EMISSION = "above_emission"
    STOCK_DOES_NOT_CLOSE = "stock_does_not_close"
    PURIFICATION_EQUALS_EMISSION = "purification_equals_emission"


# A remark is no error: the account says so itself, and another account may have done otherwise.
REMARKS = frozenset({Rule.PURIFICATION_EQUALS_EMISSION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. ``printed`` and ``recomputed`` are in the unit that is beside them.

    ``difference_yuan`` is what the account would change by if it were right; None where the account
    does not say what the line is worth.
    """

    rule: Rule
    place: str
    printed: Decimal
    recomputed: Decimal
    unit: str
    difference_yuan: Decimal | None
    detail: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it is an error, not a remark."""
        return self.rule not in REMARKS
