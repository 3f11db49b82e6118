"""Receipts: an entry's place in the public log, as soon as a published checkpoint covers it."""

import asyncio
import time

from fastapi import Request

from gateway.api.problems import Problem
from gateway.api.reads import Reads
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.receipt import Receipt
from ledger.transparency.store import log_with

AWAIT = "Ecorights-Await-Receipt"
AWAIT_SECONDS_MAX = 10.0
LOOK_SECONDS = 0.1


def awaited_seconds(request: Request) -> float | None:
    """Return for how long a write's answer shall wait for its receipt, ``None`` for not at all.

    Raises:
        Problem: 400, the header is no number of seconds.
    """
    values = request.headers.getlist(AWAIT)
    if not values:
        return None
    [text, *others] = values
    plain = text.isascii() and text.replace(".", "", 1).isdigit()
    if others or not plain or float(text) > AWAIT_SECONDS_MAX:
        raise Problem(
            status=400,
            code="request.header_invalid",
            field=AWAIT,
            expected=f"seconds, at most {AWAIT_SECONDS_MAX:.0f}",
        )
    return float(text)


async def receipt_of(reads: Reads, index: int, *, seconds: float) -> Receipt:
    """Return an entry's receipt, waiting for a checkpoint that covers it.

    Its index is the entry's place in its own log, which is that of the header.

    Raises:
        Problem: there is no such entry, or no checkpoint over it in time.
    """
    until = time.monotonic() + seconds
    while True:
        async with reads.connection() as connection:
            store = await log_with(connection, index)
            newest = None if store is None else await store.newest()
            place = index if store is None else index - store.log.first
            if store is not None and newest is not None and place < newest.size:
                proof = await inclusion_proof(store, index=place, size=newest.size)
                return Receipt(place, tuple(proof), newest.note)
            is_there = store is not None and place < await store.committed()
        if not is_there:
            raise Problem(status=404, code="entry.not_found", field="index", found=str(index))
        if time.monotonic() >= until:
            size = 0 if newest is None else newest.size
            raise Problem(
                status=503,
                code="log.not_covered_yet",
                field="index",
                expected=f"below {size}",
                found=str(index),
            )
        await asyncio.sleep(LOOK_SECONDS)
