"""The process that anchors: both kinds at once, past trouble, and never in the way of a trade."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.anchoring.checking import check_anchors
from gateway.anchoring.running import anchor_until_stopped
from gateway.anchoring.standing import anchor_words, standings
from gateway.database_server import DatabaseServer
from gateway.settings import Settings
from ledger.anchoring.anchor import Anchor, Kind, State
from ledger.anchoring.store import AnchorStore
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.publishing import Publisher
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret
from ledger.transparency.store import LogStore, PublicLog, Published, current_log
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, serving
from tests.ledger.anchoring.conftest import COMPILED, Contract
from tests.ledger.anchoring.local_authority import Counter

ORIGIN = "ecorights.example/test"
SOON = 0.05
KINDS = [Kind.CHAIN, Kind.TIMESTAMP]


def settings_of(folder: Path, contract: Contract, counter: Counter, **more: Any) -> Settings:
    key = folder / "anchor.key"
    key.write_text(contract.secret + "\n")
    key.chmod(0o600)
    given: dict[str, Any] = {
        "anchor_rpc": contract.chain.url,
        "anchor_contract": contract.address,
        "anchor_key_file": key,
        "anchor_confirmations": 2,
        "anchor_interval": 0.1,
        "timestamp_url": counter.url,
        "timestamp_ca": counter.authority.trusted_file,
        "timestamp_interval": 0.1,
    }
    return Settings(**(given | more))


class Office:
    """A house's publisher, stepped by hand."""

    def __init__(self, house: House, connection: asyncpg.Connection, folder: Path) -> None:
        self.house = house
        self.connection = connection
        add_secret(folder, ORIGIN)
        signers = Signers(folder)

        async def sign(request: SignRequest) -> Signed:
            return signers.answer(request)

        self.log = LogStore(connection, PublicLog(number=0, origin=ORIGIN, first=0))
        self._publisher = Publisher(store=self.log, sign=sign)

    @property
    def dsn(self) -> str:
        return self.house.writer._plan.dsn

    async def publish(self) -> Published:
        await self._publisher.step()
        store = await current_log(self.connection)
        assert store is not None
        newest = await store.newest()
        assert newest is not None
        return newest


@pytest.fixture
async def office(
    cluster: DatabaseServer, furnished: Furnished, tmp_path: Path
) -> AsyncIterator[Office]:
    async with serving(cluster, furnished) as house:
        opened = await asyncpg.connect(house.writer._plan.dsn)
        yield Office(house, opened, tmp_path / "signer")
        await opened.close()


@asynccontextmanager
async def anchoring(office: Office, settings: Settings, kinds: list[Kind]) -> AsyncIterator[None]:
    task = asyncio.create_task(anchor_until_stopped(settings, office.dsn, kinds, pause=SOON))
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(
    office: Office, kind: Kind, fits: Callable[[Anchor], bool], *, between: Callable[[], Any]
) -> Anchor:
    """Wait until the newest anchor of a kind is as wanted."""
    store = AnchorStore(office.connection)
    async with asyncio.timeout(20):
        while True:
            found = await store.last(kind, ORIGIN)
            if found is not None and fits(found):
                return found
            between()
            await asyncio.sleep(SOON)


def is_confirmed(anchor: Anchor) -> bool:
    return anchor.state is State.CONFIRMED


def nothing() -> None:
    """Do nothing between two looks."""


async def test_both_kinds_anchor_what_is_published_and_prove_it(
    office: Office, contract: Contract, counter: Counter, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, contract, counter)
    published = await office.publish()

    async with anchoring(office, settings, KINDS):
        chained = await until(
            office, Kind.CHAIN, is_confirmed, between=lambda: contract.chain.mine(1)
        )
        stamped = await until(office, Kind.TIMESTAMP, is_confirmed, between=nothing)
    checks = await check_anchors(settings, office.dsn, size=None)

    assert (chained.size, chained.root) == (published.size, published.root)
    assert (stamped.note, stamped.place) == (published.note, counter.url)
    assert [(each.kind, each.what, each.ok) for each in checks] == [
        (Kind.CHAIN, "note", True),
        (Kind.CHAIN, "tree", True),
        (Kind.CHAIN, "chain", True),
        (Kind.CHAIN, "event", True),
        (Kind.TIMESTAMP, "note", True),
        (Kind.TIMESTAMP, "tree", True),
        (Kind.TIMESTAMP, "time stamp", True),
    ], [str(each) for each in checks]


