"""Bundles of a real venue: the independent verifier accepts each, and it has what it is about."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gateway.auditing.finding import ScopeEmpty
from ledger.personal.disclosure import Sight
from ledger.store import StoredEntry
from ledger.transparency.proofs import ProofRefused
from tests.gateway.api.house import DAY, NEXT_DAY
from tests.gateway.auditing.venue import CASE, Venue
from tests.verifier.checking import run, verdict

pytestmark = pytest.mark.asyncio(loop_scope="module")


def lines_of(bundle: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(bundle) as archive:
        return [
            json.loads(line)
            for name in archive.namelist()
            if name.startswith("entries/")
            for line in archive.read(name).splitlines()
        ]


def effects_of(bundle: Path) -> list[dict[str, Any]]:
    bodies = [json.loads(line["postings"]) for line in lines_of(bundle) if line["postings"]]
    return [effect for body in bodies for effect in body["effects"]]


def kinds_of(bundle: Path) -> list[str]:
    return [each["effect"] for each in effects_of(bundle)]


async def checked(venue: Venue, folder: Path, scope: str, **more: Any) -> dict[str, Any]:
    path = folder / "bundle.zip"
    await venue.export(path, scope, **more)
    found = verdict(path, key=venue.key.text)
    assert found["ok"], found
    return found


async def test_everything_adds_up_to_one_process_and_to_several(
    venue: Venue, tmp_path: Path
) -> None:
    path = tmp_path / "all.zip"
    await venue.export(path, "everything")

    one = run(path, "--processes", "1", key=venue.key.text)
    several = run(path, "--processes", "4", key=venue.key.text)

    assert (one["ok"], one["complete"], one["balances"]) == (True, "proved", "hold"), one
    assert one | {"seconds": 0} == several | {"seconds": 0}
    assert one["entries"] == one["size"]


async def test_every_account_adds_up(venue: Venue, tmp_path: Path) -> None:
    numbers = await venue.house.pool.fetch("SELECT number FROM account ORDER BY number")
    held = {row["account"] for row in await venue.house.pool.fetch("SELECT account FROM holding")}

    for row in numbers:
        found = await checked(venue, tmp_path, f"account:{row['number']}")
        assert found["balances"] == "hold, if no entry of the account is missing"

    assert {1, 2, 3, 7} <= held
    assert len(numbers) >= 14


async def test_a_case_follows_a_freeze_from_its_placing_to_its_end(
    venue: Venue, tmp_path: Path
) -> None:
    await checked(venue, tmp_path, f"case:{CASE}")
    assert kinds_of(tmp_path / "bundle.zip") == ["hold_placed", "hold_consumed", "hold_released"]


async def test_a_trade_has_what_an_arbitrator_needs(venue: Venue, tmp_path: Path) -> None:
    await checked(venue, tmp_path, f"trade:{venue.names['trade']}")
    effects = effects_of(tmp_path / "bundle.zip")
    found = {each["effect"] for each in effects}

    assert {
        "order_accepted",
        "order_amended",
        "filled",
        "book_opened",
        "instrument_defined",
        "party_registered",
        "actor_registered",
        "account_opened",
        "venue_opened",
    } <= found
    parties = {each["party"] for each in effects if each["effect"] == "party_registered"}
    assert parties == {"E01", "E02", "X"}  # the operator stands in the venue's first entry
    orders = {each["order"] for each in effects if each["effect"] == "order_accepted"}
    assert {venue.names["buy"], venue.names["amended"]} <= orders


@pytest.mark.parametrize("days", [(DAY, DAY), (NEXT_DAY, NEXT_DAY), (DAY, NEXT_DAY)])
async def test_a_period_stands_between_its_neighbours(
    venue: Venue, tmp_path: Path, days: tuple[str, str]
) -> None:
    begin, end = days
    found = await checked(venue, tmp_path, f"period:{begin}..{end}")
    lines = lines_of(tmp_path / "bundle.zip")
    inside = [begin <= json.loads(line["header"])["time"][:10] <= end for line in lines]
    rows = await venue.house.pool.fetch("SELECT postings FROM entry")
    expected = sum(begin <= json.loads(row["postings"])["at"][:10] <= end for row in rows)

    assert found["complete"] == "proved"
    assert sum(inside) == expected > 0
    assert [line["postings_state"] == "shown" for line in lines] == inside
    assert all(inside[1:-1])


async def test_entries_are_those_that_are_stored(venue: Venue, tmp_path: Path) -> None:
    await checked(venue, tmp_path, "everything")
    rows = await venue.house.pool.fetch('SELECT header, postings FROM entry ORDER BY "index"')
    lines = lines_of(tmp_path / "bundle.zip")
    assert [(row["header"].decode(), row["postings"].decode()) for row in rows] == [
        (line["header"], line["postings"]) for line in lines
    ]


async def test_what_may_not_be_seen_is_withheld_and_may_be_shown(
    venue: Venue, tmp_path: Path
) -> None:
    def none(_: StoredEntry) -> Sight:
        return Sight(postings=False, personal=False)

    found = await checked(venue, tmp_path, "everything", sees=none)
    assert found["bodies_withheld"] == found["entries"]

    def everything(_: StoredEntry) -> Sight:
        return Sight(postings=True, personal=True)

    await checked(venue, tmp_path, "everything", sees=everything)
    states = {line["personal_state"] for line in lines_of(tmp_path / "bundle.zip")}
    assert states == {"shown", "empty", "erased"}


async def test_a_kept_checkpoint_is_continued(venue: Venue, tmp_path: Path) -> None:
    answer = await venue.house.http.get("/log/checkpoint")
    kept = tmp_path / "kept"
    kept.write_text(answer.text)
    size = int(answer.text.split("\n")[1])
    await venue.house.do("/parties", {"party": "N1", "party_kind": "bank", "name": "N"})
    await venue.publish()
    path = tmp_path / "b.zip"

    await venue.export(path, f"trade:{venue.names['trade']}", since=size)

    found = verdict(path, "--old", str(kept), key=venue.key.text)
    assert (found["ok"], found["grew_since"], found["size"]) == (True, size, size + 1)


@pytest.mark.parametrize(
    "scope", ["account:99999", "trade:99999", "case:x", "period:2020-01-01..2020-01-02"]
)
async def test_a_scope_of_nothing_is_refused(venue: Venue, tmp_path: Path, scope: str) -> None:
    with pytest.raises(ScopeEmpty):
        await venue.export(tmp_path / "b.zip", scope)


async def test_a_since_that_never_was_is_refused(venue: Venue, tmp_path: Path) -> None:
    with pytest.raises(ProofRefused):
        await venue.export(tmp_path / "b.zip", "everything", since=10**9)
