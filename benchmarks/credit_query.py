"""A bank's query over HTTP: consent checked, answer scored, query logged and committed, answered.

The whole service runs in its own processes. Each client waits for its answer before it asks again
(closed loop), on a connection that stays open; so a rate follows from the clients, and a time is
what one of them waited. Beside it the same clients ask the trivial endpoint ``/v1/health``: what of
a time is HTTP, framework and a busy machine stands in the ratio. Run
``python -m benchmarks.credit_query``, or all benchmarks with ``./ecorights bench``.
"""

import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx

from benchmarks.http import answered, join, request_of
from credit_scoring.dates import day_of
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.shipped import shipped
from gateway import event_loop
from gateway.client import ApiClient
from gateway.database_server import DatabaseServer
from gateway.keys import OPERATOR, ensure_keys, keys_file
from gateway.servers import open_server
from gateway.service import free_port, running_service
from gateway.settings import Settings, database_of, load_settings

VENUE = "bench-query"
SUBJECTS = 20
FACTS = 20
CLIENTS = (1, 4, 16)
WARMING = 50
SEED = 20261215
PURPOSE = "eco_credit_loan"
SCOPE = ["grade", "reasons", "index", "sub_indices", "improve"]
_STAFF = ("R-1", "R-2", "D-1", "B-1")
_KEYS = (*_STAFF, *(f"P{number}-1" for number in range(SUBJECTS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """What a number of clients waited, in milliseconds, and how many answers they had a second."""

    clients: int
    per_second: int
    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """Queries beside the trivial endpoint, by clients; ``answered`` of them had an answer."""

    facts: int
    answered: int
    queries: list[Waited]
    trivial: list[Waited]

    @property
    def p50_ratio(self) -> list[float]:
        """Return how many times the trivial endpoint's median a query takes, by clients."""
        pairs = zip(self.queries, self.trivial, strict=True)
        return [round(query.p50_ms / trivial.p50_ms, 2) for query, trivial in pairs]


async def measure_queries(
    server: DatabaseServer, folder: Path, *, queries: int, clients: Sequence[int] = CLIENTS
) -> Queries:
    """Start a service of its own on this server, ask ``queries`` times for each number of clients.

    Raises:
        RuntimeError: a query was not answered.
    """
    settings = Settings(home=folder, venue=VENUE, clock="system", port=free_port("127.0.0.1"))
    try:
        async with running_service(
            server, settings, fresh=True, standby=False, tell=lambda _: None
        ) as service:
            secrets = ensure_keys(keys_file(folder, VENUE), [OPERATOR, *_KEYS])
            async with httpx.AsyncClient(base_url=service.url) as http:
                await _open_archives(http, secrets)
            asking = _asking(secrets["B-1"])
            found: dict[str, list[Waited]] = {"queries": [], "trivial": []}
            await _ask(settings, [next(asking) for _ in range(WARMING)], clients=1)
            for number in clients:
                # Both in turn, so that what disturbs the machine meets both.
                query = [next(asking) for _ in range(queries)]
                found["queries"].append(await _ask(settings, query, clients=number))
                health = [_HEALTH] * queries
                found["trivial"].append(await _ask(settings, health, clients=number))
            return Queries(facts=FACTS, answered=queries * len(clients) + WARMING, **found)
    finally:
        await server.drop_database(database_of(VENUE))


_HEALTH = b"GET /v1/health HTTP/1.1\r\nHost: bench\r\n\r\n"


async def _open_archives(http: httpx.AsyncClient, secrets: dict[str, str]) -> None:
    """Adopt the rule sets, register the parties, record facts, let each person consent."""
    clients = {name: ApiClient(http, secret=secrets[name]) for name in secrets}
    operator = clients[OPERATOR]
    for party, kind, keys in (
        ("R", "authority", dict.fromkeys(("R-1", "R-2"), "regulator")),
        ("D", "authority", {"D-1": "intake"}),
        ("B", "bank", {"B-1": "bank_officer"}),
        *((f"P{n}", "person", {f"P{n}-1": "subject"}) for n in range(SUBJECTS)),
    ):
        await join(operator, party, kind, keys, secrets)
    rule_set = shipped()[-1]
    adopt = {"document": json.loads(rule_set.canonical), "rule_set_hash": rule_set.hash}
    await _decide(clients, {"kind": "credit_adopt_rule_set", **adopt})
    rules = [
        rule.id
        for rule in rule_set.rules.values()
        if rule.subject is SubjectKind.PERSON and not rule.is_for_tests
    ]
    await _decide(
        clients, {"kind": "credit_authorise_department", "department": "D", "rules": rules}
    )
    random = Random(SEED)  # noqa: S311  a reproducible load, not a secret
    today = day_of(datetime.now(UTC))
    for number in range(SUBJECTS):
        party = f"P{number}"
        subject = {"party": party, "subject_kind": "person", "region": "331102"}
        await operator.post("/credit/subjects", subject)
        facts = [
            {
                "reference": f"{party}-{n}",
                "subject": party,
                "rule": random.choice(rules),
                "on": today.isoformat(),
                "evidence": "e5" * 32,
            }
            for n in range(FACTS)
        ]
        await clients["D-1"].post("/credit/facts", {"source": "D", "facts": facts})
        days = {"day_from": today.isoformat(), "day_to": today.isoformat()}
        consent = {"subject": party, "grantee": "B", "purpose": PURPOSE, "scope": SCOPE}
        await clients[f"{party}-1"].post(
            "/credit/consents", {**consent, **days, "evidence": "5d" * 32}
        )


async def _decide(clients: dict[str, ApiClient], operation: dict[str, Any]) -> None:
    await clients["R-1"].propose({**operation, "decision": "2026/1"}, checker=clients["R-2"])


def _asking(secret: str) -> Iterator[bytes]:
    """Return queries without end, of one subject after the other."""
    for number in itertools.cycle(range(SUBJECTS)):
        body = {"subject": f"P{number}", "purpose": PURPOSE, "scope": SCOPE}
        yield request_of("/credit/queries", secret, body)


async def _ask(settings: Settings, requests: list[bytes], *, clients: int) -> Waited:
    waiting = iter(requests)
    took: list[float] = []
    begin = time.perf_counter()
    await asyncio.gather(*(_client(settings, waiting, took) for _ in range(clients)))
    seconds = time.perf_counter() - begin
    took.sort()
    return Waited(
        clients=clients,
        per_second=int(len(took) / seconds),
        p50_ms=round(took[len(took) // 2] * 1_000, 3),
        p99_ms=round(took[len(took) * 99 // 100] * 1_000, 3),
        max_ms=round(took[-1] * 1_000, 3),
    )


async def _client(settings: Settings, waiting: Iterator[bytes], took: list[float]) -> None:
    reader, writer = await asyncio.open_connection(settings.host, settings.port)
    try:
        for request in waiting:
            begin = time.perf_counter()
            writer.write(request)
            head, body = await answered(reader)
            took.append(time.perf_counter() - begin)
            if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
                raise RuntimeError(f"a query was not answered: {head!r} {body[:500]!r}")
    finally:
        writer.close()


def main(queries: int) -> None:
    """Measure on a server of this installation's own and print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder, open_server(load_settings()) as server:
        found = event_loop.run(measure_queries(server, Path(folder), queries=queries))
    sys.stdout.write(json.dumps(asdict(found) | {"p50_ratio": found.p50_ratio}, indent=2) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
