"""Why a raster job is refused: the raster, unit or class at fault, and what was expected."""

from typing import Any

from kernel.errors import DomainError, Kind

INSTALL = ".venv/bin/pip install 'rasterio>=1.4'"


class RasterRefused(DomainError):
    """A job must not be computed from these rasters as they stand."""

    code = "gep.raster_refused"
    kind = Kind.MALFORMED

    def __init__(self, *, code: str, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{field}: expected {expected}, found {found}",
            code=f"gep.{code}",
            field=field,
            expected=expected,
            data={"found": found},
        )
        self._facts = (code, field, expected, found)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._facts


def _again(code: str, field: str, expected: str, found: str) -> RasterRefused:  # noqa: PLR0917
    """Make a refusal again that came from another process."""
    return RasterRefused(code=code, field=field, expected=expected, found=found)


class LibraryMissing(DomainError):
    """The library that reads rasters is not installed; the message says how to have it."""

    code = "gep.raster_library_missing"
    kind = Kind.UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            f"rasterio is not installed; {INSTALL}", field="rasterio", expected=INSTALL
        )


class WorkerLost(DomainError):
    """A process ended that computed tiles, mostly for want of memory; what it had done is kept."""

    code = "gep.raster_worker_lost"
    kind = Kind.UNAVAILABLE

    def __init__(self) -> None:
        expected = "fewer processes or smaller tiles; done tiles are kept and the job goes on"
        super().__init__(
            f"a process ended before its tile was done; {expected}",
            field="processes",
            expected=expected,
        )
