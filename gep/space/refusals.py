"""Why a command about units is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of boundaries, by descending precedence."""

    GEOMETRY_TOO_LARGE = "gep.geometry_too_large"
    BOUNDARY_UNFIT = "gep.boundary_unfit"
    PARENT_UNKNOWN = "gep.parent_unknown"
    PARENT_UNFIT = "gep.parent_unfit"
    BOUNDARY_EARLIER = "gep.boundary_earlier"
    BOUNDARY_UNCHANGED = "gep.boundary_unchanged"
