"""Prices made from other prices: of a tariff, of another year, of a year from a capital."""

from collections.abc import Sequence

from gep.bounds import not_negative, positive, share_of_one
from gep.errors import InputRefused
from gep.measures import Kilogram, PollutionEquivalent, Tonne
from gep.units import Number, Per, Price, PriceBasis, ShadowPrice, U


def from_tariff(
    *, tariff: Price[PollutionEquivalent], equivalent: Per[Kilogram, PollutionEquivalent]
) -> Price[Tonne]:
    """Return a pollutant's price per tonne from the tariff per pollution equivalent."""
    not_negative(tariff=tariff)
    positive(equivalent=equivalent)
    return Price(tariff.value / equivalent.value, Kilogram).at(Tonne)


def together(*, prices: Sequence[Price[U]]) -> Price[U]:
    """Return prices of one unit added up: investment and running cost, a wall and its upkeep.

    Raises:
        InputRefused: none.
        BasisMixed: capital and annualised ones among them.
    """
    if not prices:
        raise InputRefused(field="prices", expected="one price or more", found="0")
    first, *others = prices
    for each in others:
        first = first + each
    return first


def of_carrier(*, price: Price[U], carrier_share: Number) -> Price[U]:
    """Return the price of what a carrier holds, a nutrient in its fertiliser: price by share."""
    not_negative(price=price)
    positive(carrier_share=carrier_share)
    share_of_one(carrier_share=carrier_share)
    return price * (1 / carrier_share)


def deflated(*, price: Price[U], cpi_from: Number, cpi_to: Number) -> Price[U]:
    """Return a price of one year at the prices of another: p CPI_to / CPI_from, fixed base."""
    positive(cpi_from=cpi_from, cpi_to=cpi_to)
    return price * (cpi_to / cpi_from)


def annualised(
    *, capital: ShadowPrice[U], depreciation: Number, operation: Price[U]
) -> ShadowPrice[U]:
    """Return one year of a shadow project: capital by depreciation rate, plus yearly operation.

    Raises:
        InputRefused: a price that is annualised already.
    """
    not_negative(capital=capital, operation=operation)
    share_of_one(depreciation=depreciation)
    if capital.basis is not PriceBasis.CAPITAL:
        raise InputRefused(field="capital", expected="a CAPITAL price", found=capital.basis.value)
    yearly = capital.value * depreciation + operation.at(capital.per).value
    return ShadowPrice(yearly, capital.per, basis=PriceBasis.ANNUALISED)
