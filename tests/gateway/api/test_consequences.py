"""Consequences over HTTP: what follows from a grade on a day, of anybody and of nobody."""

import pytest

from tests.gateway.api.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/credit/consequences"
FIRM = {"kind": "enterprise", "scheme": "JS12", "region": "320100", "on": "2026-07-20"}


async def test_a_listed_firm_pays_more_until_the_next_list(house: House) -> None:
    found = await house.get(PATH, "E01-1", grade="blue", listed="red", **FIRM)

    body = found.json()
    applying = [each["id"] for each in body["consequences"] if each["state"] == "applies"]
    assert found.status_code == 200, found.text
    assert applying == ["JS12-POWER-RED"]
    assert body["list"] == {"as_of": "2026-06-30", "sent_by": "2026-07-07"}


async def test_a_person_is_told_of_no_burden_and_a_stranger_of_nothing(house: House) -> None:
    person = {"kind": "person", "region": "990101", "on": "2026-07-20", "grade": "D"}

    found = await house.get(PATH, "E01-1", **person)
    stranger = await house.get(PATH, None, **person)

    assert found.json()["consequences"] == []
    assert found.json()["list"] is None
    assert stranger.status_code == 401
