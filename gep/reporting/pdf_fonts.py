"""The faces of a PDF: Latin and figures always embedded, Chinese embedded where a font is given.

Vera comes with the library and may be embedded. For Chinese a TrueType file can be given, whose
glyphs in use are then embedded. Without one, STSong-Light is named, the standard face of PDF
readers for simplified Chinese: they show it with the Chinese font they have, and a reader without
any leaves those words blank, but no figure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from gep.errors import Malformed
from gep.reporting.blocks import seen
from gep.reporting.shapes import HAN_FROM

LATIN, LATIN_FILE = "Vera", "Vera.ttf"
STRONG, STRONG_FILE = "VeraBd", "VeraBd.ttf"
CHINESE = "STSong-Light"
MISSING = "\u25a1"
LAST_NAMED = "\uffff"
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LOWERED_RUN = re.compile("[₀-₉]+")


@dataclass(frozen=True, slots=True)
class Faces:
    """The names of registered faces, and which characters they have."""

    latin: str
    strong: str
    han: str
    latin_has: frozenset[int]
    han_has: frozenset[int] | None

    def runs(self, text: str, *, is_strong: bool = False) -> Iterator[tuple[str, str]]:
        """Yield a line of text in runs of one face, the face first.

        Text with Chinese in it has no strong face, and half of it strong would be none the better.
        """
        is_strong = is_strong and not any(each >= HAN_FROM for each in text)
        face, run = "", ""
        for each in seen(text).translate(_LOWERED):
            character = each
            found = self._face(each, is_strong=is_strong)
            if not found:
                found, character = self.han, MISSING
            if found != face and run:
                yield face, run
                run = ""
            face, run = found, run + character
        if run:
            yield face, run

    def markup(self, text: str, *, is_strong: bool = False) -> str:
        """Return text as a paragraph's markup."""
        is_strong = is_strong and not any(each >= HAN_FROM for each in text)
        parts, last = [], 0
        for found in _LOWERED_RUN.finditer(text):
            parts.append(self._marked(text[last : found.start()], is_strong=is_strong))
            parts.append(f'<sub size="4.6" rise="1.2">{found[0].translate(_LOWERED)}</sub>')
            last = found.end()
        parts.append(self._marked(text[last:], is_strong=is_strong))
        return "".join(parts)

    def width(self, text: str, size: float, *, is_strong: bool = False) -> float:
        """Return how wide a line of text is."""
        return sum(
            float(pdfmetrics.stringWidth(run, face, size))
            for face, run in self.runs(text, is_strong=is_strong)
        )

    def _marked(self, text: str, *, is_strong: bool) -> str:
        return "".join(
            f'<font name="{face}">{escape(run)}</font>'
            for face, run in self.runs(text, is_strong=is_strong)
        ).replace("\n", "<br/>")

    def _face(self, character: str, *, is_strong: bool) -> str:
        """Return the face that has a character; none where no face has it."""
        if character == "\n" or ord(character) in self.latin_has:
            return self.strong if is_strong else self.latin
        if self.han_has is None:
            return self.han if character <= LAST_NAMED else ""
        return self.han if ord(character) in self.han_has else ""


def faces_of(font: Path | None) -> Faces:
    """Register the faces, once each, and return them.

    Raises:
        Malformed: the file is no TrueType font with TrueType outlines.
    """
    latin = _embedded(LATIN, LATIN_FILE)
    _embedded(STRONG, STRONG_FILE)
    if font is None:
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        han, han_has = CHINESE, None
    else:
        han, han_has = _given(font)
    return Faces(latin=LATIN, strong=STRONG, han=han, latin_has=latin, han_has=han_has)


@lru_cache(maxsize=8)
def _embedded(name: str, file: str) -> frozenset[int]:
    face = TTFont(name, file)
    pdfmetrics.registerFont(face)
    return frozenset(face.face.charToGlyph)


@lru_cache(maxsize=8)
def _given(font: Path) -> tuple[str, frozenset[int]]:
    try:
        name = f"Han-{sha256(font.read_bytes()).hexdigest()[:12]}"
        return name, _embedded(name, str(font))
    except (OSError, TTFError) as error:
        raise Malformed(
            code="font_unreadable",
            field=str(font),
            expected="a font file with TrueType outlines (.ttf, .ttc)",
            found=str(error),
        ) from error
