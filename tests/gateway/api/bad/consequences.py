"""Questions about consequences that are none."""

from tests.gateway.api.bad.requests import Bad, get

ASK = "/credit/consequences?kind=enterprise&region=320100"

CONSEQUENCES: tuple[Bad, ...] = (
    get(
        "a_grade_that_the_scheme_has_not",
        422,
        "credit_scoring.consequence_grade_unknown",
        f"{ASK}&grade=BBB&on=2026-07-20",
        field="grade",
    ),
    get(
        "a_listed_grade_that_the_scheme_has_not",
        422,
        "credit_scoring.consequence_grade_unknown",
        f"{ASK}&scheme=JS12&grade=red&listed=red,AAA&on=2026-07-20",
        field="listed",
    ),
    get(
        "a_scheme_that_is_off",
        422,
        "credit_scoring.consequence_scheme_unknown",
        f"{ASK}&scheme=ZJ&grade=A&on=2026-07-20",
        field="scheme",
    ),
    get(
        "a_year_whose_holidays_are_not_published",
        404,
        "credit_scoring.working_days_unknown",
        f"{ASK}&scheme=JS12&grade=red&on=2031-01-02",
        field="on",
    ),
    get(
        "a_day_before_every_rule_set",
        404,
        "credit_scoring.rule_set_missing",
        f"{ASK}&grade=A&on=2010-01-01",
        field="rule_set",
    ),
)
