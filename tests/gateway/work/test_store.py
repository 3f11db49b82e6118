"""Rows of jobs: who holds a step, what counts once, what is due."""

import asyncio
import uuid
from datetime import timedelta

import asyncpg
import pytest

from gateway.work import statements
from gateway.work.job import (
    OPEN_PER_OWNER_MAX,
    Job,
    JobFault,
    JobOver,
    JobUnknown,
    KeyReused,
    LeaseLost,
    State,
    Step,
    TooManyOpen,
)
from gateway.work.kinds import Outcome, Plan
from gateway.work.store import JobStore
from kernel.errors import InvariantBroken
from tests.gateway.work.shop import Shop

pytestmark = pytest.mark.asyncio(loop_scope="module")
LEASE = 60.0
FAULT = JobFault(code="tests.fault", message="it broke")


async def taken(store: JobStore, job: Job, *, worker: str = "w1", lease: float = LEASE) -> Step:
    found = await store.take(job.id, worker=worker, lease=lease)
    assert found is not None
    return found


async def planned(store: JobStore, shop: Shop, *, shards: int = 3, key: str = "k1") -> Job:
    job = await store.create(shop.wish(key))
    await store.planned(await taken(store, job), Plan(shards=list(range(shards)), common="c"))
    return job


async def state(store: JobStore, job: Job) -> tuple[State, int, int]:
    found = await store.find(job.id)
    assert found is not None
    return found.state, found.shards_done, found.shards_total


async def test_the_same_key_is_the_same_job_and_another_wish_under_it_is_refused(
    shop: Shop,
) -> None:
    async with shop.store() as store:
        first = await store.create(shop.wish())
        again = await store.create(shop.wish())
        others = await store.create(shop.wish(owner="E02-1"))
        with pytest.raises(KeyReused) as refused:
            await store.create(shop.wish(shards=9))

    assert again.id == first.id != others.id
    assert refused.value.field == "Idempotency-Key"


async def test_two_requests_at_once_with_one_key_make_one_job(shop: Shop) -> None:
    async def create() -> uuid.UUID:
        async with shop.store() as store:
            return (await store.create(shop.wish())).id

    found = await asyncio.gather(create(), create(), create())

    assert len(set(found)) == 1
    assert await shop.pool.fetchval("SELECT count(*) FROM job_step") == 1


async def test_an_owner_has_only_so_many_open_jobs(shop: Shop) -> None:
    async with shop.store() as store:
        for number in range(OPEN_PER_OWNER_MAX):
            await store.create(shop.wish(f"k{number}"))
        with pytest.raises(TooManyOpen):
            await store.create(shop.wish("one-more"))
        await store.create(shop.wish("one-more", owner="E02-1"))


async def test_a_job_goes_from_its_plan_over_its_shards_to_its_end(shop: Shop) -> None:
    async with shop.store() as store:
        job = await store.create(shop.wish())
        planning = await taken(store, job)
        assert (planning.is_planning, planning.is_finishing) == (True, False)
        assert await store.planned(planning, Plan(shards=["a", "b", "c"], common="c")) == 2
        wakes = []
        for result in (1, 2, 3):
            step = await taken(store, job)
            assert (step.shard, step.is_finishing) == ("abc"[result - 1], False)
            wakes.append(await store.counted(step, result))
        finishing = await taken(store, job)
        assert finishing.is_finishing
        assert await store.shards(finishing) == (["a", "b", "c"], [1, 2, 3])
        assert await store.common(job.id) == "c"
        await store.finished(finishing, Outcome(value={"sum": 6}), kept=3600)

        found = await store.find(job.id)
    assert found is not None
    assert wakes == [1, 1, 1]
    assert (found.state, found.shards_done, found.shards_total) == (State.DONE, 3, 3)
    assert found.value == {"sum": 6}
    assert found.expires_at is not None
    assert found.finished_at is not None
    assert found.expires_at - found.finished_at == pytest.approx(3600e6, abs=1e6)
    assert await shop.pool.fetchval("SELECT count(*) FROM job_step") == 0


