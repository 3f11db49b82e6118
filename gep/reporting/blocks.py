"""What a report is made of, before anybody draws it: sections of tables, tiles, words, pictures.

Words are already in the language of the report. A place that can be pointed at has an ``anchor``;
a ``link`` names one. Renderers escape all texts, and refuse nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from gep.reporting.shapes import Drawing
from gep.reporting.words import Language


class Style(StrEnum):
    """How words are set."""

    PLAIN = "plain"
    STRONG = "strong"
    CODE = "code"
    NOTE = "note"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of one style; ``exact`` is the unrounded figure behind a shown one."""

    text: str
    style: Style = Style.PLAIN
    link: str = ""
    exact: str = ""


Words: TypeAlias = tuple[Span, ...]


class Kind(StrEnum):
    """What a row is among the others."""

    PLAIN = "plain"
    GROUP = "group"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its head, its share of the width, and whether figures stand in it."""

    title: str
    width: float
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of cells; a group or a note has one cell, over all columns."""

    cells: tuple[Words, ...]
    kind: Kind = Kind.PLAIN
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; its head is repeated on every page, and the cells of one column name the rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Words = ()
    naming: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A key figure: what it is, the figure, its unit, and a line of context."""

    label: str
    figure: str
    unit: str
    context: str
    link: str = ""
    exact: str = ""

    def named(self, language: Language) -> str:
        """Return what the figure is, with its unit."""
        between = "，" if language == "zh" else ", "
        return between.join(each for each in (self.label, self.unit) if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """Key figures side by side, the first of them the greatest."""

    tiles: tuple[Tile, ...]

    @property
    def columns(self) -> int:
        """How many stand in a row, so that no row is left with a gap if it can be helped."""
        count = len(self.tiles)
        if (count + 1) % 4 == 0 or (count + 1) % 3 != 0 == count % 4:
            return 4
        return 3

    @property
    def is_first_wide(self) -> bool:
        """Whether the first takes the room of two, for the rows to be full."""
        return (len(self.tiles) + 1) % self.columns == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A list of points, each of which may be pointed at."""

    items: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a reader types to check it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing and the sentence below it."""

    drawing: Drawing
    caption: str


Block: TypeAlias = Table | Tiles | Paragraph | Points | Command | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section with its heading."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole report; ``hash`` is the account's, and stands on every page."""

    language: Language
    title: str
    subtitle: str
    status: Words
    hash: str
    contents_title: str
    page_words: str
    sections: tuple[Section, ...] = field(default=())


def plain(text: str) -> Words:
    """Return text as plain words."""
    return (Span(text=text),)


def text_of(words: Words) -> str:
    """Return words without their styles."""
    return "".join(each.text for each in words)


def joined(parts: Iterable[Words], between: str) -> Words:
    """Return words one after the other."""
    return tuple(_between(parts, between))


def _between(parts: Iterable[Words], between: str) -> Iterator[Span]:
    for number, part in enumerate(parts):
        if number:
            yield Span(text=between)
        yield from part


_UNSEEN = dict.fromkeys((*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0)), "\ufffd")
_UNSEEN |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF), "\ufffd")


def seen(text: str) -> str:
    """Return text without what is not seen: control characters, and those that turn its order."""
    return text.translate(_UNSEEN)
