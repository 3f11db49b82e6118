"""Workers do jobs for real: through deaths, doubled messages, a queue that is away."""

import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from gateway.work.broker import broker_of, prepare_broker
from gateway.work.job import State
from gateway.work.keeping import Keeping
from gateway.work.queue import Sender, make_celery
from gateway.work.standing import worker_words
from gateway.work.statements import NOW
from gateway.work.store import JobStore
from tests.gateway.work.recording import lines, runs
from tests.gateway.work.shop import LEASE_SECONDS, Shop, kill_in_a_shard, working

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def keeping(opened_shop: Shop) -> AsyncIterator[Keeping]:
    """Two processes of a worker that takes a step over after two seconds of silence."""
    async with working(opened_shop) as found:
        yield found


def each_once(folder: Path, shards: int) -> bool:
    found = runs(folder)
    wanted = {(what, shard): 1 for what in ("begin", "end") for shard in range(shards)}
    return found == wanted | {("finish", -1): 1}


async def begun(shop: Shop, folder: Path, count: int) -> None:
    async def have_begun() -> bool:
        return sum(what == "begin" for what, _, _ in lines(folder)) >= count

    await shop.until(have_begun)


async def test_each_shard_is_done_once_and_all_of_them_add_up(shop: Shop) -> None:
    folder = shop.folder()
    job = await shop.ask(folder, shards=6)

    done = await shop.ended(job)

    assert done.state is State.DONE
    assert (done.shards_done, done.shards_total) == (6, 6)
    assert done.value == {"sum": 55, "shards": [0, 1, 2, 3, 4, 5]}
    assert each_once(folder, 6)


async def test_kill_9_of_every_process_lets_the_job_go_on_where_it_was(shop: Shop) -> None:
    folder = shop.folder()
    job = await shop.ask(folder, shards=6, seconds=0.4)
    await begun(shop, folder, 3)
    victims = {pid for *_, pid in lines(folder)}

    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    done = await shop.ended(job)

    found = runs(folder)
    assert done.state is State.DONE
    assert done.value == {"sum": 55, "shards": [0, 1, 2, 3, 4, 5]}
    assert found["finish", -1] == 1
    # What was recorded as done was not begun again; what was under way was, once, even if its
    # work had ended and only the record of it had not.
    assert {found["end", shard] for shard in range(6)} <= {1, 2}
    assert sum(found["end", shard] for shard in range(6)) <= 6 + len(victims)
    assert sum(found["begin", shard] for shard in range(6)) <= 6 + len(victims)
    assert {pid for *_, pid in lines(folder)} > victims


async def test_kill_9_of_one_process_leaves_the_other_at_work(shop: Shop) -> None:
    folder = shop.folder()
    job = await shop.ask(folder, shards=6, seconds=0.3)
    await begun(shop, folder, 2)

    victim = await kill_in_a_shard(shop, folder)
    done = await shop.ended(job)

    assert done.state is State.DONE
    assert {runs(folder)["end", shard] for shard in range(6)} == {1}
    assert len({pid for what, _, pid in lines(folder) if what == "end"} - {victim}) > 0


async def test_a_message_that_comes_ten_times_does_nothing_more(shop: Shop) -> None:
    folder = shop.folder()
    broker = broker_of(shop.settings, shop.server)
    sender = Sender(make_celery(broker, venue=shop.settings.venue))
    job = await shop.ask(folder, shards=5, seconds=0.05)

    await sender.send_beside(job.id, times=10)
    done = await shop.ended(job)
    await sender.send_beside(job.id, times=3)
    sender.close()

    assert done.state is State.DONE
    assert each_once(folder, 5)


@pytest.mark.parametrize("busy", [False, True], ids=["waiting", "computing"])
async def test_cancelling_stops_what_runs(shop: Shop, *, busy: bool) -> None:
    folder = shop.folder()
    job = await shop.ask(folder, shards=4, seconds=20.0, busy=busy)
    await begun(shop, folder, 2)
    async with shop.store() as store:
        await store.cancel(job.id)
    other = shop.folder()
    begin = time.monotonic()
    next_job = await shop.ended(await shop.ask(other, shards=1))

    assert next_job.state is State.DONE
    assert time.monotonic() - begin < LEASE_SECONDS * 2
    assert (await shop.find(job)).state is State.CANCELLED
    assert {what for what, _, _ in lines(folder)} == {"begin"}


