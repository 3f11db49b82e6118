"""From a tree to tables and back: every figure of an account in a cell of its own."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gep.accounts.plan import AreaKind
from gep.document import read_document
from gep.errors import Malformed
from gep.exchange.sealing import compact_json
from gep.exchange.tables import BY_NAME, POSITION, Row, numbered

AREA_FIELDS = ["id", "name", "km2", "population", "gdp_yuan", "geometry_hash"]
LAND_COVER_FIELDS = ["product", "resolution_m"]
COURSE_FIELDS = ["status", "plan", "supersedes", "superseded_by"]
PLAIN_FIELDS = [
    "form",
    "account_hash",
    "title_zh",
    "title_en",
    "id",
    "year",
    "price_year",
    "edition",
    "edition_hash",
    "product_zh",
    "profile",
    "parameter_set",
    "parameter_set_hash",
    "parameter_set_unchecked",
    "price_basis",
]
SUMS = [
    "inflow_deduction_yuan",
    "total_yuan",
    "disservices_yuan",
    "net_of_disservices_yuan",
    "left_out_yuan",
    "total_without_overrides_yuan",
]
STOCK_FIELDS = ["resource", "unit", "opening", "closing", "source"]
CHANGES = {"addition": "additions", "reduction": "reductions"}
SUM, SUBTOTAL, INDEX = "sum", "subtotal", "index"
TRUTHS = {"true": True, "false": False}
# Tables whose rows are members of a tree as they stand.
AS_THEY_STAND = ("warnings", "services", "units", "notices")


def tables_of(tree: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Return the rows of each table."""
    course = tree["course"]
    unchecked = set(tree["unchecked"])
    return {
        "area": numbered(iter([_head(tree)])),
        "lines": numbered(_without(each, "used") for each in tree["lines"]),
        "used": numbered(_used(tree["lines"])),
        "parameters": numbered(
            {**each, "unchecked": each["name"] in unchecked} for each in tree["parameters"]
        ),
        "overrides": numbered(
            {**each, "dims": compact_json(each["dims"])} for each in tree["overrides"]
        ),
        "sums": numbered(_sums(tree)),
        "stocks": numbered(
            {name: each[name] for name in STOCK_FIELDS} for each in tree.get("stocks", ())
        ),
        "stock_changes": numbered(_stock_changes(tree)),
        **{name: numbered(iter(tree[name])) for name in AS_THEY_STAND},
        "acts": numbered(iter(() if course is None else course["acts"])),
        "boundaries": numbered(_boundaries(tree["boundary"])),
    }


def tree_from(tables: Mapping[str, list[Row]]) -> dict[str, Any]:
    """Return the tree of tables.

    Raises:
        Malformed: no area, a cell that is neither true nor false, no JSON.
    """
    if not tables["area"]:
        raise Malformed(code="row_missing", field="area.csv", expected="one row", found="none")
    (head, *_) = tables["area"]
    lines = [
        {**_position_off(row), "counted": _truth("lines", row, "counted"), "used": []}
        for row in tables["lines"]
    ]
    by_id = {line["id"]: line for line in lines}
    for row in tables["used"]:
        line = by_id.get(row["line"])
        if line is None:
            raise _malformed(
                "line_unknown", "used", row, column="line", expected="a line of lines.csv"
            )
        kept = {name: row[name] for name in ("name", "value", "unit", "source", "mark")}
        line["used"].append({**kept, "overridden": _truth("used", row, "overridden")})
    return {
        **{name: head[name] for name in PLAIN_FIELDS},
        "area": _area(head),
        "land_cover": _land_cover(head),
        "lines": lines,
        **_sums_from(tables["sums"]),
        "overrides": [
            {**_position_off(row), "dims": _read_json("overrides", row, "dims")}
            for row in tables["overrides"]
        ],
        "parameters": [
            {
                **_without(row, POSITION, "unchecked"),
                "overridden": _truth("parameters", row, "overridden"),
            }
            for row in tables["parameters"]
        ],
        "unchecked": sorted(
            row["name"] or ""
            for row in tables["parameters"]
            if _truth("parameters", row, "unchecked")
        ),
        **_stocks(tables),
        **{name: _members(tables[name]) for name in AS_THEY_STAND},
        "course": _course(head, tables["acts"]),
        "boundary": _boundary(tables["boundaries"]),
    }


def _head(tree: Mapping[str, Any]) -> dict[str, Any]:
    cover, course = tree["land_cover"] or {}, tree["course"] or {}
    return {
        **{name: tree[name] for name in PLAIN_FIELDS},
        **{f"area_{name}": tree["area"][name] for name in AREA_FIELDS},
        "area_kind": tree["area"].get("kind", AreaKind.REGION.value),
        **{f"land_cover_{name}": cover.get(name) for name in LAND_COVER_FIELDS},
        **{name: course.get(name) for name in COURSE_FIELDS},
    }


