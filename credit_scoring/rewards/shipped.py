"""The rows that come with the product: published factors, and rules of coins to start from.

They are proposals until an entry puts them in force; nothing counts because it stands here.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedFactor:
    """One behaviour: ``grams`` of CO2 a unit as a decimal string, ``None`` where none was found."""

    behaviour: str
    unit: str
    grams: str | None
    day_limit_grams: str | None
    method: str
    source: str
    status: str


def shipped_factors() -> tuple[ShippedFactor, ...]:
    """Return the factors in the order of their rows; a row that is a limit joins its behaviour."""
    rows = _read("carbon_factors.json")["factors"]
    limits = {row["behaviour"]: row for row in rows if "day_limit_grams" in row}
    return tuple(
        ShippedFactor(
            behaviour=row["behaviour"],
            unit=row["unit"],
            grams=row["grams"],
            day_limit_grams=limits.get(row["behaviour"], {}).get("day_limit_grams"),
            method=row["method"],
            source=_sources(row, limits.get(row["behaviour"])),
            status=row["status"],
        )
        for row in rows
        if "grams" in row
    )


def shipped_coin_rules() -> dict[str, Any]:
    """Return the coin rules, as the API takes them but for the coin, the day and the decision."""
    found = _read("coin_rules.json")
    acts = [{key: act[key] for key in ("act", "coins", "source")} for act in found["acts"]]
    names = ("version", "day_max", "month_max", "expiry_months", "bill_max", "late_days")
    return {**{name: found[name] for name in names}, "acts": acts}


def _sources(row: dict[str, Any], limit: dict[str, Any] | None) -> str:
    return row["source"] if limit is None else f"{row['source']}, limit {limit['source']}"


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return found
