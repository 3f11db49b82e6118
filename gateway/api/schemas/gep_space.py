"""Operations on units: a boundary as GeoJSON text.

The door reads any Polygon or MultiPolygon in WGS 84, refuses what crosses itself, and sends on its
canonical text, which the machine judges again.
"""

from typing import Annotated, Literal

from pydantic import Field

from gateway.api.gep_space_examples import GEOMETRY
from gateway.api.problems import Problem
from gateway.api.schemas.base import Day, Identifier, Operation, Units, normal, ordinal
from gateway.api.schemas.gep import refused_at
from gep.errors import Malformed
from gep.space import commands
from gep.space.outline import outline_of
from gep.space.touching import refuse_not_simple
from gep.zones import read_geometry

Geometry = Annotated[
    str,
    Field(
        max_length=2 * commands.GEOMETRY_BYTES_MAX,
        description="A GeoJSON geometry in WGS 84, Polygon or MultiPolygon, as text.",
        examples=[GEOMETRY],
    ),
]
Parent = Annotated[
    str, Field(pattern=r"^([0-9A-Za-z_.:-]{1,64})?$", description="The unit that it belongs to.")
]
UnitName = Annotated[
    str, Field(min_length=1, max_length=commands.NAME_LENGTH_MAX, examples=["汐口县"])
]


class SetGepBoundary(Operation):
    """Enter the boundary that a unit has from a day on."""

    kind: Literal["gep_set_boundary"] = "gep_set_boundary"
    area: Identifier
    name: UnitName
    unit_kind: Annotated[commands.UnitKind, Field(strict=False)]
    parent: Parent = ""
    valid_from: Day
    geometry: Geometry

    def to_command(self, units: Units) -> commands.SetGepBoundary:
        """Return the command, with the geometry's canonical text."""
        del units
        return commands.SetGepBoundary(
            area=self.area,
            name=normal(self.name, field="name"),
            unit_kind=self.unit_kind,
            parent=self.parent,
            valid_from=ordinal(self.valid_from, field="valid_from"),
            geometry=_canonical(self.geometry),
        )


def _canonical(text: str) -> str:
    """Return a geometry's canonical text.

    Raises:
        Problem: 422, it is none that can be a boundary, with its place; 413, it is too large.
    """
    try:
        outline = outline_of(read_geometry(text.encode("utf-8", "surrogatepass")), field="document")
        found = outline.text
        if len(found) <= commands.GEOMETRY_BYTES_MAX:
            refuse_not_simple(outline, field="document")
    except Malformed as error:
        raise refused_at("geometry", error) from error
    if len(found) > commands.GEOMETRY_BYTES_MAX:
        raise Problem(
            status=413,
            code="gep.geometry_too_large",
            field="geometry",
            expected=f"at most {commands.GEOMETRY_BYTES_MAX} bytes: simplify it",
            found=str(len(found)),
        )
    return found


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/gep/boundaries", SetGepBoundary, "Enter a unit's boundary"),
)
