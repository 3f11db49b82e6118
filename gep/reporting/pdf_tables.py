"""Tables and words of a PDF: cells as paragraphs, links and anchors within, heads repeated."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import LongTable, Paragraph, TableStyle, paragraph
from reportlab.platypus import Table as PlainTable

from gep.reporting.blocks import Kind, Row, Span, Style, Table, Tile, Tiles, Words, text_of
from gep.reporting.pdf_drawing import colour
from gep.reporting.pdf_fonts import Faces
from gep.reporting.shapes import HAN_FROM, LIGHT, Ink
from gep.reporting.words import Language

TEXT = ParagraphStyle(
    "text",
    fontName="Vera",
    fontSize=8.2,
    leading=12.4,
    textColor=colour(Ink.INK),
    spaceAfter=3,
    splitLongWords=1,
)
NOTE = ParagraphStyle("note", parent=TEXT, fontSize=7, leading=10)
CELL = ParagraphStyle("cell", parent=TEXT, fontSize=6.7, leading=9.2, spaceAfter=0)
NUMBER = ParagraphStyle("number", parent=CELL, alignment=TA_RIGHT)
HEAD_STYLE = ParagraphStyle("head", parent=CELL, fontSize=6.4, textColor=colour(Ink.INK_2))
HEAD_NUMBER = ParagraphStyle("head-number", parent=HEAD_STYLE, alignment=TA_RIGHT)
TILE_SMALL = ParagraphStyle("tile", parent=TEXT, fontSize=7, leading=10, spaceAfter=0)
TILE_FIGURE = ParagraphStyle("tile-figure", parent=TEXT, fontSize=13, leading=18, spaceAfter=0)
KEPT_WITH_SUM = 2
_INKS = {Style.NOTE: Ink.INK_3, Style.CODE: Ink.INK_2, Style.FLAG: Ink.WARN}
# The library's list of what no line begins with lacks the punctuation of mainland China.
NO_LINE_BEGINS_WITH = "，；：！？》】”’％"
paragraph.ALL_CANNOT_START += "".join(
    each for each in NO_LINE_BEGINS_WITH if each not in paragraph.ALL_CANNOT_START
)
_BASE: list[tuple[Any, ...]] = [
    ("FONTSIZE", (0, 0), (-1, -1), 6.7),
    ("LEADING", (0, 0), (-1, -1), 9.2),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("TOPPADDING", (0, 0), (-1, -1), 1.8),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("LINEABOVE", (0, 0), (-1, 0), 1.0, colour(Ink.INK)),
    ("LINEBELOW", (0, 0), (-1, 0), 0.6, colour(Ink.LINE_STRONG)),
    ("LINEBELOW", (0, 1), (-1, -2), 0.3, colour(Ink.LINE)),
    ("LINEBELOW", (0, -1), (-1, -1), 1.0, colour(Ink.INK)),
]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all words of a file are set with."""

    faces: Faces
    width: float
    language: Language

    def text(self, text: str, style: ParagraphStyle) -> Paragraph:
        """Return a plain text."""
        return Paragraph(self.faces.markup(text), _wrapping(style, text))

    def paragraph(
        self,
        words: Words,
        style: ParagraphStyle,
        *,
        anchor: str = "",
        bullet: str = "",
        across: float | None = None,
    ) -> Paragraph:
        """Return words with their styles, links and anchor; ``across`` is a width of their own."""
        place = f'<a name="{anchor}"/>' if anchor else ""
        marked = place + "".join(self._span(each) for each in words)
        wrapping = _wrapping(style, text_of(words))
        if across is not None:
            return _Across(marked, wrapping, width=across)
        return Paragraph(marked, wrapping, bulletText=bullet or None)

    def _span(self, span: Span) -> str:
        marked = self.faces.markup(span.text, is_strong=span.style is Style.STRONG)
        is_flag = span.style is Style.FLAG
        ink = Ink.ACCENT if span.link and not is_flag else _INKS.get(span.style)
        if ink is not None and marked:
            marked = f'<font color="{LIGHT[ink]}">{marked}</font>'
        return f'<a href="#{span.link}">{marked}</a>' if span.link and marked else marked


class _Across(Paragraph):  # type: ignore[misc]  # the library has no types
    """Words of a cell that goes over all columns: the library measures them in the first."""

    def __init__(self, marked: str, style: ParagraphStyle, *, width: float) -> None:
        super().__init__(marked, style)
        self._across = width

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        """Return the room of the first column, and the height that all of them take."""
        return room, super().wrap(self._across, height)[1]


