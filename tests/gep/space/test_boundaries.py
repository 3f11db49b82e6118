"""Boundaries under the ledger: versions in order, a place among the others, refusals."""

from datetime import date
from typing import Any

import pytest

from gep.space import commands as s
from gep.space.refusals import Reject
from gep.space.state import Units
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from tests.gep.publishing.books import Books, opened_books
from tests.gep.space.squares import outline, outline_text

FIRST, LATER = date(2020, 1, 1).toordinal(), date(2024, 1, 1).toordinal()


class Map(Books):
    """Enters boundaries, and checks the machine after each."""

    @property
    def land(self) -> Units:
        found = [part.state for part in self.machine.parts if isinstance(part.state, Units)]
        return found[0]

    def entered(self, area: str, **changes: Any) -> None:
        self.must(boundary(area, **changes), actor="R-1")

    def not_entered(self, area: str, **changes: Any) -> Refusal:
        return self.refused(boundary(area, **changes), actor="R-1")


@pytest.fixture
def land() -> Map:
    books = opened_books()
    found = Map(books.machine)
    found.index = books.index
    return found


def boundary(area: str, **changes: Any) -> s.SetGepBoundary:
    whole: dict[str, Any] = {
        "area": area,
        "name": "甲县",
        "unit_kind": s.UnitKind.REGION,
        "valid_from": FIRST,
        "geometry": outline_text(120.0, 29.0, 0.5, 0.5),
    }
    return s.SetGepBoundary(**(whole | changes))


def test_a_boundary_has_its_hash_and_a_point_inside(land: Map) -> None:
    land.entered("A")

    found = land.land.boundaries.get("A", 1)
    assert found is not None
    assert found.geometry_hash == outline(120.0, 29.0, 0.5, 0.5).hash
    assert (found.longitude, found.latitude) == (1_202_500_000, 292_500_000)
    assert (found.entered_by, found.valid_from) == ("R-1", FIRST)


def test_a_newer_version_stands_beside_the_older_one(land: Map) -> None:
    land.entered("A")
    land.entered("A", valid_from=LATER, geometry=outline_text(120.0, 29.0, 0.5, 0.6))
    land.entered("A", valid_from=LATER, name="乙县")

    versions = [land.land.boundaries.get("A", number) for number in (1, 2, 3)]
    assert [each and each.valid_from for each in versions] == [FIRST, LATER, LATER]
    assert len(list(land.land.geometries.rows())) == 2


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"geometry": " " * 150_001}, Reject.GEOMETRY_TOO_LARGE, "geometry"),
        ({"area": "a b"}, Reject.BOUNDARY_UNFIT, "area"),
        ({"name": " "}, Reject.BOUNDARY_UNFIT, "name"),
        ({"name": "a\nb"}, Reject.BOUNDARY_UNFIT, "name"),
        ({"valid_from": 5}, Reject.BOUNDARY_UNFIT, "valid_from"),
        ({"geometry": "{}"}, Reject.BOUNDARY_UNFIT, "geometry"),
        (
            {"geometry": outline_text(120.0, 29.0, 1.0, 1.0).replace(",[", ", [")},
            Reject.BOUNDARY_UNFIT,
            "geometry",
        ),
        ({"parent": "nowhere"}, Reject.PARENT_UNKNOWN, "parent"),
        ({"parent": "A"}, Reject.PARENT_UNFIT, "parent"),
        ({"parent": "B"}, Reject.PARENT_UNFIT, "parent"),
        ({"valid_from": FIRST - 1, "name": "乙县"}, Reject.BOUNDARY_EARLIER, "valid_from"),
        ({}, Reject.BOUNDARY_UNCHANGED, "geometry"),
        ({"valid_from": LATER}, Reject.BOUNDARY_UNCHANGED, "geometry"),
    ],
)
def test_what_does_not_fit_is_refused(
    land: Map, changes: dict[str, Any], code: str, field: str
) -> None:
    land.entered("A")
    land.entered("B", parent="A")

    found = land.not_entered(**({"area": "A"} | changes))

    assert (found.code, found.field) == (code, field)


def test_units_stand_above_each_other_to_eight_levels(land: Map) -> None:
    for level in range(s.LEVELS_MAX):
        land.entered(f"L{level}", parent=f"L{level - 1}" if level else "")

    found = land.not_entered("L8", parent="L7")

    assert (found.code, found.expected) == (Reject.PARENT_UNFIT, "at most 8 levels of units")


def test_a_bank_enters_no_boundary(land: Map) -> None:
    assert land.refused(boundary("A"), actor="B-1").code == LedgerReject.ROLE_MISSING
