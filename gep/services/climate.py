"""R10: climate regulation (气候调节), by the electricity that cooling and humidifying would take.

Vegetation is counted by EPP or by its evapotranspiration, never by both on one place. Whether the
heat of water surfaces is divided by the cooler's efficiency differs between norms: it is stated.
"""

from collections.abc import Sequence

from gep.bounds import between, not_negative, positive, share_of_one
from gep.measures import CubicMetre, Hectare, KilowattHour, Millimetre, SquareKilometre, Tonne
from gep.services.columns import rows
from gep.services.water_conservation import volume_on
from gep.units import Amount, Money, Number, Per, Price

KILOJOULES_A_KILOWATT_HOUR = 3600.0
KILOGRAMS_A_CUBIC_METRE = 1000.0
DAYS_A_YEAR = 366.0


def vegetation(
    *,
    heat: Number | Sequence[Number],
    area: Amount[SquareKilometre] | Sequence[Amount[SquareKilometre]],
    days: Number,
    efficiency: Number,
) -> Amount[KilowattHour]:
    """Return the cooling of vegetation: sum of EPP (kJ/m2/d) by area by days, by COP."""
    positive(efficiency=efficiency)
    between(0.0, DAYS_A_YEAR, days=days)
    total: Amount[KilowattHour] = Amount(0.0, KilowattHour)
    for taken, ground in rows(heat=heat, area=area):
        not_negative(heat=taken, area=ground)
        kilojoules = taken * ground.value * SquareKilometre.scale * days
        total = total + Amount(kilojoules / (KILOJOULES_A_KILOWATT_HOUR * efficiency), KilowattHour)
    return total


def evapotranspiration(
    *, water: Amount[CubicMetre], heat: Number, efficiency: Number
) -> Amount[KilowattHour]:
    """Return the cooling of evapotranspired water; ``heat`` of vaporisation in J/g, by COP."""
    not_negative(water=water, heat=heat)
    positive(efficiency=efficiency)
    return Amount(_latent_kwh(water, heat) / efficiency, KilowattHour)


def water_surface(
    *,
    water: Amount[CubicMetre],
    heat: Number,
    humidifying: Per[KilowattHour, CubicMetre],
    efficiency: Number,
    water_term_uses_cop: bool,
) -> Amount[KilowattHour]:
    """Return cooling and humidifying of a water surface: E rho q/3600 (by COP or not) + E y."""
    not_negative(water=water, heat=heat, humidifying=humidifying)
    positive(efficiency=efficiency)
    cooled = _latent_kwh(water, heat) / (efficiency if water_term_uses_cop else 1.0)
    return Amount(cooled, KilowattHour) + water * humidifying


def _latent_kwh(water: Amount[CubicMetre], heat: Number) -> Number:
    return water.value * KILOGRAMS_A_CUBIC_METRE * heat / KILOJOULES_A_KILOWATT_HOUR


def transpiration(
    *,
    dry_matter: Amount[Tonne] | Sequence[Amount[Tonne]],
    coefficient: Per[CubicMetre, Tonne] | Sequence[Per[CubicMetre, Tonne]],
) -> Amount[CubicMetre]:
    """Return transpired water: sum of dry matter by its transpiration coefficient."""
    total: Amount[CubicMetre] = Amount(0.0, CubicMetre)
    for grown, drunk in rows(dry_matter=dry_matter, coefficient=coefficient):
        not_negative(dry_matter=grown, coefficient=drunk)
        total = total + grown * drunk
    return total


def evaporation(
    *, rain: Amount[Millimetre], share: Number, area: Amount[Hectare]
) -> Amount[CubicMetre]:
    """Return water evaporated from the ground as a share of the rain on it."""
    not_negative(rain=rain, area=area)
    share_of_one(share=share)
    return volume_on(rain * share, area)


def value(*, quantity: Amount[KilowattHour], price: Price[KilowattHour]) -> Money:
    """Value saved electricity."""
    return quantity * price
