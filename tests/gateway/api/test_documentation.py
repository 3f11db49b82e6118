"""The OpenAPI document says all, and what the service answers is what it says."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.api.credit_facts import WORKBOOK
from gateway.api.documentation import ASKED, FILES, OF_TREES, PROBLEMS, PUBLIC, REQUESTS
from gateway.api.door import Patience
from gateway.api.gep_packages import ZIP
from gateway.api.messages import known_codes
from gateway.api.requests import example_of
from gateway.database_server import DatabaseServer
from gateway.service import free_port
from ledger.sequencer.conditions import Limits
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, secret_of, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = 15
EXAMPLES_HEAVY = 300
ACTORS = ("X-1", "X-2", "B-1", "R-1", "R-2", "V-1", "A-1", "E01-1", "E01-2", "E02-1")
# Workbooks and archives are bytes to whoever generates requests.
for kind in (WORKBOOK, ZIP):
    schemathesis.serializer.alias(kind, "application/octet-stream")
CONFORMS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    return house.application.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


async def test_every_operation_has_examples_statuses_and_headers(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        where = (path, method)
        names = {each["name"] for each in operation["parameters"]}
        assert operation["summary"], where
        for status, answer in operation["responses"].items():
            contents = list(answer.get("content", {}).values())
            assert contents or status == "304", (where, status)
            assert all(content["example"] for content in contents), (where, status)
        if path in ASKED:
            assert "Idempotency-Key" not in names, where
            (content,) = operation["requestBody"]["content"].values()
            assert content["example"], where
        elif method == "post":
            assert "Idempotency-Key" in names, where
            (content,) = operation["requestBody"]["content"].values()
            assert content["example"], where
            assert {"401", "403", "409", "413", "415", "422", "503"} <= set(operation["responses"])
        elif path not in {*OF_TREES, *FILES}:
            assert "Ecorights-Min-Head" in names, where
        assert "Retry-After" in operation["responses"]["503"]["headers"], where
        public = method == "get" and (path in {*PUBLIC, "/v1/health", *FILES})
        assert (operation["security"] == [{"key": []}]) is not public, where


async def test_every_example_of_a_problem_is_one_that_the_service_gives() -> None:
    assert {code for code, _ in PROBLEMS.values()} <= known_codes()


async def test_a_status_of_the_table_of_bad_requests_is_in_the_document(
    document: dict[str, Any],
) -> None:
    statuses = {status for *_, each in operations(document) for status in each["responses"]}

    assert {"400", "401", "403", "404", "409", "413", "415", "422", "503"} <= statuses


@pytest.mark.parametrize("path", sorted(REQUESTS))
async def test_an_example_request_is_well_formed(house: House, path: str) -> None:
    """Whether it is lawful depends on the market; that it is understood does not."""
    response = await house.http.post(
        path,
        json=example_of(REQUESTS[path]),
        headers=house.headers("X-1", key=house.new_key()),
        params={"dry_run": "true"},
    )

    assert response.status_code in {200, 403, 404, 409, 410}, response.text


@asynccontextmanager
async def listening(house: House) -> AsyncIterator[str]:
    """Serve a house's application on a port, in this loop."""
    port = free_port("127.0.0.1")
    config = uvicorn.Config(
        house.application, host="127.0.0.1", port=port, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    serving_task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  the server has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving_task


def try_everything(document: dict[str, Any], url: str, *, examples: int) -> Counter[str]:
    """Send generated requests to every operation; count answers by status, busy ones by code."""
    schema = schemathesis.openapi.from_dict(document)
    counts: Counter[str] = Counter()
    actors = itertools.cycle(ACTORS)
    with requests.Session() as session:
        for result in schema.get_all_operations():
            assert isinstance(result, Ok), result
            _try(result.ok(), url, session=session, actors=actors, examples=examples, counts=counts)
    return counts


def _try(
    operation: Any,
    url: str,
    *,
    session: requests.Session,
    actors: Iterator[str],
    examples: int,
    counts: Counter[str],
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        headers = {"Authorization": f"Bearer {secret_of(next(actors))}"}
        response = case.call(base_url=url, headers=headers, session=session)
        status = response.status_code
        counts[response.json()["code"] if status >= 500 else str(status)] += 1
        assert status < 500 or (status == 503 and "retry-after" in response.headers), response.text
        case.validate_response(response, checks=CONFORMS)

    send()


async def _generated(house: House, *, examples: int) -> Counter[str]:
    async with listening(house) as url:
        document = house.application.openapi()
        return await asyncio.to_thread(try_everything, document, url, examples=examples)


AT_ONCE = Patience(head_seconds=0.0, receipt_seconds=0.0)
UNREADY = {"service.head_not_reached", "log.not_covered_yet", "audit.not_published"}
LAWFUL = {"200", "201", "202", "400", "401", "403", "404", "409", "410", "413", "415", "422"}


async def test_generated_requests_never_break_the_service(
    cluster: DatabaseServer, furnished: Furnished
) -> None:
    async with serving(cluster, furnished, patience=AT_ONCE) as found:
        counts = await _generated(found, examples=EXAMPLES)

    assert set(counts) <= LAWFUL | UNREADY
    assert {"200", "403", "404", "409"} <= set(counts)
    assert counts.total() >= len(REQUESTS) * EXAMPLES


@pytest.mark.heavy
async def test_many_generated_requests_never_break_the_service(
    cluster: DatabaseServer, furnished: Furnished
) -> None:
    async with serving(cluster, furnished, patience=AT_ONCE) as found:
        counts = await _generated(found, examples=EXAMPLES_HEAVY)

    assert set(counts) <= LAWFUL | UNREADY


async def test_generated_requests_under_overload_are_told_to_come_again(
    cluster: DatabaseServer, template_database: str
) -> None:
    limits = Limits(waiting=0)
    async with serving(cluster, template_database, limits=limits, patience=AT_ONCE) as found:
        counts = await _generated(found, examples=4)

    assert counts["service.overloaded"] > 0
    assert set(counts) <= LAWFUL | UNREADY | {"service.overloaded"}
