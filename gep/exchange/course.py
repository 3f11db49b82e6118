"""What the ledger says of an account: who did what in which entry, and what it stands beside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gep.document import Place

ACT_FIELDS = "act by entry log decision note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One step of an account, and the entry that holds it, where its receipt is had.

    ``log`` is the origin that the entry's log signs with; None where it was not published yet.
    """

    act: str
    by: str | None
    entry: str
    log: str | None = None
    decision: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where an account of a venue stands, and its steps; ``plan`` is the hash of its plan."""

    status: str
    plan: str
    supersedes: str | None
    superseded_by: str | None
    acts: tuple[Act, ...]

    def document(self) -> dict[str, Any]:
        """Return the course as plain values."""
        return {
            "status": self.status,
            "plan": self.plan,
            "supersedes": self.supersedes,
            "superseded_by": self.superseded_by,
            "acts": [
                {name: getattr(each, name) for name in ACT_FIELDS.split()} for each in self.acts
            ],
        }


def course_of(shown: Mapping[str, Any], *, logs: Mapping[str, str]) -> Course:
    """Return the course of an account as the API shows it; ``logs`` are the entries' origins."""
    return Course(
        status=shown["account_status"],
        plan=shown["plan"],
        supersedes=shown["supersedes"],
        superseded_by=shown["superseded_by"],
        acts=tuple(replace(each, log=logs.get(each.entry)) for each in _acts(shown)),
    )


def entries_of(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the entries of an account's steps."""
    return tuple(each.entry for each in _acts(shown))


def course_at(place: Place) -> Course:
    """Read a course.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = place.fields("status plan acts", "supersedes superseded_by")
    return Course(
        status=found["status"].text(),
        plan=found["plan"].text(),
        supersedes=_text(found.get("supersedes")),
        superseded_by=_text(found.get("superseded_by")),
        acts=tuple(_act(each) for each in found["acts"].items()),
    )


def _acts(shown: Mapping[str, Any]) -> Iterator[Act]:
    yield Act(act="drafted", by=shown["drafted_by"], entry=shown["entry"])
    if shown["reviewed_in"] is not None:
        yield Act(
            act="returned" if shown["account_status"] == "returned" else "reviewed",
            by=shown["reviewed_by"],
            entry=shown["reviewed_in"],
            note=shown["note"],
        )
    if shown["approved_in"] is not None:
        yield Act(
            act="approved",
            by=shown["approved_by"],
            entry=shown["approved_in"],
            decision=shown["decision"],
        )
    if shown["published_in"] is not None:
        yield Act(act="published", by=None, entry=shown["published_in"])


def _act(place: Place) -> Act:
    found = place.fields("act entry", "by log decision note")
    return Act(
        act=found["act"].text(),
        entry=found["entry"].text(),
        by=_text(found.get("by")),
        log=_text(found.get("log")),
        decision=_text(found.get("decision")),
        note=_text(found.get("note")),
    )


def _text(place: Place | None) -> str | None:
    return None if place is None else place.text()
