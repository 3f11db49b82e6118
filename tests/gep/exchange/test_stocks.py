"""Stocks and the kind of an area in each format, and a file that would lose something."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gep.accounts.account import Account
from gep.errors import AccountRefused, Malformed
from gep.exchange import exporting as writing
from gep.exchange.checking import Fault, check, checked
from gep.exchange.csv_files import write_csv_files
from gep.exchange.exporting import Form, export, export_table
from gep.exchange.opening import opened_files
from gep.exchange.tree import Export
from tests.gep.accounts.planning import account
from tests.gep.exchange.expansion import expanded
from tests.gep.exchange.exporting import files_of
from tests.gep.shipped import shipped_account

OURS = "urn:ecorights:gep:"
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@'\"\t\r\n,;"), min_size=1
).filter(str.strip)
FIGURES = st.decimals(0, 10**9, places=3).map(str)
CAUSES = st.lists(
    st.fixed_dictionaries({"cause": TEXTS, "quantity": FIGURES}),
    max_size=3,
    unique_by=lambda each: each["cause"],
)


@st.composite
def stocks(draw: st.DrawFn) -> dict[str, Any]:
    additions, reductions = draw(CAUSES), draw(CAUSES)
    opening = "10000000000"
    thousandths = sum(round(float(each["quantity"]) * 1000) for each in additions) - sum(
        round(float(each["quantity"]) * 1000) for each in reductions
    )
    return {
        "resource": draw(TEXTS),
        "unit": draw(st.sampled_from(["hm2", "m3", "mu"])),
        "opening": opening,
        "additions": additions,
        "reductions": reductions,
        "closing": f"{(int(opening) * 1000 + thousandths) // 1000}.{thousandths % 1000:03d}",
        "source": draw(TEXTS),
    }


def exported(form: Form, made: Account) -> Any:
    return json.loads(export(Export(account=made), form).content)


def river_files() -> dict[str, bytes]:
    return files_of(export(Export(account=shipped_account("river-2026")), Form.CSV).content)


@pytest.mark.parametrize("kind", ["region", "project", "parcel"])
@settings(max_examples=20, deadline=None)
@given(stocks=st.lists(stocks(), max_size=3, unique_by=lambda each: each["resource"]))
def test_any_stocks_and_any_kind_come_back(kind: str, stocks: list[dict[str, Any]]) -> None:
    area = {"id": "330000", "name": "A", "km2": "10", "kind": kind}
    made = account(area=area, stocks=stocks)

    for form in Form:
        found = checked(export(Export(account=made), form).content, expected=made.hash)
        assert found.found == (), form
        assert found.account is not None
        assert found.account.stocks == made.stocks
        assert found.account.area.kind is made.area.kind


def test_csv_has_a_table_of_stocks_and_one_of_their_causes() -> None:
    files = river_files()

    assert b'2,timber,m3,512000,520200,"made up for this page, 2026"' in files["stocks.csv"]
    assert b"6,timber,reduction,died,2200" in files["stock_changes.csv"]
    assert b",88,region," in files["area.csv"]


def test_a_map_has_numbers_of_stocks_and_the_kind_of_the_area() -> None:
    river = exported(Form.GEOJSON, shipped_account("river-2026"))["features"][0]["properties"]
    wetland = exported(Form.GEOJSON, shipped_account("E11-EGRET-2025"))["features"][0]

    assert (river["stock_1_resource"], river["stock_1_unit"]) == ("forest area", "hm2")
    assert (river["stock_1_opening"], river["stock_1_closing"]) == (6200, 6260)
    assert (river["area_kind"], wetland["properties"]["area_kind"]) == ("region", "project")


def test_json_ld_has_terms_for_stocks_and_the_kind_of_the_area() -> None:
    triples = expanded(exported(Form.JSON_LD, shipped_account("river-2026")))
    of_wetland = expanded(exported(Form.JSON_LD, shipped_account("E11-EGRET-2025")))

    def objects(subject: str, predicate: str) -> list[Any]:
        return [each[2] for each in triples if each[:2] == (subject, predicate)]

    (listed,) = (each[2] for each in triples if each[1] == f"{OURS}stocks")
    assert objects(listed[1], f"{OURS}closing") == ["520200"]
    assert objects(listed[1], "http://qudt.org/schema/qudt/unit") == [f"{OURS}unit:m3"]
    (taken,) = objects(listed[1], f"{OURS}reductions")
    assert [objects(each, f"{OURS}cause") for each in taken] == [["felled"], ["died"], ["burnt"]]
    assert ("@type", f"{OURS}Region") in [each[1:] for each in triples]
    assert (f"{OURS}kind", f"{OURS}kind:project") in [each[1:] for each in of_wetland]


def test_a_stock_that_no_longer_closes_is_named() -> None:
    files = river_files()
    assert files["stock_changes.csv"].count(b",died,2200") == 1
    files["stock_changes.csv"] = files["stock_changes.csv"].replace(b",died,2200", b",died,2000")

    found = check(*opened_files(files)).found

    (closing,) = (each for each in found if each.fault is Fault.SUM_DIFFERS)
    assert (closing.place, closing.printed, closing.expected) == (
        "stock timber, closing",
        "520200",
        "520400",
    )
    assert "stock_changes.csv position 6, quantity" in {each.place for each in found}


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("stock_changes.csv", b"2,forest area,", b"2,forest,", "gep.stock_unknown"),
        ("stock_changes.csv", b",addition,", b",gain,", "gep.unknown_value"),
    ],
)
def test_a_cause_of_no_stock_is_refused(name: str, old: bytes, new: bytes, code: str) -> None:
    files = river_files()
    files[name] = files[name].replace(old, new, 1)

    with pytest.raises(Malformed) as refused:
        opened_files(files)
    assert refused.value.code == code


def test_a_file_that_would_lose_something_is_never_handed_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    what = Export(account=shipped_account("river-2026"))

    def forgetful(tree: Any, *, bom: bool = False) -> dict[str, bytes]:
        return write_csv_files(
            {name: each for name, each in tree.items() if name != "stocks"}, bom=bom
        )

    monkeypatch.setattr(writing, "write_csv_files", forgetful)

    for hand_out in (partial(export, what, Form.CSV), partial(export_table, what, "lines")):
        with pytest.raises(AccountRefused) as refused:
            hand_out()
        assert (refused.value.code, refused.value.field) == ("gep.export_incomplete", "stocks")
