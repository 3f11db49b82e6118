"""From a question to a standing: a scheme that is rated, its grades, a region of six digits."""

import re
from collections.abc import Sequence

from credit_scoring.consequences.applying import Standing
from credit_scoring.consequences.errors import refuse
from credit_scoring.consequences.reading import grades_of
from credit_scoring.consequences.row import INDEX, Grades
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.rule_set import RuleSet

NOT_RATED = "not-rated"
_REGION = re.compile(r"[0-9]{6}\Z")


def standing_of(
    rule_set: RuleSet,
    *,
    kind: SubjectKind,
    scheme: str,
    grade: str,
    region: str,
    listed: Sequence[str] = (),
) -> Standing:
    """Return how a subject stands; ``grade`` is one of the scheme, or ``not-rated``.

    Raises:
        ConsequenceRefused: the scheme, a grade or the region is none.
    """
    grades = grades_of(rule_set)
    if scheme not in grades:
        known = f"one of {', '.join(sorted(grades))}"
        raise refuse(Place(scheme, "scheme"), "scheme_unknown", expected=known, found=scheme)
    if _REGION.match(region) is None:
        known = "a region code of six digits"
        raise refuse(Place(region, "region"), "region_unfit", expected=known, found=region)
    today = None if grade == NOT_RATED else _known(grade, "grade", scheme=scheme, grades=grades)
    colours = {each.grade: each.colour for each in rule_set.scale.grades}
    return Standing(
        kind=kind,
        scheme=scheme,
        grade=today,
        colour=colours.get(grade) if scheme == INDEX else None,
        region=region,
        lists=tuple(_known(each, "listed", scheme=scheme, grades=grades) for each in listed),
    )


def _known(grade: str, field: str, *, scheme: str, grades: Grades) -> str:
    if grade not in grades[scheme]:
        known = f"{', '.join(sorted(grades[scheme]))}, {NOT_RATED}"
        raise refuse(Place(grade, field), "grade_unknown", expected=known, found=grade)
    return grade
