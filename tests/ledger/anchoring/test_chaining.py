"""Anchoring on a chain: once each, after blocks, across reorganisations, crashes and dead nodes."""

import asyncio
from typing import Any

import asyncpg
import pytest

from kernel.clock import FixedClock
from ledger.anchoring.anchor import Anchor, AnchorTrouble, Kind, State, hash_origin, planned
from ledger.anchoring.chaining import ChainAnchoring
from ledger.anchoring.evm import EvmContract, checked_address, opened
from ledger.anchoring.running import Turns
from ledger.anchoring.store import AnchorStore
from ledger.transparency.store import current_log
from tests.ledger.anchoring.conftest import COMPILED, Contract
from tests.ledger.anchoring.local_chain import artifact_of
from tests.ledger.anchoring.log_of_one import ORIGIN, publish

START = 1_800_000_000_000_000
SECOND = 1_000_000
DAY = 86_400 * SECOND
ORIGIN_HASH = hash_origin(ORIGIN)


class Desk:
    """Anchoring of one log, stepped by hand on a clock that stands."""

    def __init__(
        self, connection: asyncpg.Connection, chain: EvmContract, *, confirmations: int = 3
    ) -> None:
        self.connection = connection
        self.store = AnchorStore(connection)
        self.clock = FixedClock(START)
        self.anchoring = ChainAnchoring(
            connection=connection,
            origin=ORIGIN,
            chain=chain,
            clock=self.clock,
            interval=DAY,
            confirmations=confirmations,
        )
        self.turns = Turns(kind=Kind.CHAIN, worker=self.anchoring)

    async def step(self) -> Anchor | None:
        await self.anchoring.step()
        return await self.last()

    async def turn(self) -> Anchor | None:
        await self.turns.turn()
        return await self.last()

    async def last(self) -> Anchor | None:
        return await self.store.last(Kind.CHAIN, ORIGIN)

    async def count(self) -> int:
        return int(await self.connection.fetchval("SELECT count(*) FROM anchor"))


@pytest.fixture
def desk(connection: asyncpg.Connection, adapter: EvmContract) -> Desk:
    return Desk(connection, adapter)


def root_of(contract: Contract, size: int) -> bytes:
    web3 = contract.chain.web3
    found: Any = web3.eth.contract(address=contract.address, abi=COMPILED["abi"])  # type: ignore[call-overload]
    return bytes(found.functions.rootAt(ORIGIN_HASH, size).call())


