"""Orders a second over HTTP: the whole service in its own processes, a plain client beside it.

The client writes prepared requests on connections that stay open and reads the answers, so that it
measures the service and not itself. Half of the orders fill.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.client import ApiClient
from gateway.database_server import DatabaseServer
from gateway.keys import OPERATOR, digest_of, ensure_keys, keys_file
from gateway.service import free_port, running_service
from gateway.settings import Settings, database_of

VENUE = "bench-http"
# 4,000 orders under way at most: less than half of what may wait, so no sender meets its share.
CONNECTIONS = 32
BATCH_CONNECTIONS = 8
PARTIES = 16
ORDERS_PER_BATCH = 500
PRICE = "74.00"
_KEYS = ("R-1", "R-2", "B-1", *(f"P{number}-1" for number in range(PARTIES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Accepted orders a second, each in a request of its own, and in batches."""

    single_orders_per_second: int
    batch_orders_per_second: int


async def measure_http(server: DatabaseServer, folder: Path, *, singles: int, batches: int) -> Http:
    """Start a service of its own on this server, measure, and drop its database."""
    settings = Settings(home=folder, venue=VENUE, clock="system", port=free_port("127.0.0.1"))
    try:
        async with running_service(
            server, settings, fresh=True, standby=False, tell=lambda _: None
        ) as service:
            secrets = ensure_keys(keys_file(folder, VENUE), [OPERATOR, *_KEYS])
            async with httpx.AsyncClient(base_url=service.url) as http:
                clients = {name: ApiClient(http, secret=secrets[name]) for name in secrets}
                accounts = await _open_market(clients, secrets)
            orders = _orders(accounts, secrets)
            single = [request_of("/orders", *next(orders)) for _ in range(singles)]
            many = [_batch(orders) for _ in range(batches)]
            single_seconds = await _play(settings, single, connections=CONNECTIONS)
            batch_seconds = await _play(settings, many, connections=BATCH_CONNECTIONS)
            return Http(
                single_orders_per_second=int(singles / single_seconds),
                batch_orders_per_second=int(batches * ORDERS_PER_BATCH / batch_seconds),
            )
    finally:
        await server.drop_database(database_of(VENUE))


async def _open_market(clients: dict[str, ApiClient], secrets: dict[str, str]) -> dict[str, str]:
    operator = clients[OPERATOR]
    money = {"instrument": "CNY", "right": "CASH", "unit": "yuan", "lot": "0.01"}
    await operator.post("/instruments", money)
    terms = {"instrument": "CEA", "right": "CARBON", "unit": "t", "lot": "1", "currency": "CNY"}
    price = {"tick": "0.01", "reference_price": PRICE}
    await operator.post("/instruments", terms | price)
    await join(operator, "R", "authority", dict.fromkeys(("R-1", "R-2"), "regulator"), secrets)
    await join(operator, "B", "bank", {"B-1": "settlement_bank"}, secrets)
    accounts = {}
    for number in range(PARTIES):
        party = f"P{number}"
        await join(operator, party, "enterprise", {f"{party}-1": "trader"}, secrets)
        account = (await operator.post("/accounts", {"party": party}))["account"]
        await clients["B-1"].post("/cash/deposits", {"account": account, "amount": "1000000000"})
        issue = {"kind": "issue", "account": account, "instrument": "CEA", "decision": "D"}
        await clients["R-1"].propose(issue | {"quantity": "10000000"}, checker=clients["R-2"])
        accounts[f"{party}-1"] = account
    return accounts


async def join(  # noqa: PLR0917  a row of a table
    operator: ApiClient, party: str, kind: str, keys: dict[str, str], secrets: dict[str, str]
) -> None:
    """Register a party and its keys, by the role of each."""
    await operator.post("/parties", {"party": party, "party_kind": kind, "name": party})
    for actor, role in keys.items():
        digest = digest_of(secrets[actor])
        body = {"actor": actor, "party": party, "roles": [role], "digest": digest}
        await operator.post("/keys", body)


def _orders(
    accounts: dict[str, str], secrets: dict[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return (secret, order) without end; the sides take turns, so that the latter one fills."""
    for number, actor in enumerate(itertools.cycle(accounts)):
        yield (
            secrets[actor],
            {
                "account": accounts[actor],
                "instrument": "CEA",
                "side": "buy" if number % 2 else "sell",
                "quantity": "1",
                "price": PRICE,
                "time_in_force": "gtc",
                "self_trade_prevention": "none",
            },
        )


def _batch(orders: Iterator[tuple[str, dict[str, Any]]]) -> bytes:
    secret, first = next(orders)
    sides = itertools.cycle(("buy", "sell"))
    batch = [first | {"side": next(sides)} for _ in range(ORDERS_PER_BATCH)]
    return request_of("/order-batches", secret, {"orders": batch})


_numbers = itertools.count()


def request_of(path: str, secret: str, body: dict[str, Any]) -> bytes:
    """Return a POST under a key of its own, as bytes for a connection that stays open."""
    payload = json.dumps(body).encode()
    head = (
        f"POST /v1{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {secret}\r\n"
        f"Idempotency-Key: b-{next(_numbers)}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(payload)}\r\n\r\n"
    )
    return head.encode() + payload


async def _play(settings: Settings, requests: list[bytes], *, connections: int) -> float:
    """Send every request on the next free connection; return the seconds until all are answered."""
    waiting = iter(requests)
    begin = time.perf_counter()
    await asyncio.gather(*(_connection(settings, waiting) for _ in range(connections)))
    return time.perf_counter() - begin


async def _connection(settings: Settings, waiting: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection(settings.host, settings.port)
    try:
        for request in waiting:
            writer.write(request)
            head, body = await answered(reader)
            if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")) or b'"refused"' in body:
                raise RuntimeError(f"an order was not accepted: {head!r} {body[:500]!r}")
    finally:
        writer.close()


async def answered(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return the head and the body of the next answer on a connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head, await reader.readexactly(size)
