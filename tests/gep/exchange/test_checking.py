"""What was changed in an export is found and named: where, what should stand there, in money."""

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gep.errors import Malformed
from gep.exchange.checking import Checked, Fault, check, checked
from gep.exchange.exporting import Form, zipped
from gep.exchange.opening import opened_files
from gep.exchange.sealing import SEALS, rows_of, seals_of
from tests.gep.accounts.planning import example
from tests.gep.exchange.exporting import content, document, files_of, tampered

Change = Callable[[dict[str, Any]], None]


def places(found: Checked, fault: Fault) -> list[str]:
    return [each.place for each in found.found if each.fault is fault]


def csv_with(name: str, old: bytes, new: bytes) -> Checked:
    files = files_of(content(Form.CSV))
    assert files[name].count(old) == 1
    files[name] = files[name].replace(old, new)
    return check(*opened_files(files))


def test_a_value_that_was_changed_is_named_with_what_it_is_worth() -> None:
    def change(found: dict[str, Any]) -> None:
        found["lines"][2]["value_yuan"] = "366351.79"

    found = checked(tampered(Form.JSON_LD, change))

    assert places(found, Fault.CELL_CHANGED) == ["lines[2].value_yuan"]
    (value,) = (each for each in found.found if each.fault is Fault.VALUE_DIFFERS)
    assert (value.place, value.expected) == ("line so2", "366315.79")
    assert value.difference_yuan == Decimal("-36.00")
    assert "total_yuan" in places(found, Fault.SUM_DIFFERS)
    assert places(found, Fault.HASH_DIFFERS) == ["account_hash"]


def test_a_cell_of_csv_is_named_by_table_position_and_column() -> None:
    found = csv_with("lines.csv", b"366315.79", b"366351.79")

    assert places(found, Fault.CELL_CHANGED) == ["lines.csv position 3, value_yuan"]
    assert places(found, Fault.VALUE_DIFFERS) == ["line so2"]


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("area.csv", b",96.5,", b",95.5,", "area.csv position 1, area_km2"),
        ("overrides.csv", b"forty cores", b"fourty cores", "overrides.csv position 1, reason"),
        ("acts.csv", b",R-2,", b",R-9,", "acts.csv position 3, by"),
        ("sums.csv", b"4966994.22", b"4966994.23", "sums.csv position 10, value"),
        ("warnings.csv", b"0.7843", b"0.5843", "warnings.csv position 8, figure"),
        ("parameters.csv", b",2014,", b",2024,", "parameters.csv position 3, price_year"),
    ],
)
def test_any_cell_that_was_changed_is_named(name: str, old: bytes, new: bytes, place: str) -> None:
    assert places(csv_with(name, old, new), Fault.CELL_CHANGED) == [place]


def test_a_row_that_went_is_named() -> None:
    files = files_of(content(Form.CSV))
    rows = files["units.csv"].splitlines(keepends=True)
    files["units.csv"] = b"".join([*rows[:3], *rows[4:]])

    found = check(*opened_files(files))

    assert places(found, Fault.ROW_CHANGED) == ["units.csv position 3"]


def _sealed_again(found: dict[str, Any]) -> None:
    found[SEALS] = seals_of(rows_of({name: each for name, each in found.items() if name != SEALS}))


@pytest.mark.parametrize("form", [Form.GEOJSON, Form.JSON_LD])
def test_whoever_seals_again_is_found_by_what_follows_from_the_account(form: Form) -> None:
    def change(found: dict[str, Any]) -> None:
        tree = found["account"] if form is Form.GEOJSON else found
        tree["indices"]["per_head_yuan"] = "32397.89"
        tree["parameters"][0]["row_mark"] = "S" if form is Form.GEOJSON else "K"
        _sealed_again(found)

    faults = checked(tampered(form, change)).found

    assert {each.fault for each in faults} == {Fault.NOT_AS_COMPUTED}
    prefix = "account." if form is Form.GEOJSON else ""
    (head,) = (each for each in faults if each.place == f"{prefix}indices.per_head_yuan")
    assert (head.printed, head.expected) == ("32397.89", "22397.89")