async def test_a_real_entry_is_proved_on_the_chain(
    office: Office, contract: Contract, counter: Counter, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, contract, counter)
    published = await office.publish()
    async with anchoring(office, settings, [Kind.CHAIN]):
        anchor = await until(
            office, Kind.CHAIN, is_confirmed, between=lambda: contract.chain.mine(1)
        )
    web3: Any = contract.chain.web3
    verify = web3.eth.contract(address=contract.address, abi=COMPILED["abi"]).functions.verifyHeader
    for index in (0, 1, published.size // 2, published.size - 1):
        header = await office.connection.fetchval(
            'SELECT header FROM entry WHERE "index" = $1', index
        )
        proof = await inclusion_proof(office.log, index=index, size=published.size)
        place = (anchor.origin_hash, published.size, index)

        assert verify(*place, header, proof).call()
        assert not verify(*place, header.replace(b'"', b"'", 1), proof).call()


async def test_an_order_goes_through_while_the_node_and_the_authority_hang(
    office: Office, contract: Contract, counter: Counter, tmp_path: Path
) -> None:
    contract.chain.is_silent = counter.is_silent = True
    await office.publish()

    async with anchoring(office, settings_of(tmp_path, contract, counter), KINDS):
        while not contract.chain.calls or not counter.asked:  # noqa: ASYNC110  threads, no event
            await asyncio.sleep(SOON)
        begin = time.monotonic()
        for _ in range(20):
            answer = await office.house.order("E02-1", "buy", "1", price="75.00")
            assert answer["outcome"] == "applied"
        taken = time.monotonic() - begin
        published = await office.publish()

    assert taken < 5
    assert published.size > 20


async def test_trouble_is_told_and_over_when_its_cause_is(
    office: Office, contract: Contract, counter: Counter, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, contract, counter)
    counter.status = 500
    await office.publish()

    async with anchoring(office, settings, [Kind.TIMESTAMP]):
        failing = await until(
            office, Kind.TIMESTAMP, lambda each: bool(each.error), between=nothing
        )
        told = await words_of(office, {Kind.TIMESTAMP: 3600.0})
        counter.status = 200
        await until(office, Kind.TIMESTAMP, is_confirmed, between=nothing)
        healed = await words_of(office, {Kind.TIMESTAMP: 3600.0})

    assert failing.error == "anchor.authority_refused"
    assert told == "timestamp: submitted, anchor.authority_refused"
    assert healed.startswith("timestamp: ok, ")


async def words_of(office: Office, intervals: dict[Kind, float], *, later: int = 0) -> str:
    found = await standings(office.connection, list(intervals))
    now = time.time_ns() // 1000 + later * 1_000_000
    return anchor_words(found, intervals=intervals, now=now)


async def test_a_process_that_is_gone_shows_as_late(
    office: Office, contract: Contract, counter: Counter, tmp_path: Path
) -> None:
    seconds = {Kind.TIMESTAMP: 3600.0}
    before = await words_of(office, seconds)
    published = await office.publish()
    async with anchoring(office, settings_of(tmp_path, contract, counter), [Kind.TIMESTAMP]):
        await until(office, Kind.TIMESTAMP, is_confirmed, between=nothing)
    quiet = await words_of(office, seconds, later=100_000)
    await office.house.order("E02-1", "buy", "1", price="75.00")
    await office.publish()

    assert before == "timestamp: none yet"
    assert quiet == f"timestamp: ok, {published.size} entries"
    assert await words_of(office, seconds) == quiet
    assert await words_of(office, seconds, later=100_000) == quiet.replace("ok", "late")


async def test_files_that_are_unfit_are_alarms_and_nothing_else(
    office: Office,
    contract: Contract,
    counter: Counter,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = settings_of(tmp_path, contract, counter)
    assert settings.anchor_key_file is not None
    settings.anchor_key_file.chmod(0o644)
    await office.publish()

    async with anchoring(office, settings, KINDS):
        await until(office, Kind.TIMESTAMP, is_confirmed, between=nothing)
        chained = await AnchorStore(office.connection).last(Kind.CHAIN, ORIGIN)

    told = capsys.readouterr().out
    assert chained is None
    assert "chmod 600" in told
    assert contract.secret[2:] not in told


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("note = note || 'x'", "note"),
        ("note_hash = decode(repeat('ab', 32), 'hex')", "time stamp"),
        ("root = decode(repeat('ab', 32), 'hex')", "tree"),
        (
            "token = set_byte(token, length(token) - 1, get_byte(token, length(token) - 1) # 1)",
            "time stamp",
        ),
        ("state = 'submitted'", "state"),
    ],
)
async def test_an_anchor_that_was_changed_is_found(
    office: Office, contract: Contract, counter: Counter, tmp_path: Path, harm: str, what: str
) -> None:
    settings = settings_of(tmp_path, contract, counter)
    published = await office.publish()
    async with anchoring(office, settings, [Kind.TIMESTAMP]):
        await until(office, Kind.TIMESTAMP, is_confirmed, between=nothing)
    await office.connection.execute("SET session_replication_role = replica")
    await office.connection.execute(f"UPDATE anchor SET {harm}")

    checks = await check_anchors(settings, office.dsn, size=published.size)

    assert what in {each.what for each in checks if not each.ok}
