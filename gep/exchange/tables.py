"""The tables that an account is written in, and each row's cells as texts.

A table has a column ``position``, its order; whoever sorts it in a spreadsheet loses nothing. What
is null is an empty cell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

Cell: TypeAlias = str | None
Row: TypeAlias = dict[str, Cell]
POSITION = "position"


class Kind(StrEnum):
    """What a column holds, as CSVW names it."""

    TEXT = "string"
    DECIMAL = "decimal"
    INTEGER = "integer"
    YEAR = "gYear"
    TRUTH = "boolean"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key: columns here, the table and columns there."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: columns by name, keys, and what it says."""

    name: str
    title: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...] = (POSITION,)
    references: tuple[Reference, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"


_LETTERS = {
    "t": Kind.TEXT,
    "d": Kind.DECIMAL,
    "i": Kind.INTEGER,
    "y": Kind.YEAR,
    "b": Kind.TRUTH,
    "j": Kind.JSON,
}


def _columns(words: str) -> Mapping[str, Kind]:
    """Read ``name`` or ``name:d``: a column, and the letter of its kind where it is no text."""
    found = {POSITION: Kind.INTEGER}
    for word in words.split():
        name, _, letter = word.partition(":")
        found[name] = _LETTERS[letter or "t"]
    return MappingProxyType(found)


_TO_UNIT = Reference(columns=("unit",), table="units", to=("unit",))
TABLES: tuple[Table, ...] = (
    Table(
        name="area",
        title="the account: area, edition, parameter set, status",
        columns=_columns(
            "form account_hash title_zh title_en id area_id area_name area_km2:d area_kind"
            " area_population:i area_gdp_yuan:d area_geometry_hash year:y price_year:y edition"
            " edition_hash product_zh profile parameter_set parameter_set_hash"
            " parameter_set_unchecked:i"
            " price_basis land_cover_product land_cover_resolution_m:d"
            " status plan supersedes superseded_by"
        ),
    ),
    Table(
        name="lines",
        title="each line: a quantity by a price, or a value that is given",
        columns=_columns(
            "id service group name place worth method quantity:d unit price_yuan:d price_basis"
            " value_yuan:d counted:b"
        ),
        key=("id",),
        references=(
            Reference(columns=("service",), table="services", to=("code",)),
            _TO_UNIT,
        ),
    ),
    Table(
        name="used",
        title="each figure that a line was made of, with its source",
        columns=_columns("line number:i name value:d unit source mark overridden:b"),
        key=("line", "number"),
        references=(Reference(columns=("line",), table="lines", to=("id",)), _TO_UNIT),
    ),
    Table(
        name="parameters",
        title="the rows of the parameter set in use",
        columns=_columns(
            "name value:d unit source mark overridden:b unchecked:b price_year:y price_basis"
            " row_value:d row_low:d row_high:d row_source row_mark"
        ),
        key=("name",),
        references=(_TO_UNIT,),
    ),
    Table(
        name="overrides",
        title="values that stand in for rows of the parameter set, by whom and why",
        columns=_columns("key dims:j value:d unit author reason source"),
        references=(_TO_UNIT,),
    ),
    Table(
        name="sums",
        title="subtotals, totals and indices",
        columns=_columns("of name value:d"),
        key=("of", "name"),
    ),
    Table(
        name="warnings",
        title="what a reader must know before relying on the account",
        columns=_columns("code place figure:d"),
    ),
    Table(
        name="stocks",
        title="stocks of natural resources: opening and closing",
        columns=_columns("resource unit opening:d closing:d source"),
        key=("resource",),
        references=(_TO_UNIT,),
    ),
    Table(
        name="stock_changes",
        title="what was added to a stock and taken from it, by cause",
        columns=_columns("resource change cause quantity:d"),
        key=("resource", "change", "cause"),
        references=(Reference(columns=("resource",), table="stocks", to=("resource",)),),
    ),
    Table(
        name="services",
        title="the services of the lines, and their nearest in SEEA EA",
        columns=_columns("code label_zh label_en in_group seea seea_mark counted_yuan:d"),
        key=("code",),
    ),
    Table(name="units", title="units as UCUM codes", columns=_columns("unit ucum"), key=("unit",)),
    Table(name="notices", title="notices", columns=_columns("code zh en"), key=("code",)),
    Table(
        name="acts",
        title="who did what in which entry of the log",
        columns=_columns("act by entry:i log decision note"),
    ),
    Table(
        name="boundaries",
        title="the boundary of the area, and those of zones, as GeoJSON geometries",
        columns=_columns("kind id name geometry:j"),
        key=("kind", "id"),
    ),
    Table(
        name="seals",
        title="a few digits of a hash for every cell of a row, in the order of the columns' names",
        columns=_columns("row seal"),
        key=("row",),
    ),
)
BY_NAME: Mapping[str, Table] = MappingProxyType({each.name: each for each in TABLES})


def cell_text(value: Any) -> Cell:
    """Return a value of a tree as a cell's text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)


def numbered(rows: Iterator[Mapping[str, Any]]) -> list[Row]:
    """Return rows with their positions, from 1."""
    return [
        {POSITION: str(number), **{name: cell_text(each) for name, each in row.items()}}
        for number, row in enumerate(rows, start=1)
    ]
