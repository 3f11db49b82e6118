"""Step 2 of the year, in space: the three counties' boundaries, and what their accounts cross.

The outlines are made up; the counties lie side by side and have the square kilometres that their
accounts state, to a hundredth. The limits are the proposed ones. Xikou's fall of 5.91 % in two
years is 3.00 % a year, which does not cross 5 %; water alone is 70 % of every county, which crosses
60 %. So three warnings are raised; Xikou's has an owner and a deadline,
which has passed when the story ends.
"""

from importlib import resources
from typing import Any

from gateway.demonstration.cast import Cast, UnexpectedFigure
from gep.space.loading import PlannedUnit, overlaps, read_units

FILE = "counties.geojson"
YEAR = 2025
DUE = {("990101", "service_share"), ("990102", "service_share"), ("990103", "service_share")}
OWNED = "990103"
DEADLINE = "2026-11-30"


class GepUnits:
    """Brings the counties onto the map, and raises what is due."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    async def tell(self) -> None:
        """Enter the boundaries, raise the warnings, give one of them an owner.

        Raises:
            UnexpectedFigure: other warnings are due than the story's.
        """
        self._cast.tell("boundaries and warnings of the counties")
        for unit in county_units():
            await self._cast.post("R-1", "/gep/boundaries", unit.body(), key=f"unit-{unit.area}")
        listed = await self._cast.get("R-1", "/gep/warnings/due", year=str(YEAR))
        counties = {area for area, _ in DUE}
        due = [each for each in listed["due"] if each["area"] in counties]
        found = {(each["area"], each["rule"]) for each in due}
        if found != DUE:
            raise UnexpectedFigure(f"due: {sorted(found)}, expected {sorted(DUE)}")
        for each in due:
            await self._raise(each)

    async def _raise(self, found: dict[str, Any]) -> None:
        area = found["area"]
        body = {name: found[name] or "" for name in ("rule", "account", "base", "service")}
        await self._cast.post("R-1", "/gep/warnings", body, key=f"warning-{area}")
        if area == OWNED:
            owned = {
                "warning": found["warning"],
                "party": "M",
                "owner": "M-1",
                "deadline": DEADLINE,
            }
            await self._cast.post("R-1", "/gep/warnings/assignments", owned, key=f"owner-{area}")


def county_units() -> tuple[PlannedUnit, ...]:
    """Return the counties of the file.

    Raises:
        UnexpectedFigure: two of them overlap.
    """
    text = resources.files("gateway.demonstration").joinpath(FILE).read_bytes()
    units = read_units(text)
    common = list(overlaps(units))
    if common:
        raise UnexpectedFigure(f"{common[0].areas} overlap by {common[0].km2} km2")
    return units
