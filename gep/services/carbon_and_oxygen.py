"""R8 and R9: carbon fixation (固碳) and oxygen release (释氧).

Carbon and CO2 are two units, 44 t of one being 12 t of the other. Oxygen comes of the same
photosynthesis: of one production, never counted on another basis than the carbon.
"""

from collections.abc import Sequence

from gep.bounds import not_negative, share_of_one
from gep.measures import Hectare, Tonne, TonneC, TonneCO2, TonneO2
from gep.services.columns import rows
from gep.units import Amount, Money, Number, Per, Price

CO2_A_CARBON = 44 / 12
OXYGEN_A_CO2 = 32 / 44
# Carbon in dry matter (C6H10O5), by molar masses.
CARBON_A_DRY_MATTER = 72 / 162


def fixation(*, dry_matter: Amount[Tonne], factor: Per[TonneCO2, Tonne]) -> Amount[TonneCO2]:
    """Return CO2 fixed in dry matter, 1.63 t in a tonne by photosynthesis."""
    not_negative(dry_matter=dry_matter, factor=factor)
    return dry_matter * factor


def net_production(*, primary: Amount[TonneC], soil_respiration: Amount[TonneC]) -> Amount[TonneC]:
    """Return NEP: net primary production less what the soil breathes out; it may be negative."""
    not_negative(primary=primary, soil_respiration=soil_respiration)
    return primary - soil_respiration


def net_production_by_ratio(*, dry_matter: Amount[Tonne], ratio: Number) -> Amount[TonneC]:
    """Return NEP as a province's share of the carbon in the dry matter: ratio NPP 72/162."""
    not_negative(dry_matter=dry_matter)
    share_of_one(ratio=ratio)
    return Amount(dry_matter.value * ratio * CARBON_A_DRY_MATTER, TonneC)


def by_rates(
    *,
    rate: Per[TonneC, Hectare] | Sequence[Per[TonneC, Hectare]],
    area: Amount[Hectare] | Sequence[Amount[Hectare]],
) -> Amount[TonneC]:
    """Return carbon fixed by forest, grass, wetland and soils of cropland: sum of rate by area."""
    total: Amount[TonneC] = Amount(0.0, TonneC)
    for fixed, ground in rows(rate=rate, area=area):
        not_negative(area=ground)
        total = total + ground * fixed
    return total


def carbon_dioxide(*, quantity: Amount[TonneC]) -> Amount[TonneCO2]:
    """Return the CO2 of carbon, 44/12 of it.

    Raises:
        InputRefused: a loss of carbon, which is no service.
    """
    not_negative(quantity=quantity)
    return Amount(quantity.value * CO2_A_CARBON, TonneCO2)


def carbon(*, quantity: Amount[TonneCO2]) -> Amount[TonneC]:
    """Return the carbon of CO2, 12/44 of it."""
    return Amount(quantity.value / CO2_A_CARBON, TonneC)


def value(*, quantity: Amount[TonneCO2], price: Price[TonneCO2]) -> Money:
    """Value fixed CO2 at a price per tonne of CO2."""
    return quantity * price


def carbon_value(*, quantity: Amount[TonneC], price: Price[TonneC]) -> Money:
    """Value fixed carbon at a price per tonne of carbon."""
    return quantity * price


def release(*, dry_matter: Amount[Tonne], factor: Per[TonneO2, Tonne]) -> Amount[TonneO2]:
    """Return oxygen released with dry matter, 1.19 or 1.2 t in a tonne."""
    not_negative(dry_matter=dry_matter, factor=factor)
    return dry_matter * factor


def oxygen(*, quantity: Amount[TonneCO2]) -> Amount[TonneO2]:
    """Return the oxygen released where CO2 was fixed, 32/44 of it."""
    not_negative(quantity=quantity)
    return Amount(quantity.value * OXYGEN_A_CO2, TonneO2)


def oxygen_value(*, quantity: Amount[TonneO2], price: Price[TonneO2]) -> Money:
    """Value released oxygen at the price of industrial oxygen."""
    return quantity * price