def test_whoever_changes_all_alike_is_found_by_the_hash_that_one_had_from_elsewhere() -> None:
    genuine = example("valley-2026").hash
    other = content(Form.JSON_LD, "valley-2025")

    assert checked(other).found == ()
    (fault,) = checked(other, expected=genuine).found
    assert (fault.fault, fault.expected) == (Fault.ANOTHER_ACCOUNT, genuine)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda found: found["lines"][0].update(quantity="many"), Fault.NOT_A_NUMBER),
        (lambda found: found["lines"][0].pop("quantity"), Fault.ROW_CHANGED),
        (lambda found: found["lines"].pop(), Fault.SUM_DIFFERS),
        (lambda found: found.update(total_yuan=None), Fault.NOT_A_NUMBER),
        (lambda found: found.pop("subtotals_yuan"), Fault.ROW_CHANGED),
        (lambda found: found.update(lines="none"), Fault.HASH_DIFFERS),
        (lambda found: found["@context"].update(value_yuan="x:y"), Fault.NOT_AS_COMPUTED),
        (lambda found: found["unchecked"].pop(), Fault.HASH_DIFFERS),
        (lambda found: found["course"].update(status="draft"), Fault.CELL_CHANGED),
    ],
)
def test_an_export_that_was_mangled_has_faults_and_no_crash(change: Change, fault: Fault) -> None:
    assert fault in {each.fault for each in checked(tampered(Form.JSON_LD, change)).found}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda files: files.pop("lines.csv"), "gep.table_missing"),
        (lambda files: files.update({"used.csv": b"a,b\r\n"}), "gep.columns_differ"),
        (lambda files: files.update({"used.csv": b"\xff"}), "gep.not_utf8"),
        (
            lambda files: files.update({"area.csv": b"\r\n".join(files["area.csv"].split()[:1])}),
            "gep.row_missing",
        ),
        (
            lambda files: files.update(
                {"lines.csv": files["lines.csv"].replace(b",true", b",maybe", 1)}
            ),
            "gep.wrong_type",
        ),
        (
            lambda files: files.update(
                {"used.csv": files["used.csv"].replace(b",water,1,", b",wine,1,", 1)}
            ),
            "gep.line_unknown",
        ),
    ],
)
def test_a_broken_form_is_refused_by_name(change: Change, code: str) -> None:
    files: dict[str, Any] = files_of(content(Form.CSV))
    change(files)

    with pytest.raises(Malformed) as refused:
        checked(zipped(files))

    assert refused.value.code == code


@pytest.mark.parametrize("text", [b"{}", b"PK\x03\x04 broken", b'{"@context": {}}', b"\xff"])
def test_what_is_no_export_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        checked(text)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_whose_bytes_were_damaged_is_refused(method: int) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as damaged:
        damaged.writestr("metadata.json", files_of(content(Form.CSV))["metadata.json"])
        begin = damaged.infolist()[0].FileHeader()
    whole = bytearray(archive.getvalue())
    whole[len(begin) + 4 : len(begin) + 40] = b"\xff" * 36

    with pytest.raises(Malformed) as refused:
        checked(bytes(whole))

    assert refused.value.code == "gep.not_zip"


def test_a_zip_that_holds_a_table_twice_is_refused() -> None:
    archive = io.BytesIO(content(Form.CSV))
    with zipfile.ZipFile(archive, "a") as twice, pytest.warns(UserWarning, match="Duplicate"):
        twice.writestr("lines.csv", b"another one")

    with pytest.raises(Malformed) as refused:
        checked(archive.getvalue())

    assert refused.value.code == "gep.not_zip"


def test_metadata_that_was_changed_is_named() -> None:
    found = csv_with("metadata.json", b'"dc:identifier": "2767', b'"dc:identifier": "0000')

    assert places(found, Fault.NOT_AS_COMPUTED) == ["metadata.json.dc:identifier"]


def test_seals_name_cells_not_the_order_of_keys() -> None:
    found = document(Form.JSON_LD)
    turned = dict(reversed(found.items()))

    assert checked(json.dumps(turned).encode()).found == ()


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, True, [5], {"a": 5}])
@pytest.mark.parametrize(
    "place",
    [
        ("lines", 0, "group"),
        ("lines", 0, "used"),
        ("boundary", "area", "geometry", "as_geojson"),
        ("boundary", "zones"),
        ("course", "acts"),
        ("services", 0, "seea"),
        ("overrides", 0, "dims"),
        ("area",),
        ("seals",),
    ],
)
def test_nothing_that_stands_anywhere_makes_the_check_fall_over(
    place: tuple[str | int, ...], value: object
) -> None:
    was: list[object] = []

    def change(found: Any) -> None:
        for key in place[:-1]:
            found = found[key]
        was.append(found[place[-1]])
        found[place[-1]] = value

    try:
        found = checked(tampered(Form.JSON_LD, change)).found
    except Malformed:
        return
    assert bool(found) is (was != [value])


@pytest.mark.parametrize("geometry", [{"a": 5}, {"type": [], "coordinates": []}, [], "x"])
def test_a_geometry_that_is_none_is_refused_or_found(geometry: object) -> None:
    def change(found: dict[str, Any]) -> None:
        found["features"][0]["geometry"] = geometry

    assert checked(tampered(Form.GEOJSON, change)).found
