"""Accounts that nobody may draft, and steps of accounts that are not there."""

from typing import Any

from gateway.api.catalogue import gep_valuations
from gateway.api.catalogue.gep import MESSAGES
from gateway.api.gep_examples import ACCOUNT, PLAN, PROJECT
from gep.publishing.refusals import Reject
from tests.gateway.api.bad.gep_analysis import GEP_ANALYSIS
from tests.gateway.api.bad.gep_valuations import GEP_VALUATIONS
from tests.gateway.api.bad.requests import Bad, get, refused

NONE = "00" * 32


def _draft(name: str, code: str, field: str, *, status: int = 422, **changes: Any) -> Bad:
    plan = {key: value for key, value in (PLAN | changes).items() if value is not None}
    body = {"plan": plan, "account": ACCOUNT}
    return Bad(
        name=name,
        status=status,
        code=code,
        path="/gep/accounts",
        actor="V-1",
        body=body,
        field=field,
    )


def _line(**changes: Any) -> list[dict[str, Any]]:
    return [PLAN["lines"][0] | changes]


def _override(**changes: Any) -> list[dict[str, Any]]:
    plain = {"key": "soil.density", "value": "1.2", "unit": "t/m3", "author": "V-1"}
    return [plain | {"reason": "cores", "source": "survey"} | changes]


_WITHOUT_INPUTS = "plan.lines[0].quantity"
GEP: tuple[Bad, ...] = (
    _draft("an_account_without_lines", "gep.key_missing", "plan.lines", lines=None),
    _draft("an_account_with_a_stray_key", "gep.unknown_key", "plan.more", more="1"),
    _draft("an_account_of_no_norm", "gep.edition_unknown", "plan.edition", edition="ISO 9000"),
    _draft(
        "an_account_by_no_parameters",
        "gep.parameter_set_unknown",
        "plan.parameters",
        parameters="x",
    ),
    _draft(
        "a_line_of_no_service",
        "gep.service_unknown",
        "plan.lines[0].service",
        lines=_line(service="M9"),
    ),
    _draft(
        "a_line_of_no_input", "gep.input_unknown", _WITHOUT_INPUTS, lines=_line(quantity="wood")
    ),
    _draft("a_line_twice", "gep.doubled_id", "plan.lines[1]", lines=_line() * 2),
    _draft(
        "a_line_without_a_price", "gep.key_missing", "plan.lines[0].price", lines=_line(price=None)
    ),
    _draft("a_line_that_is_no_text", "gep.wrong_type", "plan.lines", lines="all"),
    _draft(
        "a_price_for_another_unit",
        "gep.unit_mismatch",
        "plan.lines.timber.quantity",
        lines=_line(quantity="price", price="timber"),
    ),
    _draft(
        "an_override_without_an_author",
        "gep.key_missing",
        "plan.overrides[0].author",
        overrides=_override(author=None),
    ),
    _draft(
        "an_override_in_another_unit",
        "gep.override_unit",
        "plan.overrides.soil.density",
        overrides=_override(unit="1"),
    ),
    _draft(
        "an_override_beyond_sense",
        "gep.override_absurd",
        "plan.overrides.soil.density",
        overrides=_override(value="1000"),
    ),
    _draft(
        "an_account_without_its_inflow",
        "gep.inflow_unstated",
        "plan.inflow_deduction",
        edition="GB/T 46869-2025",
    ),
    _draft("an_account_of_an_unheard_year", "gep.out_of_range", "plan.year", year="20250"),
    _draft(
        "an_account_that_is_not_the_one_that_was_agreed_on",
        Reject.ACCOUNT_HASH_UNFIT,
        "account",
        status=409,
        id="wangxi-2025",
    ),
    _draft(
        "an_account_too_large_for_an_entry",
        Reject.ACCOUNT_TOO_LARGE,
        "plan",
        status=413,
        note="x" * 160_001,
    ),
    get(
        "no_such_account_of_products",
        404,
        Reject.ACCOUNT_UNKNOWN,
        f"/gep/accounts/{NONE}",
        field="account",
    ),
    refused(
        "a_citation_of_an_account_that_is_not_there",
        404,
        Reject.ACCOUNT_UNKNOWN,
        path="/gep/citations",
        body={"account": NONE, "party": "E01", "purpose": "loan", "reference": "L/1"},
        field="account",
    ),
    Bad(
        name="a_project_longer_than_its_right",
        status=422,
        code="gep.beyond_the_right",
        path="/gep/marketable-income",
        body={"project": PROJECT | {"right_years": "1"}},
        field="project.years",
    ),
    Bad(
        name="an_income_that_nobody_pays",
        status=422,
        code="gep.no_payer",
        path="/gep/marketable-income",
        body={"project": PROJECT | {"incomes": [PROJECT["incomes"][0] | {"service": "R1"}]}},
        field="project.incomes.tickets",
    ),
)
_TRIED = {bad.code for bad in (*GEP, *GEP_VALUATIONS, *GEP_ANALYSIS)}
OF_ACCOUNTS = frozenset(Reject) - _TRIED
ENGINE = frozenset({*MESSAGES, *gep_valuations.MESSAGES}) - frozenset(Reject) - _TRIED
