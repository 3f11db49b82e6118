"""Packages of raster jobs: one ZIP with a job and every file that it names, and nothing else.

The job is the member ``job.json``; rasters and zones stand at the paths that it names, which lead
nowhere but into the package. A package is read as a stranger's: its directory is bounded before it
is parsed, names are compared with the job's, rasters are GeoTIFF and no file that leads to others,
and what is unpacked stays within what the directory says and a limit. None of it needs rasterio.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from gep.document import FILE_BYTES_MAX, read_document
from gep.raster.job import Job
from gep.raster.job_file import read_job
from kernel.errors import DomainError, Kind

JOB_NAME = "job.json"
JOB_BYTES_MAX = 4 << 20
ZONES_BYTES_MAX = FILE_BYTES_MAX
UNPACKED_BYTES_MAX = 8 << 30
DIRECTORY_BYTES_MAX = 4 << 20
COPY_BYTES = 1 << 20
PATH_BYTES_MAX = 200
DEPTH_MAX = 8
# TIFF and BigTIFF of both byte orders. A raster of another format may name other files.
GEOTIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
MAGIC_BYTES = 4
_SEGMENT = re.compile(r"[^\x00-\x1f\x7f/\\:\ud800-\udfff]+\Z")
_ENCRYPTED = 0x1 | 0x40
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError)


class PackageRefused(DomainError):
    """A package that must not be unpacked, or that is not what its job names."""

    code = "gep.package_refused"
    kind = Kind.MALFORMED

    def __init__(self, *, code: str, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{field}: expected {expected}, found {found}",
            code=f"gep.{code}",
            field=field,
            expected=expected,
            data={"found": found},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What a package holds: the job, and its files by their paths with the bytes of each."""

    id: str
    year: int
    files: Mapping[str, int]


def check_package(path: Path, *, unpacked_max: int = UNPACKED_BYTES_MAX) -> Package:
    """See that a package is whole as far as its directory and its job tell.

    Raises:
        PackageRefused: no ZIP, a name or kind of member that is not allowed, a member that lacks
            or that nobody reads, a raster that is no GeoTIFF, more bytes than the limit.
        DomainError: the job is refused as `read_job` refuses it.
    """
    with _opened(path) as archive:
        return _checked(archive, unpacked_max=unpacked_max)


def unpack(
    path: Path,
    folder: Path,
    *,
    unpacked_max: int = UNPACKED_BYTES_MAX,
    check: Callable[[], None] = lambda: None,
) -> Package:
    """Unpack a package into an empty folder; ``check`` is called for every MiB.

    Raises:
        PackageRefused: as `check_package`, or bytes that are not what their checksum says.
        DomainError: the job is refused as `read_job` refuses it.
        OSError: the folder cannot be written.
    """
    with _opened(path) as archive:
        found = _checked(archive, unpacked_max=unpacked_max)
        for name in (JOB_NAME, *found.files):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file, _member(archive, name) as member:
                for piece in _pieces(member, name):
                    check()
                    file.write(piece)
    return found


def packaged_job(folder: Path) -> Job:
    """Return the job of an unpacked package.

    Raises:
        DomainError: it is refused as `read_job` refuses it.
    """
    return read_job((folder / JOB_NAME).read_bytes(), folder)


def named_paths(text: bytes) -> dict[str, str]:
    """Return the paths that a job names, each with where; `read_job` has read the job before.

    Raises:
        PackageRefused: one leads out of the package, or stands for two kinds of files.
    """
    found = read_document(text).members()
    places = [found["zones"]]
    for each in found["rasters"].members().values():
        places += [part for name, part in each.members().items() if name == "path"]
    named: dict[str, str] = {}
    for place in places:
        name = place.text()
        field = place.path.removeprefix("document.")
        _refuse_path(name, field=field)
        if name == JOB_NAME or named.get(name, field).partition(".")[0] != field.partition(".")[0]:
            raise _refused("package_member_doubled", field, "a file of its own", found=name)
        named.setdefault(name, field)
    for name, field in named.items():
        if any(each.startswith(f"{name}/") for each in named):
            raise _refused("package_member_doubled", field, "no folder of others", found=name)
    return named


