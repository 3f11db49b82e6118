"""How people write numbers, units and texts in cells, and what is meant by it.

Numbers with thousands separators, full-width digits and percent signs are understood; what could
be read in two ways is not. Units are read from the ways in which they are written in Chinese
yearbooks; a multiple such as 万 becomes part of the number. Tonnes of carbon and of CO2 are never
read for each other: a bare tonne stays a bare tonne.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from gep.errors import UnitMismatch
from gep.measures import PLAIN, UNITS, unit_of
from gep.tables.grids import TEXT_LENGTH_MAX

PERCENT = Decimal("0.01")
_EXACT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\Z")
_LOOSE = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RISKY = ("=", "+", "-", "@", '"', "'")
_MULTIPLES = (("亿", Decimal(10**8)), ("万", Decimal(10**4)), ("千", Decimal(1000)))
_ALIASES = {
    "吨": "t",
    "公吨": "t",
    "千克": "kg",
    "公斤": "kg",
    "tc": "t_C",
    "t-c": "t_C",
    "吨c": "t_C",
    "吨碳": "t_C",
    "tco2": "t_CO2",
    "t-co2": "t_CO2",
    "吨co2": "t_CO2",
    "吨二氧化碳": "t_CO2",
    "to2": "t_O2",
    "t-o2": "t_O2",
    "吨o2": "t_O2",
    "吨氧": "t_O2",
    "吨氧气": "t_O2",
    "立方米": "m3",
    "m^3": "m3",
    "方": "m3",
    "千瓦时": "kWh",
    "度": "kWh",
    "kwh": "kWh",
    "kw.h": "kWh",
    "平方米": "m2",
    "m^2": "m2",
    "公顷": "hm2",
    "ha": "hm2",
    "hm^2": "hm2",
    "平方公里": "km2",
    "平方千米": "km2",
    "km^2": "km2",
    "亩": "mu",
    "毫米": "mm",
    "米": "m",
    "公里": "km",
    "千米": "km",
    "元": "yuan",
    "元人民币": "yuan",
    "cny": "yuan",
    "rmb": "yuan",
    "人次": "visit",
    "人": "person",
    "人时": "person_hour",
    "人小时": "person_hour",
    "人.小时": "person_hour",
    "人.h": "person_hour",
    "分贝": "dB",
    "db": "dB",
    "个": "pcs",
    "头": "pcs",
    "株": "pcs",
    "只": "pcs",
    "当量": "equivalent",
    "污染当量": "equivalent",
}
_TRUTHS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
_YEARLY = re.compile(r"(/|\.)(a|年|yr)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelt:
    """A unit as we write it, and how many of it the written one is."""

    symbol: str
    scale: Decimal = Decimal(1)


def number_in(text: str) -> str | None:
    """Return the number that a text writes, exactly as it is written where JSON writes it so."""
    if _EXACT.match(text) is not None:
        return text
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u00a0", " ")
    plain = "".join(plain.split())
    if plain.endswith("%"):
        inner = number_in(plain[:-1])
        return None if inner is None else decimal_text(Decimal(inner) * PERCENT)
    if _LOOSE.match(plain) is None:
        return None
    bare = plain.replace(",", "").lstrip("+")
    return bare if _EXACT.match(bare) is not None else decimal_text(Decimal(bare))


def truth_in(text: str) -> bool | None:
    """Return whether a text says yes or no; None where it says neither."""
    return _TRUTHS.get(text.strip().lower())


def decimal_text(value: Decimal) -> str:
    """Return a number without exponent and without zeros that end it."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(number: str, scale: Decimal) -> str:
    """Return a number times a scale, exactly; as it was where the scale is 1."""
    return number if scale == 1 else decimal_text(Decimal(number) * scale)


def unit_in(text: str) -> Spelt:
    """Return the unit that a text writes.

    Raises:
        UnitMismatch: no unit is written so.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("·", ".").replace("*", ".")
    plain = re.sub(r"\s+", "", plain.replace("∙", ".").replace("每", "/"))
    if plain in {PLAIN, "-", "无", "无量纲", "比例", "天", "d"}:
        return Spelt(symbol=PLAIN)
    if plain == "%":
        return Spelt(symbol=PLAIN, scale=PERCENT)
    if plain == "‰":
        return Spelt(symbol=PLAIN, scale=Decimal("0.001"))
    of, has_per, per = plain.partition("/")
    if has_per and _YEARLY.match(f"/{per}") is None:
        per = _YEARLY.sub("", per.strip("()"))
        first, second = _one(of, text), _one(per, text)
        if second.scale != 1:
            raise UnitMismatch(expected="a multiple before the slash only", found=text)
        return Spelt(symbol=f"{first.symbol}/{second.symbol}", scale=first.scale)
    return _one(of if has_per else _YEARLY.sub("", of), text)


def _one(written: str, whole: str) -> Spelt:
    symbol = _symbol(written)
    if symbol is not None:
        return Spelt(symbol=symbol)
    for prefix, scale in _MULTIPLES:
        symbol = _symbol(written.removeprefix(prefix)) if written.startswith(prefix) else None
        if symbol is not None:
            return Spelt(symbol=symbol, scale=scale)
    raise UnitMismatch(expected=f"one of {', '.join(UNITS)}", found=whole)


def _symbol(written: str) -> str | None:
    try:
        return unit_of(written).symbol
    except UnitMismatch:
        return _ALIASES.get(written.lower())


def cell_text(text: str) -> str:
    """Return a text as a cell holds it: as it is, or as a JSON text where a cell would change it.

    What begins as a formula does, ends in blanks or has control characters is quoted, so that
    nothing runs when a sheet is opened, and the text read back is the text written.
    """
    is_plain = text == text.strip() and text != "" and _CONTROL.search(text) is None
    risky = text.startswith(_RISKY) and _EXACT.match(text) is None
    if is_plain and not risky:
        return text
    return json.dumps(text, ensure_ascii=_CONTROL.search(text) is not None)


def fits_a_cell(text: str) -> bool:
    """Say whether a cell can hold a text."""
    return len(cell_text(text)) <= TEXT_LENGTH_MAX


def text_in(cell: str) -> str:
    """Return the text that a cell holds."""
    stripped = cell.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        try:
            found = json.loads(stripped)
        except ValueError:
            return stripped
        return found if isinstance(found, str) else stripped
    return stripped


def is_quoted(cell: str) -> bool:
    """Say whether a cell holds a text that is quoted, and so never a number or a date."""
    stripped = cell.strip()
    return text_in(cell) != stripped
