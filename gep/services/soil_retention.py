"""R2: soil retention (土壤保持): soil that vegetation held, and what it would have cost."""

from collections.abc import Sequence

from gep.bounds import not_negative, positive, share_of_one
from gep.measures import CubicMetre, Hectare, Metre, SquareMetre, Tonne
from gep.services.columns import rows
from gep.units import Amount, Money, Number, Per, Price

# The share of eroded soil that silts up: Ganzi 2017, Gaotianyan 2017, Jiajiyu 2018.
SILTATION_SHARE = 0.24


def retained(
    *,
    erosivity: Number | Sequence[Number],
    erodibility: Number | Sequence[Number],
    slope: Number | Sequence[Number],
    cover: Number | Sequence[Number],
    practice: Number | Sequence[Number],
    area: Amount[Hectare] | Sequence[Amount[Hectare]],
) -> Amount[Tonne]:
    """Return potential less actual loss: sum of area by R K LS (1 - C P).

    R in MJ mm/(hm2 h a), K in t hm2 h/(hm2 MJ mm); ``slope`` is LS, ``cover`` C, ``practice`` P.
    """
    total: Amount[Tonne] = Amount(0.0, Tonne)
    for rain, soil, relief, plants, work, ground in rows(
        erosivity=erosivity,
        erodibility=erodibility,
        slope=slope,
        cover=cover,
        practice=practice,
        area=area,
    ):
        not_negative(erosivity=rain, erodibility=soil, slope=relief, area=ground)
        share_of_one(cover=plants, practice=work)
        potential = Per(rain * soil * relief, Tonne, Hectare)
        total = total + ground * potential * (1.0 - plants * work)
    return total


def siltation_volume(
    *, soil: Amount[Tonne], density: Per[Tonne, CubicMetre], share: Number = SILTATION_SHARE
) -> Amount[CubicMetre]:
    """Return the volume that the soil would have silted up."""
    not_negative(soil=soil)
    positive(density=density)
    share_of_one(share=share)
    return soil * share / density


def siltation(
    *,
    soil: Amount[Tonne],
    density: Per[Tonne, CubicMetre],
    price: Price[CubicMetre],
    share: Number = SILTATION_SHARE,
) -> Money:
    """Value avoided siltation by the cost of dredging."""
    return siltation_volume(soil=soil, density=density, share=share) * price


def nutrients(*, soil: Amount[Tonne], content: Number) -> Amount[Tonne]:
    """Return a nutrient that stayed with the soil; ``content`` is t in a t of soil."""
    not_negative(soil=soil)
    share_of_one(content=content)
    return soil * content


def nutrients_value(
    *, quantity: Amount[Tonne], price: Price[Tonne], carrier_share: Number = 1.0
) -> Money:
    """Value a nutrient by its treatment, or by the fertiliser that carries it in such a share."""
    positive(carrier_share=carrier_share)
    share_of_one(carrier_share=carrier_share)
    return quantity / carrier_share * price


def land_saved(
    *, soil: Amount[Tonne], density: Per[Tonne, CubicMetre], depth: Amount[Metre]
) -> Amount[SquareMetre]:
    """Return the land whose topsoil the retained soil is, at a depth."""
    not_negative(soil=soil)
    positive(density=density, depth=depth)
    return Amount((soil / density).value / depth.value, SquareMetre)


def land_value(*, quantity: Amount[Hectare], price: Price[Hectare]) -> Money:
    """Value saved land by what it would have yielded."""
    return quantity * price
