"""Packages of rasters handed in for the job ``gep_raster``, and which of them wait for one.

A package changes nothing of the record: it waits, under its SHA-256, at most three days. It is read
in pieces as it comes, and refused at the door if its directory or its job is not what it must be;
the same bytes again are the same package. Only the party that handed it in knows of it.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from gateway.api.bodies import check_media_type
from gateway.api.credit_facts import file_body
from gateway.api.door import HEAD, Door, StrictRoute
from gateway.api.jobs import desk_of
from gateway.api.problems import STATUS_OF_KIND, Problem
from gateway.caller import Caller
from gateway.work.packages import Kept, PackageStore, refuse_others
from gep.raster.package import Package, check_package
from kernel.canonical import utc_text
from kernel.errors import DomainError

PACKAGES_PATH = "/v1/gep/raster-packages"
ZIP = "application/zip"
UPLOADS_AT_ONCE = 2  # of one party; each may take as much of the disk as a package may
DryRun = Annotated[bool, Query(description="Say what is wrong with the package; keep nothing.")]


class PackageRoute(StrictRoute):
    """A route whose body is read in pieces by the route itself."""

    async def read(self, request: Request) -> Request:
        """Return the request unread."""
        check_media_type(request, expected=ZIP)
        return request


def add_packages(application: Any, door: Door) -> None:
    """Add the upload, and the list of what waits."""
    uploads = _Uploads()
    uploading = APIRouter(prefix="/v1", route_class=PackageRoute, redirect_slashes=False)

    @uploading.post(
        "/gep/raster-packages",
        status_code=201,
        tags=["gep"],
        openapi_extra=file_body(ZIP, {"type": "string", "format": "binary"}, "PK..."),
    )
    async def upload_raster_package(
        request: Request,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Hand in a ZIP of `job.json` and every file that it names for the job `gep_raster`."""
        caller = await door.caller(request)
        refuse_others(caller)
        with uploads.of(caller.party):
            return await _keep(door, request, caller, dry_run=dry_run)

    listing = APIRouter(prefix="/v1", route_class=StrictRoute, redirect_slashes=False)

    @listing.get("/gep/raster-packages", tags=["gep"])
    async def list_raster_packages(request: Request) -> dict[str, Any]:
        """List the packages of one's own party that are kept, the newest first."""
        caller = await door.caller(request)
        refuse_others(caller)
        async with desk_of(door).writing() as connection:
            found = await PackageStore(connection).all(caller.party)
        return {"packages": [_shown(each) for each in found]}

    application.router.routes.extend([*uploading.routes, *listing.routes])


class _Uploads:
    """How many packages of each party are on their way."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()

    @contextmanager
    def of(self, party: str) -> Iterator[None]:
        """Count one more.

        Raises:
            Problem: 503, the party has as many on their way as it may.
        """
        if self._running[party] >= UPLOADS_AT_ONCE:
            raise Problem(status=503, code="service.overloaded")
        self._running[party] += 1
        try:
            yield
        finally:
            self._running[party] -= 1


async def _keep(door: Door, request: Request, caller: Caller, *, dry_run: bool) -> JSONResponse:
    desk = desk_of(door)
    shelf = desk.packages
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit():
        shelf.refuse_size(int(length))
    async with shelf.receive(request.stream()) as received:
        try:
            package: Package = await asyncio.to_thread(
                check_package, received.draft, unpacked_max=shelf.limits.unpacked_max
            )
        except DomainError as error:
            raise _refused(error) from error
        body = {"upload": received.digest, "bytes": received.size, "job": package.id}
        if not dry_run:
            async with desk.writing() as connection:
                store = PackageStore(connection)
                kept = await store.keep(shelf, received, party=caller.party, job=package.id)
            body |= {"kept_until": utc_text(kept.until, digits=6)}
    shown = {"outcome": "dry_run" if dry_run else "kept", **body, "files": len(package.files)}
    headers = {HEAD: str(await door.reads.head())}
    return JSONResponse(shown, status_code=200 if dry_run else 201, headers=headers)


def _refused(error: DomainError) -> Problem:
    """Return what is refused of a package, with the place in it and what was found there."""
    return Problem(
        status=STATUS_OF_KIND[error.kind],
        code=error.code,
        field=error.field,
        expected=error.expected,
        found=error.data.get("found"),
    )


def _shown(kept: Kept) -> dict[str, Any]:
    return {
        "upload": kept.digest,
        "job": kept.job,
        "bytes": kept.size,
        "kept_until": utc_text(kept.until, digits=6),
    }
