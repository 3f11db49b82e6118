"""`credit table`: a line for each subject, a column for each day; what is refused."""

from typing import Any

from gateway.cli.credit_table import lines_of
from tests.gateway.cli.commands import ecorights


def score(party: str, day: str, *, grade: str | None, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "party": party,
        "as_of": day,
        "grade": grade,
        "rated": True,
        "disputed": [],
    }
    return found | {"credit_index": None if grade is None else 700} | more


def test_a_star_is_a_dispute_and_brackets_are_what_few_may_see() -> None:
    first, second = "2026-05-12", "2026-05-20"

    assert lines_of(
        [
            score("E02", first, grade="AA"),
            score("E02", second, grade="AA", disputed=["R/1"]),
            score("V2", first, grade="AA", rated=False),
            score("V2", second, grade=None, rated=False, disputed=["R/2"]),
        ]
    ) == [
        "subject  2026-05-12  2026-05-20",
        "E02      700 AA      700 AA*",
        "V2       (700 AA)    not rated*",
    ]


def test_a_day_that_is_none_is_refused() -> None:
    shown = ecorights("credit", "table", "--on", "2026-02-30")

    assert shown.returncode == 2
    assert "2026-02-30 is no day" in shown.stderr
