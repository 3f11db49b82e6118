"""The evidence of a trade for reading: a PDF with the signed JSON attached.

Everything on the pages stands in the document; nothing is computed here. The footer of each page
has the document's SHA-256, so that a page that was exchanged shows. Figures and hashes are set in a
font that is embedded. Chinese is set in the standard CID font of PDF readers, which is named and
not embedded: a reader without any Chinese font leaves those words blank, and no figure.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from gateway.auditing.evidence_labels import Language, label
from gateway.auditing.evidence_reading import signed_bytes

CHINESE = "STSong-Light"
FONT, FONT_FILE = "Vera", "Vera.ttf"  # comes with the library, free to embed
_NOT_LATIN = re.compile(r"([^\x00-\xff\u2010-\u2027]+)")
ATTACHED = "evidence.json"
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
_TEXT = ParagraphStyle("text", fontName=FONT, fontSize=8, leading=12, wordWrap="CJK")
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=6.5, leading=9)
_LABEL = ParagraphStyle("label", parent=_SMALL, wordWrap=None)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontSize=17, leading=24)
_HEAD = ParagraphStyle(
    "head", parent=_TEXT, fontSize=11.5, leading=16, spaceBefore=9, spaceAfter=3, keepWithNext=1
)
_GRID = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.Color(0.75, 0.78, 0.8)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ]
)
_HEADED = TableStyle([("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.92, 0.95, 0.94))])


def evidence_pdf(signed: Mapping[str, Any], *, language: Language = "both") -> bytes:
    """Return the pages of signed evidence, with the signed file in them."""
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    pdfmetrics.registerFont(TTFont(FONT, FONT_FILE))
    document, signature = signed["document"], signed["signature"]
    target = io.BytesIO()
    pages = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=22 * mm,
        title=f"{label('evidence', 'en')} {document['trade']['trade']}",
        author=document["log"]["origin"],
        invariant=1,
    )
    story = list(_Pages(language).story(document, signature))
    attached = signed_bytes(dict(signed))
    canvas = partial(_Numbered, digest=signature["sha256"], attached=attached)
    pages.build(story, canvasmaker=canvas)
    return target.getvalue()


class _Pages:
    """Lays the parts of a document out, one below the other."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def story(self, document: Mapping[str, Any], signature: Mapping[str, str]) -> list[Flowable]:
        trade, log, made = document["trade"], document["log"], document["made"]
        return [
            Paragraph(f"{self._of('evidence')} {escape(trade['trade'])}", _TITLE),
            Paragraph(self._of("attached"), _TEXT),
            Spacer(1, 6),
            self._pairs([("made", f"{made['at']}  {made['by']}"), ("origin", log["origin"])]),
            *self._part("trade", self._trade(trade)),
            *self._part("buy_order", self._events(document["orders"]["buy"])),
            *self._part("sell_order", self._events(document["orders"]["sell"])),
            *self._part("book", self._pairs(list(document["book"].items()))),
            *self._part("four_eyes", self._rows(document["four_eyes"], _FOUR_EYES, _FOUR_WIDTHS)),
            *self._part("people", self._rows(document["people"], _PEOPLE, _PEOPLE_WIDTHS)),
            *self._part("rules", self._rows(document["rules"], _RULES, _RULES_WIDTHS)),
            *self._part("entries", self._rows(document["entries"], _ENTRIES, _ENTRIES_WIDTHS)),
            *self._part("log", self._pairs([(n, log[n]) for n in ("size", "root", "checkpoint")])),
            *self._part("keys", self._pairs([("keys", each) for each in log["keys"]])),
            *self._part("signature", self._signature(signature)),
        ]

    def _of(self, name: str) -> str:
        return _marked(label(name, self._language))

    def _part(self, name: str, content: Flowable) -> list[Flowable]:
        return [Paragraph(self._of(name), _HEAD), content]

    def _trade(self, trade: Mapping[str, Any]) -> Flowable:
        if "price" not in trade:
            return self._pairs(
                [("entry", trade["entry"]), ("terms", label("none", self._language))]
            )
        currency = trade["currency"]
        sides = [(side, self._side(trade[side], currency)) for side in ("buyer", "seller")]
        return self._pairs(
            [
                ("instrument", trade["instrument"]),
                ("quantity", f"{trade['quantity']} {trade['unit']}"),
                ("price", f"{trade['price']} {currency} / {trade['unit']}"),
                ("value", f"{trade['value']} {currency}"),
                ("at", trade["at"]),
                *sides,
                ("aggressor", label(trade["aggressor"], self._language)),
                ("entry", trade["entry"]),
            ]
        )

    def _side(self, side: Mapping[str, str], currency: str) -> str:
        account = f"{label('account', self._language)} {side['account']}"
        fee = f"{label('fee', self._language)} {side['fee']} {currency}"
        return f"{side['party']}; {account}; {fee}"

    def _events(self, order: Mapping[str, Any]) -> Flowable:
        rows = [{"order": order["order"], **event} for event in order["events"]]
        return self._rows(rows, _EVENTS, _EVENTS_WIDTHS)

    def _signature(self, signature: Mapping[str, str]) -> Flowable:
        return self._pairs(
            [
                ("document_hash", signature["sha256"]),
                ("signature", signature["signature"]),
                ("evidence_key", signature["public_key"]),
            ]
        )

    def _pairs(self, pairs: Sequence[tuple[str, Any]]) -> Flowable:
        rows = [
            [Paragraph(self._of(name), _TEXT), Paragraph(self._words(value), _TEXT)]
            for name, value in pairs
        ]
        return Table(rows, colWidths=[0.26 * WIDTH, 0.74 * WIDTH], style=_GRID)

    def _rows(
        self, rows: Iterable[Mapping[str, Any]], names: Sequence[str], widths: Sequence[float]
    ) -> Flowable:
        cells = [[self._cell(name, row[name]) for name in names] for row in rows]
        if not cells:
            return Paragraph(self._of("none"), _TEXT)
        head = [Paragraph(self._of(name), _LABEL) for name in names]
        table = Table(
            [head, *cells],
            colWidths=[each * WIDTH for each in widths],
            style=_GRID,
            repeatRows=1,
        )
        table.setStyle(_HEADED)
        return table

    def _cell(self, name: str, value: Any) -> Paragraph:
        is_word = name in {"event", "kind", "postings_state"}
        return Paragraph(self._of(value) if is_word else self._words(value), _SMALL)

    def _words(self, value: Any) -> str:
        """Return a value as a reader sees it; members by name, texts as they are."""
        if isinstance(value, Mapping):
            named = ((name, each) for name, each in value.items() if name not in _SILENT)
            return "; ".join(f"{self._member(name)}: {self._words(each)}" for name, each in named)
        if isinstance(value, list):
            return ", ".join(self._words(each) for each in value)
        if value is None or value == "":
            return "-"
        if isinstance(value, bool):
            return "true" if value else "false"
        return _marked(str(value))

    def _member(self, name: str) -> str:
        """Return the name of a member: as the document has it, in Chinese pages in Chinese."""
        return self._of(name) if self._language == "zh" else _marked(name)


