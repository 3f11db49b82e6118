"""R5: coastal protection (海岸带防护), by the sea wall that the coast does without."""

from gep.bounds import not_negative
from gep.measures import Kilometre
from gep.units import Amount, Money, Price, ShadowPrice

FREE: Price[Kilometre] = Price(0.0, Kilometre)


def value(
    *,
    length: Amount[Kilometre],
    price: ShadowPrice[Kilometre],
    maintenance: Price[Kilometre] = FREE,
) -> Money:
    """Value protected coast by a sea wall's cost, its yearly maintenance added."""
    not_negative(length=length, price=price, maintenance=maintenance)
    return length * (price + maintenance)
