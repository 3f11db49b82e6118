"""All native schemes of a rule set for one subject, side by side.

What an archive gives is worked out from it; what needs other figures says which; what is off says
what is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from credit_scoring.native.archive import archive_schemes, rate_archive
from credit_scoring.native.figures import figures_of, rate_figures
from credit_scoring.native.rating import NativeResult, scheme_of
from credit_scoring.records import Record, SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet, Scheme
from credit_scoring.scoring.answer import Score

Figures = Mapping[str, Mapping[str, Decimal]]


class State(StrEnum):
    """How a scheme stands for a subject."""

    RATED = "rated"
    NEEDS_FIGURES = "needs_figures"
    OTHER_KIND = "other_kind"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One scheme for one subject; ``needs`` are the figures that it would take."""

    scheme: Scheme
    state: State
    needs: tuple[str, ...] = ()
    result: NativeResult | None = None


def schemes_of(
    rule_set: RuleSet, score: Score, *, records: Sequence[Record], figures: Figures
) -> tuple[Beside, ...]:
    """Return every scheme for a subject, by name; ``figures`` are by scheme and name.

    Raises:
        SchemeUnknown, SchemeOff: figures of a scheme that does not run.
        NativeInputRefused: figures that a scheme does not take, or are of no enterprise.
    """
    for name in figures:
        scheme_of(rule_set, name)
    from_archive = archive_schemes(rule_set)
    found = []
    for name, scheme in rule_set.schemes.items():
        if not scheme.is_on:
            found.append(Beside(scheme=scheme, state=State.OFF))
        elif score.kind is not SubjectKind.ENTERPRISE:
            found.append(Beside(scheme=scheme, state=State.OTHER_KIND))
        elif name in figures:
            result = rate_figures(scheme, figures[name])
            found.append(Beside(scheme=scheme, state=State.RATED, result=result))
        elif name in from_archive:
            result = rate_archive(rule_set, name, score=score, records=records)
            found.append(Beside(scheme=scheme, state=State.RATED, result=result))
        else:
            needs = figures_of(scheme)
            found.append(Beside(scheme=scheme, state=State.NEEDS_FIGURES, needs=needs))
    return tuple(found)
