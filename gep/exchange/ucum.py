"""Our units as codes of UCUM (The Unified Code for Units of Measure), for whoever reads an export.

What UCUM does not know stands in braces, as UCUM has it: yuan, visits, persons, and which tonne.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gep.measures import PLAIN

CODES: Mapping[str, str] = MappingProxyType(
    {
        PLAIN: "1",
        "yuan": "{CNY}",
        "t": "t",
        "kg": "kg",
        "t_C": "t{C}",
        "t_CO2": "t{CO2}",
        "t_O2": "t{O2}",
        "m3": "m3",
        "kWh": "kW.h",
        "m2": "m2",
        "hm2": "har",
        "km2": "km2",
        "mu": "2000.m2/3",
        "mm": "mm",
        "m": "m",
        "km": "km",
        "ion": "{ion}",
        "dB": "dB",
        "visit": "{visit}",
        "person": "{person}",
        "person_hour": "{person}.h",
        "pcs": "{piece}",
        "equivalent": "{pollution_equivalent}",
        "as_sold": "{as_sold}",
    }
)


def ucum_of(symbol: str) -> str | None:
    """Return the code of a unit, or of one by another: ``yuan/m3``; None for what is no unit."""
    of, has_per, per = symbol.partition("/")
    above, below = CODES.get(of), CODES.get(per)
    if not has_per:
        return above
    if above is None or below is None:
        return None
    return f"{above}/({below})" if "." in below or "/" in below else f"{above}/{below}"
