"""The application: routes for every operation, for reading, and one shape of error."""

from functools import partial
from pathlib import Path

import asyncpg
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from gateway.api.credit_facts import add_fact_files
from gateway.api.credit_notices import add_credit_notices
from gateway.api.credit_queries import add_credit_queries
from gateway.api.credit_uploads import add_uploads
from gateway.api.documentation import document
from gateway.api.door import Door, StrictRoute
from gateway.api.gep_packages import add_packages
from gateway.api.gep_tables import add_tables, add_templates
from gateway.api.health import add_health
from gateway.api.jobs import add_jobs
from gateway.api.operating import add_operations
from gateway.api.problems import (
    Problem,
    on_database_trouble,
    on_domain_error,
    on_fault,
    on_http_error,
    on_invalid_request,
    on_problem,
)
from gateway.api.reading.accounts import add_accounts
from gateway.api.reading.anchors import add_anchors
from gateway.api.reading.audits import add_audits
from gateway.api.reading.consents import add_consents
from gateway.api.reading.consequences import add_consequences
from gateway.api.reading.credentials import add_credentials
from gateway.api.reading.credit_archives import add_credit_archives
from gateway.api.reading.credit_intakes import add_credit_intakes
from gateway.api.reading.credit_lists import add_credit_lists
from gateway.api.reading.credit_rights import add_credit_rights
from gateway.api.reading.credit_runs import add_credit_runs
from gateway.api.reading.credit_schemes import add_credit_schemes
from gateway.api.reading.duties import add_duties
from gateway.api.reading.evidence import add_evidence
from gateway.api.reading.fairness import add_fairness
from gateway.api.reading.gep import add_gep, add_income
from gateway.api.reading.gep_analysis import add_gep_analysis
from gateway.api.reading.gep_export import add_gep_export
from gateway.api.reading.gep_map import add_gep_map
from gateway.api.reading.gep_questions import add_gep_questions
from gateway.api.reading.gep_registry import add_gep_registry
from gateway.api.reading.gep_reports import add_gep_reports
from gateway.api.reading.gep_space import add_gep_space
from gateway.api.reading.gep_valuations import add_gep_valuations
from gateway.api.reading.gep_warnings import add_gep_warnings
from gateway.api.reading.log import PREFIX, add_proofs, add_tiles
from gateway.api.reading.markets import add_markets
from gateway.api.reading.persons import add_persons
from gateway.api.reading.reconciliations import add_reconciliations
from gateway.api.reading.records import add_records
from gateway.api.reading.rewards import add_rewards
from gateway.api.reading.rule_sets import add_rule_sets
from gateway.api.reading.state_roots import add_state_roots
from gateway.api.reading.supervision import add_supervision
from gateway.api.reconciling import FileRoute, add_files
from gateway.api.scorecards import AskRoute, add_scorecard, add_scores
from gateway.api.verify_page import add_verify_page
from kernel.errors import DomainError

_ROUTES = (
    add_health,
    add_operations,
    add_markets,
    add_accounts,
    add_duties,
    add_records,
    add_persons,
    add_reconciliations,
    add_rewards,
    add_credentials,
    add_consequences,
    add_consents,
    add_credit_queries,
    add_credit_archives,
    add_credit_runs,
    add_credit_intakes,
    add_credit_schemes,
    add_credit_rights,
    add_credit_lists,
    add_credit_notices,
    add_fairness,
    add_proofs,
    add_state_roots,
    add_anchors,
    add_audits,
    add_evidence,
    add_scorecard,
    add_rule_sets,
    add_jobs,
    add_supervision,
    add_gep,
    add_gep_analysis,
    add_gep_registry,
    add_gep_export,
    add_gep_reports,
    add_gep_space,
    add_gep_map,
    add_gep_warnings,
    add_gep_valuations,
    add_templates,
)
_HANDLERS = (
    (Problem, on_problem),
    (DomainError, on_domain_error),
    (RequestValidationError, on_invalid_request),
    (HTTPException, on_http_error),
    (OSError, on_database_trouble),
    (asyncpg.InterfaceError, on_database_trouble),
    (asyncpg.PostgresConnectionError, on_database_trouble),
    (asyncpg.OperatorInterventionError, on_database_trouble),
    (asyncpg.InsufficientResourcesError, on_database_trouble),
    (ClientDisconnect, on_fault),
    (Exception, on_fault),
)


def create_application(
    door: Door, *, static: str | None = None, verify_page: Path | None = None
) -> FastAPI:
    """Return the API of one venue; with the folders of their files also its pages."""
    application = FastAPI(
        title="EcoRights",
        version="1",
        description="An exchange for ecological rights: one writer, one ledger, one transaction.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    application.state.door = door
    for kind, handler in _HANDLERS:
        application.add_exception_handler(kind, handler)
    router = APIRouter(prefix="/v1", route_class=StrictRoute, redirect_slashes=False)
    for add in _ROUTES:
        add(router, door)
    _take(application, router)
    asking = APIRouter(prefix="/v1", route_class=AskRoute, redirect_slashes=False)
    add_scores(asking)
    add_income(asking, door)
    add_gep_questions(asking, door)
    _take(application, asking)
    files = APIRouter(prefix="/v1", route_class=FileRoute, redirect_slashes=False)
    add_files(files, door)
    _take(application, files)
    add_fact_files(application, door)
    add_uploads(application, door)
    add_packages(application, door)
    add_tables(application, door)
    log = APIRouter(prefix=PREFIX, redirect_slashes=False)
    add_tiles(log, door)
    _take(application, log)
    if static is not None:
        _add_pages(application, static)
    if verify_page is not None:
        add_verify_page(application, verify_page)
    application.openapi = partial(document, application)  # type: ignore[method-assign]  # FastAPI's own way
    return application


def _take(application: FastAPI, router: APIRouter) -> None:
    """Take a router's routes as the application's own: an included router is asked twice."""
    application.router.routes.extend(router.routes)


def _add_pages(application: FastAPI, static: str) -> None:
    application.mount("/static", StaticFiles(directory=static), name="static")

    @application.get("/docs", include_in_schema=False)
    async def pages() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="EcoRights API",
            swagger_js_url="/static/swagger-ui-bundle.js",
            swagger_css_url="/static/swagger-ui.css",
            swagger_favicon_url="/static/favicon.png",
        )