def grid(setting: Setting, table: Table) -> LongTable:
    """Return a table as wide as the page."""
    whole = sum(each.width for each in table.columns)
    widths = [setting.width * each.width / whole for each in table.columns]
    heads = [
        setting.paragraph((Span(text=each.title),), HEAD_NUMBER if each.is_number else HEAD_STYLE)
        for each in table.columns
    ]
    rows = [_cells(setting, each, table) for each in table.rows]
    styles = [*_BASE, *(each for n, row in enumerate(table.rows, 1) for each in _kind(row, n))]
    # The sum is not left alone at the top of a page.
    styles.append(("NOSPLIT", (0, max(1, len(rows) - KEPT_WITH_SUM)), (-1, -1)))
    return LongTable([heads, *rows], colWidths=widths, repeatRows=1, style=TableStyle(styles))


def tiles_grid(setting: Setting, tiles: Tiles) -> PlainTable:
    """Return key figures side by side."""
    columns = tiles.columns
    cells: list[Any] = [_tile(setting, each) for each in tiles.tiles]
    if tiles.is_first_wide:
        cells.insert(1, "")
    cells += [""] * (-len(cells) % columns)
    rows = [cells[n : n + columns] for n in range(0, len(cells), columns)]
    style = [
        ("BOX", (0, 0), (-1, -1), 0.5, colour(Ink.LINE_STRONG)),
        ("INNERGRID", (0, 0), (-1, -1), 0.4, colour(Ink.LINE)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    if tiles.is_first_wide:
        style.append(("SPAN", (0, 0), (1, 0)))
    widths = [setting.width / columns] * columns
    return PlainTable(rows, colWidths=widths, style=TableStyle(style))


def _tile(setting: Setting, tile: Tile) -> list[Paragraph]:
    marked = setting.faces.markup(tile.figure, is_strong=True)
    linked = f'<a href="#{tile.link}">{marked}</a>' if tile.link else marked
    return [
        setting.paragraph((Span(text=tile.named(setting.language)),), TILE_SMALL),
        Paragraph(linked, TILE_FIGURE),
        setting.paragraph((Span(text=tile.context, style=Style.NOTE),), TILE_SMALL),
    ]


def _cells(setting: Setting, row: Row, table: Table) -> list[Any]:
    if row.kind in {Kind.GROUP, Kind.NOTE}:
        words = row.cells[0]
        if row.kind is Kind.GROUP:
            words = tuple(Span(text=each.text, style=Style.STRONG) for each in words)
        across = setting.paragraph(words, CELL, anchor=row.anchor, across=setting.width - 6)
        return [across, *[""] * (len(table.columns) - 1)]
    is_total = row.kind is Kind.TOTAL
    return [
        setting.paragraph(
            tuple(_strong(words)) if is_total else words,
            NUMBER if column.is_number else CELL,
            anchor=row.anchor if number == 0 else "",
        )
        for number, (words, column) in enumerate(zip(row.cells, table.columns, strict=True))
    ]


def _strong(words: Words) -> Iterator[Span]:
    for each in words:
        is_plain = each.style is Style.PLAIN
        yield Span(text=each.text, style=Style.STRONG if is_plain else each.style, link=each.link)


def _kind(row: Row, number: int) -> Iterator[tuple[Any, ...]]:
    """Yield what a row of its kind looks like."""
    start, end = (0, number), (-1, number)
    match row.kind:
        case Kind.GROUP:
            yield "SPAN", start, end
            yield "BACKGROUND", start, end, colour(Ink.SUNKEN)
            yield "NOSPLIT", start, (-1, number + 1)
        case Kind.NOTE:
            yield "SPAN", start, end
        case Kind.SUBTOTAL:
            yield "LINEABOVE", start, end, 0.6, colour(Ink.LINE_STRONG)
        case Kind.TOTAL:
            yield "LINEABOVE", start, end, 1.0, colour(Ink.INK)
        case Kind.PLAIN:
            return


def _wrapping(style: ParagraphStyle, text: str) -> ParagraphStyle:
    """Return a style whose lines break between Han characters, where a text has any."""
    if not any(each >= HAN_FROM for each in text):
        return style
    return ParagraphStyle(f"{style.name}-han", parent=style, wordWrap="CJK")
