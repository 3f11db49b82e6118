"""Reports to test on, and a reader of their pages: tables, links, words."""

import json
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

from gateway.settings import CHECKOUT
from gep.accounts.account import Account
from gep.accounts.making import make_account
from gep.accounts.reading import read_plan
from gep.reporting.gathering import of_plan
from gep.reporting.html import html_of
from gep.reporting.reporting import report_of
from gep.reporting.subject import Deed, Stage, Standing, Step, Subject
from gep.reporting.words import Language
from gep.zones import Zone, read_zones

EXAMPLES = CHECKOUT / "docs" / "gep"
STEPS = (
    Step(deed=Deed.DRAFTED, by="V-1", entry="1284"),
    Step(deed=Deed.REVIEWED, by="R-1", entry="1290", note="checked"),
    Step(deed=Deed.APPROVED, by="R-2", entry="1301", note="2026/17"),
    Step(deed=Deed.PUBLISHED, by="", entry="1302"),
)
PUBLISHED = Standing(stage=Stage.PUBLISHED, steps=STEPS, agrees=True)


def example(name: str) -> Account:
    return of_example(name).account


@cache
def of_example(name: str) -> Subject:
    return of_plan(read_plan((EXAMPLES / f"{name}.json").read_bytes()))


def valley(**changes: Any) -> Subject:
    """The valley of 2026 with all that a report can have, but a map."""
    base = example("valley-2025")
    whole = replace(of_example("valley-2026"), base=base, series=[base], standing=PUBLISHED)
    return replace(whole, **changes)


def square(name: str, east: float, north: float, *, side: float = 0.1, title: str = "") -> Any:
    """Return a feature: a square of degrees."""
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    ring = [[east + x, north + y] for x, y in corners]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    properties = {"id": name, "name": title or name}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def units(*features: Any) -> tuple[Zone, ...]:
    document = {"type": "FeatureCollection", "features": list(features)}
    return read_zones(json.dumps(document).encode())


def townships(**tonnes: str) -> Account:
    """An account with a line of carbon at each place, and one of the whole area."""
    price = {"value": "50", "unit": "yuan/t_CO2", "source": "exchange"}
    inputs: dict[str, Any] = {
        f"c@{name}": {"value": value, "unit": "t_CO2", "source": "inventory"}
        for name, value in tonnes.items()
    }
    lines = [
        {"id": f"c@{name}", "service": "R8", "place": name, "quantity": f"c@{name}", "price": "p"}
        for name in tonnes
    ]
    inputs |= {"p": price, "rest": {"value": "100", "unit": "t_CO2", "source": "inventory"}}
    lines.append({"id": "rest", "service": "R8", "quantity": "rest", "price": "p"})
    document = {
        "id": "county-2025",
        "area": {"id": "990101", "name": "云溪县", "km2": "400"},
        "year": 2025,
        "edition": "DB33/T 2274-2020",
        "parameters": "zhejiang-0.1",
        "inputs": inputs,
        "lines": lines,
    }
    return make_account(read_plan(json.dumps(document).encode()))


@dataclass
class Grid:
    """A table as a page has it."""

    caption: str = ""
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        """Return the one row that has a cell of this text."""
        [found] = [row for row in self.rows if name in row]
        return found


class Page(HTMLParser):
    """What a browser would make of a page: tables, ids, links, all text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tables: list[Grid] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._cell: str | None = None
        self._is_caption = False
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag == "a":
            self.links.append(found["href"] or "")
        if tag == "table":
            self.tables.append(Grid())
        if tag == "tr":
            self.tables[-1].rows.append([])
        self._cell = "" if tag in {"td", "th"} else self._cell
        self._is_caption = tag == "caption"

    def handle_endtag(self, tag: str) -> None:
        self.text += "\n" if tag in {"td", "th", "p", "li", "h2", "pre"} else ""
        if tag in {"td", "th"} and self._cell is not None:
            self.tables[-1].rows[-1].append(self._cell.strip())
            self._cell = None
        if tag == "thead":
            self.tables[-1].heads = self.tables[-1].rows.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._is_caption:
            self.tables[-1].caption = data
            self._is_caption = False
        if self._cell is not None:
            self._cell += data


def page_of(subject: Subject, language: Language = "en") -> Page:
    return Page(html_of(report_of(subject, language)))
