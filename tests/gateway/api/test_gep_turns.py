"""What takes long of accounts goes in turn, whichever route asks for it; the others do not wait."""

from typing import Any

import pytest
import pytest_asyncio

from gateway.api.door import Door
from gateway.api.reading import gep_space
from gateway.api.turns import Turns
from tests.gateway.api.house import House
from tests.gateway.api.test_gep import plan, publish
from tests.gateway.api.test_gep_space import enter

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOTH = ("base", "current")
COMPUTED: list[tuple[str, dict[str, Any]]] = [
    ("/gep/accounts/{account}/export", {}),
    ("/gep/accounts/{account}/indices", {}),
    ("/gep/accounts/{account}/recomputation", {}),
    ("/gep/accounts/{account}/report", {}),
    ("/gep/accounts/{account}/uncertainty", {}),
    ("/gep/boundaries", {}),
    ("/gep/boundaries/T1", {}),
    ("/gep/comparisons", dict.fromkeys(BOTH, "{account}")),
    ("/gep/map", {"year": "2025"}),
    ("/gep/templates", {}),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def account(house: House) -> str:
    await enter(house, "T1")
    return await publish(house, plan(2025, "40000", "50"))


@pytest.fixture
def _busy(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    door: Door = house.application.state.door
    monkeypatch.setattr(door, "turns", Turns(at_once=0, wait_seconds=0))


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize(("path", "params"), COMPUTED)
async def test_who_finds_no_turn_is_told_to_come_again(
    house: House, account: str, path: str, params: dict[str, str]
) -> None:
    asked = {name: value.format(account=account) for name, value in params.items()}

    answer = await house.get(path.format(account=account), "E01-1", **asked)

    assert (answer.status_code, answer.json()["code"]) == (503, "service.overloaded")
    assert answer.headers["retry-after"]


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize("path", ["/gep/accounts", "/gep/accounts/{account}", "/gep/editions"])
async def test_what_is_only_read_waits_for_nobody(house: House, account: str, path: str) -> None:
    answer = await house.get(path.format(account=account), "E01-1")

    assert answer.status_code == 200


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("path", ["/gep/boundaries", "/gep/map"])
async def test_geometries_beyond_an_answer_are_refused_unread(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(gep_space, "GEOMETRY_BYTES_MAX", 10)
    year = {"year": "2025"} if path == "/gep/map" else {}

    answer = await house.get(path, "E01-1", **year)
    bare = await house.get(path, "E01-1", with_geometry="false", **year)

    assert (answer.status_code, answer.json()["code"]) == (413, "gep.map_too_large")
    assert bare.status_code == 200
