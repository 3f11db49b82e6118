"""Consequences as the command line and the API show them, with the half-year list in force."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from credit_scoring.consequences.applying import Outcome
from credit_scoring.consequences.lists import HalfYearList, WorkingDaysUnknown, list_in_force
from kernel.calendar_source import is_working_day


def list_for(found: Sequence[Outcome], *, on: date) -> HalfYearList | None:
    """Return the list in force on a day, where a row that is on goes by lists.

    Raises:
        WorkingDaysUnknown: the holidays of that year are not published yet.
    """
    if not any(each.row.by_list and each.row.is_on for each in found):
        return None
    return list_in_force(on, is_working_day=working_day)


def working_day(day: date) -> bool:
    """Tell whether a day is a working day.

    Raises:
        WorkingDaysUnknown: the holidays of its year are not published yet.
    """
    try:
        return is_working_day(day)
    except NotImplementedError as error:
        raise WorkingDaysUnknown(day) from error


def shown(found: Sequence[Outcome], in_force: HalfYearList | None) -> dict[str, Any]:
    """Return what follows, row by row, and by which list."""
    rows = [
        {
            "id": each.row.id,
            "state": each.state.value,
            "reasons": [reason.value for reason in each.reasons],
            "kind": each.row.kind.value,
            "effect": each.row.effect.value,
            "what": each.row.what,
            "zh": each.row.zh,
            "basis": each.row.basis,
            "region": each.row.region,
            "until": None if each.until is None else each.until.isoformat(),
            "by_list": each.row.by_list,
        }
        for each in found
    ]
    told = in_force and {
        "as_of": in_force.as_of.isoformat(),
        "sent_by": in_force.sent_by.isoformat(),
    }
    return {"consequences": rows, "list": told}
