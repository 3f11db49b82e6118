"""R4: sand fixation (防风固沙). Wind erosion (RWEQ) is given, not modelled."""

from gep.bounds import not_negative, positive
from gep.errors import InputRefused
from gep.measures import CubicMetre, Metre, SquareMetre, Tonne
from gep.units import Amount, Money, Per, Price


def fixed(*, potential: Amount[Tonne], actual: Amount[Tonne]) -> Amount[Tonne]:
    """Return the sand that vegetation held: potential less actual wind erosion.

    Raises:
        InputRefused: more eroded than could, which is an error of the data.
    """
    not_negative(potential=potential, actual=actual)
    try:
        not_negative(actual=potential - actual)
    except InputRefused as error:
        raise InputRefused(
            field="actual", expected="at most the potential erosion", found="more"
        ) from error
    return potential - actual


def area(
    *, sand: Amount[Tonne], density: Per[Tonne, CubicMetre], depth: Amount[Metre]
) -> Amount[SquareMetre]:
    """Return the land that the sand would cover at a depth."""
    not_negative(sand=sand)
    positive(density=density, depth=depth)
    return Amount(sand.value / (density.value * depth.value), SquareMetre)


def value(*, quantity: Amount[SquareMetre], price: Price[SquareMetre]) -> Money:
    """Value fixed sand by the cost of bringing the land back."""
    return quantity * price
