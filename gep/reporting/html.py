"""A report as one HTML file: no script, nothing from elsewhere, every text escaped.

The policy that forbids all else stands in the page itself, so that it holds on a disk too; a server
sends the same as a header, with what only a header can say.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from html import escape

from gep.reporting.blocks import (
    Block,
    Command,
    Kind,
    Paragraph,
    Picture,
    Points,
    Report,
    Row,
    Section,
    Span,
    Style,
    Table,
    Tile,
    Tiles,
    Words,
    seen,
)
from gep.reporting.figures import MINUS
from gep.reporting.sheet import SHEET
from gep.reporting.svg import svg_of
from gep.reporting.words import Language, word

_SHEET_HASH = b64encode(sha256(SHEET.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_SHEET_HASH}'; base-uri 'none'; form-action 'none'"
)
LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}


def html_of(report: Report) -> bytes:
    """Return the page."""
    sections = "\n".join(
        _section(each, number, report.language) for number, each in enumerate(report.sections, 1)
    )
    account = word("account", report.language)
    page = f"""<!doctype html>
<html lang="{LANGUAGE_TAGS[report.language]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(report.title)}</title>
<style>{SHEET}</style>
</head>
<body>
<a class="skip" href="#{report.sections[0].anchor}">{_text(report.sections[0].title)}</a>
<main class="sheet">
<header>
<h1>{_text(report.title)}</h1>
<p class="subtitle">{_text(report.subtitle)}</p>
<p class="status"><span class="badge">{_words(report.status)}</span>
<span class="note">{_text(account)} <a href="#check"><code>{report.hash}</code></a></span></p>
{_contents(report)}
</header>
{sections}
<footer>{_text(report.title)} · {_text(account)} {report.hash}</footer>
</main>
</body>
</html>
"""
    return page.encode()


def _contents(report: Report) -> str:
    items = "".join(
        f'<li>{number} <a href="#{each.anchor}">{_text(each.title)}</a></li>'
        for number, each in enumerate(report.sections, 1)
    )
    title = _text(report.contents_title)
    return f'<nav aria-label="{title}"><h2>{title}</h2><ol>{items}</ol></nav>'


def _section(section: Section, number: int, language: Language) -> str:
    blocks = "\n".join(_block(each, language) for each in section.blocks)
    title = f'<span class="number">{number}</span>{_text(section.title)}'
    head = f'<h2 id="{section.anchor}">{title}</h2>'
    return f'<section aria-labelledby="{section.anchor}">\n{head}\n{blocks}\n</section>'


def _block(block: Block, language: Language) -> str:
    match block:
        case Tiles():
            return _tiles(block, language)
        case Table():
            return _table(block)
        case Paragraph():
            return f"<p>{_words(block.words)}</p>"
        case Points():
            items = "".join(
                f"<li{_id(anchor)}>{_words(words)}</li>" for anchor, words in block.items
            )
            return f"<ul>{items}</ul>"
        case Command():
            return f"<pre><code>{_text(block.text)}</code></pre>"
        case Picture():
            caption = f"<figcaption>{_text(block.caption)}</figcaption>"
            return f"<figure>{caption}{svg_of(block.drawing)}</figure>"


def _tiles(tiles: Tiles, language: Language) -> str:
    wide = " wide" if tiles.is_first_wide else ""
    inside = "".join(_tile(each, language) for each in tiles.tiles)
    return f'<div class="tiles of-{tiles.columns}{wide}">{inside}</div>'


def _tile(tile: Tile, language: Language) -> str:
    figure = _span(Span(text=tile.figure, link=tile.link, exact=tile.exact))
    return (
        f'<div class="tile"><div class="label">{_text(tile.named(language))}</div>'
        f'<div class="figure">{figure}</div>'
        f'<div class="context">{_text(tile.context)}</div></div>'
    )


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_numeric(each.is_number)}>{_text(each.title)}</th>'
        for each in table.columns
    )
    bodies = "".join(_bodies(table))
    note = f"<p>{_words(table.note)}</p>" if table.note else ""
    caption = _text(table.caption)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">'
        f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>"
        f"{bodies}</table></div>{note}"
    )


def _bodies(table: Table) -> Iterator[str]:
    """Yield the rows, a body for each group of them."""
    yield "<tbody>"
    for number, row in enumerate(table.rows):
        if number and row.kind in {Kind.GROUP, Kind.TOTAL}:
            yield "</tbody><tbody>"
        yield _row(row, table)
    yield "</tbody>"


def _row(row: Row, table: Table) -> str:
    kind = "" if row.kind is Kind.PLAIN else f' class="{row.kind}"'
    width = len(table.columns)
    if row.kind is Kind.GROUP:
        cells = f'<th colspan="{width}" scope="rowgroup">{_words(row.cells[0])}</th>'
    elif row.kind is Kind.NOTE:
        cells = f'<td colspan="{width}">{_words(row.cells[0])}</td>'
    else:
        cells = "".join(_cells(row, table))
    return f"<tr{_id(row.anchor)}{kind}>{cells}</tr>"


def _cells(row: Row, table: Table) -> Iterator[str]:
    for number, (words, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        is_name = number == table.naming
        name, scope = ("th", ' scope="row"') if is_name else ("td", "")
        yield f"<{name}{scope}{_numeric(column.is_number)}>{_words(words)}</{name}>"


def _words(words: Words) -> str:
    return "".join(_span(each) for each in words)


_SET: dict[Style, Callable[[str], str]] = {
    Style.PLAIN: str,
    Style.STRONG: lambda text: f'<span class="strong">{text}</span>',
    Style.CODE: lambda text: f"<code>{text}</code>",
    Style.NOTE: lambda text: f'<span class="note">{text}</span>',
    Style.FLAG: lambda text: f'<span class="flag">{text}</span>',
}


def _span(span: Span) -> str:
    if not span.text:
        return ""
    text = _text(span.text)
    if span.exact and span.exact != span.text:
        exact = _text(span.exact)
        value = exact.replace(",", "").replace(MINUS, "-")
        text = f'<data value="{value}" title="{exact}">{text}</data>'
    if span.link:
        text = f'<a href="#{escape(span.link)}">{text}</a>'
    return _SET[span.style](text)


def _id(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""


def _numeric(is_number: bool) -> str:  # noqa: FBT001  the column's own word
    return ' class="n"' if is_number else ""


def _text(text: str) -> str:
    return escape(seen(text))
