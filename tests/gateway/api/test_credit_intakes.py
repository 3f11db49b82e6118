"""Signed batches and large files through the public door: refused by name, adopted whole."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID

import asyncpg
import openpyxl  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.archive.commands import CHUNK_FACTS_MAX, OpenIntake, RecordIntakeFacts
from credit_scoring.archive.fact_file import HEADER, LARGE, read_csv
from credit_scoring.archive.signed_batch import is_signed, message_of
from credit_scoring.archive.taking_in import chunk_digest
from gateway.api.credit_facts import CSV, WORKBOOK
from gateway.embedded.runtime_folder import socket_of
from gateway.settings import Settings
from gateway.wiring import certify, load_machine, new_machine
from gateway.work.kinds import Kinds
from gateway.work.stepping import Workplace, do_turn
from ledger.commands import Command
from ledger.replay import Replay
from ledger.sequencer.submission import Answer, Submission
from ledger.state_hash import state_hash
from ledger.verification.audit import Audit
from tests.gateway.api.archives import EVIDENCE, open_archives
from tests.gateway.api.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIGNER = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
STEPS_MAX = 100
LINES = 2 * CHUNK_FACTS_MAX + 1


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def office(house: House) -> AsyncIterator[House]:
    """The module's house with archives, a key, and a way from a job to its writer."""
    await open_archives(house)
    key = {
        "kind": "credit_register_department_key",
        "department": "D1",
        "key_id": "2026-a",
        "public_key": SIGNER.public_key().public_bytes_raw().hex(),
        "decision": "2026/3",
    }
    await house.propose(key, maker="R-1", checker="R-2")
    socket = socket_of(house.folder, "test")
    socket.symlink_to(house.folder / "w.sock")
    yield house
    socket.unlink()
    async with house.pool.acquire() as lent:
        connection: Any = lent
        assert (await Audit(connection, new_machine).run()).findings == []
        replay = Replay(connection, new_machine=new_machine, load=load_machine, certify=certify)
        assert (await replay.run(decide=True)).findings == []
        loaded = await load_machine(cast("asyncpg.Connection", connection))
    assert state_hash(loaded) == state_hash(house.machine)


def batch(number: int, *references: str) -> dict[str, Any]:
    facts = [
        {
            "subject": "F1",
            "rule": "E-COMP-01",
            "on": "2026-03-01",
            "quantity": 1,
            "incident": "",
            "reference": reference,
            "evidence": EVIDENCE,
        }
        for reference in references
    ]
    document = {
        "format": "ecorights-facts-v1",
        "venue": "test",
        "source": "D1",
        "key": "2026-a",
        "batch": number,
        "facts": facts,
    }
    return {"document": document, "signature": SIGNER.sign(message_of(document)).hex()}


def rows(*references: str, rule: str = "E-COMP-02") -> str:
    lines = [f"F1,{rule},2026-03-02,1,,{each},{EVIDENCE}" for each in references]
    return "\n".join((",".join(HEADER), *lines, ""))


async def hand_in(house: House, content: str | bytes, **params: str) -> Any:
    is_text = isinstance(content, str)
    headers = house.headers("D1-1", key=house.new_key())
    headers["Content-Type"] = CSV if is_text else WORKBOOK
    path = f"/v1/credit/fact-{'file' if is_text else 'workbook'}-uploads"
    return await house.http.post(path, content=content, headers=headers, params=params)


async def take_in(house: House, content: str | bytes, *, dry_run: bool = False) -> dict[str, Any]:
    """Upload a file, and do its job as a worker does."""
    upload = (await hand_in(house, content)).json()["upload"]
    body = {"kind": "credit_fact_file", "parameters": {"upload": upload, "dry_run": dry_run}}
    asked = await house.post("/jobs", body, "D1-1")
    assert asked.status_code == 202, asked.text
    return await work(house, asked.json()["job"])


async def work(house: House, job: str, *, steps: int = STEPS_MAX) -> dict[str, Any]:
    place = Workplace(
        settings=Settings(home=house.folder, venue="test", worker_lease=20),
        dsn=house.writer._plan.dsn,
        worker="w1",
        kinds=Kinds(),
    )
    for _ in range(steps):
        found: dict[str, Any] = (await house.get(f"/jobs/{job}", "D1-1")).json()
        if found["state"] not in {"queued", "running"}:
            break
        await do_turn(place, UUID(job), wake=lambda _: None, seconds=0.0)
    return found


async def errors(house: House, job: dict[str, Any]) -> list[dict[str, str]]:
    answer = await house.get(f"/jobs/{job['job']}/result", "D1-1")
    return list(csv.DictReader(io.StringIO(answer.text)))


async def counted(house: House) -> int:
    return int(await house.pool.fetchval("SELECT count(*) FROM credit_known_fact"))


async def test_a_signed_batch_is_recorded_once_and_can_be_checked_offline(house: House) -> None:
    sent = batch(17, "S/1", "S/2")
    await house.do("/credit/signed-facts", sent, "D1-1")
    again = await house.post("/credit/signed-facts", sent, "D1-1")
    forged = batch(18, "S/3") | {"signature": sent["signature"]}
    refused = await house.post("/credit/signed-facts", forged, "D1-1")

    shown = (await house.get("/credit/signed-batches/D1/17", "A-1")).json()
    listed = (await house.get("/credit/signed-batches", "D1-1")).json()["batches"]
    strangers = await house.get("/credit/signed-batches/D1/17", "E01-1")
    unknown = await house.get("/credit/signed-batches/D1/18", "A-1")

    assert (again.status_code, again.json()["code"]) == (409, "credit.batch_doubled")
    assert (refused.json()["code"], refused.json()["field"]) == (
        "credit.signature_unfit",
        "signature",
    )
    assert shown["document"] == sent["document"]
    signed = message_of(shown["document"])
    assert is_signed(signed, shown["signature"], public_key=shown["public_key"])
    assert [each["batch"] for each in listed] == [17]
    assert (strangers.status_code, unknown.status_code) == (403, 404)
    assert unknown.json()["code"] == "credit.batch_unknown"
    keys = (await house.get("/credit/department-keys", "E01-1")).json()["keys"]
    assert [(each["key_id"], each["retired_in"]) for each in keys] == [("2026-a", None)]


