"""What reports have of a venue: where an account stands, from what the service shows of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from gep.reporting.subject import Deed, Stage, Standing, Step


def standing_of(shown: Mapping[str, Any]) -> Standing:
    """Return where an account stands, and who brought it there in which entries."""
    return Standing(
        stage=Stage(shown["account_status"]),
        steps=tuple(_steps(shown)),
        supersedes=shown["supersedes"] or "",
        superseded_by=shown["superseded_by"] or "",
    )


def _steps(shown: Mapping[str, Any]) -> Iterator[Step]:
    yield Step(deed=Deed.DRAFTED, by=shown["drafted_by"], entry=shown["entry"])
    for deed, note in ((Deed.REVIEWED, "note"), (Deed.APPROVED, "decision")):
        if shown[f"{deed}_in"] is not None:
            yield Step(
                deed=deed,
                by=shown[f"{deed}_by"] or "",
                entry=shown[f"{deed}_in"],
                note=shown[note] or "",
            )
    if shown["published_in"] is not None:
        yield Step(deed=Deed.PUBLISHED, by="", entry=shown["published_in"])