class _Bounded(io.BufferedReader):
    """A file that hands over no more at once than a directory may have.

    A ZIP's reader asks for the whole directory in one piece, as long as the file says that it is.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = DIRECTORY_BYTES_MAX
        if size > DIRECTORY_BYTES_MAX:
            raise _refused(
                "package_too_large",
                "package",
                f"a directory of at most {DIRECTORY_BYTES_MAX} bytes",
                found=str(size),
            )
        return super().read(size)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with _Bounded(io.FileIO(path)) as file:
        try:
            archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise _refused("package_unreadable", "package", "a ZIP", found=str(error)) from error
        with archive:
            yield archive


def _checked(archive: zipfile.ZipFile, *, unpacked_max: int) -> Package:
    members: dict[str, zipfile.ZipInfo] = {}
    for each in archive.infolist():
        _refuse_kind(each)
        if each.filename in members:
            raise _refused("package_member_doubled", each.filename, "each name once", found="twice")
        members[each.filename] = each
    _refuse_size("package", sum(each.file_size for each in members.values()), unpacked_max)
    if JOB_NAME not in members:
        raise _refused("package_member_missing", JOB_NAME, "the job", found="none")
    _refuse_size(JOB_NAME, members[JOB_NAME].file_size, JOB_BYTES_MAX)
    with _member(archive, JOB_NAME) as file:
        text = b"".join(_pieces(file, JOB_NAME))
    job = read_job(text, Path())
    named = named_paths(text)
    for name in sorted(named):
        if name not in members:
            raise _refused(
                "package_member_missing", name, "a file that the job names", found="none"
            )
    _refuse_unread(members, named)
    for name, field in sorted(named.items()):
        if field == "zones":
            _refuse_size(name, members[name].file_size, ZONES_BYTES_MAX)
            continue
        with _member(archive, name) as file:
            _refuse_format(field, next(_pieces(file, name), b""))
    return Package(
        id=job.id,
        year=job.year,
        files={name: members[name].file_size for name in sorted(named)},
    )


def _refuse_kind(member: zipfile.ZipInfo) -> None:
    """Refuse what no file of a job is, whatever its name."""
    name = member.filename
    # The reader cuts a name at its first NUL: what else was there is no name at all.
    _refuse_path(member.orig_filename.removesuffix("/"), field=name)
    if member.flag_bits & _ENCRYPTED:
        raise _refused("package_encrypted", name, "no encryption", found="encrypted")
    if member.compress_type not in _METHODS:
        method = f"method {member.compress_type}"
        raise _refused("package_compression_unfit", name, "stored or deflated", found=method)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        found = "a link" if kind == stat.S_IFLNK else "a device"
        raise _refused("package_member_unfit", name, "a file", found=found)


def _refuse_path(name: str, *, field: str) -> None:
    parts = name.split("/")
    fit = (
        len(parts) <= DEPTH_MAX
        and all(_SEGMENT.match(part) and part not in {".", ".."} for part in parts)
        and len(name.encode()) <= PATH_BYTES_MAX
    )
    if not fit:
        expected = "a path within the package, such as maps/rain.tif"
        raise _refused("package_path_unfit", field[:PATH_BYTES_MAX], expected, found=name)


def _refuse_unread(members: Mapping[str, zipfile.ZipInfo], named: Mapping[str, str]) -> None:
    for name in members:
        folder = name.endswith("/") and any(each.startswith(name) for each in named)
        if name not in {JOB_NAME, *named} and not folder:
            raise _refused("package_member_unread", name, "files that the job names", found=name)


def _refuse_size(field: str, size: int, most: int) -> None:
    if size > most:
        raise _refused("package_too_large", field, f"at most {most} bytes", found=str(size))


def _refuse_format(field: str, begin: bytes) -> None:
    if not begin.startswith(GEOTIFF):
        found = begin[:MAGIC_BYTES].hex(" ") or "nothing"
        raise _refused("package_member_unfit", field, "a GeoTIFF", found=found)


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    try:
        file = archive.open(name)
    except _BROKEN as error:
        raise _corrupt(name, error) from error
    with file:
        yield file


def _pieces(member: IO[bytes], name: str) -> Iterator[bytes]:
    """Yield what a member holds, which its reader ends where the directory says that it ends."""
    while True:
        try:
            piece = member.read(COPY_BYTES)
        except _BROKEN as error:
            raise _corrupt(name, error) from error
        if not piece:
            return
        yield piece


def _corrupt(name: str, error: Exception) -> PackageRefused:
    return _refused("package_corrupt", name, "bytes that fit their checksum", found=str(error))


def _refused(code: str, field: str, expected: str, *, found: Any) -> PackageRefused:
    return PackageRefused(code=code, field=field, expected=expected, found=str(found)[:500])
