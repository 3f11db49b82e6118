"""An account read back from its canonical document, exactly: what does not add up is refused.

Nothing is computed but with decimals, so a document of any age is judged alike everywhere: a value
is its quantity by its price, every sum is of its lines, a stock closes by its causes, and writing
what was read gives the bytes again. Whether the quantities follow from their inputs is for the
engine, not for a reader.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gep.accounts.account import (
    EXACT,
    Account,
    LineItem,
    Warned,
    WarningCode,
    fen_of,
)
from gep.accounts.plan import Area, AreaKind, LandCover, Profile, Worth
from gep.accounts.stocks import stocks_at
from gep.accounts.terms import Used
from gep.document import Place, read_document
from gep.errors import Malformed
from gep.registry.edition import Mark
from gep.registry.parameter_set import Dims, Override
from gep.registry.reading import dims_of, year_of
from gep.registry.service import Group
from gep.units import PriceBasis, one_basis
from kernel.canonical import NotCanonical, canonical
from kernel.money import Fen

READ_MAX = 64
FACTOR_MAX = Decimal("1e30")
_FIELDS = (
    "id area year price_year edition edition_hash product_zh profile parameter_set"
    " parameter_set_hash parameter_set_unchecked lines subtotals_yuan inflow_deduction_yuan"
    " total_yuan disservices_yuan net_of_disservices_yuan left_out_yuan"
    " total_without_overrides_yuan overrides unchecked warnings"
)


@lru_cache(maxsize=READ_MAX)
def read_account(text: str) -> Account:
    """Read an account's canonical document; one document is read once.

    Raises:
        Malformed: the place and what was expected there; also where values or sums do not fit, or
            the text is not the canonical one.
        BasisMixed: capital and annualised prices in one account.
    """
    document = read_document(text.encode())
    found = document.fields(_FIELDS, "price_basis land_cover stocks")
    overrides = tuple(_override(each) for each in found["overrides"].items())
    by_name = {_name(each.key, each.dims): each for each in overrides}
    account = Account(
        id=found["id"].text(),
        area=_area(found["area"]),
        year=year_of(found["year"]),
        price_year=year_of(found["price_year"]),
        edition=found["edition"].text(),
        edition_hash=found["edition_hash"].text(),
        product_zh=found["product_zh"].text(),
        profile=found["profile"].choice(Profile),
        parameter_set=found["parameter_set"].text(),
        parameter_set_hash=found["parameter_set_hash"].text(),
        parameter_set_unchecked=found["parameter_set_unchecked"].whole(0, 10**9),
        price_basis=_basis(found.get("price_basis")),
        land_cover=_land_cover(found["land_cover"]) if "land_cover" in found else None,
        lines=tuple(found["lines"].unique(lambda each: _line(each, by_name), lambda each: each.id)),
        deduction=_fen(found["inflow_deduction_yuan"]),
        overrides=overrides,
        total_without_overrides=_fen(found["total_without_overrides_yuan"]),
        warnings=tuple(_warned(each) for each in found["warnings"].items()),
        stocks=stocks_at(found["stocks"]) if "stocks" in found else (),
    )
    _refuse_other_basis(account)
    _refuse_other_text(account, document, text)
    return account


def plan_text(document: Place) -> str:
    """Return a plan's canonical text: keys in order, numbers as the decimal texts they were.

    No account depends on the order of a plan's keys.
    """
    plain = _plain(document.value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _area(place: Place) -> Area:
    found = place.fields("id name km2", "population gdp_yuan geometry_hash kind")
    return Area(
        id=found["id"].text(),
        name=found["name"].text(),
        km2=found["km2"].number(),
        population=found["population"].whole(1, 10**10) if "population" in found else None,
        gdp_yuan=found["gdp_yuan"].number() if "gdp_yuan" in found else None,
        geometry_hash=found["geometry_hash"].text() if "geometry_hash" in found else None,
        kind=found["kind"].choice(AreaKind) if "kind" in found else AreaKind.REGION,
    )


def _land_cover(place: Place) -> LandCover:
    found = place.fields("product resolution_m")
    return LandCover(product=found["product"].text(), resolution_m=found["resolution_m"].number())


def _override(place: Place) -> Override:
    found = place.fields("key dims value unit author reason source")
    return Override(
        key=found["key"].text(),
        dims=dims_of(found["dims"]),
        value=found["value"].number(),
        unit=found["unit"].text(),
        author=found["author"].text(),
        reason=found["reason"].text(),
        source=found["source"].text(),
    )


def _line(place: Place, overrides: Mapping[str, Override]) -> LineItem:
    found = place.fields(
        "id service group name place worth method value_yuan counted used",
        "quantity unit price_yuan price_basis",
    )
    line = LineItem(
        id=found["id"].text(),
        service=found["service"].text(),
        group=found["group"].choice(Group),
        name=found["name"].text(),
        place=found["place"].text(),
        worth=found["worth"].choice(Worth),
        method=found["method"].text(),
        quantity=_factor(found["quantity"]) if "quantity" in found else None,
        unit=found["unit"].text() if "unit" in found else None,
        price=_factor(found["price_yuan"]) if "price_yuan" in found else None,
        basis=_basis(found.get("price_basis")),
        value=_fen(found["value_yuan"]),
        is_counted=found["counted"].truth(),
        used=tuple(_used(each, overrides) for each in found["used"].items()),
    )
    if (line.quantity is None) is not (line.price is None):
        place.refuse("line_incomplete", "quantity and price, or neither")
    if line.quantity is not None and line.price is not None:
        value = fen_of(EXACT.multiply(line.quantity, line.price))
        if value != line.value:
            found["value_yuan"].refuse("value_differs", f"quantity by price, {value} fen")
    if line.value < 0:
        found["value_yuan"].refuse("out_of_range", "0 or more")
    return line


def _factor(place: Place) -> Decimal:
    """Return a quantity or price of which any other one's product is exact."""
    value = place.number()
    if abs(value) > FACTOR_MAX:
        place.refuse("out_of_range", f"at most {FACTOR_MAX}")
    return value


