"""Whether the service lives, and whether it is ready: database, writer, head, lag.

Live means that this process answers. Ready means that the database reads and a writer keeps its
lease; an orchestrator sends no traffic to a service that is live and not ready.
"""

import asyncio
import time
from typing import Any

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway.anchoring.standing import NOT_CONFIGURED, anchor_words
from gateway.api.door import Door
from gateway.api.problems import RETRY_AFTER_SECONDS
from gateway.work.standing import worker_words

LOOK_SECONDS_MAX = 1.0
DURABILITY = "one machine, no standby"


def add_health(router: APIRouter, door: Door) -> None:
    """Add the one route that needs neither key nor body."""

    @router.get("/health", tags=["venue"])
    async def show_health(request: Request) -> JSONResponse:
        """Tell whether the service is ready, and where its log stands; 503 while it is not."""
        del request
        report = await _look(door)
        if report["ready"]:
            return JSONResponse(report)
        return JSONResponse(
            report, status_code=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}
        )


async def _look(door: Door) -> dict[str, Any]:
    """Return the report; the lag is by how many entries the rows are behind the head.

    ``published_entries`` is the size of the newest checkpoint; one that stands still is an alarm.
    Anchors that are late and workers that are gone are told, and make nothing unready: trading
    needs none.
    """
    found: dict[str, Any] = {
        "status": "unready",
        "live": True,
        "ready": False,
        "database": "down",
        "writer": "unknown",
        "head": None,
        "lag_entries": None,
        "lease_left_ms": None,
        "published_entries": None,
        "anchor": "unknown" if door.anchor_seconds else NOT_CONFIGURED,
        "durability": DURABILITY,
        "worker": "unknown",
        "jobs_open": 0,
    }
    try:
        async with asyncio.timeout(LOOK_SECONDS_MAX):
            pulse = await door.reads.pulse()
            published = await door.reads.published()
            anchors = await door.reads.anchors(list(door.anchor_seconds))
            async with door.reads.connection() as connection:
                worker, jobs_open = await worker_words(connection)
    except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
        return found
    found |= {"database": "up", "worker": worker, "jobs_open": jobs_open}
    now = time.time_ns() // 1000
    found["anchor"] = anchor_words(anchors, intervals=door.anchor_seconds, now=now)
    if pulse is None:
        return found | {"writer": "never started"}
    found |= {
        "head": str(pulse.head),
        "lag_entries": str(pulse.head - pulse.newest),
        "lease_left_ms": str(pulse.lease_left_ms),
        "published_entries": str(published),
    }
    if pulse.lease_left_ms <= 0:
        return found | {"writer": "lease run out"}
    return found | {"status": "ok", "ready": True, "writer": "up"}
