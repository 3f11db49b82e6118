"""Consequences over HTTP: adopted by two people, in force on a day, for a grade or a subject."""

from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from credit_scoring.consequences.adopting.state import Consequences
from credit_scoring.consequences.reading import shipped_document
from gateway.wiring import load_machine
from ledger.state_hash import state_hash
from tests.gateway.api.archives import adopt_consequences, adopting, fact, open_archives, report
from tests.gateway.api.house import DAY, House

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/credit/consequences"
TABLES = "/credit/consequence-tables"
FIRM = {"kind": "enterprise", "scheme": "JS12", "region": "320100", "on": "2026-07-20"}
ROW: dict[str, Any] = {
    "id": "E-HONOUR",
    "subject": "enterprise",
    "kind": "honours",
    "effect": "incentive",
    "what": "may be put forward for honours",
    "zh": "优先评优",
    "scheme": "INDEX",
    "grades": ["AAA", "AA", "A"],
    "region": "33",
    "basis": "an order of the province of 2026",
    "effective_from": "2026-01-01",
    "end": "2026-12-31",
}
RELIEF = ROW | {"id": "P-RELIEF", "subject": "person", "kind": "social_relief"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def office(house: House) -> House:
    """The module's house with archives, and the rows that ship adopted from their first day on."""
    await open_archives(house)
    await adopt_consequences(house, "ships", "2019-01-01", shipped_document()["rows"])
    return house


async def refused(house: House, operation: dict[str, Any]) -> dict[str, Any]:
    proposed = await house.do("/proposals", {"operation": operation}, "R-1")
    answer = await house.post("/proposals/approvals", {"proposal": proposed["proposal"]}, "R-2")
    assert answer.status_code == 409, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_listed_firm_pays_more_until_the_next_list(house: House) -> None:
    found = await house.get(PATH, "E01-1", grade="blue", listed="red", **FIRM)

    body = found.json()
    applying = [each["id"] for each in body["consequences"] if each["state"] == "applies"]
    assert found.status_code == 200, found.text
    assert (body["table"], applying) == ("ships", ["JS12-POWER-RED"])
    assert body["list"] == {"as_of": "2026-06-30", "sent_by": "2026-07-07"}


async def test_a_person_is_told_of_no_burden_and_a_stranger_of_nothing(house: House) -> None:
    person = {"kind": "person", "region": "990101", "on": "2026-07-20", "grade": "D"}

    found = await house.get(PATH, "E01-1", **person)
    stranger = await house.get(PATH, None, **person)

    assert found.json()["consequences"] == []
    assert found.json()["list"] is None
    assert stranger.status_code == 401


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"grade": "BBB"}, 422, "credit_scoring.consequence_grade_unknown"),
        ({"scheme": "ZJ", "grade": "A"}, 422, "credit_scoring.consequence_scheme_unknown"),
        ({"grade": "red", "on": "2031-01-02"}, 404, "credit_scoring.working_days_unknown"),
    ],
)
async def test_a_question_that_is_none_is_refused(
    house: House, changed: dict[str, str], status: int, code: str
) -> None:
    answer = await house.get(PATH, "E01-1", **FIRM | changed)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_row_that_may_not_be_is_never_adopted(house: House) -> None:
    first = "2026-08-01"
    burden = ROW | {"subject": "person", "effect": "penalty"}
    relief = ROW | {"kind": "social_relief", "effect": "penalty", "default": "on"}
    unknown = ROW | {"grades": ["Z"]}

    told = [await refused(house, adopting("x", first, [row])) for row in (burden, relief, unknown)]
    alone = await house.post(TABLES, adopting("x", first, [ROW]), "R-1")
    past = await refused(house, adopting("x", "2026-03-01", [ROW]))
    doubled = await refused(house, adopting("ships", first, [ROW]))
    taken = await refused(house, adopting("x", "2019-01-01", [ROW]))
    unagreed = await refused(house, adopting("x", first, [ROW]) | {"table_hash": "e5" * 32})
    early = await refused(house, adopting("x", "1999-01-01", [ROW]))

    assert {each["code"] for each in told} == {"credit.consequences_unfit"}
    assert [each["field"] for each in told] == [
        "document.rows[0].effect",
        "document.rows[0].default",
        "document.rows[0].grades[0]",
    ]
    assert all(each["expected"] for each in told)
    assert (alone.status_code, alone.json()["code"]) == (403, "ledger.four_eyes_required")
    assert [each["code"] for each in (past, doubled, taken, unagreed, early)] == [
        "credit.consequences_day_past",
        "credit.consequences_adopted",
        "credit.consequences_day_taken",
        "credit.consequences_hash_unfit",
        "credit.consequences_without_rules",
    ]
    assert (await house.get(TABLES, "E01-1")).json()["in_force"] == "ships"


