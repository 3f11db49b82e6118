"""A report as a PDF: A4, numbered pages, repeated heads, links, bookmarks, always the same bytes.

It is set twice, for only then is it known on which page a section begins and how many there are.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
)

from gep.reporting.blocks import (
    Block,
    Command,
    Picture,
    Points,
    Report,
    Section,
    Style,
    Table,
    Tiles,
)
from gep.reporting.blocks import Paragraph as Words
from gep.reporting.pdf_drawing import Drawn, colour
from gep.reporting.pdf_fonts import LATIN, Faces, faces_of
from gep.reporting.pdf_tables import NOTE, TEXT, Setting, grid, tiles_grid
from gep.reporting.shapes import Ink

MARGIN, FOOT = 15 * mm, 19 * mm
WIDTH = A4[0] - 2 * MARGIN
TITLE = ParagraphStyle("title", parent=TEXT, fontSize=17, leading=23, spaceAfter=3)
SUBTITLE = ParagraphStyle("subtitle", parent=TEXT, textColor=colour(Ink.INK_2), spaceAfter=4)
HEADING = ParagraphStyle(
    "heading", parent=TEXT, fontSize=12, leading=17, spaceBefore=14, spaceAfter=6
)
CAPTION = ParagraphStyle(
    "caption", parent=TEXT, fontSize=8.6, leading=12, spaceBefore=7, spaceAfter=3
)
POINT = ParagraphStyle(
    "point", parent=TEXT, leftIndent=10, bulletIndent=2, bulletFontName=LATIN, spaceAfter=2
)
COMMAND = ParagraphStyle(
    "command",
    parent=TEXT,
    backColor=colour(Ink.SUNKEN),
    borderPadding=(3, 5, 3, 5),
    spaceBefore=4,
    spaceAfter=7,
    leftIndent=5,
    rightIndent=5,
)
HEADING_ROOM, CAPTION_ROOM, ROWS_ROOM = 38.0, 24.0, 54.0
LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}


def pdf_of(report: Report, *, font: Path | None = None) -> bytes:
    """Return the file; a Chinese font that is given is embedded.

    Raises:
        Malformed: the font cannot be read, or has no TrueType outlines.
    """
    faces = faces_of(font)
    first = _Pages(report, faces, pages=0, places={})
    first.set()
    return _Pages(report, faces, pages=first.page, places=first.places).set()


class _Heading(Paragraph):  # type: ignore[misc]  # the library has no types
    """A section's heading, which is bookmarked."""

    def __init__(self, section: Section, markup: str) -> None:
        super().__init__(markup, HEADING)
        self.section = section


class _Pages(BaseDocTemplate):  # type: ignore[misc]  # the library has no types
    """One setting of the pages; ``places`` are the sections' pages of the setting before."""

    def __init__(
        self, report: Report, faces: Faces, *, pages: int, places: Mapping[str, int]
    ) -> None:
        self._target = io.BytesIO()
        super().__init__(
            self._target,
            pagesize=A4,
            title=report.title,
            subject=report.subtitle,
            author=report.hash,
            lang=LANGUAGE_TAGS[report.language],
            invariant=1,
        )
        frame = Frame(
            MARGIN,
            FOOT,
            WIDTH,
            A4[1] - FOOT - MARGIN,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        foot = partial(_foot, report=report, faces=faces, pages=pages)
        self.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=foot)])
        self._report, self._faces, self._before = report, faces, places
        self._setting = Setting(faces, width=WIDTH, language=report.language)
        self.places: dict[str, int] = {}

    def set(self) -> bytes:
        """Set all pages, and return the file."""
        self.build(self._story())
        return self._target.getvalue()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  the library's name
        """Bookmark a section where it begins."""
        if isinstance(flowable, _Heading):
            section = flowable.section
            self.places[section.anchor] = self.page
            self.canv.bookmarkPage(section.anchor)
            self.canv.addOutlineEntry(section.title, section.anchor, level=0)

    def _story(self) -> list[Flowable]:
        report, setting = self._report, self._setting
        story: list[Flowable] = [
            Paragraph(self._faces.markup(report.title, is_strong=True), TITLE),
            setting.text(report.subtitle, SUBTITLE),
            setting.paragraph(report.status, TEXT),
            Spacer(1, 6),
            self._contents(),
        ]
        for number, section in enumerate(report.sections, 1):
            story += self._section(section, number)
        return story

    def _contents(self) -> Flowable:
        """Return the sections with their pages, in one paragraph: there are few."""
        parts = [
            f'<a href="#{each.anchor}">{self._faces.markup(f"{number} {each.title}")}</a>'
            f" {self._faces.markup(str(self._before.get(each.anchor, 0)))}"
            for number, each in enumerate(self._report.sections, 1)
        ]
        title = self._faces.markup(self._report.contents_title, is_strong=True)
        return Paragraph(f"{title} &nbsp; " + " &nbsp;·&nbsp; ".join(parts), SUBTITLE)

    def _section(self, section: Section, number: int) -> Iterable[Flowable]:
        title = self._faces.markup(f"{number}  {section.title}", is_strong=True)
        yield CondPageBreak(HEADING_ROOM + _room(section.blocks[0]))
        yield _Heading(section, title)
        for block in section.blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Sequence[Flowable]:
        setting = self._setting
        match block:
            case Tiles():
                return [tiles_grid(setting, block), Spacer(1, 5)]
            case Table():
                head = Paragraph(self._faces.markup(block.caption, is_strong=True), CAPTION)
                note = [setting.paragraph(block.note, NOTE)] if block.note else []
                room = CondPageBreak(_room(block))
                return [room, head, grid(setting, block), Spacer(1, 4), *note]
            case Words():
                is_note = all(each.style is Style.NOTE for each in block.words)
                return [setting.paragraph(block.words, NOTE if is_note else TEXT)]
            case Points():
                return [
                    setting.paragraph(words, POINT, anchor=anchor, bullet="•")
                    for anchor, words in block.items
                ]
            case Command():
                return [setting.text(block.text, COMMAND)]
            case Picture():
                caption = Paragraph(self._faces.markup(block.caption, is_strong=True), CAPTION)
                drawn = Drawn(block.drawing, self._faces, width=WIDTH)
                return [CondPageBreak(_room(block)), caption, drawn, Spacer(1, 6)]


def _room(block: Block) -> float:
    """Return what must be free below a heading for it to stand there: a picture, a few rows."""
    if isinstance(block, Picture):
        return CAPTION_ROOM + float(block.drawing.height * WIDTH / block.drawing.width)
    return CAPTION_ROOM + ROWS_ROOM if isinstance(block, Table | Tiles) else ROWS_ROOM


def _foot(canvas: Canvas, pages_set: Any, *, report: Report, faces: Faces, pages: int) -> None:
    """Write the foot of a page: the account's hash, and which page of how many it is."""
    words = report.page_words.format(page=pages_set.page, pages=pages)
    canvas.saveState()
    canvas.setFillColor(colour(Ink.INK_3))
    canvas.setStrokeColor(colour(Ink.LINE_STRONG))
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, 14 * mm, A4[0] - MARGIN, 14 * mm)
    _line(canvas, faces, x=MARGIN, text=f"SHA-256 {report.hash}")
    _line(canvas, faces, x=A4[0] - MARGIN - faces.width(words, 6.6), text=words)
    canvas.restoreState()


def _line(canvas: Canvas, faces: Faces, *, x: float, text: str) -> None:
    for face, run in faces.runs(text):
        canvas.setFont(face, 6.6)
        canvas.drawString(x, 10.5 * mm, run)
        x += canvas.stringWidth(run, face, 6.6)
