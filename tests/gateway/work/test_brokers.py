"""Which queue wakes the workers: the venue's own, RabbitMQ, Redis; and what stands in the way."""

import importlib
import importlib.util
import socket
import uuid
from collections.abc import AsyncIterator
from urllib.parse import quote

import asyncpg
import pytest
import pytest_asyncio
from kombu.connection import Connection
from pgmq.base import PGMQConfig
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from gateway.database_server import DatabaseServer
from gateway.settings import Settings
from gateway.supervisor import Supervisor
from gateway.work.broker import broker_of
from gateway.work.job import State
from gateway.work.queue import make_celery, queue_name
from gateway.work.starting import BrokerRefused, broker_database, keep_worker
from tests.gateway.work.recording import runs
from tests.gateway.work.shop import Shop, kill_in_a_shard, open_shop, working

in_module_loop = pytest.mark.asyncio(loop_scope="module")
HAS_REDIS = importlib.util.find_spec("redis") is not None
MACHINES_OWN = {
    "amqp": ("amqp://guest:guest@127.0.0.1:5672//", 5672),
    "redis": ("redis://127.0.0.1:6379/0", 6379),
}


def settings_of(broker: str | None) -> Settings:
    return Settings(venue="yunxi", broker_url=None if broker is None else SecretStr(broker))


def listens(port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


def test_messages_are_json_that_come_back_until_a_step_is_done(cluster: DatabaseServer) -> None:
    conf = make_celery(broker_of(settings_of(None), cluster), venue="yunxi").conf

    assert conf.task_serializer == "json"
    assert conf.accept_content == ["json"]
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost) == (True, True)
    assert (conf.worker_prefetch_multiplier, conf.worker_enable_remote_control) == (1, False)
    assert conf.result_backend is None
    assert conf.broker_transport_options["use_notify"] is True
    assert conf.broker_transport_options["init_extension"] is False


def test_no_venue_has_a_database_of_the_name_of_a_queue() -> None:
    assert broker_database("eu-ets") == "ecorights_eu_ets__queue"
    assert len(broker_database("a" * 40)) <= 63


@pytest.mark.parametrize("url", ["http://127.0.0.1", "filesystem://", "sqla+postgresql://x", "x"])
def test_an_address_of_no_kind_that_we_know_is_refused(cluster: DatabaseServer, url: str) -> None:
    with pytest.raises(BrokerRefused, match="ECORIGHTS_BROKER_URL begins with"):
        broker_of(settings_of(url), cluster)


def test_rabbitmq_keeps_messages_on_a_quorum_queue(cluster: DatabaseServer) -> None:
    broker = broker_of(settings_of("amqps://user:secret@host/v"), cluster)

    assert (broker.words, broker.queue_type, broker.database) == ("RabbitMQ", "quorum", None)


@pytest.mark.skipif(HAS_REDIS, reason="the redis package is installed")
def test_redis_without_its_package_is_refused_with_the_way_to_get_it(
    cluster: DatabaseServer,
) -> None:
    with pytest.raises(BrokerRefused, match="pip install redis"):
        broker_of(settings_of("redis://127.0.0.1"), cluster)


@pytest.mark.parametrize("password", ["plain", "two words", "it's", "back\\slash", "a=b&c@d"])
def test_the_library_gets_every_password_and_socket_whole(password: str) -> None:
    address = (
        f"postgresql://user:{quote(password, safe='')}@/x?host=%2Frun%2Fa&port=5433"
        "&sslmode=verify-full&sslrootcert=%2Fca.pem"
    )
    broker = broker_of(settings_of(None), DatabaseServer(address))

    config = PGMQConfig(conn_string=broker.options["conn_string"])

    assert conninfo_to_dict(config.dsn) == {
        "host": "/run/a",
        "port": "5433",
        "dbname": "ecorights_yunxi__queue",
        "user": "user",
        "password": password,
    }
    assert broker.environment == {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/ca.pem"}


def forget(url: str, settings: Settings) -> None:
    """Leave nothing on a queue that is not ours."""
    options = broker_of(settings, DatabaseServer("postgresql://")).options
    with Connection(url, transport_options=options) as connection:  # type: ignore[no-untyped-call]  # typed in part
        connection.default_channel.queue_delete(queue_name(settings.venue))
    if url.startswith("redis"):
        with importlib.import_module("redis").Redis.from_url(url) as client:
            client.delete(*client.keys(f"ecorights:{settings.venue}:*"))


@pytest_asyncio.fixture(loop_scope="module")
async def modest(cluster: DatabaseServer) -> AsyncIterator[DatabaseServer]:
    """The server as a user reaches it who may not make databases."""
    name = f"modest_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(cluster.url("postgres"))
    await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    scheme, rest = cluster.address.split("://", 1)
    yield DatabaseServer(f"{scheme}://{name}:x@{rest.split('@', 1)[-1]}")
    await admin.execute(f"DROP ROLE {name}")
    await admin.close()


@in_module_loop
async def test_who_may_not_make_a_second_database_is_told_and_served_without_a_worker(
    modest: DatabaseServer,
) -> None:
    told: list[str] = []
    supervisor = Supervisor()

    await keep_worker(modest, settings_of(None), supervisor, tell=told.append)

    (words,) = told
    assert words.startswith("No worker: the user of ECORIGHTS_DATABASE_URL may not make")
    assert "ecorights_yunxi__queue" in words
    assert "ECORIGHTS_BROKER_URL" in words
    assert supervisor._asides == []


@in_module_loop
async def test_no_worker_is_started_where_none_is_wanted(cluster: DatabaseServer) -> None:
    told: list[str] = []
    supervisor = Supervisor()

    await keep_worker(cluster, Settings(worker_processes=0), supervisor, tell=told.append)

    assert told == ["No worker (ECORIGHTS_WORKER_PROCESSES is 0): jobs wait, all else works"]
    assert supervisor._asides == []


@in_module_loop
async def test_a_message_that_comes_back_while_its_step_works_does_nothing(shop: Shop) -> None:
    folder = shop.folder()
    stranger = shop.folders.made(uuid.uuid4())
    async with working(shop, "--visibility", "1"):
        job = await shop.ask(folder, shards=1, seconds=2.5)
        done = await shop.ended(job)

    assert done.state is State.DONE
    assert runs(folder) == {("begin", 0): 1, ("end", 0): 1, ("finish", -1): 1}
    # What no job wants any more is tidied away, what is kept stays.
    assert not stranger.exists()
    assert shop.folders.of(job.id).exists()


@in_module_loop
@pytest.mark.parametrize("kind", ["amqp", "redis"])
async def test_jobs_are_done_over_the_machines_own_queue_and_a_death_loses_none(
    cluster: DatabaseServer, template_database: str, kind: str
) -> None:
    url, port = MACHINES_OWN[kind]
    if not listens(port):
        pytest.skip(f"nothing listens at 127.0.0.1:{port}")
    if kind == "redis" and not HAS_REDIS:
        pytest.skip("the Python package redis is not installed")
    async with open_shop(cluster, template_database, broker=url) as found:
        folder = found.folder()
        async with working(found):
            job = await found.ask(folder, shards=4, seconds=0.4)
            await kill_in_a_shard(found, folder)
            done = await found.ended(job)
            await found.until_worker("up, 2 processes")
        ends = {runs(folder)["end", shard] for shard in range(4)}
        forget(url, found.settings)

    assert done.state is State.DONE
    assert ends == {1}
