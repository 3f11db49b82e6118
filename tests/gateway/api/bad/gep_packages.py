"""What is refused of packages of rasters, and of the job that reads them."""

import zipfile
from collections.abc import Callable
from typing import Any

from gateway.api.catalogue.gep_rasters import MESSAGES
from gep.raster.package import JOB_NAME
from tests.gateway.api.bad.requests import Bad
from tests.gep.raster.packages import (
    claiming,
    doubled,
    encrypted,
    link,
    long_directory,
    package,
    packed_by,
)

CONTENT_TYPE = (("Content-Type", "application/zip"),)


def _bad(name: str, code: str, field: str | None, make: Callable[[], bytes] = package) -> Bad:
    return Bad(
        name=name,
        status=422,
        code=f"gep.{code}",
        path="/gep/raster-packages",
        headers=CONTENT_TYPE,
        raw=make(),
        actor="V-1",
        field=field,
    )


def _ask(name: str, status: int, code: str, *, actor: str, field: str, **parameters: Any) -> Bad:
    body = {"kind": "gep_raster", "parameters": {"upload": "5d" * 32} | parameters}
    return Bad(
        name=name, status=status, code=code, path="/jobs", body=body, actor=actor, field=field
    )


PACKAGES: tuple[Bad, ...] = (
    _bad("a_package_that_is_no_zip", "package_unreadable", "package", lambda: b"II*\0"),
    _bad("a_package_cut_off", "package_unreadable", "package", lambda: package()[:-30]),
    _bad("a_package_with_a_long_directory", "package_unreadable", "package", long_directory),
    _bad(
        "a_bomb_of_a_package",
        "package_too_large",
        "zones.geojson",
        lambda: claiming("zones.geojson", 0xF0000000),
    ),
    _bad(
        "a_package_that_leads_out",
        "package_path_unfit",
        "../cover.tif",
        lambda: package(("../cover.tif", b"II*\0")),
    ),
    _bad(
        "a_package_from_the_root",
        "package_path_unfit",
        "/etc/cover.tif",
        lambda: package(("/etc/cover.tif", b"II*\0")),
    ),
    _bad(
        "a_job_that_leads_out",
        "package_path_unfit",
        "zones",
        lambda: package(zones="../zones.geojson"),
    ),
    _bad("an_encrypted_package", "package_encrypted", JOB_NAME, encrypted),
    _bad(
        "a_package_by_a_rare_method",
        "package_compression_unfit",
        "maps/cover.tif",
        lambda: package((packed_by(zipfile.ZIP_BZIP2), b"II*\0"), without="maps/cover.tif"),
    ),
    _bad("a_package_with_a_name_twice", "package_member_doubled", "zones.geojson", doubled),
    _bad(
        "a_package_without_a_job",
        "package_member_missing",
        JOB_NAME,
        lambda: package(without=JOB_NAME),
    ),
    _bad(
        "a_package_without_its_cover",
        "package_member_missing",
        "maps/cover.tif",
        lambda: package(without="maps/cover.tif"),
    ),
    _bad(
        "a_package_with_more_than_its_job_names",
        "package_member_unread",
        "notes.txt",
        lambda: package(("notes.txt", b"hello")),
    ),
    _bad(
        "a_package_with_a_link",
        "package_member_unfit",
        "maps/cover.tif",
        lambda: package((link("maps/cover.tif"), b"/etc/passwd"), without="maps/cover.tif"),
    ),
    _bad(
        "a_raster_that_leads_to_others",
        "package_member_unfit",
        "rasters.cover.path",
        lambda: package(("maps/cover.tif", b"<VRTDataset/>"), without="maps/cover.tif"),
    ),
    _bad(
        "a_packaged_job_that_lacks_a_raster",
        "raster_missing",
        "document.rasters",
        lambda: package(services=["R1"]),
    ),
    _bad(
        "a_packaged_job_whose_grid_is_an_address",
        "projection_unknown",
        "document.grid.crs",
        lambda: package(grid={"crs": "http://127.0.0.1/grid", "cell_m": 30}),
    ),
    Bad(
        name="a_package_of_a_trader",
        status=403,
        code="gep.analyst_required",
        path="/gep/raster-packages",
        headers=CONTENT_TYPE,
        raw=package(),
        field="authorization",
    ),
    _ask(
        "a_raster_job_of_a_trader",
        403,
        "gep.analyst_required",
        actor="E01-1",
        field="authorization",
    ),
    _ask(
        "a_raster_job_upon_nothing",
        404,
        "gep.package_unknown",
        actor="V-1",
        field="parameters.upload",
    ),
)
OF_RUNS = frozenset(MESSAGES) - {bad.code for bad in PACKAGES}
