"""Why a score is refused."""

from kernel.errors import DomainError, Kind


class FactDoubled(DomainError):
    """Two facts of one subject have the same id."""

    code = "credit_scoring.fact_doubled"
    kind = Kind.MALFORMED

    def __init__(self, fact: str) -> None:
        super().__init__(
            f"fact {fact} is there twice", field="records", expected="an id for each fact"
        )
        self.fact = fact


class QuantityNotWhole(DomainError):
    """A fact's quantity is below one."""

    code = "credit_scoring.quantity_not_whole"
    kind = Kind.MALFORMED

    def __init__(self, fact: str, quantity: int) -> None:
        super().__init__(
            f"fact {fact} has the quantity {quantity}",
            field="quantity",
            expected="a whole number of at least 1",
        )
        self.fact = fact
