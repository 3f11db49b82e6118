"""A county of formulas for tests: its job as a document, changed and run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gep.raster.county import write_county
from gep.raster.job_file import read_job
from gep.raster.running import Outcome, run

Change = Callable[[dict[str, Any]], None]


def as_it_is(_job: dict[str, Any]) -> None:
    """Change nothing."""


class County:
    """A county in a folder."""

    def __init__(self, folder: Path, *, width: int, height: int) -> None:
        self.folder = folder
        self.path = write_county(folder, width=width, height=height)

    def document(self, change: Change = as_it_is) -> bytes:
        found = json.loads(self.path.read_bytes())
        change(found)
        return json.dumps(found).encode()

    def run(self, work: Path, change: Change = as_it_is, **how: Any) -> Outcome:
        return run(read_job(self.document(change), self.folder), work, **how)


def only(*services: str) -> Change:
    """Return a change to these services, without layers and account."""

    def change(job: dict[str, Any]) -> None:
        job["services"] = list(services)
        job["outputs"] = []
        job.pop("account", None)

    return change