async def test_a_large_file_counts_by_one_entry(house: House) -> None:
    before, head = await counted(house), await house.head()
    content = rows(*(f"L/{number}" for number in range(LINES)))

    tried = await take_in(house, content, dry_run=True)
    untouched = await house.head()
    done = await take_in(house, content)

    assert (tried["state"], tried["value"]["state"], untouched) == ("done", "tried", head)
    assert (done["value"]["state"], done["value"]["lines"]) == ("adopted", LINES)
    entry = done["value"]["entry"]
    listed = (await house.get("/credit/intakes", "D1-1")).json()["intakes"]
    assert [(each["closed_in"], each["recorded"]) for each in listed] == [(entry, 3)]
    assert await counted(house) == before + LINES
    known = "SELECT DISTINCT entry FROM credit_known_fact WHERE reference LIKE 'L/%'"
    assert [str(row["entry"]) for row in await house.pool.fetch(known)] == [entry]


async def test_every_bad_line_is_named_and_nothing_is_recorded(house: House) -> None:
    head = await house.head()
    content = rows("B/1", "B/2") + f"F1,E-COMP-02,yesterday,1,,B/3,{EVIDENCE}\n"
    content += f"F1,V-LIVE-01,2026-03-02,1,,B/4,{EVIDENCE}\n"

    done = await take_in(house, content)

    found = await errors(house, done)
    assert (done["value"]["state"], done["value"]["bad"]) == ("refused", 2)
    assert [(each["line"], each["field"], each["code"]) for each in found] == [
        ("4", "on", "credit.file_unreadable"),
        ("5", "rule", "credit.rule_of_other_kind"),
    ]
    assert found[0]["expected"] == "a day, YYYY-MM-DD"
    assert await house.head() == head


async def test_who_dies_on_the_way_is_followed_by_who_goes_on(house: House) -> None:
    content = rows(*(f"R/{number}" for number in range(LINES)))
    upload = (await hand_in(house, content)).json()["upload"]
    before = await counted(house)
    await _leave_half(house, upload)
    facts = {"source": "D1", "facts": batch(1, "X/1")["document"]["facts"]}
    beside = await house.post("/credit/facts", facts, "D1-1")

    half = await counted(house)
    done = await take_in(house, content)

    assert (beside.status_code, beside.json()["code"]) == (409, "credit.intake_open")
    assert half == before
    assert done["value"]["state"] == "adopted"
    assert await counted(house) == before + LINES


async def _leave_half(house: House, upload: str) -> None:
    """Do what a job does that dies after its first chunk."""
    query = "SELECT content FROM credit_upload WHERE digest = $1"
    content = await house.pool.fetchval(query, upload)
    facts = [fact for _, fact in read_csv(content, LARGE).facts]
    chunks = [facts[at : at + CHUNK_FACTS_MAX] for at in range(0, len(facts), CHUNK_FACTS_MAX)]
    opening = OpenIntake(
        source="D1", file=upload, lines=len(facts), chunks=[chunk_digest(each) for each in chunks]
    )
    opened = await _sent(house, opening)
    await _sent(house, RecordIntakeFacts(intake=opened.intake, chunk=0, facts=chunks[0]))


async def _sent(house: House, command: Command) -> Any:
    """Send a command as the department; return its first effect."""
    submission = Submission(actor="D1-1", key=house.new_key(), command=command)
    [answer] = await house.client.submit_each([submission])
    assert isinstance(answer, Answer)
    assert answer.refusal is None
    return answer.effects[0]


async def test_an_upload_is_its_departments_own(house: House) -> None:
    tried = await hand_in(house, rows("U/1"), dry_run="true")
    body = {"kind": "credit_fact_file", "parameters": {"upload": tried.json()["upload"]}}

    unknown = await house.post("/jobs", body, "D1-1")
    await hand_in(house, rows("U/1"))
    strangers = await house.post("/jobs", body, "E01-1")
    await house.pool.execute("UPDATE credit_upload SET at = at - interval '4 days'")
    old = await house.post("/jobs", body, "D1-1")

    assert (tried.status_code, tried.json()["outcome"]) == (200, "dry_run")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "credit.upload_unknown")
    assert (strangers.status_code, strangers.json()["code"]) == (403, "credit.department_only")
    assert (old.status_code, old.json()["code"]) == (404, "credit.upload_unknown")


async def test_a_large_workbook_is_taken_in_as_well(house: House) -> None:
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(rows("W/1", "W/2"))):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)

    done = await take_in(house, content.getvalue())

    assert (done["value"]["state"], done["value"]["lines"]) == ("adopted", 2)


async def test_a_file_without_lines_is_none(house: House) -> None:
    done = await take_in(house, rows())

    assert done["value"]["state"] == "refused"
    assert [each["field"] for each in await errors(house, done)] == ["lines"]