def _used(lines: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for line in lines:
        for number, used in enumerate(line["used"], start=1):
            yield {"line": line["id"], "number": number, **used}


def _sums(tree: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in tree["subtotals_yuan"].items():
        yield {"of": SUBTOTAL, "name": name, "value": value}
    for name in SUMS:
        yield {"of": SUM, "name": name, "value": tree[name]}
    for name, value in tree["indices"].items():
        yield {"of": INDEX, "name": name, "value": value}


def _sums_from(rows: Iterable[Row]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {SUM: {}, SUBTOTAL: {}, INDEX: {}}
    for row in rows:
        kind, name = row["of"], row["name"]
        if kind not in found or (kind == SUM and name not in SUMS):
            raise _malformed(
                "unknown_value", "sums", row, column="name", expected="a sum of an account"
            )
        found[kind][str(name)] = row["value"]
    return {
        **dict.fromkeys(SUMS),
        **found[SUM],
        "subtotals_yuan": found[SUBTOTAL],
        "indices": found[INDEX],
    }


def _stock_changes(tree: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for stock in tree.get("stocks", ()):
        for change, name in CHANGES.items():
            for each in stock[name]:
                yield {"resource": stock["resource"], "change": change, **each}


def _stocks(tables: Mapping[str, list[Row]]) -> dict[str, Any]:
    """Return stocks with their causes; an account without stocks has no such member."""
    stocks: list[dict[str, Any]] = [
        {**_position_off(row), **{name: [] for name in CHANGES.values()}}
        for row in tables["stocks"]
    ]
    by_name = {each["resource"]: each for each in stocks}
    for row in tables["stock_changes"]:
        stock, name = by_name.get(row["resource"]), CHANGES.get(row["change"] or "")
        if stock is None:
            expected = "a resource of stocks.csv"
            raise _malformed(
                "stock_unknown", "stock_changes", row, column="resource", expected=expected
            )
        if name is None:
            expected = " or ".join(CHANGES)
            raise _malformed(
                "unknown_value", "stock_changes", row, column="change", expected=expected
            )
        stock[name].append({"cause": row["cause"], "quantity": row["quantity"]})
    return {"stocks": stocks} if stocks else {}


def _area(head: Row) -> dict[str, Any]:
    area = {name: head[f"area_{name}"] for name in AREA_FIELDS}
    # A region is what an account's document does not say.
    is_region = head["area_kind"] == AreaKind.REGION.value
    return area if is_region else area | {"kind": head["area_kind"]}


def _boundaries(boundary: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    if boundary is not None:
        zones = [("zone", each) for each in boundary["zones"]]
        area = boundary["area"]
        for kind, each in [*([] if area is None else [("area", area)]), *zones]:
            yield {"kind": kind, **each, "geometry": compact_json(each["geometry"])}


def _boundary(rows: Iterable[Row]) -> dict[str, Any] | None:
    found = [
        (
            row["kind"],
            {
                "id": row["id"],
                "name": row["name"],
                "geometry": _read_json("boundaries", row, "geometry"),
            },
        )
        for row in rows
    ]
    area = next((each for kind, each in found if kind == "area"), None)
    zones = [each for kind, each in found if kind != "area"]
    return {"area": area, "zones": zones} if found else None


def _land_cover(head: Row) -> dict[str, Any] | None:
    cover = {name: head[f"land_cover_{name}"] for name in LAND_COVER_FIELDS}
    return cover if any(each is not None for each in cover.values()) else None


def _course(head: Row, acts: Iterable[Row]) -> dict[str, Any] | None:
    course = {name: head[name] for name in COURSE_FIELDS}
    if all(each is None for each in course.values()):
        return None
    return {**course, "acts": _members(acts)}


def _members(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [_position_off(row) for row in rows]


def _position_off(row: Row) -> dict[str, Any]:
    return _without(row, POSITION)


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: each for name, each in row.items() if name not in names}


def _truth(table: str, row: Row, column: str) -> bool:
    found = TRUTHS.get((row[column] or "").lower())
    if found is None:
        raise _malformed("wrong_type", table, row, column=column, expected="true or false")
    return found


def _read_json(table: str, row: Row, column: str) -> Any:
    try:
        return read_document((row[column] or "").encode()).value
    except Malformed as error:
        raise _malformed("not_json", table, row, column=column, expected="JSON") from error


def _malformed(code: str, table: str, row: Row, *, column: str, expected: str) -> Malformed:
    place = f"{BY_NAME[table].file} position {row[POSITION]}, {column}"
    return Malformed(code=code, field=place, expected=expected, found=str(row[column])[:60])
