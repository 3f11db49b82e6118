"""The ratios of the carbon-efficiency code (碳效码): K against the industry, L in itself.

Ratios are exact fractions, so that the edges, which are inclusive, hold to the last digit. Carbon
is in tonnes, value added (income approach) in 10 000 yuan. Source: CE, Huzhou 2021.
"""

from decimal import Decimal
from fractions import Fraction

from credit_scoring.native.errors import NativeInputRefused

K_SCHEME = "CE_K"
L_SCHEME = "CE_L"


def carbon_efficiency_ratio(
    *,
    carbon: Decimal,
    value_added: Decimal,
    industry_carbon: Decimal,
    industry_value_added: Decimal,
) -> Fraction:
    """Return K: a firm's carbon per value added over that of its industry in the same period.

    Raises:
        NativeInputRefused: a value added or the industry's carbon is not above zero.
    """
    _refuse_below_zero(K_SCHEME, carbon=carbon)
    _refuse_zero(
        K_SCHEME,
        value_added=value_added,
        industry_carbon=industry_carbon,
        industry_value_added=industry_value_added,
    )
    own = Fraction(carbon) / Fraction(value_added)
    return own / (Fraction(industry_carbon) / Fraction(industry_value_added))


def carbon_efficiency_level(
    *, carbon: Decimal, zero_carbon_power: Decimal, sinks: Decimal, value_added: Decimal
) -> Fraction:
    """Return L: the carbon of all energy, less zero-carbon power and sinks, per value added.

    Raises:
        NativeInputRefused: a quantity is below zero, or the value added is not above it.
    """
    _refuse_below_zero(L_SCHEME, carbon=carbon, zero_carbon_power=zero_carbon_power, sinks=sinks)
    _refuse_zero(L_SCHEME, value_added=value_added)
    return Fraction(carbon - zero_carbon_power - sinks) / Fraction(value_added)


def _refuse_below_zero(scheme: str, **quantities: Decimal) -> None:
    for name, value in quantities.items():
        if value < 0:
            raise NativeInputRefused(scheme, field=name, expected="zero or more", found=str(value))


def _refuse_zero(scheme: str, **quantities: Decimal) -> None:
    for name, value in quantities.items():
        if value <= 0:
            raise NativeInputRefused(scheme, field=name, expected="above zero", found=str(value))
