"""Whether what is adopted may begin on a day: one of its own, and none that would change the past.

What was said today was said by what is in force today, so today is of the past. Days before
everything that was adopted said nothing, and may still be given something.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ledger.refusals import Refusal

FIELD = "document.effective_from"
_EPOCH = date(1970, 1, 1).toordinal()
_SHANGHAI = 8 * 3_600_000_000
_MICROSECONDS_A_DAY = 86_400_000_000


def first_day_fault(
    first: date, begun: Mapping[int, str], *, at: int, taken: StrEnum, past: StrEnum
) -> Refusal | None:
    """Refuse a first day that another has or that has come; ``begun`` are versions by first day."""
    day = first.toordinal()
    if day in begun:
        return Refusal(
            code=taken,
            field=FIELD,
            expected=f"another day than {begun[day]}'s",
            found=first.isoformat(),
        )
    today = date.fromordinal((at + _SHANGHAI) // _MICROSECONDS_A_DAY + _EPOCH)
    if first <= today and begun and day > min(begun):
        return Refusal(
            code=past,
            field=FIELD,
            expected=f"a day after {today.isoformat()}",
            found=first.isoformat(),
        )
    return None
