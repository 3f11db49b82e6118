"""Where a document stands on its course."""

from enum import StrEnum


class Status(StrEnum):
    """Where a document stands (核算状态)."""

    DRAFT = "draft"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


# Those after which the same document may be drafted again.
GIVEN_UP = frozenset({Status.RETURNED.value, Status.WITHDRAWN.value})
