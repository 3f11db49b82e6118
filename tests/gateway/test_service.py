"""What stands in the way of a service is found before anything is started."""

import asyncio
import os
import signal
import socket
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway import schema
from gateway.database_server import DatabaseServer
from gateway.embedded.cluster import Cluster, start
from gateway.errors import ChildEnded, PortForbidden, PortTaken, SettingRefused
from gateway.service import (
    Service,
    free_port,
    keep_anchor,
    plans,
    prepare_database,
    refuse_taken_port,
)
from gateway.settings import CHECKOUT, Settings, database_of, load_settings
from gateway.supervisor import Child, ProcessPlan, Supervisor

VENUE = f"service-test-{uuid.uuid4().hex[:8]}"  # tests of one file run in several workers


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(PortTaken, match=rf"Port {port} is taken .* --port {port + 1}"):
            refuse_taken_port(host="127.0.0.1", port=port)


def test_a_free_port_is_taken_as_free() -> None:
    refuse_taken_port(host="127.0.0.1", port=free_port("127.0.0.1"))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortForbidden, match=r"192\.0\.2\.1:8000"):
        refuse_taken_port(host="192.0.2.1", port=8000)


@pytest.mark.parametrize(
    ("venue", "port", "words"),
    [
        ("Yunxi", None, "ECORIGHTS_VENUE"),
        ("../etc", None, "ECORIGHTS_VENUE"),
        ("a" * 41, None, "ECORIGHTS_VENUE"),
        (None, 0, "ECORIGHTS_PORT"),
        (None, 65536, "ECORIGHTS_PORT"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    venue: str | None, port: int | None, words: str
) -> None:
    with pytest.raises(SettingRefused, match=words):
        load_settings(venue=venue, port=port)


def test_a_venue_has_a_database_of_its_own() -> None:
    assert database_of("eu-ets") == "ecorights_eu_ets"


async def test_the_database_is_made_migrated_and_kept(cluster: DatabaseServer) -> None:
    told: list[str] = []

    url = await prepare_database(cluster, venue=VENUE, fresh=False, tell=told.append)
    again = await prepare_database(cluster, venue=VENUE, fresh=False, tell=told.append)

    assert again == url
    assert await schema.revision_of(url) == schema.newest_revision()
    assert "Dropped" not in "".join(told)
    await cluster.drop_database(database_of(VENUE))


async def test_fresh_drops_this_venue_and_no_other(cluster: DatabaseServer) -> None:
    await cluster.ensure_database("ecorights_neighbour")
    told: list[str] = []
    await prepare_database(cluster, venue=VENUE, fresh=False, tell=told.append)

    await prepare_database(cluster, venue=VENUE, fresh=True, tell=told.append)

    assert f"Dropped database {database_of(VENUE)}" in told
    assert await cluster.has_database("ecorights_neighbour")
    await cluster.drop_database("ecorights_neighbour")
    await cluster.drop_database(database_of(VENUE))


def test_children_join_the_server_and_are_started_in_order(cluster: DatabaseServer) -> None:
    writers, others = plans(cluster, Settings(venue="yunxi", port=8001), standby=True)
    started = [*writers, *others]

    assert [plan.name for plan in writers] == ["writer", "standby"]
    assert [plan.name for plan in others] == ["signer", "publisher", "eraser", "API"]
    assert started[1].command[-4:] == ("writer", "--standby", "--venue", "yunxi")
    assert started[2].command[-4:] == ("log", "signer", "--venue", "yunxi")
    assert started[3].command[-4:] == ("log", "publish", "--venue", "yunxi")
    assert started[4].command[-4:] == ("erase", "run", "--venue", "yunxi")
    assert started[5].command[-5:] == ("serve", "--port", "8001", "--venue", "yunxi")
    assert {plan.environment["ECORIGHTS_DATABASE_URL"] for plan in started} == {cluster.address}


async def test_anchors_run_aside_where_they_are_configured(cluster: DatabaseServer) -> None:
    told: list[str] = []
    without, stamps = Watch(), Watch()

    keep_anchor(cluster, Settings(), without, tell=told.append)
    settings = Settings(
        timestamp_url=SecretStr("http://127.0.0.1:9/ts"),
        timestamp_ca=Path("ca.pem"),
        anchor_contract="0x",
    )
    keep_anchor(cluster, settings, stamps, tell=told.append)

    assert without.plans == []
    [plan] = stamps.plans
    assert plan.command[-4:] == ("anchor", "run", "--venue", "yunxi")
    assert plan.environment["ECORIGHTS_TIMESTAMP_URL"] == "http://127.0.0.1:9/ts"
    assert "chain not configured, timestamp not configured" in told[0]
    assert "chain not configured, timestamp runs" in told[1]
    assert "set ECORIGHTS_ANCHOR_RPC and ECORIGHTS_ANCHOR_KEY_FILE" in told[2]


class Watch(Supervisor):
    """A supervisor that starts nothing aside and remembers what it was to start."""

    def __init__(self) -> None:
        super().__init__()
        self.plans: list[ProcessPlan] = []

    def keep_aside(self, plan: ProcessPlan) -> None:
        self.plans.append(plan)


LIVES = (
    "from gateway.readiness import announce_ready; announce_ready(); import time; time.sleep(600)"
)


@pytest.fixture
async def own_cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    cluster = await asyncio.to_thread(start, tmp_path / "home")
    yield cluster
    await asyncio.to_thread(cluster.stop)


@pytest.fixture
async def served(own_cluster: Cluster, tmp_path: Path) -> AsyncIterator[tuple[Service, Child]]:
    supervisor = Supervisor()
    child = await supervisor.start(
        ProcessPlan(
            name="writer",
            command=(sys.executable, "-c", LIVES),
            log=tmp_path / "writer.log",
            environment={"PYTHONPATH": str(CHECKOUT)},
        )
    )
    service = Service(
        venue=VENUE,
        url="http://127.0.0.1:8000",
        database_url=own_cluster.address,
        supervisor=supervisor,
        server=own_cluster,
    )
    yield service, child
    await supervisor.stop()


async def test_a_killed_postgres_is_told_as_the_cause(
    served: tuple[Service, Child], own_cluster: Cluster
) -> None:
    postmaster = own_cluster.postmaster()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)

    ended = await served[0].broken()

    assert isinstance(ended, ChildEnded)
    assert ended.name == "PostgreSQL"
    assert str(own_cluster.log) in str(ended)


async def test_a_killed_child_is_told_while_postgres_lives(
    served: tuple[Service, Child],
) -> None:
    service, child = served
    os.kill(child.pid, signal.SIGKILL)

    ended = await service.broken()

    assert str(ended).startswith("The writer process was ended by SIGKILL.")
