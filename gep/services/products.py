"""M1 to M4: material products (物质供给), at market prices."""

from collections.abc import Sequence

from gep.bounds import not_negative, share_of_one
from gep.services.columns import rows
from gep.units import Amount, Money, Number, Price, U


def value(
    *,
    quantity: Amount[U] | Sequence[Amount[U]],
    price: Price[U] | Sequence[Price[U]],
    share: Number | Sequence[Number] = 1.0,
) -> Money:
    """Value products: quantity by share by price, summed.

    The share is of a grade in the whole, or what is left of it net of inputs that no ecosystem
    made.
    """
    total = Money(0.0)
    for each, unit_price, part in rows(quantity=quantity, price=price, share=share):
        not_negative(quantity=each, share=part)
        total = total + (each * part) * unit_price
    return total


def part(*, quantity: Amount[U], share: Number) -> Amount[U]:
    """Return a grade of a product, or what of it an ecosystem made."""
    not_negative(quantity=quantity)
    share_of_one(share=share)
    return quantity * share
