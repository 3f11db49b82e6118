"""Recorded files and tasks as the API shows them: decimal strings, dates and instants."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from gateway.api.reads import quantity
from gateway.api.schemas.base import Units
from kernel.canonical import utc_text
from ledger.reconciliation.difference import Difference, Side
from ledger.reconciliation.effects import (
    ReconciliationRecorded,
    TaskOpened,
    TaskResolved,
    TaskSeen,
)
from ledger.reconciliation.state import Terms, read_side
from ledger.sequencer.submission import Answer


def side_shown(side: Side | None) -> dict[str, Any] | None:
    """Return one side's figures; ``booked_in`` is the entry of a booking of ours."""
    if side is None:
        return None
    return {
        "holder": side.holder,
        "amount": side.amount,
        "reference": side.reference,
        "day": None if side.day is None else date.fromordinal(side.day).isoformat(),
        "line": None if side.line is None else str(side.line),
        "booked_in": None if side.entry is None else str(side.entry),
    }


def stake_shown(units: Units, instrument: str, at_stake: int) -> str | None:
    """Return what is at stake, ``None`` for an instrument that is not known here."""
    return quantity(units, instrument, at_stake) if units.knows(instrument) else None


def difference_shown(units: Units, difference: Difference) -> dict[str, Any]:
    """Return a difference as a comparison has found it."""
    return {
        "difference": difference.kind.value,
        "instrument": difference.instrument,
        "there": side_shown(difference.there),
        "here": side_shown(difference.here),
        "at_stake": stake_shown(units, difference.instrument, difference.at_stake),
    }


def recorded_shown(units: Units, answer: Answer) -> dict[str, Any]:
    """Return what an upload gave, from its effects."""
    [recorded] = [each for each in answer.effects if isinstance(each, ReconciliationRecorded)]
    shown = [each for each in answer.effects if isinstance(each, TaskOpened | TaskSeen)]
    gone = [str(each.task) for each in answer.effects if isinstance(each, TaskResolved)]
    opened = sum(isinstance(each, TaskOpened) for each in shown)
    return {
        "reconciliation": str(recorded.reconciliation),
        "counterparty": recorded.counterparty,
        "file_kind": recorded.file_kind.value,
        "day": date.fromordinal(recorded.day).isoformat(),
        "as_of": str(recorded.as_of),
        "digest": recorded.digest,
        "supersedes": None if recorded.supersedes is None else str(recorded.supersedes),
        "lines": recorded.lines,
        "matched": recorded.matched,
        "differences": recorded.differences,
        "left_out": recorded.left_out,
        "opened": opened,
        "seen": len(shown) - opened,
        "resolved": len(gone),
        "resolved_tasks": gone,
        "found": [
            {"task": str(each.task), **difference_shown(units, each.difference)} for each in shown
        ],
    }


def file_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recorded file."""
    return {
        "reconciliation": str(row["id"]),
        "counterparty": row["counterparty"],
        "file_kind": row["file_kind"],
        "day": date.fromordinal(row["day"]).isoformat(),
        "as_of": str(row["as_of"]),
        "digest": row["digest"],
        "entry": str(row["entry"]),
        "at": utc_text(row["at"], digits=6),
        "actor": row["actor"],
        "lines": row["lines"],
        "matched": row["matched"],
        "differences": row["differences"],
        "left_out": row["left_out"],
        "supersedes": _number(row["supersedes"]),
        "superseded_by": _number(row["superseded_by"]),
    }


def counts_shown(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many tasks a file opened, showed again and resolved."""
    return {event: counts.get(event, 0) for event in ("opened", "seen", "resolved")}


def found_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file showed of one task; a resolved one has no figures any more."""
    return {
        "task": str(row["task"]),
        "event": row["event"],
        "difference": row["detail"] or None,
        "there": side_shown(read_side(row["there"])),
        "here": side_shown(read_side(row["here"])),
    }


def task_shown(units: Units, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task as it stands."""
    return {
        "task": str(row["id"]),
        "reconciliation": str(row["reconciliation"]),
        "last_seen": str(row["seen"]),
        "counterparty": row["counterparty"],
        "file_kind": row["file_kind"],
        "day": date.fromordinal(row["day"]).isoformat(),
        "difference": row["kind"],
        "instrument": row["instrument"],
        "there": side_shown(read_side(row["there"])),
        "here": side_shown(read_side(row["here"])),
        "at_stake": stake_shown(units, row["instrument"], row["at_stake"]),
        "state": row["state"],
        "assignee": row["assignee"] or None,
        "finding": row["finding"] or None,
        "due": utc_text(row["due"], digits=6),
        "overdue": row["overdue"],
        "outcome": row["outcome"] or None,
        "until": None if row["until"] is None else utc_text(row["until"], digits=6),
    }


def event_shown(row: Mapping[str, Any], *, personal: bytes | None) -> dict[str, Any]:
    """Return one event of a task; ``personal`` is what its entry says that may be erased."""
    return {
        "event": row["event"],
        "at": utc_text(row["at"], digits=6),
        "entry": str(row["entry"]),
        "actor": row["actor"] or None,
        "reconciliation": _number(row["reconciliation"]),
        "detail": row["detail"] or None,
        "words": None if personal is None else _words(row, personal),
    }


def terms_shown(units: Units, terms: Terms) -> dict[str, Any]:
    """Return what is agreed with a counterparty."""
    return {
        "counterparty": terms.counterparty,
        "file_kind": terms.file_kind,
        "instruments": terms.instruments,
        "utc_offset_minutes": terms.utc_offset_minutes,
        "cut_off_minutes": terms.cut_off_minutes,
        "window_days": terms.window_days,
        "due_hours": terms.due_hours,
        "reopen_hours": terms.reopen_hours,
        "lines_max": terms.lines_max,
        "four_eyes": [
            {"instrument": code, "quantity": quantity(units, code, terms.four_eyes[code])}
            for code in sorted(terms.four_eyes)
        ],
    }


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _words(row: Mapping[str, Any], personal: bytes) -> str | None:
    """Return what was said about a task, alone or as a leg of a linked list."""
    said = msgspec.json.decode(personal)
    command = msgspec.json.decode(row["postings"])["command"]
    legs = zip(command.get("commands", [command]), said.get("commands", [said]), strict=True)
    words = (mine.get("text") for leg, mine in legs if leg.get("task") == str(row["task"]))
    return next((each for each in words if each is not None), None)
