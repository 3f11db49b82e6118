"""State roots as everybody reads them, and a holder's proof that a stranger's program checks."""

import asyncio
import copy
import json
import runpy
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from cryptography.exceptions import InvalidSignature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gateway.api.house import NEXT_DAY, House
from tests.gateway.api.office import Office, dsn_of

PROGRAM = Path(__file__).parents[3] / "verifier" / "check_holding.py"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    connection = await asyncpg.connect(dsn_of(house))
    yield Office(connection, tmp_path_factory.mktemp("signer"))
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def closed(house: House, office: Office) -> House:
    """The house after a close, when its state roots are built and published."""
    early = await house.get(
        f"/accounts/{house.accounts['E01']}/holding-proof", "E01-1", instrument="CEA25"
    )
    assert (early.status_code, early.json()["code"]) == (404, "ledger.state_root_missing")
    await house.do("/machine", {"machine": 3})
    await house.do("/clock", {"to": f"{NEXT_DAY}T00:00:00Z"})
    while await house.pool.fetchval("SELECT count(*) FROM phase WHERE NOT done"):  # noqa: ASYNC110  the writer's own work
        await asyncio.sleep(0.02)
    await office.publish()
    return house


async def proof_of(house: House, party: str, instrument: str) -> dict[str, Any]:
    path = f"/accounts/{house.accounts[party]}/holding-proof"
    answer = await house.get(path, f"{party}-1", instrument=instrument)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["proof"]
    return found


def verdict(folder: Path, proof: object, office: Office) -> dict[str, Any]:
    file = folder / "proof.json"
    file.write_text(json.dumps(proof), encoding="utf-8")
    command = [sys.executable, "-I", str(PROGRAM), str(file), "--key", office.key.text]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["ok"] else 1)
    return found


async def test_everybody_sees_that_holdings_are_what_was_issued(closed: House) -> None:
    answer = (await closed.get("/ledger/state-roots", instrument="CEA25")).json()
    [root] = answer["state_roots"]
    supply = (await closed.get("/instruments/CEA25/supply")).json()

    assert root["issued"] == supply["issued"]
    assert root["total"] == supply["in_circulation"]
    shown = (await closed.get(f"/ledger/state-roots/{root['entry']}")).json()["disclosure"]
    assert root["root"] in shown["postings"]
    seed = await closed.pool.fetchval("SELECT cursor FROM phase WHERE kind = 'state_root'")
    assert len(seed.split()[0]) == 64
    assert seed.split()[0] not in shown["postings"]


async def test_only_entries_with_roots_are_shown_to_everybody(closed: House) -> None:
    row = await closed.pool.fetchrow("SELECT min(entry) AS entry FROM state_root")
    assert row is not None
    for entry in (0, row["entry"] - 1):  # the one before holds the seed
        answer = await closed.get(f"/ledger/state-roots/{entry}")
        assert (answer.status_code, answer.json()["code"]) == (404, "entry.not_found")


async def test_each_holder_proves_its_own_holding_alone(
    closed: House, office: Office, tmp_path: Path
) -> None:
    held = 0
    for party in ("E01", "E02", "R", "E01-compliance"):
        if party == "E01-compliance":
            path = f"/accounts/{closed.accounts[party]}/holding-proof"
            answer = await closed.get(path, "E01-1", instrument="CEA25")
            proof = answer.json()["proof"]
        else:
            proof = await proof_of(closed, party, "CEA25")
        found = verdict(tmp_path, proof, office)
        assert found["ok"], found
        assert found["fragments"] in {0, 8}
        held += found["quantity"]
    assert held == found["total"]


async def test_a_strangers_holding_is_not_shown(closed: House) -> None:
    path = f"/accounts/{closed.accounts['E01']}/holding-proof"
    refused = await closed.get(path, "E02-1", instrument="CEA25")
    unknown = await closed.get(path, "E01-1", instrument="NONE")

    assert (refused.status_code, refused.json()["code"]) == (403, "request.forbidden")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "ledger.state_root_missing")


