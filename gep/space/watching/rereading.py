"""Where a warning stands beside what counts today: its accounts may have been superseded since."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, assert_never

from gep.accounts.account import Account
from gep.accounts.stored import read_account
from gep.space.watching.judging import (
    Crossing,
    Unjudged,
    WarningRule,
    decline_of,
    missing_of,
    share_of,
)


class Standing(StrEnum):
    """What a warning's figures are worth today."""

    COUNTS = "counts"
    STILL_CROSSED = "still_crossed"
    NO_LONGER_CROSSED = "no_longer_crossed"
    NOT_COMPARABLE = "not_comparable"


def superseding(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the accounts to read for a warning: none while its own still count."""
    wanted = (row["counting"], row["counting_base"])
    own = (row["account"], row["base"] or None)
    return () if wanted == own else tuple(each for each in wanted if each is not None)


def standing_of(row: Mapping[str, Any], documents: Mapping[str, str]) -> Standing:
    """Return where a warning stands, by the limit that it was raised under."""
    if not superseding(row):
        return Standing.COUNTS
    current = read_account(documents[row["counting"]])
    base = None if not row["base"] else read_account(documents[row["counting_base"]])
    found = _judged(row, current, base)
    if isinstance(found, Unjudged):
        return Standing.NOT_COMPARABLE
    return Standing.NO_LONGER_CROSSED if found is None else Standing.STILL_CROSSED


def _judged(
    row: Mapping[str, Any], current: Account, base: Account | None
) -> Crossing | Unjudged | None:
    rule = WarningRule(row["rule"])
    match rule:
        case WarningRule.DECLINE:
            assert base is not None, "a decline without an earlier account"
            return decline_of(base, current, limit=row["limit_ppm"])
        case WarningRule.SERVICE_SHARE:
            return share_of(current, row["service"], limit=row["limit_ppm"])
        case WarningRule.MANDATORY_MISSING:
            return missing_of(current, row["service"])
        case never:
            assert_never(never)