async def test_an_anchor_counts_after_its_blocks(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    published = await publish(connection, 5)

    sent = await desk.step()
    waiting = await desk.step()
    contract.chain.mine(3)
    done = await desk.step()

    assert sent is not None
    assert waiting is not None
    assert done is not None
    assert (sent.state, waiting.state, done.state) == (
        State.SUBMITTED,
        State.SUBMITTED,
        State.CONFIRMED,
    )
    assert (done.size, done.root, done.note) == (5, published.root, published.note)
    assert done.place == f"eip155:131277322940537:{contract.address}"
    assert (done.ref, done.attempts, done.confirmed_at) == (sent.ref, 1, START)
    block = contract.chain.web3.eth.get_transaction(done.ref)["blockNumber"]  # type: ignore[arg-type]
    seconds = contract.chain.web3.eth.get_block(block)["timestamp"]
    assert done.stated_at == seconds * SECOND
    assert root_of(contract, 5) == published.root
    assert contract.chain.sent() == 1


async def test_nothing_is_anchored_before_something_is_published(desk: Desk) -> None:
    assert await desk.step() is None


async def test_the_next_one_waits_for_its_interval_and_for_a_larger_tree(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    await publish(connection, 5)
    await desk.step()
    contract.chain.mine(3)
    await desk.step()

    desk.clock.at += DAY
    await desk.step()
    same_tree = await desk.count()
    await publish(connection, 6)
    desk.clock.at = START + DAY - 1
    await desk.step()
    too_early = await desk.count()
    desk.clock.at = START + DAY
    found = await desk.step()

    assert (same_tree, too_early) == (1, 1)
    assert found is not None
    assert (found.size, found.state) == (6, State.SUBMITTED)


async def test_without_confirmations_an_anchor_counts_at_once(
    connection: asyncpg.Connection, adapter: EvmContract
) -> None:
    await publish(connection, 5)

    found = await Desk(connection, adapter, confirmations=0).step()

    assert found is not None
    assert (found.state, found.attempts) == (State.CONFIRMED, 1)


async def test_what_a_reorganisation_takes_away_is_sent_again(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    await publish(connection, 5)
    before = contract.chain.tester.take_snapshot()
    sent = await desk.step()
    contract.chain.mine(1)
    contract.chain.tester.revert_to_snapshot(before)
    assert root_of(contract, 5) == bytes(32)

    again = await desk.step()
    contract.chain.mine(3)
    done = await desk.step()

    assert sent is not None
    assert again is not None
    assert done is not None
    assert (again.state, again.attempts) == (State.SUBMITTED, 2)
    assert done.state is State.CONFIRMED
    assert root_of(contract, 5) == done.root


async def test_a_confirmed_anchor_that_a_deep_reorganisation_takes_is_opened_again(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    await publish(connection, 5)
    before = contract.chain.tester.take_snapshot()
    await desk.step()
    contract.chain.mine(3)
    confirmed = await desk.step()
    contract.chain.tester.revert_to_snapshot(before)

    opened_again = await desk.step()
    contract.chain.mine(3)
    done = await desk.step()

    assert confirmed is not None
    assert confirmed.state is State.CONFIRMED
    assert opened_again is not None
    assert done is not None
    assert (opened_again.state, opened_again.confirmed_at) == (State.SUBMITTED, None)
    assert (done.state, done.attempts) == (State.CONFIRMED, 2)


async def test_a_lost_answer_anchors_once(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    await publish(connection, 5)
    contract.chain.lose_answer_of = "eth_sendRawTransaction"
    with pytest.raises(AnchorTrouble):
        await desk.step()
    contract.chain.lose_answer_of = None
    unnoted = await desk.last()

    waiting = await desk.step()
    contract.chain.mine(3)
    done = await desk.step()

    assert unnoted is not None
    assert waiting is not None
    assert done is not None
    assert (unnoted.state, unnoted.ref) == (State.SUBMITTED, "")
    assert (done.state, done.attempts, contract.chain.sent()) == (State.CONFIRMED, 1, 1)
    assert done.ref.startswith("0x")


async def test_a_crash_before_the_transaction_is_sent_sends_it_once(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    await publish(connection, 5)
    intent = await planned_of(desk)
    await desk.store.plan(intent)
    await desk.store.attempt(intent, place="", now=START)

    found = await desk.step()

    assert found is not None
    assert (found.state, found.attempts, contract.chain.sent()) == (State.SUBMITTED, 2, 1)


async def test_a_crash_after_the_plan_finds_what_another_process_anchored(
    desk: Desk, contract: Contract, connection: asyncpg.Connection, adapter: EvmContract
) -> None:
    await publish(connection, 5)
    intent = await planned_of(desk)
    await desk.store.plan(intent)
    await adapter.submit(ORIGIN_HASH, 5, root=intent.root, note_hash=intent.note_hash)
    contract.chain.mine(3)

    found = await desk.step()

    assert found is not None
    assert (found.state, contract.chain.sent()) == (State.CONFIRMED, 1)


async def planned_of(desk: Desk) -> Anchor:
    store = await current_log(desk.connection)
    assert store is not None
    newest = await store.newest()
    assert newest is not None
    return planned(Kind.CHAIN, ORIGIN, newest, now=START)


async def test_a_transaction_that_waits_is_not_sent_twice(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    contract.chain.wait_for_blocks(wait=True)
    await publish(connection, 5)
    first = await desk.step()
    second = await desk.step()

    assert first is not None
    assert second is not None
    assert (second.attempts, second.ref) == (1, first.ref)
    assert contract.chain.sent() == 1
    contract.chain.mine(4)
    done = await desk.step()
    assert done is not None
    assert done.state is State.CONFIRMED


async def test_what_waits_under_a_number_is_replaced_at_a_better_price(
    contract: Contract, adapter: EvmContract
) -> None:
    account = checked_address(contract.publisher)
    contract.chain.wait_for_blocks(wait=True)
    await adapter.submit(ORIGIN_HASH, 5, root=b"\x01" * 32, note_hash=b"\x02" * 32)
    second, third = await adapter._fields(account), await adapter._fields(account)
    contract.chain.mine(1)
    after = await adapter._fields(account)

    tips = [each["maxPriorityFeePerGas"] for each in (after, second, third)]
    assert [tip * 100 // tips[0] for tip in tips] == [100, 125, 150]
    assert [each["nonce"] - second["nonce"] for each in (second, third, after)] == [0, 0, 1]


async def test_two_processes_anchor_once(
    connection: asyncpg.Connection, database: str, contract: Contract
) -> None:
    await publish(connection, 5)
    desks = []
    async with (
        opened(*reach(contract), address=contract.address, secret=contract.secret) as first,
        opened(*reach(contract), address=contract.address, secret=contract.secret) as second,
    ):
        other = await asyncpg.connect(database)
        desks = [Desk(connection, first), Desk(other, second)]
        for _ in range(3):
            await asyncio.gather(*(each.turn() for each in desks))
            contract.chain.mine(2)
        await other.close()
    found = await desks[0].last()

    assert found is not None
    assert found.state is State.CONFIRMED
    events: Any = contract.chain.web3.eth.contract(  # type: ignore[call-overload]
        address=contract.address, abi=COMPILED["abi"]
    ).events
    assert len(events.Anchored.get_logs(from_block=0)) == 1


def reach(contract: Contract) -> tuple[str, Any]:
    return contract.chain.url, artifact_of(COMPILED)


async def test_a_fork_on_the_chain_is_an_alarm_and_ends_the_anchor(
    desk: Desk, connection: asyncpg.Connection, adapter: EvmContract
) -> None:
    await publish(connection, 5)
    await adapter.submit(ORIGIN_HASH, 5, root=b"\x09" * 32, note_hash=b"\x08" * 32)

    found = await desk.turn()

    assert found is not None
    assert (found.state, found.error) == (State.FAILED, "anchor.other_root")


async def test_a_size_that_was_passed_fails_and_the_next_goes_on(
    desk: Desk, connection: asyncpg.Connection, adapter: EvmContract
) -> None:
    await publish(connection, 5)
    await adapter.submit(ORIGIN_HASH, 6, root=b"\x09" * 32, note_hash=b"\x08" * 32)

    failed = await desk.turn()
    await publish(connection, 7)
    desk.clock.at += DAY
    found = await desk.turn()

    assert failed is not None
    assert found is not None
    assert (failed.state, failed.error) == (State.FAILED, "anchor.size_passed")
    assert (found.size, found.state) == (7, State.SUBMITTED)


async def test_a_refused_publisher_is_an_alarm_and_retried_until_it_may(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    await publish(connection, 5)
    secret, _ = contract.chain.funded()
    async with opened(*reach(contract), address=contract.address, secret=secret) as stranger:
        barred = Desk(connection, stranger)
        first = await barred.turn()
        second = await barred.turn()

    assert first is not None
    assert second is not None
    assert (first.state, first.error) == (State.SUBMITTED, "anchor.contract_refused")
    assert (second.attempts, contract.chain.sent()) == (2, 0)
    found = await desk.turn()
    assert found is not None
    assert (found.state, found.error) == (State.SUBMITTED, "")


@pytest.mark.parametrize("mood", ["dead", "lost", "without the contract"])
async def test_a_node_that_fails_is_noted_and_asked_less_often(
    mood: str, connection: asyncpg.Connection, contract: Contract
) -> None:
    url, artifact = reach(contract)
    address = contract.address
    if mood == "dead":
        url = "http://127.0.0.1:9"
    elif mood == "lost":
        contract.chain.lose_answer_of = "eth_call"
    else:
        address = contract.publisher
    await publish(connection, 5)
    async with opened(url, artifact, address=address, secret=contract.secret) as chain:
        desk = Desk(connection, chain)
        pauses = [await desk.turns.turn() for _ in range(8)]
        found = await desk.last()

    assert found is not None
    silent = mood != "without the contract"
    assert found.error == ("anchor.node_silent" if silent else "anchor.node_refused")
    assert pauses[:3] == [10.0, 20.0, 40.0]
    assert pauses[-1] == 300.0


async def test_turns_come_often_only_while_something_is_under_way(
    desk: Desk, contract: Contract, connection: asyncpg.Connection
) -> None:
    idle = await desk.turns.turn()
    await publish(connection, 5)
    under_way = await desk.turns.turn()
    contract.chain.mine(3)
    done = await desk.turns.turn()

    assert (idle, under_way, done) == (60.0, 5.0, 60.0)


async def test_a_node_that_hangs_ends_with_its_deadline(
    connection: asyncpg.Connection, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.anchoring.evm.CALL_SECONDS_MAX", 0.3)
    await publish(connection, 5)
    contract.chain.is_silent = True
    async with opened(*reach(contract), address=contract.address, secret=contract.secret) as chain:
        desk = Desk(connection, chain)
        async with asyncio.timeout(3):
            found = await desk.turn()

    assert found is not None
    assert (found.state, found.error) == (State.PENDING, "anchor.node_silent")


async def test_the_note_that_is_anchored_is_the_one_with_the_witnesses_lines(
    connection: asyncpg.Connection, adapter: EvmContract
) -> None:
    desk = Desk(connection, adapter)
    published = await publish(connection, 5)
    desk.anchoring.settle_seconds = 0.3
    step = asyncio.create_task(desk.step())
    await asyncio.sleep(0.05)
    note = published.note + "\u2014 witness.example AAAA\n"
    await connection.execute("UPDATE checkpoint SET note = $1 WHERE size = 5", note)

    found = await step

    assert found is not None
    assert found.note.endswith("witness.example AAAA\n")


@pytest.mark.parametrize(
    "change",
    [
        "root = repeat('x', 32)::bytea",
        "note = 'x'",
        "note_hash = repeat('x', 32)::bytea",
        "size = 6",
        "origin = 'x'",
        "planned_at = 1",
        "attempts = 0",
        "state = 'pending'",
        "state = 'failed'",
        "state = 'submitted'",
    ],
)
async def test_an_anchor_keeps_what_it_is_of_and_its_state_only_grows(
    desk: Desk, contract: Contract, connection: asyncpg.Connection, change: str
) -> None:
    await publish(connection, 5)
    await desk.step()
    contract.chain.mine(3)
    await desk.step()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"UPDATE anchor SET {change}")
    for statement in ("DELETE FROM anchor", "TRUNCATE anchor"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await connection.execute(statement)
