"""Sub-indices (资源、能源、绩效) and the place of a firm among its trade.

A sub-index is 500 and up to 500 more or less, by the counted points of the active facts under its
rules against the most that they could be. Vetoes do not touch it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from credit_scoring.rule_sets.rule_set import MILLI, RuleSet, SubIndexName
from credit_scoring.scoring.answer import FactState
from credit_scoring.scoring.facts import KnownFact

MIDDLE = 500
FIRMS_MIN = 20
BASIS_POINTS = 10_000


def sub_indices_of(
    facts: Iterable[KnownFact], rule_set: RuleSet
) -> Mapping[SubIndexName, int | None]:
    """Return each sub-index of assessed facts; None where no fact under its rules is active."""
    sums: dict[SubIndexName, int] = {}
    for each in facts:
        name = each.rule.sub_index
        if name is not None and each.state is FactState.ACTIVE:
            sums[name] = sums.get(name, 0) + each.counted
    return {name: _sub_index(rule_set, name, sums.get(name)) for name in rule_set.sub_indices}


def _sub_index(rule_set: RuleSet, name: SubIndexName, total: int | None) -> int | None:
    if total is None:
        return None
    limits = rule_set.sub_indices[name]
    limit = (limits.max_plus if total >= 0 else limits.max_minus) * MILLI
    return MIDDLE + MIDDLE * total // limit


def sector_percentile(indices: Sequence[int], credit_index: int) -> int | None:
    """Return the mid-rank of an index within its trade, in hundredths of a percent, floored.

    ``indices`` are those of all rated firms of one division of GB/T 4754, its own included, in
    ascending order: (those below + half of those equal) of all. None under 20 firms.
    """
    below, upto = bisect_left(indices, credit_index), bisect_right(indices, credit_index)
    return percentile_of(below=below, equal=upto - below, firms=len(indices))


def percentile_of(*, below: int, equal: int, firms: int) -> int | None:
    """Return the mid-rank of an index that ``equal`` of ``firms`` have and ``below`` are under."""
    return None if firms < FIRMS_MIN else (2 * below + equal) * BASIS_POINTS // (2 * firms)
