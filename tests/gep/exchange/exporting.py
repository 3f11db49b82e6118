"""Exports that tests look at: examples of the documentation, one with all that there can be."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from gep.accounts.account import Account
from gep.exchange.boundary import read_boundary
from gep.exchange.course import Act, Course
from gep.exchange.exporting import Form, export
from gep.exchange.tree import Export
from tests.gep.accounts.planning import example

# A square of which both rings run the wrong way, with a hole.
OUTER = [[119.1, 28.1], [119.1, 28.2], [119.2, 28.2], [119.2, 28.1], [119.1, 28.1]]
HOLE = [[119.12, 28.12], [119.14, 28.12], [119.14, 28.14], [119.12, 28.14], [119.12, 28.12]]
COURSE = Course(
    status="published",
    plan="7a" * 32,
    supersedes="0b" * 32,
    superseded_by=None,
    acts=(
        Act(act="drafted", by="V-1", entry="840", log="ledger.example/yunxi"),
        Act(
            act="reviewed", by="R-1", entry="841", log="ledger.example/yunxi", note="=sources seen"
        ),
        Act(act="approved", by="R-2", entry="843", decision="2026/17"),
        Act(act="published", by=None, entry="844"),
    ),
)


def boundaries(*names: str) -> bytes:
    """Return a file of squares by id."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": name, "name": f"place {name}"},
            "geometry": {"type": "Polygon", "coordinates": [OUTER, HOLE]},
        }
        for name in names
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def whole(account: Account) -> Export:
    """Return an account with its boundary and its course."""
    boundary = read_boundary(boundaries(account.area.id, "elsewhere"), account)
    return Export(account=account, course=COURSE, boundary=boundary)


def content(form: Form, name: str = "valley-2026", *, bom: bool = False) -> bytes:
    return export(whole(example(name)), form, bom=bom).content


def document(form: Form, name: str = "valley-2026") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content(form, name))
    return found


def files_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {each: opened.read(each) for each in opened.namelist()}


def tampered(form: Form, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return an export of JSON in which something was changed."""
    changed = document(form)
    change(changed)
    return json.dumps(changed, ensure_ascii=False).encode()