async def test_a_plan_without_shards_goes_straight_to_its_end(shop: Shop) -> None:
    async with shop.store() as store:
        job = await planned(store, shop, shards=0)

        assert (await taken(store, job)).is_finishing


async def test_only_so_many_steps_are_held_and_a_message_for_more_finds_nothing(
    shop: Shop,
) -> None:
    async with shop.store() as store:
        job = await planned(store, shop, shards=5)
        first, second = await taken(store, job), await taken(store, job)

        assert (first.number, second.number) == (1, 2)
        assert await store.take(job.id, worker="w3", lease=LEASE) is None


async def test_who_was_silent_too_long_loses_the_step_and_what_it_says_counts_no_more(
    shop: Shop,
) -> None:
    async with shop.store() as store:
        job = await planned(store, shop, shards=1)
        slow = await taken(store, job, lease=0.0)
        quick = await taken(store, job, worker="w2")

        with pytest.raises(LeaseLost):
            await store.counted(slow, "late")
        await store.failed(slow, FAULT, for_good=True)
        assert await store.counted(quick, "in time") == 1
        with pytest.raises(LeaseLost):
            await store.counted(quick, "again")

        assert (slow.number, slow.attempt, quick.number, quick.attempt) == (1, 1, 1, 2)
        assert await state(store, job) == (State.RUNNING, 1, 1)
        assert await store.shards(await taken(store, job)) == ([0], ["in time"])


async def test_a_step_that_kills_its_workers_ends_the_job(shop: Shop) -> None:
    async with shop.store() as store:
        job = await planned(store, shop, shards=1)
        for _ in range(3):
            await taken(store, job, lease=0.0)

        assert await store.take(job.id, worker="w4", lease=LEASE) is None
        found = await store.find(job.id)
    assert found is not None
    assert (found.state, found.fault and found.fault.code) == (State.FAILED, "work.worker_lost")


async def test_a_worker_that_was_stopped_is_not_blamed_and_one_that_died_is(shop: Shop) -> None:
    async with shop.store() as store:
        job = await planned(store, shop, shards=2)
        stopped, died = await taken(store, job), await taken(store, job, worker="w2")

        await store.release("w1", blamed=False)
        await store.release("w2", blamed=True)
        again = [await taken(store, job), await taken(store, job)]

    assert [step.number for step in again] == [stopped.number, died.number]
    assert [step.attempt for step in again] == [1, 2]


async def test_a_step_that_fails_is_tried_again_after_a_pause_and_fails_at_the_third(
    shop: Shop,
) -> None:
    async with shop.store() as store:
        job = await planned(store, shop, shards=1)
        for attempt in (1, 2):
            step = await taken(store, job)
            assert step.attempt == attempt
            await store.failed(step, FAULT, for_good=False)
            assert await store.take(job.id, worker="w", lease=LEASE) is None
            await shop.pool.execute("UPDATE job_step SET not_before = 0")
        await store.failed(await taken(store, job), FAULT, for_good=False)

        found = await store.find(job.id)
    assert found is not None
    assert (found.state, found.fault) == (State.FAILED, FAULT)


async def test_a_refusal_ends_the_job_at_once(shop: Shop) -> None:
    async with shop.store() as store:
        job = await planned(store, shop)

        await store.failed(await taken(store, job), FAULT, for_good=True)

        assert (await state(store, job))[0] is State.FAILED


async def test_cancelling_takes_every_step_away(shop: Shop) -> None:
    async with shop.store() as store:
        job = await planned(store, shop)
        step = await taken(store, job)

        cancelled = await store.cancel(job.id)
        again = await store.cancel(job.id)

        assert cancelled.state is again.state is State.CANCELLED
        assert again.finished_at == cancelled.finished_at
        with pytest.raises(LeaseLost):
            await store.counted(step, None)
        await store.failed(step, FAULT, for_good=True)
        assert (await state(store, job))[0] is State.CANCELLED
        assert await store.take(job.id, worker="w", lease=LEASE) is None