def _used(place: Place, overrides: Mapping[str, Override]) -> Used:
    found = place.fields("name value unit source overridden", "mark")
    name = found["name"].text()
    is_overridden = found["overridden"].truth()
    if is_overridden and name not in overrides:
        place.refuse("override_unknown", "one of the account's overrides")
    return Used(
        name=name,
        value=found["value"].number(),
        unit=found["unit"].text(),
        source=found["source"].text(),
        mark=found["mark"].choice(Mark) if "mark" in found else None,
        override=overrides[name] if is_overridden else None,
    )


def _warned(place: Place) -> Warned:
    found = place.fields("code place", "figure")
    return Warned(
        code=found["code"].choice(WarningCode),
        place=found["place"].text(),
        figure=found["figure"].number() if "figure" in found else None,
    )


def _basis(place: Place | None) -> PriceBasis | None:
    return None if place is None else place.choice(PriceBasis)


def _fen(place: Place) -> Fen:
    return fen_of(place.number())


def _name(key: str, dims: Dims) -> str:
    inside = ", ".join(f"{name}={value}" for name, value in dims)
    return f"{key}[{inside}]" if inside else key


def _refuse_other_basis(account: Account) -> None:
    basis: PriceBasis | None = None
    for line in account.lines:
        basis = one_basis(basis, line.basis)
    if basis is not account.price_basis:
        expected = f"that of the lines, {basis}"
        raise _malformed("basis_differs", "price_basis", expected, found=account.price_basis)


def _refuse_other_text(account: Account, document: Place, text: str) -> None:
    """Refuse a sum that is not of the lines, and any other writing of the same account."""
    own = account.document()
    for name, computed in own.items():
        said = document.value.get(name)
        if (name.endswith("_yuan") or name == "unchecked") and said != computed:
            raise _malformed("sum_differs", name, str(computed), found=said)
    try:
        is_same = canonical(own).decode() == text
    except NotCanonical:
        is_same = False
    if not is_same:
        raise _malformed(
            "not_canonical", None, "the canonical document of an account", found="another"
        )


def _malformed(code: str, field: str | None, expected: str, *, found: object) -> Malformed:
    place = "document" if field is None else f"document.{field}"
    return Malformed(code=code, field=place, expected=expected, found=str(found)[:60])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value
