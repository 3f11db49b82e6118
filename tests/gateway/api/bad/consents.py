"""Consents that are refused."""

from tests.gateway.api.bad.requests import Bad, get, refused

LINE = {"subject": "P01", "grantee": "B", "purpose": "eco_credit_loan"}
CONSENT = LINE | {"day_from": "2026-07-01", "day_to": "2026-07-31", "evidence": "5d" * 32}


def _grant(name: str, status: int, code: str, *, field: str, **changes: object) -> Bad:
    body = CONSENT | changes
    path = "/credit/consents"
    return refused(name, status, code, path=path, actor="P01-1", body=body, field=field)


CONSENTS: tuple[Bad, ...] = (
    _grant(
        "a_consent_to_an_enterprise", 409, "credit.grantee_unfit", field="grantee", grantee="E01"
    ),
    _grant(
        "a_scope_that_says_a_thing_twice",
        409,
        "credit.scope_unfit",
        field="scope",
        scope=["grade", "grade"],
    ),
    _grant(
        "a_consent_for_thirteen_months",
        409,
        "credit.consent_period_unfit",
        field="day_to",
        day_to="2027-08-01",
    ),
    _grant(
        "a_consent_for_days_that_are_past",
        409,
        "credit.consent_period_unfit",
        field="day_to",
        day_from="2026-03-01",
        day_to="2026-03-15",
    ),
    _grant(
        "a_consent_on_days_of_another",
        409,
        "credit.consent_overlaps",
        field="day_from",
        day_from="2026-06-30",
    ),
    refused(
        "no_such_consent_revoked",
        404,
        "credit.consent_unknown",
        path="/credit/consents/revocations",
        actor="P01-1",
        body=LINE | {"consent": "999"},
        field="consent",
    ),
    refused(
        "a_consent_revoked_twice",
        409,
        "credit.consent_over",
        path="/credit/consents/revocations",
        actor="P01-1",
        body=LINE | {"consent": "{revoked_consent}"},
        field="consent",
    ),
    Bad(
        name="a_query_about_tomorrow",
        status=409,
        code="credit.query_ahead",
        path="/credit/queries",
        actor="B-1",
        body={"subject": "P01", "purpose": "eco_credit_loan", "as_of": "2026-03-17"},
        field="as_of",
    ),
    Bad(
        name="a_query_that_is_only_tried",
        status=409,
        code="credit.query_not_tried",
        path="/credit/queries?dry_run=true",
        actor="B-1",
        body={"subject": "P01", "purpose": "eco_credit_loan"},
        field="dry_run",
    ),
    get(
        "anothers_query_log",
        403,
        "request.forbidden",
        "/credit/queries?subject=P02",
        actor="P01-1",
        field="subject",
    ),
)
