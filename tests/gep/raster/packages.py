"""Packages of rasters for tests, made by hand: whole ones, and each broken in one way."""

import io
import json
import stat
import zipfile
from typing import Any

from gep.raster.package import JOB_NAME

JOB: dict[str, Any] = {
    "id": "county",
    "year": 2026,
    "parameters": "reference-0.1",
    "rasters": {"cover": {"path": "maps/cover.tif"}, "npp": {"value": 5}},
    "classes": [{"code": 1, "name": "forest"}],
    "zones": "zones.geojson",
    "services": ["R8"],
}
FILES: dict[str, bytes] = {
    JOB_NAME: json.dumps(JOB).encode(),
    "maps/cover.tif": b"II*\0 and so on",
    "zones.geojson": b"{}",
}
Member = tuple[str | zipfile.ZipInfo, bytes]


def package(*more: Member, without: str = "", **job: Any) -> bytes:
    """Return a package whose job is changed, without a member, with members of its own."""
    files = FILES | {JOB_NAME: json.dumps(JOB | job).encode()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        kept = [(name, content) for name, content in files.items() if name != without]
        for name, content in [*kept, *more]:
            archive.writestr(name, content)
    return buffer.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def packed_by(method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("maps/cover.tif")
    entry.compress_type = method
    return entry


def encrypted() -> bytes:
    """Return a package whose directory says that its first member is encrypted."""
    found = bytearray(package())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found[found.index(signature) + offset] |= 1
    return bytes(found)


def doubled() -> bytes:
    """Return a package with two members of one name, made by hand of two of one length."""
    return package(("zones.geojsoN", b"{}")).replace(b"zones.geojsoN", b"zones.geojson")


def claiming(name: str, size: int) -> bytes:
    """Return a package whose directory says that a member unpacks to so many bytes."""
    found = bytearray(package())
    at = found.rindex(name.encode()) - 46
    found[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(found)


def long_directory() -> bytes:
    """Return a package that says of its directory that it has 2 GiB."""
    found = bytearray(package())
    at = found.rindex(b"PK\x05\x06")
    found[at + 12 : at + 16] = (2 << 30).to_bytes(4, "little")
    return bytes(found)
