"""The queue before the writer: bounded, fair, cancels first; and the window of keys."""

import asyncio
from pathlib import Path

import pytest

from ledger.sequencer.admission import Admission, FairQueue
from ledger.sequencer.keys import KnownKeys
from ledger.sequencer.pending import Group, Pending
from ledger.sequencer.submission import Submission, Unavailable, key_hash
from tests.ledger.sequencer import rig

_GROUP = Group(1, lambda _: None)


def pending(arrival: int, *, actor: str = "a", urgent: bool = False) -> Pending:
    return Pending(
        submission=Submission(actor=actor, key=str(arrival), command=rig.DoNothing()),
        number=arrival,
        text=b"",
        personal=b"{}",
        at=0,
        arrival=arrival,
        group=_GROUP,
        urgent=urgent,
    )


def arrivals(taken: list[Pending]) -> list[int]:
    return [each.arrival for each in taken]


def test_what_fits_into_a_batch_goes_in_the_order_of_arrival() -> None:
    admission = Admission(waiting_max=100)
    for arrival in range(10):
        admission.add(pending(arrival, actor=f"actor-{arrival % 3}"))

    assert arrivals(admission.take(10)) == list(range(10))
    assert len(admission) == 0


def test_beside_a_flood_every_actor_gets_its_turn() -> None:
    admission = Admission(waiting_max=2_000)
    for arrival in range(1_000):
        admission.add(pending(arrival, actor="flood"))
    for arrival in range(1_000, 1_010):
        admission.add(pending(arrival, actor="small"))

    assert arrivals(admission.take(20)) == [*range(10), *range(1_000, 1_010)]
    assert arrivals(admission.take(5)) == [10, 11, 12, 13, 14]


def test_urgent_commands_go_first_but_never_take_everything() -> None:
    admission = Admission(waiting_max=2_000)
    for arrival in range(100):
        admission.add(pending(arrival))
    for arrival in range(100, 200):
        admission.add(pending(arrival, urgent=True))

    assert arrivals(admission.take(10)) == [100, 101, 102, 103, 104, 0, 1, 2, 3, 4]


def test_what_was_put_back_comes_first_and_in_its_order() -> None:
    admission = Admission(waiting_max=100)
    for arrival in range(6):
        admission.add(pending(arrival))
    taken = admission.take(4)
    admission.put_back(taken[1:])

    assert arrivals(admission.take(10)) == [1, 2, 3, 4, 5]


def test_a_flooding_actor_leaves_room_for_a_newcomer() -> None:
    admission = Admission(waiting_max=100)
    for arrival in range(1_000):
        try:
            admission.check_room("flood", urgent=False)
        except Unavailable:
            break
        admission.add(pending(arrival, actor="flood"))

    assert len(admission) == 50
    with pytest.raises(Unavailable) as full:
        admission.check_room("flood", urgent=False)
    assert full.value.code == "service.overloaded"
    assert full.value.retry_after >= 1
    admission.check_room("newcomer", urgent=False)
    admission.check_room("flood", urgent=True)


def test_a_known_key_is_always_known_and_a_new_one_nearly_never() -> None:
    keys = [key_hash("a-1", f"key-{number}") for number in range(60_000)]
    known = KnownKeys(keys[:1_000], complete=True, capacity=1_000)
    for number in keys[1_000:30_000]:
        known.add(number)

    assert all(number in known for number in keys[:30_000])
    assert sum(number in known for number in keys[30_000:]) < 600


async def test_an_overloaded_writer_refuses_the_flood_and_serves_the_others(
    database: str, socket: Path
) -> None:
    limits = rig.Limits(commands=20, waiting=200)
    async with rig.opened(rig.plan_of(database, socket, limits=limits)) as run:
        flood = [Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(1)) for n in range(5_000)]
        flooding = asyncio.create_task(run.writer.submit(flood))
        await asyncio.sleep(0)
        others = await asyncio.gather(
            *(run.one(rig.Grow(slices=1), key=f"g{n}", actor="e-1") for n in range(20)),
            *(run.one(rig.DoNothing(), key=f"d{n}", actor="f-1") for n in range(20)),
        )

        replies = await flooding
        refused = [reply for reply in replies if isinstance(reply, Unavailable)]
        assert [answer.kind for answer in others] == ["applied"] * 40
        assert len(refused) > 4_000
        assert {reply.code for reply in refused} == {"service.overloaded"}
        resent = [s for s, r in zip(flood, replies, strict=True) if isinstance(r, Unavailable)]
        assert (await run.send(resent[:10]))[0].kind == "applied"


async def test_a_key_that_is_in_the_log_gets_its_answer_from_a_full_queue(
    database: str, socket: Path
) -> None:
    limits = rig.Limits(commands=20, waiting=200)
    async with rig.opened(rig.plan_of(database, socket, limits=limits)) as run:
        known = Submission(actor="b-1", key="known", command=rig.cash_in(7))
        [first] = await run.send([known])
        flood = [Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(1)) for n in range(5_000)]
        flooding = asyncio.create_task(run.writer.submit(flood))
        await asyncio.sleep(0)

        fresh = Submission(actor="b-1", key="fresh", command=rig.cash_in(7))
        [again, refused] = await run.writer.submit([known, fresh])

        assert again == first
        assert isinstance(refused, Unavailable)
        await flooding


def test_actors_that_filled_the_queue_leave_room_for_a_first_command() -> None:
    queue = FairQueue()
    early = [f"early-{number}" for number in range(10)]
    for actor in early:
        while queue.has_room(actor, bound=100):
            queue.add(pending(queue.count, actor=actor))
    crowd = 0
    while queue.has_room(f"late-{crowd}", bound=100):
        queue.add(pending(queue.count, actor=f"late-{crowd}"))
        crowd += 1

    assert crowd > 0
    assert queue.count == 200
    assert not any(queue.has_room(actor, bound=100) for actor in early)


def test_what_is_being_fetched_takes_its_own_actors_room_and_no_others() -> None:
    admission = Admission(waiting_max=100)
    on_the_way = []
    for arrival in range(1_000):
        try:
            admission.check_room("flood", urgent=False)
        except Unavailable:
            break
        on_the_way.append(pending(arrival, actor="flood"))
        admission.expect(on_the_way[-1])

    assert len(on_the_way) == 50
    admission.check_room("newcomer", urgent=False)
    for each in on_the_way:
        admission.expect_no_more(each)
        admission.expect_no_more(each)
    admission.check_room("flood", urgent=False)