LIES = {
    "amount": lambda p: p["parts"][0].update(amount=str(int(p["parts"][0]["amount"]) + 1)),
    "negative": lambda p: p["parts"][0].update(amount="-1"),
    "account": lambda p: p.update(account="999"),
    "instrument": lambda p: p.update(instrument="CNY"),
    "salt": lambda p: p["parts"][1].update(salt="00" * 32),
    "position": lambda p: p["parts"][2].update(position=str(int(p["parts"][2]["position"]) ^ 1)),
    "sum": lambda p: p["parts"][3]["path"][1].update(total=p["parts"][3]["path"][1]["total"] + "1"),
    "hash": lambda p: p["parts"][3]["path"][1].update(hash="00" * 32),
    "way too short": lambda p: p["parts"][3]["path"].pop(),
    "part missing": lambda p: p["parts"].pop(),
    "part twice": lambda p: p["parts"].append(p["parts"][0]),
    "quantity": lambda p: p.update(quantity="1"),
    "body": lambda p: p["entry"].update(postings=p["entry"]["postings"].replace("ended", "e")),
    "key": lambda p: p["entry"].update(postings_key="00" * 32),
    "header": lambda p: p["entry"].update(
        header=p["entry"]["header"].replace('"v":"1"', '"v":"2"')
    ),
    "receipt": lambda p: p.update(receipt=p["receipt"].replace("index ", "index 1")),
    "checkpoint": lambda p: p.update(receipt=p["receipt"][:-8]),
    "format": lambda p: p.update(format="another"),
    "nothing": lambda p: p.clear(),
    "depth": lambda p: p.update(parts=json.loads("[" * 900 + "]" * 900)),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_changed_proof_is_refused_with_a_reason(
    closed: House, office: Office, tmp_path: Path, lie: str
) -> None:
    proof = await proof_of(closed, "E01", "CEA25")
    LIES[lie](proof)

    found = verdict(tmp_path, proof, office)
    assert not found["ok"]
    assert found["reason"]


async def test_random_changes_never_pass_and_never_crash(
    closed: House, office: Office, tmp_path: Path
) -> None:
    text = json.dumps(await proof_of(closed, "E02", "CNY"))

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, len(text) - 1), st.characters(codec="ascii", categories=["L", "N", "P"]))
    def change(place: int, letter: str) -> None:
        changed = text[:place] + letter + text[place + 1 :]
        try:
            same = json.loads(changed) == json.loads(text)
        except ValueError:
            same = False
        file = tmp_path / "changed.json"
        file.write_text(changed, encoding="utf-8")
        command = [sys.executable, "-I", str(PROGRAM), str(file), "--key", office.key.text]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        found = json.loads(done.stdout)
        assert not found["ok"] or same or _harmless(json.loads(text), json.loads(changed))

    change()


async def test_no_letter_can_be_written_in_the_other_case(closed: House, office: Office) -> None:
    """Hexadecimal and base64 have one spelling each: there is one text of a proof."""
    program = runpy.run_path(str(PROGRAM))
    text = json.dumps(await proof_of(closed, "E02", "CNY"))
    letters = [place for place, letter in enumerate(text) if letter.isalpha()]
    for place in letters:
        changed = text[:place] + text[place].swapcase() + text[place + 1 :]
        try:
            program["check"](json.loads(changed), office.key.text)
        except (program["Refused"], InvalidSignature, ValueError, KeyError, TypeError, IndexError):
            continue
        assert _harmless(json.loads(text), json.loads(changed)), (place, changed[place - 40 :][:80])


def _harmless(proof: dict[str, Any], changed: dict[str, Any]) -> bool:
    """Tell whether only what nothing rests on was changed: copies, and the other part's words."""
    for each in (proof, changed):
        for name in ("index", "leaf_hash", "personal", "personal_key", "personal_state",
                     "postings_state"):  # fmt: skip
            each["entry"].pop(name, None)
        each.pop("leaves", None)
    kept = copy.deepcopy(changed)
    renamed = proof["entry"].keys() != kept["entry"].keys() or proof.keys() != kept.keys()
    return renamed or proof == kept
