"""A venue that was furnished and stopped: its rows, its files, and what a house knows of it.

To furnish one takes hundreds of requests, to go on from a copy of its rows as long as any restart.
"""

import json
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

RECORD = "furnished.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """Where the rows and files are that a new house begins with, by default rows alone."""

    database: str
    files: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    keys: int = 0

    def lay_out(self, folder: Path) -> None:
        """Copy the files to the folder of a house."""
        if self.files:
            shutil.copytree(self.files, folder, dirs_exist_ok=True)

    def keep(self, folder: Path, *, at: Path) -> None:
        """Keep this, with the files of a house, for every worker of the run."""
        files = at / "files"
        shutil.copytree(folder, files, ignore=shutil.ignore_patterns("w.sock*"))
        record = asdict(replace(self, files="files"))
        (at / RECORD).write_text(json.dumps(record), encoding="utf-8")


def read_furnished(at: Path) -> Furnished:
    """Read what was kept in this folder, which may have been renamed since."""
    found = Furnished(**json.loads((at / RECORD).read_text(encoding="utf-8")))
    return replace(found, files=str(at / found.files))
