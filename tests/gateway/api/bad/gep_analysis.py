"""Questions about accounts that have no answer."""

from typing import Any

from gateway.api.catalogue.gep_analysis import MESSAGES
from gateway.api.gep_analysis_examples import PRINTED
from gateway.api.gep_examples import PLAN
from tests.gateway.api.bad.requests import Bad, get

_STOCK = {
    "resource": "forest area",
    "unit": "hm2",
    "opening": "100",
    "additions": [{"cause": "afforestation", "quantity": "8"}],
    "closing": "107",
    "source": "inventory",
}
_MEAN = PLAN["inputs"]["timber"] | {"mean_5y": {"source": "gauge"}}


def _preview(name: str, code: str, field: str, **changes: Any) -> Bad:
    body = {"plan": PLAN | changes}
    return Bad(name=name, status=422, code=code, path="/gep/previews", body=body, field=field)


GEP_ANALYSIS: tuple[Bad, ...] = (
    _preview(
        "a_stock_that_does_not_close",
        "gep.stock_does_not_close",
        "plan.stocks[0].closing",
        stocks=[_STOCK],
    ),
    _preview(
        "a_mean_that_is_none",
        "gep.mean_unfit",
        "plan.inputs.timber.mean_5y",
        inputs=PLAN["inputs"] | {"timber": _MEAN},
    ),
    Bad(
        name="a_total_of_a_line_that_is_not_there",
        status=422,
        code="gep.part_unknown",
        path="/gep/audits",
        body={"account": PRINTED | {"total": {"printed": "1", "parts": ["wood"]}}},
        field="account.total",
    ),
    get(
        "no_such_set_of_parameters",
        404,
        "gep.parameter_set_unknown",
        "/gep/parameter-sets/none",
        field="version",
    ),
    get(
        "a_course_of_years_the_wrong_way_round",
        422,
        "gep.years_reversed",
        "/gep/trend?area=990101&from=2026&to=2025",
        field="from",
    ),
    get(
        "a_share_of_an_area_without_an_account",
        404,
        "gep.account_unknown",
        "/gep/contributions?year=2025&areas=990199",
        field="areas",
    ),
)
_TRIED = {bad.code for bad in GEP_ANALYSIS}
ANALYSIS = frozenset(MESSAGES) - _TRIED
