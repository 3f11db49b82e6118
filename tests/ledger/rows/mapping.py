"""Units of a prefecture, told to a scribe: a county whose boundary changes."""

from datetime import date

from gep.space import commands as s
from tests.gep.space.squares import outline_text
from tests.ledger.rows.scribe import Scribe

PREFECTURE, COUNTY = "9901", "990101"
FIRST, LATER = date(2020, 1, 1).toordinal(), date(2024, 1, 1).toordinal()


def tell_units(scribe: Scribe) -> None:
    """Enter a prefecture, and two versions of one county in it."""
    land = (
        (PREFECTURE, "", FIRST, outline_text(120.0, 29.0, 2.0, 1.0)),
        (COUNTY, PREFECTURE, FIRST, outline_text(120.0, 29.0, 0.4, 0.35)),
        (COUNTY, PREFECTURE, LATER, outline_text(120.0, 29.0, 0.4, 0.36)),
    )
    for area, parent, day, geometry in land:
        scribe.must(
            s.SetGepBoundary(
                area=area,
                name=f"单元{area}",
                unit_kind=s.UnitKind.REGION,
                parent=parent,
                valid_from=day,
                geometry=geometry,
            ),
            actor="R-1",
        )
