"""Units as they are printed in China: ``万吨``, ``亿立方米``, ``元/千克``, ``万元/公顷·a``.

A printed unit is a multiple of one of ours. What stands for one year (``/a``, ``·a``, ``/年``) is
left out, for an account is of one; a unit that nobody knows stays as it is printed.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import prod
from types import MappingProxyType

from gep.measures import PLAIN, UNITS

NAMES: Mapping[str, str] = MappingProxyType(
    {
        **{symbol: symbol for symbol in UNITS},
        "元": "yuan",
        "人民币元": "yuan",
        "吨": "t",
        "千克": "kg",
        "公斤": "kg",
        "吨碳": "t_C",
        "吨C": "t_C",
        "tC": "t_C",
        "t C": "t_C",
        "吨二氧化碳": "t_CO2",
        "吨CO2": "t_CO2",
        "tCO2": "t_CO2",
        "t CO2": "t_CO2",
        "吨氧": "t_O2",
        "吨氧气": "t_O2",
        "吨O2": "t_O2",
        "tO2": "t_O2",
        "t O2": "t_O2",
        "立方米": "m3",
        "方": "m3",
        "m³": "m3",
        "千瓦时": "kWh",
        "度": "kWh",
        "kW·h": "kWh",
        "kW.h": "kWh",
        "平方米": "m2",
        "m²": "m2",
        "公顷": "hm2",
        "hm²": "hm2",
        "ha": "hm2",
        "平方公里": "km2",
        "平方千米": "km2",
        "km²": "km2",
        "亩": "mu",
        "毫米": "mm",
        "米": "m",
        "公里": "km",
        "千米": "km",
        "个": "pcs",
        "株": "pcs",
        "头": "pcs",
        "人次": "visit",
        "人": "person",
        "人小时": "person_hour",
        "分贝": "dB",
        "污染当量": "equivalent",
    }
)
# The longer ones first: 万亿 is no 万 of 亿元.
MULTIPLES: Mapping[str, Decimal] = MappingProxyType(
    {
        "万亿": Decimal(10) ** 12,
        "千亿": Decimal(10) ** 11,
        "百亿": Decimal(10) ** 10,
        "十亿": Decimal(10) ** 9,
        "千万": Decimal(10) ** 7,
        "百万": Decimal(10) ** 6,
        "十万": Decimal(10) ** 5,
        "亿": Decimal(10) ** 8,
        "万": Decimal(10) ** 4,
        "千": Decimal(10) ** 3,
        "百": Decimal(10) ** 2,
    }
)
SHARES: Mapping[str, Decimal] = MappingProxyType(
    {"%": Decimal("0.01"), "‰": Decimal("0.001"), "\uff05": Decimal("0.01")}
)
VOLUME = ["area", "length"]
OF_A_YEAR = ("/a", "·a", "/年", "·年", ".a")
_SUBSCRIPTS = str.maketrans("₂₃", "23")


def unit_printed(text: str) -> tuple[str, Decimal]:
    """Return the unit of ours that a printed one is a multiple of, and how many of it."""
    if text in SHARES:
        return PLAIN, SHARES[text]
    of, slash, per = _one_year(text.translate(_SUBSCRIPTS)).partition("/")
    above, below = _multiple(of), _multiple(per.removeprefix("(").removesuffix(")"))
    if not slash:
        return (text, Decimal(1)) if above is None else above
    if above is None or below is None:
        return text, Decimal(1)
    return f"{above[0]}/{below[0]}", above[1] / below[1]


def conversion(unit: str, other: str) -> Decimal | None:
    """Return how many of another unit one is; None where they are not of one dimension."""
    here, there = UNITS.get(unit), UNITS.get(other)
    if here is None or there is None or here.dimension != there.dimension:
        return None
    return Decimal(repr(here.scale)) / Decimal(repr(there.scale))


def unit_of_product(units: Iterable[str]) -> tuple[str, Decimal] | None:
    """Return the unit of a product of figures, and how many of it the bare product is.

    A depth on an area is a volume. None where some unit is unknown, or more than one is left.
    """
    above, below, times = list[str](), list[str](), Decimal(1)
    for unit in units:
        of, _, per = unit.partition("/")
        above += [] if of == PLAIN else [of]
        below += [per] if per else []
    for unit in below:
        match = next((each for each in above if conversion(each, unit) is not None), None)
        if match is None:
            return None
        above.remove(match)
        times *= conversion(match, unit) or 1
    if len(above) == len(VOLUME):
        kinds = sorted(UNITS[each].dimension for each in above if each in UNITS)
        if kinds == VOLUME:
            scales = (Decimal(repr(UNITS[each].scale)) for each in above)
            return "m3", times * prod(scales)
    return (above[0], times) if len(above) == 1 and above[0] in UNITS else None


def _one_year(text: str) -> str:
    inner = text.replace(" ", "") if text not in NAMES else text
    for mark in OF_A_YEAR:
        inner = inner.removesuffix(mark)
        if inner.endswith(f"{mark})"):
            inner = f"{inner.removesuffix(f'{mark})')})"
    return inner


def _multiple(text: str) -> tuple[str, Decimal] | None:
    if text in NAMES:
        return NAMES[text], Decimal(1)
    for prefix, times in MULTIPLES.items():
        rest = text.removeprefix(prefix)
        if rest != text and rest in NAMES:
            return NAMES[rest], times
    return None