async def test_a_long_job_lets_a_short_one_have_its_turn(shop: Shop) -> None:
    long_job = await shop.ask(shop.folder(), shards=200, seconds=0.1)
    short_job = await shop.ask(shop.folder(), shards=1)

    done = await shop.ended(short_job)

    assert done.state is State.DONE
    assert (await shop.find(long_job)).state is State.RUNNING
    async with shop.store() as store:
        await store.cancel(long_job.id)


async def test_a_lost_message_is_sent_again(shop: Shop) -> None:
    folder = shop.folder()
    async with shop.pool.acquire() as lent, lent.transaction():
        # The keeper hears of it with the commit, and finds that somebody was woken already.
        job = await JobStore(lent).create(shop.wish(folder=str(folder), shards=1))  # type: ignore[arg-type]  # a proxy
        await lent.execute(f"UPDATE job SET woken_at = {NOW}")

    done = await shop.ended(job)

    assert done.state is State.DONE
    assert each_once(folder, 1)


async def test_a_step_that_fails_twice_is_done_at_the_third_time(shop: Shop) -> None:
    folder = shop.folder()
    failing = await shop.ask(folder, shards=1, fails=1)

    done = await shop.ended(failing)

    assert done.state is State.DONE
    assert runs(folder)["begin", 0] == 2


async def test_a_refusal_ends_the_job_with_its_code_and_an_error_tells_no_secret(
    shop: Shop,
) -> None:
    refused = await shop.ended(await shop.ask(shop.folder(), refuses=True))
    failing = await shop.ask(shop.folder(), shards=1, fails=9)
    await shop.pool.execute("UPDATE job SET attempts_max = 1 WHERE id = $1", failing.id)
    failed = await shop.ended(failing)

    assert refused.fault is not None
    assert (refused.state, refused.fault.code) == (State.FAILED, "tests.unlawful")
    assert refused.fault.message == "refused by the step"
    assert failed.fault is not None
    assert (failed.state, failed.fault.code) == (State.FAILED, "work.step_failed")
    assert "ValueError in step 1" in failed.fault.message
    assert "secret" not in failed.fault.message


async def test_whose_key_was_revoked_has_no_jobs_done(shop: Shop) -> None:
    await shop.pool.execute("UPDATE actor SET live = false WHERE id = 'E02-1'")
    folder = shop.folder()

    failed = await shop.ended(await shop.ask(folder, "E02-1"))

    assert failed.fault is not None
    assert (failed.state, failed.fault.code) == (State.FAILED, "work.owner_revoked")
    assert lines(folder) == []


async def test_a_queue_that_is_away_keeps_nobody_from_asking_and_comes_back(shop: Shop) -> None:
    admin = await asyncpg.connect(shop.server.url("postgres"))
    queue = shop.queue_database
    await admin.execute(f"ALTER DATABASE {queue} ALLOW_CONNECTIONS false")
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", queue
    )
    folder = shop.folder()
    job = await shop.ask(folder, shards=3)
    await shop.until_worker("the queue does not answer")
    assert (await shop.find(job)).state is State.QUEUED

    await admin.execute(f"ALTER DATABASE {queue} ALLOW_CONNECTIONS true")
    await admin.close()
    done = await shop.ended(job)
    await shop.until_worker("up")

    assert done.state is State.DONE
    assert each_once(folder, 3)


async def test_another_version_of_the_queue_is_made_anew(shop: Shop) -> None:
    broker = broker_of(shop.settings, shop.server)
    connection = await asyncpg.connect(shop.server.url(shop.queue_database))
    before = await connection.fetchval("SELECT 'pgmq'::regnamespace::oid")
    await prepare_broker(broker, shop.server)
    same = await connection.fetchval("SELECT 'pgmq'::regnamespace::oid")
    await connection.execute("COMMENT ON SCHEMA pgmq IS '0.0.1'")
    await prepare_broker(broker, shop.server)
    after = await connection.fetchval("SELECT 'pgmq'::regnamespace::oid")
    await connection.close()
    # The consumer meets a queue that is not there; it is started again and declares it.
    folder = shop.folder()

    done = await shop.ended(await shop.ask(folder, shards=1))

    assert before == same != after
    assert done.state is State.DONE


async def test_workers_tell_how_they_stand(shop: Shop) -> None:
    await shop.until_worker("up, 2 processes, PostgreSQL queue")  # one may just have been started
    # In one transaction, so that no beat comes between.
    async with shop.pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE job_worker SET beat_at = beat_at - 3600000000")
        words, _ = await worker_words(connection)  # type: ignore[arg-type]  # a proxy
    assert words.startswith("silent for 36")
