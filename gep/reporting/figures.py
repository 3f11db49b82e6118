"""Figures as a report shows them: grouped, rounded half up for display alone, with typed units."""

from collections.abc import Iterable
from decimal import Decimal

from gep.accounts.account import EXACT, yuan_of
from gep.accounts.indices import MILLION, SHOWN_DECIMALS, in_million
from gep.reporting.words import Language, chosen
from kernel.money import Fen

MINUS = "\u2212"
HUNDRED_MILLION = Decimal(100_000_000)
QUANTITY_DIGITS = 6
_UNITS = {
    "1": ("", ""),
    "t_C": ("t C", "t C"),
    "t_CO2": ("t CO₂", "t CO₂"),
    "t_O2": ("t O₂", "t O₂"),
    "m2": ("m²", "m²"),
    "m3": ("m³", "m³"),
    "km2": ("km²", "km²"),
    "hm2": ("hm²", "hm²"),
    "mu": ("亩", "mu"),
    "yuan": ("元", "yuan"),
    "visit": ("人次", "visits"),
    "person": ("人", "persons"),
    "person_hour": ("人·时", "person-hours"),
    "pcs": ("件", "pieces"),
    "ion": ("个", "ions"),
    "equivalent": ("污染当量", "equiv."),
    "as_sold": ("计价单位", "units as sold"),
    "d": ("天", "d"),
    "a": ("年", "a"),
}


def unit_words(symbol: str, language: Language) -> str:
    """Return a unit as people write it: ``t CO₂``, ``元/m³``."""
    first, *others = (
        chosen(_UNITS.get(part, (part, part)), language) for part in symbol.split("/")
    )
    return "/".join((first, *(each.removesuffix("s") for each in others)))


def million(fen: int) -> str:
    """Return money in millions of yuan."""
    return _signed(in_million(yuan_of(fen)))


def million_of(yuan: Decimal) -> str:
    """Return yuan in millions."""
    return _signed(in_million(yuan))


def hundred_million(fen: int) -> str:
    """Return money in 1e8 yuan (亿元)."""
    shown = EXACT.quantize(EXACT.divide(yuan_of(fen), HUNDRED_MILLION), SHOWN_DECIMALS)
    return _signed(f"{shown:,f}")


def changed(fen: int) -> str:
    """Return a change in millions of yuan, with its sign."""
    shown = million(fen)
    return f"+{shown}" if fen > 0 and set(shown) - set("0.,") else shown


def exact_yuan(fen: int) -> str:
    """Return money to the fen."""
    return _signed(f"{yuan_of(fen):,f}")


def percent(share: Decimal | None, *, decimals: int = 2) -> str:
    """Return a share in per cent, or a dash where there is none."""
    if share is None:
        return "–"
    step = Decimal(1).scaleb(-decimals)
    return _signed(f"{EXACT.quantize(EXACT.multiply(share, Decimal(100)), step):,f}%")


def changed_percent(share: Decimal) -> str:
    """Return a change in per cent, with its sign."""
    shown = percent(share)
    return f"+{shown}" if share > 0 else shown


def number(value: Decimal) -> str:
    """Return a figure as it is, grouped, without idle zeros."""
    normal = EXACT.normalize(value)
    return _signed(f"{normal:,f}")


def changed_number(value: Decimal) -> str:
    """Return a change as it is, with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)


def rounded(value: Decimal, digits: int = QUANTITY_DIGITS) -> str:
    """Return a figure with so many significant digits at least, and its whole part unharmed."""
    if not value:
        return "0"
    places = max(0, digits - 1 - value.adjusted())
    return number(EXACT.quantize(value, Decimal(1).scaleb(-places)))


def fixed(value: Decimal, decimals: int) -> str:
    """Return a figure with so many decimals."""
    return _signed(f"{EXACT.quantize(value, Decimal(1).scaleb(-decimals)):,f}")


def in_shown_millions(fen: int) -> Decimal:
    """Return money as its shown figure stands for it."""
    return EXACT.quantize(EXACT.divide(yuan_of(fen), MILLION), SHOWN_DECIMALS)


def rounding_difference(parts: Iterable[Fen], total: Fen) -> Decimal:
    """Return by how many millions shown parts miss their shown sum."""
    return sum((in_shown_millions(each) for each in parts), Decimal(0)) - in_shown_millions(total)


def _signed(text: str) -> str:
    return text.replace("-", MINUS)
