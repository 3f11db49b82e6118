"""Printed accounts that are right, and one planted error in each, from a seed."""

from decimal import Decimal
from random import Random
from typing import Any

KINDS = ("missing_addend", "swapped_digits", "power_of_ten", "carbon_for_dioxide", "doubled_line")
UNIT_YUAN = Decimal(10_000)
FEN = Decimal("0.01")
# Service, what its quantity is the product of (unit, low, high), quantity's unit, prices.
ROWS: list[tuple[str, list[tuple[str, int, int]], str, tuple[str, ...]]] = [
    ("M1", [], "t", ("2800", "4150.5", "6200")),
    ("M2", [], "m3", ("0.5", "2.6", "3.6")),
    ("R1", [("hm2", 900, 90_000), ("m3/hm2", 800, 6_000)], "m3", ("6.11", "7.06")),
    ("R2", [("hm2", 900, 90_000), ("t/hm2", 20, 300)], "t", ("12.6", "15.58")),
    ("R3", [("km2", 2, 400), ("m3/km2", 100_000, 400_000)], "m3", ("6.11",)),
    ("R6", [("hm2", 900, 90_000), ("t/hm2", 1, 12)], "t", ("150", "1263")),
    ("R7", [], "t", ("700", "875", "2800")),
    ("R8", [("t", 900, 90_000), ("t_CO2/t", 1, 2)], "t_CO2", ("260.9", "379.87")),
    ("R9", [("t", 900, 90_000), ("t_O2/t", 1, 2)], "t_O2", ("352.93", "1160.7")),
    ("R10", [], "kWh", ("0.52", "0.53")),
    ("R12", [], "hm2", ("112.5", "375")),
    ("R14", [], "hm2", ("5000", "10000", "30000")),
    ("C1", [], "visit", ("52.47", "395.8")),
]


def _decimal(random: Random, low: int, high: int) -> Decimal:
    return Decimal(random.randint(low * 100, high * 100)) / 100


def printed_account(seed: int) -> dict[str, Any]:
    """Return an account of two rows a service in three subtotals, all printed to two decimals."""
    random = Random(seed)  # noqa: S311 - a reproducible account, not a secret
    lines = [_line(random, f"{row[0]}-{copy}", row) for row in ROWS for copy in range(2)]
    account = {"id": f"generated-{seed}", "unit_yuan": str(UNIT_YUAN), "lines": lines}
    return add_up(account)


def _line(
    random: Random, name: str, row: tuple[str, list[tuple[str, int, int]], str, tuple[str, ...]]
) -> dict[str, Any]:
    service, factors, unit, prices = row
    drawn = [(part, _decimal(random, low, high)) for part, low, high in factors]
    quantity = _decimal(random, 5_000, 900_000)
    if drawn:
        quantity = Decimal(1)
        for _, value in drawn:
            quantity *= value
        quantity = quantity.quantize(FEN)
    line: dict[str, Any] = {
        "id": name,
        "service": service,
        "quantity": {"value": str(quantity), "unit": unit},
        "price": {"value": random.choice(prices), "unit": f"yuan/{unit}"},
        "prices": list(prices),
    }
    if drawn:
        line["factors"] = [{"value": str(value), "unit": part} for part, value in drawn]
    return revalue(line)


def revalue(line: dict[str, Any], *, factor: Decimal = Decimal(1)) -> dict[str, Any]:
    """Print a line's value from its quantity and price."""
    exact = Decimal(line["quantity"]["value"]) * Decimal(line["price"]["value"]) * factor
    line["value"] = str((exact / UNIT_YUAN).quantize(FEN))
    return line


def add_up(account: dict[str, Any], *, without: str = "") -> dict[str, Any]:
    """Print subtotals and the total from the lines, one of them left out if it is named."""
    groups: dict[str, list[str]] = {}
    values = {line["id"]: Decimal(line["value"]) for line in account["lines"]}
    for line in account["lines"]:
        groups.setdefault(line["service"][0], []).append(line["id"])
    account["subtotals"] = [
        {
            "id": group,
            "parts": names,
            "printed": str(sum(values[name] for name in names if name != without)),
        }
        for group, names in groups.items()
    ]
    total = sum(Decimal(each["printed"]) for each in account["subtotals"])
    account["total"] = {"printed": str(total)}
    return account


def planted(seed: int, kind: str) -> tuple[dict[str, Any], str]:
    """Return an account with one error of a kind, and the place where it must be found."""
    account = printed_account(seed)
    random = Random(seed + 10_000)  # noqa: S311 - the same
    lines = account["lines"]
    if kind == "missing_addend":
        left = random.choice(lines)
        return add_up(account, without=left["id"]), left["service"][0]
    if kind == "doubled_line":
        at = random.randrange(len(lines))
        lines.insert(at + 1, lines[at] | {"id": f"{lines[at]['id']}-again"})
        return add_up(account), lines[at + 1]["id"]
    if kind == "carbon_for_dioxide":
        line = random.choice([each for each in lines if each["service"] == "R8"])
        line["quantity"]["value"] = str(
            (Decimal(line["quantity"]["value"]) * 12 / 44).quantize(FEN)
        )
        return add_up(account | {"lines": _revalued(lines, line)}), line["id"]
    line = random.choice(lines)
    if kind == "power_of_ten":
        if random.random() < 0.5:
            revalue(line, factor=Decimal(10_000))
        else:
            line["quantity"]["value"] = str(Decimal(line["quantity"]["value"]) * 10_000)
        return add_up(account), line["id"]
    line["quantity"]["value"] = _swapped(random, line["quantity"]["value"])
    if random.random() < 0.5 and "factors" in line:
        revalue(line)
    return add_up(account), line["id"]


def _revalued(lines: list[dict[str, Any]], line: dict[str, Any]) -> list[dict[str, Any]]:
    return [revalue(each) if each is line else each for each in lines]


def _swapped(random: Random, text: str) -> str:
    pairs = [(at, text[at : at + 2]) for at in range(len(text) - 1)]
    at = random.choice(
        [
            at
            for at, pair in pairs
            if "." not in pair and pair[0] != pair[1] and (at or "0" not in pair)
        ]
    )
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
