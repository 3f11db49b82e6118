"""A venue whose log ends and is followed by another, as everybody sees it."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from gateway.auditing.bundle import write_bundle
from gateway.auditing.scope import parse_scope
from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from ledger.commands import Command
from ledger.personal.disclosure import Sight
from ledger.refusals import Reject
from ledger.replay import Replay
from ledger.sequencer.submission import Answer, Submission
from ledger.shards.part import AnnounceLogKey, OpenLog, Reason
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.note import PublicKey
from ledger.transparency.policy import Policy
from ledger.transparency.publishing import Publisher
from ledger.transparency.receipt import Receipt
from ledger.transparency.signing import (
    Fork,
    Signed,
    Signers,
    SignRequest,
    add_secret,
    close_log,
)
from ledger.transparency.store import LogStore, logs_of
from ledger.verification.audit import Audit
from tests.gateway.api.house import House, serving

FOLDER = Path(__file__).parents[3] / "verifier"
OLD, NEW = "ecorights.example/test", "ecorights.example/test/2027"

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Printer:
    """Publishes every log of a house, by a signer of its own."""

    def __init__(self, house: House, connection: asyncpg.Connection, folder: Path) -> None:
        self.house, self.connection, self.folder = house, connection, folder
        self.keys: dict[str, PublicKey] = {}

    async def submit(self, command: Command) -> Answer:
        submission = Submission(actor="X-1", key=self.house.new_key(), command=command)
        [answer] = await self.house.client.submit_each([submission])
        assert isinstance(answer, Answer)
        return answer

    async def publish(self) -> None:
        signers = Signers(self.folder)

        async def sign(request: SignRequest) -> Signed:
            return signers.answer(request)

        for log in await logs_of(self.connection):
            if log.origin not in self.keys:
                self.keys[log.origin] = add_secret(self.folder, log.origin).public
            await Publisher(store=LogStore(self.connection, log), sign=sign).step()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two_logs(
    cluster: DatabaseServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Printer]:
    """A house with 23 entries in its first log and 11 in its second."""
    async with serving(cluster, template_database) as house:
        connection = await asyncpg.connect(house.writer._plan.dsn)
        printer = Printer(house, connection, tmp_path_factory.mktemp("signer"))
        await parties(house, 10, name="A")
        await printer.publish()
        await parties(house, 12, name="B")
        newest = await LogStore(connection, (await logs_of(connection))[0]).newest()
        assert newest is not None
        command = OpenLog(
            origin=NEW, reason=Reason.YEAR, old_size=newest.size, old_root=newest.root.hex()
        )
        opened = await printer.submit(command)
        assert opened.refusal is None
        await parties(house, 10, name="C")
        await printer.publish()
        yield printer
        await connection.close()


async def parties(house: House, count: int, *, name: str) -> None:
    for number in range(count):
        body = {"party": f"{name}{number}", "party_kind": "bank", "name": f"Bank {name}{number}"}
        await house.do("/parties", body)


async def save(printer: Printer, folder: Path, prefix: str) -> Path:
    """Download a log as any reader does."""
    size = int((await printer.house.http.get(f"{prefix}/checkpoint")).text.split("\n")[1])
    for path in ("checkpoint", f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"):
        answer = await printer.house.http.get(f"{prefix}/{path}")
        assert answer.status_code == 200, path
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(answer.content)
    return folder


def check(program: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-I", str(FOLDER / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def test_each_log_is_whole_under_its_own_name(two_logs: Printer, tmp_path: Path) -> None:
    logs = (await two_logs.house.get("/ledger/logs")).json()["logs"]
    for number, (origin, size) in enumerate(((OLD, 23), (NEW, 11))):
        folder = await save(two_logs, tmp_path / str(number), f"/log/shards/{number}")
        found = check("check_log.py", str(folder), "--key", two_logs.keys[origin].text)
        assert (found["ok"], found["origin"], found["size"]) == (True, origin, size), found
        assert logs[number]["published_entries"] == str(size)
    current = await save(two_logs, tmp_path / "current", "/log")
    assert (current / "checkpoint").read_bytes() == (tmp_path / "1/checkpoint").read_bytes()
    assert [(each["first_entry"], each["last_entry"]) for each in logs] == [
        ("0", "22"),
        ("23", None),
    ]
    assert logs[1]["opened"]["reason"] == "year"
    assert (await two_logs.house.http.get("/log/shards/2/checkpoint")).status_code == 404


async def test_receipts_count_in_their_own_log(two_logs: Printer) -> None:
    for entry, origin, place in ((5, OLD, 5), (22, OLD, 22), (23, NEW, 0), (30, NEW, 7)):
        text = (await two_logs.house.get(f"/ledger/receipts/{entry}")).text
        header = await two_logs.connection.fetchval(
            'SELECT header FROM entry WHERE "index" = $1', entry
        )
        said = json.loads(header)
        receipt = Receipt.parse(text)
        policy = Policy(logs=(two_logs.keys[origin],))
        receipt.verify(hash_leaf(header), origin=origin, policy=policy)

        assert receipt.index == place == int(said["index"])
        assert said["origin"] == origin
    missing = await two_logs.house.get("/ledger/receipts/99")
    assert (missing.status_code, missing.json()["code"]) == (404, "entry.not_found")


async def test_proofs_are_of_the_log_that_is_asked_for(two_logs: Printer) -> None:
    get = two_logs.house.get
    old = await get("/ledger/proofs/inclusion", index="22", size="23", log="0")
    new = await get("/ledger/proofs/inclusion", index="10", size="11")
    too_large = await get("/ledger/proofs/inclusion", index="10", size="23")
    grown = await get("/ledger/proofs/consistency", old="11", new="23", log="0")

    assert (old.status_code, new.status_code, grown.status_code) == (200, 200, 200)
    assert (too_large.status_code, too_large.json()["code"]) == (422, "log.proof_refused")


async def test_bundles_are_of_the_log_that_goes_on(two_logs: Printer, tmp_path: Path) -> None:
    for scope in ("everything", "period:2026-01-01..2027-01-01"):
        file = tmp_path / "b.zip"
        with file.open("wb") as target:
            await write_bundle(
                two_logs.connection,
                target,
                scope=parse_scope(scope),
                sees=lambda _: Sight(postings=True, personal=False),
                policy=Policy(logs=(two_logs.keys[NEW],)),
            )
        found = check("check_bundle.py", str(file), "--key", two_logs.keys[NEW].text)
        assert (found["ok"], found["entries"]) == (True, 11), found
        assert found["balances"].startswith("not checked")


async def test_the_whole_venue_verifies_and_replays(two_logs: Printer) -> None:
    audit = await Audit(two_logs.connection, new_machine, vault=two_logs.house.vault).run()
    assert audit.findings == []
    for decide in (False, True):
        replay = Replay(
            two_logs.connection, new_machine=new_machine, load=load_machine, certify=certify
        )
        report = await replay.run(decide=decide)
        assert report.findings == []
        assert report.state_hash == audit.state_hash
    machine = await load_machine(two_logs.connection)
    assert (machine.ledger.origin, machine.ledger.log_first) == (NEW, 23)
    assert machine.ledger.first_origin == OLD


async def test_a_closed_log_is_signed_no_further(tmp_path: Path) -> None:
    add_secret(tmp_path, OLD)
    close_log(tmp_path, OLD, size=23)
    signers = Signers(tmp_path)
    root = bytes(32)

    assert signers.answer(SignRequest(OLD, 23, root, 0, [])).refused == ""
    assert Fork.code in signers.answer(SignRequest(OLD, 24, root, 23, [])).refused


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (OpenLog(origin=OLD, reason=Reason.YEAR, old_size=1, old_root=""), Reject.LOG_NAME_USED),
        (OpenLog(origin="", reason=Reason.YEAR, old_size=1, old_root=""), Reject.LOG_NAME_USED),
        (
            OpenLog(origin="a/b", reason=Reason.YEAR, old_size=99, old_root=""),
            Reject.OLD_CHECKPOINT_UNFIT,
        ),
        (
            OpenLog(origin="a/b", reason=Reason.ENTRIES_LOST, old_size=1, old_root=""),
            Reject.OLD_CHECKPOINT_UNFIT,
        ),
        (
            OpenLog(origin="a/b", reason=Reason.YEAR, old_size=-1, old_root=""),
            Reject.OLD_CHECKPOINT_UNFIT,
        ),
        (AnnounceLogKey(vkey=f"{OLD}+01020304+AQ=="), Reject.LOG_KEY_UNFIT),
    ],
)
async def test_a_log_is_opened_only_where_it_continues(
    cluster: DatabaseServer, template_database: str, tmp_path: Path, command: Command, code: str
) -> None:
    async with serving(cluster, template_database) as house:
        connection = await asyncpg.connect(house.writer._plan.dsn)
        printer = Printer(house, connection, tmp_path)
        first = OpenLog(origin=NEW, reason=Reason.KEY_COMPROMISED, old_size=0, old_root="")
        assert (await printer.submit(first)).refusal is None
        refused = (await printer.submit(command)).refusal
        await connection.close()

    assert refused is not None
    assert refused.code == code
