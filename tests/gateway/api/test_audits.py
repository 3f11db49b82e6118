"""Bundles over HTTP: who may ask for what, which bodies are shown, and how much at once."""

import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.auditing.bundle import ScopeTooLarge, write_bundle
from gateway.auditing.scope import parse_scope
from ledger.transparency.policy import Policy
from tests.gateway.api.house import House
from tests.gateway.auditing.venue import ALL, Venue, live
from tests.verifier.checking import verdict

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def venue(house: House) -> AsyncIterator[Venue]:
    """The module's house, in which much happened, and which is published."""
    found = Venue(house)
    await live(found)
    await found.publish()
    yield found


async def download(
    venue: Venue, actor: str, scope: str, folder: Path, **more: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the independent verifier says of a bundle, and its lines."""
    answer = await venue.house.get("/audit/bundle", actor, scope=scope, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    path = folder / "bundle.zip"
    path.write_bytes(answer.content)
    found = verdict(path, key=venue.key.text)
    assert found["ok"], found
    with zipfile.ZipFile(path) as archive:
        lines = [json.loads(line) for line in archive.read("entries/0.jsonl").splitlines()]
    return found, lines


@pytest.mark.parametrize("actor", ["X-1", "R-1", "A-1"])
@pytest.mark.parametrize(
    "scope", ["everything", "account:7", "trade:1", "period:2026-03-16..2026-03-16"]
)
async def test_those_who_supervise_see_every_body_of_any_scope(
    venue: Venue, tmp_path: Path, actor: str, scope: str
) -> None:
    found, lines = await download(venue, actor, scope, tmp_path)
    assert found["bodies_withheld"] == (2 if scope.startswith("period") else 0)
    assert {line["personal_state"] for line in lines} <= {"empty", "erased", "withheld"}


async def test_a_party_sees_what_its_own_actors_sent(venue: Venue, tmp_path: Path) -> None:
    account, trade = venue.house.accounts["E01"], venue.names["trade"]
    for scope in (f"account:{account}", f"trade:{trade}"):
        found, lines = await download(venue, "E01-1", scope, tmp_path)
        bodies = [json.loads(line["postings"]) for line in lines if line["postings"]]
        assert {body["actor"].split("-")[0] for body in bodies} == {"E01"}
        assert found["bodies_withheld"] == len(lines) - len(bodies) > 0
        assert {line["personal_state"] for line in lines} <= {"empty", "erased", "withheld"}


@pytest.mark.parametrize(
    ("actor", "scope", "status", "code"),
    [
        ("E01-1", "everything", 403, "request.forbidden"),
        ("E01-1", "period:2026-03-16..2026-03-16", 403, "request.forbidden"),
        ("E01-1", "case:2026-ZJ01-23", 403, "request.forbidden"),
        ("E01-1", "account:{E02}", 403, "request.forbidden"),
        ("E01-1", "account:7", 403, "request.forbidden"),
        ("B-1", "trade:1", 403, "request.forbidden"),
        ("V-1", "account:{E01}", 403, "request.forbidden"),
        ("E01-1", "account:999999", 404, "audit.scope_empty"),
        ("A-1", "trade:999999", 404, "audit.scope_empty"),
        ("A-1", "account:0", 422, "audit.scope_unfit"),
        (None, "everything", 401, "authentication.required"),
    ],
)
async def test_others_get_nothing(
    venue: Venue, actor: str | None, scope: str, status: int, code: str
) -> None:
    wanted = scope.format_map(venue.house.accounts)
    answer = await venue.house.get("/audit/bundle", actor, scope=wanted)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_bundle_continues_a_checkpoint_that_was_kept(venue: Venue, tmp_path: Path) -> None:
    found, _ = await download(venue, "A-1", "trade:1", tmp_path, since="20")
    kept = tmp_path / "kept"
    kept.write_text((await venue.house.http.get("/log/checkpoint")).text)
    size = found["size"]
    await download(venue, "A-1", "trade:1", tmp_path, since=str(size))
    again = verdict(tmp_path / "bundle.zip", "--old", str(kept), key=venue.key.text)
    assert again["grew_since"] == size
    late = await venue.house.get("/audit/bundle", "A-1", scope="trade:1", since=str(size + 1))
    assert (late.status_code, late.json()["code"]) == (422, "log.proof_refused")


async def test_more_than_may_be_asked_for_is_refused_with_the_way_to_go(
    venue: Venue, tmp_path: Path
) -> None:
    connection = await venue.connect()
    try:
        with (tmp_path / "b.zip").open("wb") as target, pytest.raises(ScopeTooLarge) as refused:
            await write_bundle(
                connection,
                target,
                scope=parse_scope("everything"),
                sees=ALL,
                policy=Policy(logs=(venue.key,)),
                entries_max=5,
            )
    finally:
        await connection.close()
    assert refused.value.expected == "at most 5 entries"