async def test_what_has_ended_is_not_cancelled_and_what_never_was_is_not_found(
    shop: Shop,
) -> None:
    async with shop.store() as store:
        job = await planned(store, shop)
        await store.failed(await taken(store, job), FAULT, for_good=True)

        with pytest.raises(JobOver, match="it is failed"):
            await store.cancel(job.id)
        with pytest.raises(JobUnknown):
            await store.cancel(uuid.uuid4())
        assert await store.take(uuid.uuid4(), worker="w", lease=LEASE) is None


async def test_a_new_job_is_due_once_and_again_when_nobody_came_for_it(shop: Shop) -> None:
    async with shop.store() as store:
        job = await store.create(shop.wish())

        assert await store.due(silent=60) == [(job.id, 1)]
        assert await store.due(silent=60) == []
        assert await store.due(silent=0) == [(job.id, 1)]
        await store.not_woken([job.id])
        assert await store.due(silent=60) == [(job.id, 1)]


async def test_as_many_are_woken_as_steps_are_free_and_may_be_held(shop: Shop) -> None:
    async with shop.store() as store:
        job = await planned(store, shop, shards=5)
        assert await store.due(silent=0) == [(job.id, 2)]
        await taken(store, job)
        assert await store.due(silent=0) == [(job.id, 1)]
        await taken(store, job)
        assert await store.due(silent=0) == []
        await shop.pool.execute("UPDATE job_step SET leased_until = 1 WHERE number = 1")
        assert await store.due(silent=0) == [(job.id, 1)]
        await store.cancel(job.id)
        assert await store.due(silent=0) == []


async def test_who_listens_hears_of_a_new_job_with_its_commit(shop: Shop) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def hear(*found: object) -> None:
        heard.put_nowait(str(found[-1]))

    async with shop.pool.acquire() as listener, shop.store() as store:
        await listener.add_listener(statements.CHANNEL, hear)
        job = await store.create(shop.wish())
        async with asyncio.timeout(5):
            assert await heard.get() == str(job.id)
        await listener.remove_listener(statements.CHANNEL, hear)


async def test_files_are_kept_while_a_job_is_open_and_until_its_result_expires(
    shop: Shop,
) -> None:
    async with shop.store() as store:
        open_job = await planned(store, shop, key="open")
        done = await planned(store, shop, shards=0, key="done")
        await store.finished(await taken(store, done), Outcome(), kept=3600)
        late = await planned(store, shop, shards=0, key="late")
        await store.finished(await taken(store, late), Outcome(), kept=0)
        cancelled = await planned(store, shop, key="cancelled")
        await store.cancel(cancelled.id)
        every = [open_job.id, done.id, late.id, cancelled.id, uuid.uuid4()]

        assert await store.kept(every) == {open_job.id, done.id}
        expired = await store.find(late.id)
        assert expired is not None
        assert await store.has_expired(expired)
        await store.forget(after=timedelta(days=90).total_seconds())
        assert await store.find(late.id) is not None
        await store.forget(after=0)
        assert [await store.find(job) is None for job in every] == [False, True, True, True, True]


async def test_a_step_gives_small_json_only(shop: Shop) -> None:
    async with shop.store() as store:
        job = await planned(store, shop)

        with pytest.raises(InvariantBroken, match="bytes"):
            await store.counted(await taken(store, job), "x" * 300_000)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'lost'", "ck_job_state_known"),
        ("shards_done = 1", "ck_job_done_in_total"),
    ],
)
async def test_a_job_against_a_fence_is_refused_by_name(
    shop: Shop, change: str, constraint: str
) -> None:
    async with shop.store() as store:
        await store.create(shop.wish())

    with pytest.raises(asyncpg.CheckViolationError) as caught:
        await shop.pool.execute(f"UPDATE job SET {change}")

    assert caught.value.constraint_name == constraint
