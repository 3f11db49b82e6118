"""Packages: the same files give the same bytes, and nothing strange is unpacked."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gep.raster.package import (
    DIRECTORY_BYTES_MAX,
    JOB_NAME,
    PackageRefused,
    check_package,
    packaged_job,
    unpack,
)
from gep.raster.packing import write_package
from kernel.errors import DomainError
from tests.gep.raster.packages import FILES, JOB, package


class Lost(Exception):
    """The step is another's."""


def laid_out(folder: Path, **job: Any) -> Path:
    """Lay the files of a job out, and return where the job lies."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    path = folder / "county.json"
    path.write_text(json.dumps(JOB | job), encoding="utf-8")
    (folder / "a note of nobody's").write_text("unread")
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def code_of(path: Path, act: Callable[..., object], *more: Any, **how: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act(path, *more, **how)
    return refused.value.code


def test_the_same_files_give_the_same_bytes_wherever_they_lie(tmp_path: Path) -> None:
    jobs = [laid_out(tmp_path / name) for name in ("here", "there")]

    packages = [write_package(job, job.parent / "out.zip") for job in jobs]

    assert packages[0] == packages[1]
    assert packages[0].files == {"maps/cover.tif": 14, "zones.geojson": 2}
    assert len({(job.parent / "out.zip").read_bytes() for job in jobs}) == 1


def test_what_was_packed_is_unpacked_and_is_the_same_job(tmp_path: Path) -> None:
    job = laid_out(tmp_path / "here")
    write_package(job, tmp_path / "out.zip")
    (tmp_path / "there").mkdir()

    found = unpack(tmp_path / "out.zip", tmp_path / "there")

    assert check_package(tmp_path / "out.zip") == found
    assert packaged_job(tmp_path / "there").content == packaged_job(tmp_path / "here").content
    held = {name: (tmp_path / "there" / name).read_bytes() for name in found.files}
    assert held == {name: FILES[name] for name in found.files}


def test_a_package_that_others_made_with_folders_and_compression_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("maps/", b"")
        for name, content in FILES.items():
            archive.writestr(name, content)
    (tmp_path / "there").mkdir()

    unpack(path, tmp_path / "there")

    assert (tmp_path / "there" / "maps" / "cover.tif").read_bytes() == FILES["maps/cover.tif"]


@pytest.mark.parametrize(
    ("changes", "without", "code"),
    [
        ({}, "maps/cover.tif", "gep.package_member_missing"),
        ({"zones": "maps"}, "", "gep.package_member_doubled"),
        ({"zones": "../zones.geojson"}, "", "gep.package_path_unfit"),
        ({"zones": "/zones.geojson"}, "", "gep.package_path_unfit"),
        ({"zones": "maps//zones.geojson"}, "", "gep.package_path_unfit"),
        ({"zones": "\ud800.geojson"}, "", "gep.not_utf8"),
        ({"zones": "\u4e91" * 70}, "", "gep.package_path_unfit"),
        ({"zones": "maps/cover.tif/zones"}, "", "gep.package_member_doubled"),
        ({"zones": JOB_NAME}, "", "gep.package_member_doubled"),
        ({"zones": "maps/cover.tif"}, "", "gep.package_member_doubled"),
        ({"rasters": {"cover": {"path": "zones.geojson"}}}, "", "gep.raster_missing"),
        ({"planet": "Mars"}, "", "gep.unknown_key"),
    ],
)
def test_a_job_that_cannot_be_packed_leaves_no_package(
    tmp_path: Path, changes: dict[str, Any], without: str, code: str
) -> None:
    job = laid_out(tmp_path / "here", **changes)
    if without:
        (job.parent / without).unlink()
    before = sorted(tmp_path.rglob("*"))

    assert code_of(job, write_package, tmp_path / "out.zip") == code
    assert sorted(tmp_path.rglob("*")) == before


def test_a_member_that_does_not_fit_its_checksum_is_found_when_it_is_unpacked(
    tmp_path: Path,
) -> None:
    long = b"II*\0" + bytes(2_000_000)
    whole = package(("maps/cover.tif", long + b"so on"), without="maps/cover.tif")
    path = written(tmp_path / "out.zip", whole.replace(b"so on", b"so no"))
    (tmp_path / "there").mkdir()

    assert check_package(path).id == "county"
    assert code_of(path, unpack, tmp_path / "there") == "gep.package_corrupt"


def test_no_more_is_unpacked_than_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content + b" " * 1_000_000)

    assert check_package(path, unpacked_max=4_000_000).id == "county"
    assert code_of(path, check_package, unpacked_max=3_000_000) == "gep.package_too_large"


def test_a_directory_is_not_read_beyond_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(DIRECTORY_BYTES_MAX // 200 + 1):
            archive.writestr(f"{number:0154}", b"")

    assert code_of(path, check_package) == "gep.package_too_large"


def test_unpacking_stops_where_the_step_is_lost(tmp_path: Path) -> None:
    def lost() -> None:
        raise Lost

    path = written(tmp_path / "out.zip", package())
    (tmp_path / "there").mkdir()

    with pytest.raises(Lost):
        unpack(path, tmp_path / "there", check=lost)


def test_a_refusal_says_what_was_expected_and_found(tmp_path: Path) -> None:
    path = written(tmp_path / "out.zip", package(("notes.txt", b"hello")))

    with pytest.raises(PackageRefused) as refused:
        check_package(path)

    told = refused.value
    assert (told.field, told.expected) == ("notes.txt", "files that the job names")
    assert told.data["found"] == "notes.txt"
