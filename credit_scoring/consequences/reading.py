"""Reading tables of consequences: our own, and an operator's, by the same rules.

1. A person's row is an incentive.
2. Insurance and social relief give only; their rows are off unless an operator's table says
   ``"default": "on"``. A shipped table cannot.
3. A row without scheme, grade, region, first day or end is off and says what it lacks. A row that
   says ``on`` and lacks something is refused.
4. Every row names its legal basis. No two rows have one id.
5. The end is not before the first day; a grade is one of its scheme.
"""

import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

from credit_scoring.consequences.errors import refuse
from credit_scoring.consequences.row import (
    COUNTRY,
    HALF_YEAR_LIST,
    INDEX,
    REWARD_ONLY,
    Condition,
    ConsequenceKind,
    Effect,
    Grades,
    Missing,
    Row,
)
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place, read_json
from credit_scoring.rule_sets.rule_set import RuleSet

ROWS_MAX = 10_000
RUNNING_MAX = 4
_REQUIRED = ("id", "subject", "kind", "effect", "what", "basis")
_OPTIONAL = (
    "zh",
    "scheme",
    "grades",
    "region",
    "province",
    "effective_from",
    "end",
    "default",
    "note",
)
_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}\Z")
_REGION = re.compile(r"(CN|[0-9]{2}|[0-9]{4}|[0-9]{6})\Z")
_DEFAULTS = ("on", "off")


def shipped_rows(grades: Grades) -> tuple[Row, ...]:
    """Return the rows that the sources give; what they do not print is missing there."""
    return read_rows(Place(shipped_document()), grades=grades, shipped=True)


def shipped_document() -> dict[str, Any]:
    """Return the rows that the sources give as they stand in the file."""
    text = resources.files("credit_scoring.consequences").joinpath("data", "consequences.json")
    found: dict[str, Any] = read_json(text.read_bytes()).value
    return found


def grades_of(rule_set: RuleSet) -> Grades:
    """Return the grades of all schemes of a rule set that are on, and of the index."""
    found = {
        each.id: frozenset(band.grade for band in each.bands)
        for each in rule_set.schemes.values()
        if each.is_on
    }
    scale = rule_set.scale.grades
    names = {each.grade for each in scale} | {each.colour for each in scale}
    return found | {INDEX: frozenset(names)}


def read_rows(table: Place, *, grades: Grades, shipped: bool = False) -> tuple[Row, ...]:
    """Read a table: ``{"rows": [...]}``.

    Raises:
        Malformed: a place and what was expected there.
        ConsequenceRefused: a row breaks one of the rules above.
    """
    table.keys(required=("rows",), optional=("note",))
    places = list(table.at("rows").items())
    if len(places) > ROWS_MAX:
        table.at("rows").refuse("too_large", f"at most {ROWS_MAX} rows")
    rows: dict[str, Row] = {}
    for place in places:
        row = _row(place, grades, shipped=shipped)
        if row.id in rows:
            raise refuse(place.at("id"), "id_doubled", expected="an id of its own", found=row.id)
        rows[row.id] = row
    return tuple(rows.values())


def _row(place: Place, grades: Grades, *, shipped: bool) -> Row:
    place.keys(required=_REQUIRED, optional=_OPTIONAL)
    subject = place.at("subject").choice(SubjectKind)
    kind = place.at("kind").choice(ConsequenceKind)
    effect = place.at("effect").choice(Effect)
    if subject is SubjectKind.PERSON and effect is Effect.PENALTY:
        raise refuse(
            place.at("effect"), "person_benefits_only", expected="incentive", found=effect.value
        )
    by_list = place.at("end").value == HALF_YEAR_LIST
    end = None if by_list or not place.has("end") else place.at("end").day()
    begin = place.at("effective_from").day() if place.has("effective_from") else None
    if begin is not None and end is not None and end < begin:
        raise refuse(
            place.at("end"), "ends_before_it_begins", expected=f"{begin} or later", found=f"{end}"
        )
    scheme = place.at("scheme").text() if place.has("scheme") else None
    conditions = _conditions(place, scheme, grades) if place.has("grades") else ()
    region = place.at("region").text() if place.has("region") else None
    if region is not None and _REGION.match(region) is None:
        place.at("region").refuse("wrong_type", f"{COUNTRY}, or 2, 4 or 6 digits of GB/T 2260")
    lacks = {
        Missing.SCHEME: scheme is None,
        Missing.GRADES: not conditions,
        Missing.REGION: region is None,
        Missing.EFFECTIVE_FROM: begin is None,
        Missing.END: end is None and not by_list,
    }
    missing = [each for each, lacking in lacks.items() if lacking]
    return Row(
        id=_id(place.at("id")),
        subject=subject,
        kind=kind,
        effect=effect,
        what=place.at("what").text(),
        zh=place.at("zh").optional_text() or "",
        scheme=scheme,
        conditions=conditions,
        region=region,
        basis=_basis(place.at("basis")),
        effective_from=begin,
        end=end,
        by_list=by_list,
        missing=_switched(place, missing, kind=kind, effect=effect, shipped=shipped),
    )


def _switched(
    place: Place,
    missing: Sequence[Missing],
    *,
    kind: ConsequenceKind,
    effect: Effect,
    shipped: bool,
) -> tuple[Missing, ...]:
    """Return why a row is off, if it is; refuse one that says ``on`` and may not be."""
    switch = place.at("default").optional_text()
    at = place.at("default")
    if switch not in (None, *_DEFAULTS):
        at.refuse("unknown_value", "on or off")
    reserved = kind in REWARD_ONLY
    burden = reserved and effect is Effect.PENALTY
    if switch == "on":
        if burden:
            raise refuse(at, "reward_only", expected=f"{kind} as an incentive", found="penalty")
        if missing:
            raise refuse(at, "incomplete", expected=", ".join(missing), found="on without it")
        if reserved and shipped:
            raise refuse(at, "off_by_default", expected="off", found=f"{kind} on in what ships")
        return ()
    reasons = list(missing)
    if burden:
        reasons.append(Missing.REWARD_ONLY)
    if switch == "off":
        reasons.append(Missing.SWITCHED_OFF)
    elif reserved:
        reasons.append(Missing.OFF_BY_DEFAULT)
    return tuple(reasons)


def _conditions(place: Place, scheme: str | None, grades: Grades) -> tuple[Condition, ...]:
    """Return when a row holds: each member is a grade, or ``{"grade": ..., "running": 2}``."""
    if scheme is None:
        place.at("scheme").refuse("wrong_type", "the scheme of these grades")
    if scheme not in grades:
        known = ", ".join(sorted(grades))
        place.at("scheme").refuse("unknown_value", f"a scheme that can be rated: {known}")
    found = []
    for each in place.at("grades").items():
        running = 1
        grade = each
        if isinstance(each.value, dict):
            each.keys(required=("grade", "running"))
            grade = each.at("grade")
            running = each.at("running").whole(low=1, high=RUNNING_MAX)
        if grade.text() not in grades[scheme]:
            known = ", ".join(sorted(grades[scheme]))
            raise refuse(grade, "grade_unknown", expected=known, found=grade.text())
        found.append(Condition(grade=grade.text(), running=running))
    return tuple(found)


def _id(place: Place) -> str:
    if _ID.match(place.text()) is None:
        place.refuse("wrong_type", "capital letters, digits and dashes, at most 40")
    return place.text()


def _basis(place: Place) -> str:
    if not place.text().strip():
        raise refuse(place, "basis_missing", expected="the legal basis", found="blanks")
    return place.text()
