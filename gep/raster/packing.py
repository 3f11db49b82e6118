"""A job and every file that it names, written into one package: the same files, the same bytes.

Members are stored as they are, for rasters are compressed already, in the order of their names and
under one day.
"""

import os
import stat
import zipfile
from pathlib import Path

from gep.errors import Malformed
from gep.raster.job_file import read_job
from gep.raster.package import (
    COPY_BYTES,
    JOB_BYTES_MAX,
    JOB_NAME,
    Package,
    PackageRefused,
    check_package,
    named_paths,
)

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a ZIP knows
UNIX = 3
MODE = 0o644


def write_package(job: Path, target: Path) -> Package:
    """Write a package, which is then checked as its receiver does.

    Raises:
        PackageRefused: a file lacks, or may not be in a package.
        DomainError: the job is refused as `read_job` refuses it.
        OSError: the package cannot be written; what stood there before still stands.
    """
    text = _content(job)
    read_job(text, job.parent)
    names = named_paths(text)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(draft, "x", zipfile.ZIP_STORED) as archive:
            archive.writestr(_entry(JOB_NAME), text)
            for name in sorted(names):
                _add(archive, name, job.parent / name)
        found = check_package(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return found


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    if not path.is_file():
        raise PackageRefused(
            code="package_member_missing",
            field=name,
            expected="a file that the job names",
            found="a folder" if path.is_dir() else "none",
        )
    entry = _entry(name)
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(entry, "w") as target:
        while piece := source.read(COPY_BYTES):
            target.write(piece)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = UNIX  # wherever the package is made
    entry.external_attr = (stat.S_IFREG | MODE) << 16
    return entry


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(JOB_BYTES_MAX + 1)
    except OSError as error:
        raise Malformed(
            code="file_unreadable",
            field=str(path),
            expected="a file that can be read",
            found=str(error.strerror),
        ) from error
