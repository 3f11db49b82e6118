"""Prices made from other prices: of a tariff, of another year, of a year from a capital."""

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
