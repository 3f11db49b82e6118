"""Witnesses over HTTP: a published checkpoint gains their lines, and a quorum accepts a receipt."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from gateway.transparency.cosigning import Witnesses
from gateway.transparency.witnessing import (
    create_witness_application,
    ensure_witness_key,
    witness_of,
)
from ledger.sequencer.submission import Submission
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.note import NoteRefused
from ledger.transparency.policy import Policy, parse_policy
from ledger.transparency.publishing import Publisher
from ledger.transparency.receipt import Receipt
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret
from ledger.transparency.store import LogStore, PublicLog
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.conftest import socket

__all__ = ["socket"]

ORIGIN = "ledger.example/test"


class Street(httpx.AsyncBaseTransport):
    """Leads each host name to an application, as a network would; some houses are empty."""

    def __init__(self) -> None:
        self.houses: dict[str, httpx.ASGITransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        house = self.houses.get(request.url.host)
        if house is None:
            raise httpx.ConnectError("nobody is at home")
        return await house.handle_async_request(request)


def only_log(connection: asyncpg.Connection) -> LogStore:
    return LogStore(connection, PublicLog(number=0, origin=ORIGIN, first=0))


class Town:
    """Two witnesses that are there, one that is not, and a publisher of one log."""

    def __init__(self, connection: asyncpg.Connection, folder: Path) -> None:
        self.folder = folder
        self.street = Street()
        log = add_secret(folder / "signer", ORIGIN).public
        rows = [f"log {log.text}"]
        for name in ("city", "bank", "state"):
            key = ensure_witness_key(folder / name, f"witness.example/{name}")
            assert ensure_witness_key(folder / name, "other").text == key.text
            rows.append(f"witness {name} {key.public.text} http://{name}/w/")
            if name != "state":
                witness = witness_of(folder / name, key, [log])
                application = create_witness_application(witness)
                self.street.houses[name] = httpx.ASGITransport(application)
        self.policy = parse_policy("\n".join([*rows, "group two 2 city bank state", "quorum two"]))
        signers = Signers(folder / "signer")

        async def sign(request: SignRequest) -> Signed:
            return signers.answer(request)

        self.client = httpx.AsyncClient(transport=self.street)
        self.publisher = Publisher(store=only_log(connection), sign=sign)
        self.with_policy(self.policy)

    def with_policy(self, policy: Policy) -> None:
        addresses = {name: f"http://{name}" for name in policy.witnesses}
        found = Policy(
            logs=policy.logs,
            witnesses=policy.witnesses,
            groups=policy.groups,
            addresses=addresses,
            quorum=policy.quorum,
        )
        self.publisher.cosign = Witnesses(found, self.client).cosign


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


async def grow(run: rig.Running, count: int, *, part: str) -> None:
    await run.send(
        Submission(actor="b-1", key=f"{part}-{n}", command=rig.cash_in(n + 1)) for n in range(count)
    )


async def receipt_of(connection: asyncpg.Connection, index: int) -> Receipt:
    newest = await only_log(connection).newest()
    assert newest is not None
    proof = await inclusion_proof(only_log(connection), index=index, size=newest.size)
    return Receipt.parse(Receipt(index, tuple(proof), newest.note).text)


async def test_two_of_three_witnesses_make_a_receipt_that_stands(
    database: str, socket: Path, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    town = Town(connection, tmp_path)
    async with rig.opened(rig.plan_of(database, socket)) as run:
        for step in range(3):
            await grow(run, 100, part=str(step))
            await town.publisher.step()
            # A publisher that was started anew does not know what the witnesses saw.
            town.with_policy(town.policy)
    [header] = await only_log(connection).headers(17, until=18)
    receipt = await receipt_of(connection, 17)

    checkpoint = receipt.verify(hash_leaf(header), origin=ORIGIN, policy=town.policy)

    assert checkpoint.size > 300
    assert len(receipt.text) < 1_500
    path = hashlib.sha256(ORIGIN.encode()).hexdigest()
    seen = await town.client.get(f"http://city/{path}/checkpoint")
    assert f"\n{checkpoint.size}\n" in seen.text
    assert (await town.client.get(f"http://city/{path[:-1]}0/checkpoint")).status_code == 404
    await town.client.aclose()


async def test_one_witness_alone_is_no_quorum_and_stops_nothing(
    database: str, socket: Path, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    town = Town(connection, tmp_path)
    del town.street.houses["bank"]
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await grow(run, 5, part="a")
        assert await town.publisher.step() is not None
    [header] = await only_log(connection).headers(3, until=4)
    receipt = await receipt_of(connection, 3)

    receipt.verify(hash_leaf(header), origin=ORIGIN, policy=Policy(logs=town.policy.logs))
    with pytest.raises(NoteRefused, match="cosigned by city"):
        receipt.verify(hash_leaf(header), origin=ORIGIN, policy=town.policy)
    await town.client.aclose()


async def test_a_witness_answers_bad_bodies_by_the_protocol(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    town = Town(connection, tmp_path)
    bodies = [b"", b"\xff", b"x" * 70_000, b"old 0\n\nno note"]
    answers = await asyncio.gather(
        *(town.client.post("http://city/add-checkpoint", content=body) for body in bodies)
    )
    assert [answer.status_code for answer in answers] == [400] * 4
    await town.client.aclose()
