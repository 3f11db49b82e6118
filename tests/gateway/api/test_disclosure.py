"""What is shown to whom: names by need or grant, parts that verify, and nothing to the rest."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from gateway.api.documentation import OF_TREES
from gateway.api.examples import READ, RECEIPT_PATH
from gateway.database_server import DatabaseServer
from tests.gateway.api.check_disclosure import check_disclosure
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, serving
from tests.gateway.api.test_erasure import (
    MONTHS_AHEAD,
    NAME,
    disclosure,
    entry_of,
    erase,
    leaf,
    live,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def home(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, furnished) as found:
        await live(found)
        yield found


GRANT = {"party": "C01", "recipient": "A", "purpose": "audit", "until": MONTHS_AHEAD}


@pytest.mark.parametrize(
    ("actor", "postings", "state"),
    [
        ("X-1", True, "shown"),
        ("R-1", True, "shown"),
        ("C01-1", True, "shown"),
        ("A-1", True, "withheld"),
        ("E01-1", False, "withheld"),
        (None, False, "withheld"),
    ],
)
async def test_each_sees_of_an_entry_what_is_for_them_and_can_check_it(
    home: House, actor: str | None, *, postings: bool, state: str
) -> None:
    index = await entry_of(home)

    shown = await disclosure(home, index, actor)

    assert (shown["postings"] is not None, shown["personal_state"]) == (postings, state)
    assert (NAME in (shown["personal"] or "")) == (state == "shown")
    assert (shown["personal_key"] is None) == (state != "shown")
    assert check_disclosure(shown, leaf_hash=await leaf(home, index)) == []


@pytest.mark.parametrize("part", ["postings", "personal", "header"])
async def test_a_part_that_was_changed_is_found_by_its_receiver(home: House, part: str) -> None:
    index = await entry_of(home)
    shown = await disclosure(home, index, "X-1")
    shown[part] = shown[part].replace("0", "1", 1) if part != "personal" else '{"name":"别人"}'

    wrong = check_disclosure(shown, leaf_hash=await leaf(home, index))

    assert ("leaf" if part == "header" else part) in wrong


async def test_a_stranger_cannot_tell_an_empty_part_from_one_that_is_withheld(
    home: House,
) -> None:
    index = await entry_of(home)
    full, empty = [await disclosure(home, each, None) for each in (index, index + 1)]

    hidden = ("postings", "postings_key", "personal", "personal_key", "personal_state")
    assert [full[name] for name in hidden] == [empty[name] for name in hidden]
    assert (await disclosure(home, index + 1, "A-1"))["personal_state"] == "empty"


async def test_names_stand_on_a_partys_page_for_itself_and_those_who_need_them(
    home: House,
) -> None:
    shown = {}
    for actor in ("C01-1", "X-1", "R-1", "A-1"):
        response = await home.get("/parties/C01", actor)
        shown[actor] = (response.json()["name"], response.json()["personal_state"])

    assert shown == {
        "C01-1": (NAME, "shown"),
        "X-1": (NAME, "shown"),
        "R-1": (NAME, "shown"),
        "A-1": (None, "withheld"),
    }
    assert (await home.get("/parties/C01", "E01-1")).status_code == 403
    assert (await home.get("/parties/NOBODY", "X-1")).status_code == 404


async def everything_that(house: House, actor: str) -> dict[str, str]:
    """Return the text of every reading route with every identifier that there is, as an actor."""
    head = await house.head()
    values: dict[str, list[str]] = {
        "instrument": ["CEA25", "CNY"],
        "account": list(house.accounts.values()),
        "order": [str(number) for number in range(1, 8)],
        "party": ["C01", "E01", "P01", "A"],
        "index": [str(number) for number in range(head + 1)],
    }
    found = {}
    for template in [*READ, RECEIPT_PATH]:
        name = template.partition("{")[2].partition("}")[0]
        for value in values.get(name, [""]):
            path = template.replace(f"{{{name}}}", value).removeprefix("/v1")
            for params in questions(template, values):
                response = await house.get(path, actor, **params)
                assert response.status_code < 500 or template in {*OF_TREES, RECEIPT_PATH}
                found[f"{path} {params}"] = response.text
    return found


def questions(template: str, values: dict[str, list[str]]) -> list[dict[str, str]]:
    if template == "/v1/orders":
        return [{"account": each, "only_open": "false"} for each in values["account"]]
    return [{"day": "2026-03-17"}] if template == "/v1/decisions" else [{}]


async def test_an_auditor_reads_all_headers_all_postings_and_no_name_on_any_route(
    home: House,
) -> None:
    told = await everything_that(home, "A-1")
    operators = await everything_that(home, "X-1")

    assert len(told) > 200
    assert sum(NAME in text for text in operators.values()) == 2
    assert [where for where, text in told.items() if NAME in text] == []
    others = [text.replace("Party A", "its own") for text in told.values()]
    assert not any("Citizen" in text or "Party " in text for text in others)
    head = await home.head()
    for index in range(head):
        shown = await disclosure(home, index, "A-1")
        assert shown["postings"] is not None
        own = '"name":"Party A"' in (shown["personal"] or "")
        assert shown["personal_state"] == "shown" if own else shown["personal_state"] != "shown"
        assert check_disclosure(shown, leaf_hash=await leaf(home, index)) == []


async def test_a_grant_opens_one_persons_parts_to_one_party_until_it_ends(home: House) -> None:
    index = await entry_of(home)
    granted = await home.do("/disclosures", GRANT, "C01-1")

    shown = await disclosure(home, index, "A-1")
    assert (shown["personal_state"], NAME in shown["personal"]) == ("shown", True)
    assert check_disclosure(shown, leaf_hash=await leaf(home, index)) == []
    assert (await home.get("/parties/C01", "A-1")).json()["name"] == NAME
    assert (await home.get("/parties/P01", "A-1")).json()["name"] is None
    assert (await disclosure(home, index, "V-1"))["personal"] is None
    told = (await home.get("/parties/C01/disclosures", "C01-1")).json()["disclosures"]
    assert [(t["disclosure"], t["recipient"], t["live"], t["uses"]) for t in told] == [
        (granted["disclosure"], "A", True, 2)
    ]
    use = await disclosure(home, int(told[0]["last_use"]), "C01-1")
    assert use["header"]
    uses = await home.pool.fetch("SELECT party, actor, target FROM disclosure_use ORDER BY entry")
    assert [tuple(row) for row in uses] == [("C01", "A-1", index), ("C01", "A-1", None)]

    await home.do("/disclosures/withdrawals", {"disclosure": granted["disclosure"]}, "C01-1")
    assert (await disclosure(home, index, "A-1"))["personal_state"] == "withheld"
    told = (await home.get("/parties/C01/disclosures", "C01-1")).json()["disclosures"]
    assert [each["live"] for each in told] == [False]


async def test_reading_again_on_one_day_is_recorded_once_and_needs_a_writer(
    home: House,
) -> None:
    index = await entry_of(home)
    await home.do("/disclosures", GRANT, "X-1")
    for _ in range(3):
        assert (await disclosure(home, index, "A-1"))["personal_state"] == "shown"
    assert await home.pool.fetchval("SELECT count(*) FROM disclosure_use") == 1

    assert home.writer.sequencer is not None
    home.writer.sequencer.intake.closed = "no commits now"
    closed = await home.get("/parties/C01", "A-1")

    assert (closed.status_code, NAME in closed.text) == (503, False)


async def test_a_grant_of_entries_opens_those_alone_and_ends_by_itself(home: House) -> None:
    index = await entry_of(home)
    until = "2026-03-17T11:00:00Z"
    await home.do("/disclosures", GRANT | {"entries": [str(index - 1)], "until": until}, "X-1")
    assert (await disclosure(home, index, "A-1"))["personal_state"] == "withheld"
    await home.do("/disclosures", GRANT | {"entries": [str(index)], "until": until}, "R-1")
    assert (await disclosure(home, index, "A-1"))["personal_state"] == "shown"

    await home.do("/clock", {"to": until})

    assert (await disclosure(home, index, "A-1"))["personal_state"] == "withheld"


async def test_a_grant_to_a_bank_shows_the_part_and_not_the_postings(home: House) -> None:
    index = await entry_of(home)
    await home.do("/disclosures", GRANT | {"recipient": "B", "purpose": "dispute"}, "C01-1")

    shown = await disclosure(home, index, "B-1")

    assert (shown["postings"], shown["personal_state"]) == (None, "shown")
    assert check_disclosure(shown, leaf_hash=await leaf(home, index)) == []
    assert (await home.get("/parties/C01", "B-1")).json()["name"] == NAME


async def test_an_erasure_ends_every_grant(home: House) -> None:
    index = await entry_of(home)
    await home.do("/disclosures", GRANT, "C01-1")

    await erase(home)

    shown: dict[str, Any] = await disclosure(home, index, "A-1")
    assert shown["personal_state"] == "erased"
    assert await home.pool.fetchval("SELECT count(*) FROM disclosure WHERE live") == 0


async def test_persons_of_one_list_see_each_other_not_and_the_operator_sees_the_whole(
    home: House,
) -> None:
    """A part about two persons is shown whole or not at all; each page shows its own name."""
    legs = [
        {"kind": "register_party", "party": party, "party_kind": "person", "name": f"名{party}"}
        for party in ("D01", "D02")
    ]
    answer = await home.do("/transactions", {"operations": legs}, "X-1")
    index = int(answer["receipt"]["entry"])
    await home.do("/clock", {"to": "2026-03-17T10:30:00Z"})
    shown = await disclosure(home, index, "X-1")
    assert check_disclosure(shown, leaf_hash=await leaf(home, index)) == []
    assert all(f"名{party}" in shown["personal"] for party in ("D01", "D02"))
    for party in ("D01", "D02"):
        page = (await home.get(f"/parties/{party}", "X-1")).json()
        assert page["name"] == f"名{party}"
    await home.do("/disclosures", GRANT | {"party": "D01"}, "X-1")
    assert (await disclosure(home, index, "A-1"))["personal_state"] == "withheld"

    erasure = {"kind": "erase_person", "basis": "service_ended", "party": "D01"}
    await home.propose(erasure, maker="X-1", checker="X-2")
    await home.erase()

    assert (await disclosure(home, index, "X-1"))["personal_state"] == "erased"
    assert (await home.get("/parties/D01", "X-1")).status_code == 410
    assert (await home.get("/parties/D02", "X-1")).json()["name"] == "名D02"
