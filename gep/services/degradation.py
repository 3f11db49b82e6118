"""Disservices and degradation: lines of their own, never netted into GEP in silence.

A disservice is recorded beside the services: methane of a reservoir, nitrogen and phosphorus from
cropland, spread of invasive plants. ``net`` and ``green_economy`` are second figures.
"""

from gep.bounds import not_negative
from gep.units import Amount, Money, Price, U, Yuan


def value(*, quantity: Amount[U], price: Price[U]) -> Money:
    """Value a disservice, as a positive loss."""
    not_negative(quantity=quantity, price=price)
    return quantity * price


def net(*, product: Amount[Yuan], disservices: Amount[Yuan]) -> Money:
    """Return GEP less disservices, the second figure."""
    not_negative(disservices=disservices)
    return Money(0.0) + product - disservices


def asset_loss(*, opening: Amount[Yuan], closing: Amount[Yuan]) -> Money:
    """Return degradation as SEEA EA has it: the fall of an asset's present value in the year."""
    return Money(0.0) + opening - closing


def green_economy(
    *,
    domestic_product: Amount[Yuan],
    pollution_loss: Amount[Yuan],
    degradation_loss: Amount[Yuan],
    regulating: Amount[Yuan],
) -> Money:
    """Return GEEP (经济-生态生产总值): GDP less both losses, plus the regulating services."""
    not_negative(pollution_loss=pollution_loss, degradation_loss=degradation_loss)
    return Money(0.0) + domestic_product - pollution_loss - degradation_loss + regulating
