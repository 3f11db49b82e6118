"""Health tells what is up: the process, its database, its writer."""

import asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.house import serving


async def test_a_whole_service_is_ready(cluster: DatabaseServer, template_database: str) -> None:
    async with serving(cluster, template_database) as house:
        async with asyncio.timeout(20):  # on a busy machine a writer's lease is renewed late
            while (response := await house.get("/health")).status_code != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        head = await house.head()

    report = response.json()
    assert response.status_code == 200
    assert (report["status"], report["live"], report["ready"]) == ("ok", True, True)
    assert (report["database"], report["writer"]) == ("up", "up")
    assert (report["head"], report["lag_entries"]) == (str(head), "0")
    assert int(report["lease_left_ms"]) > 0
    assert report["published_entries"] == "0"


async def test_without_a_writer_a_service_lives_and_is_not_ready(
    cluster: DatabaseServer, template_database: str
) -> None:
    async with serving(cluster, template_database) as house:
        house.writer.stop()
        await house.stopped()
        response = await house.get("/health")
        reading = await house.get("/instruments")

    report = response.json()
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) >= 1
    assert (report["live"], report["ready"], report["writer"]) == (True, False, "lease run out")
    assert reading.status_code == 200


async def test_without_a_database_reads_say_when_to_come_again(
    cluster: DatabaseServer, template_database: str
) -> None:
    async with serving(cluster, template_database) as house:
        await house.pool.close()
        health = await house.get("/health")
        reading = await house.get("/instruments")

    assert (health.status_code, health.json()["database"]) == (503, "down")
    assert (reading.status_code, reading.json()["code"]) == (503, "service.unavailable")
    assert int(reading.headers["Retry-After"]) >= 1
