"""Files of packages: what no row wants goes, and nothing that is on its way."""

import os
from pathlib import Path

from gateway.work.packages import PackageLimits, PackageShelf


def test_files_that_no_row_wants_go_after_a_while(tmp_path: Path) -> None:
    shelf = PackageShelf(tmp_path, PackageLimits())
    shelf.remove_all_but(())
    for name, hours in (("wanted.zip", 99), ("old.zip", 2), ("new.zip", 0), (".draft", 2)):
        path = tmp_path / name
        path.write_bytes(b"")
        at = path.stat().st_mtime - 3_600 * hours
        os.utime(path, (at, at))

    shelf.remove_all_but({"wanted"})

    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".draft", "new.zip", "wanted.zip"]