_EVENTS = ("entry", "at", "event", "actor", "machine", "terms")
_EVENTS_WIDTHS = (0.1, 0.23, 0.15, 0.11, 0.1, 0.31)
_FOUR_EYES = ("entry", "proposal", "status", "maker", "checker")
_FOUR_WIDTHS = (0.2, 0.2, 0.2, 0.2, 0.2)
_PEOPLE = ("entry", "kind", "terms")
_PEOPLE_WIDTHS = (0.1, 0.15, 0.75)
_RULES = ("entry", "at", "kind", "terms")
_RULES_WIDTHS = (0.1, 0.23, 0.17, 0.5)
_ENTRIES = ("index", "postings_state", "leaf_hash")
_ENTRIES_WIDTHS = (0.12, 0.18, 0.7)
_SILENT = frozenset({"effect"})


def _marked(text: str) -> str:
    """Return text as markup, what is not Latin in the Chinese font."""
    marked = _NOT_LATIN.sub(rf'<font name="{CHINESE}">\1</font>', escape(text))
    return marked.replace("\n", "<br/>")


class _Numbered(Canvas):  # type: ignore[misc]  # the library has no types
    """Pages with their number of how many, and the document's digest."""

    def __init__(self, *given: Any, digest: str, attached: bytes, **more: Any) -> None:
        super().__init__(*given, **more)
        self._digest = digest
        self._attached = attached
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  the library's name
        """Keep a page until it is known how many there are."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages with their footers, and attach the signed file."""
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self._footer(f"{number} / {len(self._kept)}")
            super().showPage()
        _attach(self, self._attached)
        super().save()

    def _footer(self, words: str) -> None:
        self.setFont(FONT, 6.5)
        self.drawString(MARGIN, 12 * mm, f"SHA-256 {self._digest}")
        self.drawRightString(A4[0] - MARGIN, 12 * mm, words)


def _attach(canvas: Canvas, content: bytes) -> None:
    """Put a file into the document (PDF 32000-1, 7.11.4: embedded file streams)."""
    inside = canvas._doc  # noqa: SLF001  the library has no other way in
    stream = pdfdoc.PDFStream(content=content)
    stream.dictionary.dict["Type"] = pdfdoc.PDFName("EmbeddedFile")
    stream.dictionary.dict["Subtype"] = pdfdoc.PDFName("application#2Fjson")
    held = inside.Reference(stream, "evidenceStream")
    name = pdfdoc.PDFString(ATTACHED)
    described = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": name,
            "UF": name,
            "EF": pdfdoc.PDFDictionary({"F": held}),
        }
    )
    listed = pdfdoc.PDFArray([name, inside.Reference(described, "evidenceFile")])
    files = pdfdoc.PDFDictionary({"Names": listed})
    inside.Catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": files})