async def test_what_applies_to_a_subject_follows_its_archive_and_the_day(house: House) -> None:
    await report(house, fact("2026/50"))
    rows = [ROW, RELIEF, RELIEF | {"id": "P-GIVEN", "default": "on"}]
    await adopt_consequences(house, "later", "2026-03-17", rows)

    before = (await house.get("/credit/subjects/F1/consequences", "F1-1", on=DAY)).json()
    after = (await house.get("/credit/subjects/F1/consequences", "R-1", on="2026-03-17")).json()
    person = (await house.get("/credit/subjects/P1/consequences", "P1-1", on="2026-03-17")).json()
    stranger = await house.get("/credit/subjects/F1/consequences", "E01-1", on=DAY)

    assert (before["table"], after["table"]) == ("ships", "later")
    [row] = after["consequences"]
    assert (row["id"], row["state"], row["until"]) == ("E-HONOUR", "applies", "2026-12-31")
    assert row["basis"] == ROW["basis"]
    states = {each["id"]: (each["state"], each["reasons"]) for each in person["consequences"]}
    assert states == {
        "P-RELIEF": ("off", ["off_by_default"]),
        "P-GIVEN": ("does_not_apply", ["not_rated"]),
    }
    assert stranger.status_code == 403


async def test_schemes_stand_side_by_side_for_a_subject(house: House) -> None:
    figures = [f"CE_K.{name}=10" for name in ("carbon", "value_added")]
    figures += [f"CE_K.industry_{name}=10" for name in ("carbon", "value_added")]

    path = "/v1/credit/subjects/F1/schemes"
    headers = house.headers("R-1")
    answer = await house.http.get(path, headers=headers, params={"figures": ",".join(figures)})
    off = await house.http.get(path, headers=headers, params={"figures": "ZJ.score=1"})
    unfit = await house.http.get(path, headers=headers, params={"figures": "CE_K.carbon=1"})

    found = {each["scheme"]: each for each in answer.json()["schemes"]}
    assert {"JS12", "NX25", "CE_K"} <= {n for n, each in found.items() if each["state"] == "rated"}
    assert found["JS12"]["native_score"] is not None
    assert found["NX25"]["native_score"] is None
    assert found["NX25"]["grade"] is not None
    assert (found["CE_K"]["native_score"], found["CE_L"]["state"]) == ("1", "needs_figures")
    assert found["CE_L"]["needs"] == ["carbon", "zero_carbon_power", "sinks", "value_added"]
    assert found["HY22S"]["needs"]
    switched_off = [each for each in found.values() if each["state"] == "off"]
    assert switched_off
    assert all(each["missing"] for each in switched_off)
    names = [each["name"] for each in answer.json()["sub_indices"]]
    assert names == ["energy", "performance", "resources"]
    assert (off.status_code, off.json()["code"]) == (409, "credit_scoring.scheme_off")
    assert (unfit.status_code, unfit.json()["code"]) == (
        422,
        "credit_scoring.native_input_refused",
    )


async def test_a_writer_that_starts_again_has_the_same_tables(house: House) -> None:
    async with house.pool.acquire() as connection:
        loaded = await load_machine(cast("asyncpg.Connection", connection))
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("UPDATE credit_consequence_table SET decision = 'x'")

    state = next(part.state for part in loaded.parts if isinstance(part.state, Consequences))
    assert "ships" in state.adopted
    assert state_hash(loaded) == state_hash(house.machine)


async def test_an_adopted_table_is_read_whole(house: House) -> None:
    shown = (await house.get(f"{TABLES}/ships", "E01-1")).json()

    assert (
        adopting("ships", "2019-01-01", shown["document"]["rows"])["table_hash"]
        == (shown["table_hash"])
    )
