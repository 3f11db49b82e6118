"""A real service for tests: a writer with its committer, the API, and a small market.

Nothing stands in for anything: requests go through the application to the writer's socket, and
what is read comes from the rows. The scenario clock stands at 10:00 of 2026-03-16 in UTC.
"""

import asyncio
import hashlib
import itertools
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
from fastapi import FastAPI

from credit_scoring.credentials.multibase import did_key
from exchange.commands import CancelOrder, MassCancel
from gateway.api.application import create_application
from gateway.api.audits import Audits
from gateway.api.cursors import Cursors
from gateway.api.door import Door, Patience
from gateway.api.reads import Reads
from gateway.database_server import DatabaseServer
from gateway.keys import credential_key, evidence_key
from gateway.wiring import TABLE_MODULES, certify, load_machine, new_machine
from gateway.work.desk import JobDesk
from gateway.work.folders import JobFolders
from kernel.clock import SystemClock
from ledger.commands import OpenVenue
from ledger.machine import Machine
from ledger.personal.eraser import Eraser
from ledger.personal.vault import Vault
from ledger.projection import APPENDED
from ledger.sequencer.client import WriterClient
from ledger.sequencer.conditions import Limits
from ledger.sequencer.writer import Plan, Writer
from ledger.state_hash import state_hash
from ledger.transparency.policy import Policy
from ledger.transparency.signing import read_publics
from tests.gateway.api.furnished import Furnished

START_MICROSECONDS = 1_772_000_000_000_000
DAY = "2026-03-16"
NEXT_DAY = "2026-03-17"
NOW = f"{DAY}T10:00:00Z"
_LOOK_SECONDS = 0.01
COMPARED = (
    "holding",
    "hold",
    "trading_order",
    "book",
    "trade",
    "movement",
    "proposal",
    "account",
    "job",
)


def secret_of(actor: str) -> str:
    return f"secret-of-{actor}-0123456789"


def digest_of(actor: str) -> str:
    return hashlib.sha256(secret_of(actor).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class State:
    """Everything that a refused request must leave as it was."""

    hash: str
    rows: dict[str, list[tuple[Any, ...]]]


class House:
    """One venue that is served, and the way to it as any of its actors."""

    def __init__(
        self,
        *,
        application: FastAPI,
        writer: Writer,
        pool: asyncpg.Pool,
        client: WriterClient,
        vault: Vault,
        base: Furnished,
    ) -> None:
        self.running: asyncio.Task[None]
        self.signer: Path
        self.issuer: str
        self.folder: Path
        self.application = application
        self.writer = writer
        self.pool = pool
        self.client = client
        self.vault = vault
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test")
        self.accounts = dict(base.accounts)
        self.names = dict(base.names)
        self._keys = itertools.count(base.keys + 1)

    @property
    def machine(self) -> Machine:
        assert self.writer.sequencer is not None
        return self.writer.sequencer.machine

    def headers(self, actor: str | None, *, key: str | None = None) -> dict[str, str]:
        found = {} if actor is None else {"Authorization": f"Bearer {secret_of(actor)}"}
        if key is not None:
            found["Idempotency-Key"] = key
        return found

    def new_key(self) -> str:
        return f"key-{next(self._keys)}"

    async def get(self, path: str, actor: str | None = None, **params: str) -> httpx.Response:
        return await self.http.get(f"/v1{path}", headers=self.headers(actor), params=params)

    async def post(
        self,
        path: str,
        body: Mapping[str, Any],
        actor: str = "X-1",
        *,
        key: str | None = None,
        **params: str,
    ) -> httpx.Response:
        headers = self.headers(actor, key=key or self.new_key())
        return await self.http.post(f"/v1{path}", json=body, headers=headers, params=params)

    async def do(self, path: str, body: Mapping[str, Any], actor: str = "X-1") -> dict[str, Any]:
        """Write, and be sure that it was applied."""
        response = await self.post(path, body, actor)
        assert response.status_code in {200, 201}, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def upload(
        self, content: str | bytes, actor: str = "X-1", *, key: str | None = None, **params: str
    ) -> httpx.Response:
        """Upload a counterparty's file, by default the bank's statement of the day."""
        headers = self.headers(actor, key=key or self.new_key()) | {"Content-Type": "text/csv"}
        of_file = {"counterparty": "B", "file_kind": "bank", "day": DAY}
        return await self.http.post(
            "/v1/reconciliations", content=content, headers=headers, params=of_file | params
        )

    async def propose(self, body: Mapping[str, Any], *, maker: str, checker: str) -> None:
        proposed = await self.do("/proposals", {"operation": dict(body)}, maker)
        await self.do("/proposals/approvals", {"proposal": proposed["proposal"]}, checker)

    async def order(self, actor: str, side: str, quantity: str, **more: Any) -> dict[str, Any]:
        body = {
            "account": self.accounts[actor.split("-", maxsplit=1)[0]],
            "instrument": "CEA25",
            "side": side,
            "quantity": quantity,
            "time_in_force": "gtc",
        }
        return await self.do("/orders", body | more, actor)

    async def erase(self) -> int:
        """Destroy what the entries want erased, as the eraser's process does."""
        async with self.pool.acquire() as connection:
            return await Eraser(cast("asyncpg.Connection", connection), self.vault).step()

    def furnished(self, database: str) -> Furnished:
        """Return what another house needs to know to go on from here."""
        return Furnished(
            database=database, accounts=self.accounts, names=self.names, keys=next(self._keys)
        )

    async def stopped(self) -> None:
        """Wait until the writer has given its lease back."""
        await self.running

    async def head(self) -> int:
        return int(await self.pool.fetchval("SELECT head FROM writer"))

    async def state(self) -> State:
        rows = {}
        for table in COMPARED:
            found = await self.pool.fetch(f"SELECT * FROM {table}")
            rows[table] = sorted((tuple(row) for row in found), key=repr)
        return State(hash=state_hash(self.machine), rows=rows)


@asynccontextmanager
async def serving(
    cluster: DatabaseServer,
    template: str | Furnished,
    *,
    clock: str = "scenario",
    limits: Limits | None = None,
    patience: Patience | None = None,
    keep: Path | None = None,
) -> AsyncIterator[House]:
    """Serve a fresh venue that has its operator, and what the template is furnished with.

    With `keep` its rows stay, and what else a house needs to go on from there is put in the folder.
    """
    base = Furnished(database=template) if isinstance(template, str) else template
    name = f"ecorights_test_{uuid.uuid4().hex[:16]}"
    await cluster.copy_database(template=base.database, name=name)
    folder = Path(tempfile.mkdtemp(prefix="eco-"))
    base.lay_out(folder)
    ready = asyncio.Event()
    plan = Plan(
        dsn=cluster.url(name),
        venue="test",
        socket=folder / "w.sock",
        vault=folder / "subjects.db",
        load=load_machine,
        certify=certify,
        clock=SystemClock(),
        tables=TABLE_MODULES,
        appended=APPENDED,
        limits=limits or Limits(),
        urgent=(CancelOrder, MassCancel),
        opening=_opening(clock),
    )
    writer = Writer(plan, ready=ready.set)
    running = asyncio.create_task(writer.run())
    await ready.wait()
    pool = await asyncpg.create_pool(cluster.url(name), min_size=1, max_size=4)
    # The first entry is on its way; nobody tells when it is there.
    while not await pool.fetchval("SELECT count(*) FROM actor"):  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_SECONDS)
    client = WriterClient(folder / "w.sock", new_machine())
    house = House(
        application=create_application(_door(client, pool, folder, patience)),
        writer=writer,
        pool=pool,
        client=client,
        vault=Vault(plan.vault),
        base=base,
    )
    house.running = running
    house.signer = folder / "signer"
    house.issuer = did_key(credential_key(folder, "test").public_key())
    house.folder = folder
    while await house.head() < 0:  # noqa: ASYNC110  the opening is committed after it is ready
        await asyncio.sleep(0.01)
    try:
        yield house
    finally:
        await house.http.aclose()
        await client.close()
        await pool.close()
        writer.stop()
        await running
        if keep is None:
            await cluster.drop_database(name)
        else:
            house.furnished(name).keep(folder, at=keep)
        shutil.rmtree(folder)


def _door(
    client: WriterClient, pool: asyncpg.Pool, folder: Path, patience: Patience | None
) -> Door:
    return Door(
        writer=client,
        reads=Reads(pool, vault=Vault(folder / "subjects.db")),
        cursors=Cursors("a secret of tests"),
        patience=patience,
        audits=Audits(
            policy=lambda origin: Policy(logs=tuple(read_publics(folder / "signer", origin))),
            signing_key=evidence_key(folder, "test"),
        ),
        credential_key=credential_key(folder, "test"),
        jobs=JobDesk(pool, JobFolders(folder / "jobs" / "test")),
    )


def _opening(clock: str) -> OpenVenue:
    return OpenVenue(
        venue="test",
        origin="ecorights.example/test",
        clock=clock,
        start=START_MICROSECONDS,
        operator="X",
        actor="X-1",
        digest=digest_of("X-1"),
    )


PARTIES: tuple[tuple[str, str, dict[str, list[str]]], ...] = (
    ("B", "bank", {"B-1": ["settlement_bank"]}),
    ("R", "authority", {"R-1": ["regulator", "trader"], "R-2": ["regulator", "approver"]}),
    ("V", "verifier", {"V-1": ["verifier"]}),
    ("A", "authority", {"A-1": ["auditor"]}),
    ("E01", "enterprise", {"E01-1": ["trader"], "E01-2": ["trader", "approver"]}),
    ("E02", "enterprise", {"E02-1": ["trader"], "E02-9": ["trader"]}),
)
CARBON = {"right": "CARBON", "unit": "t", "lot": "1", "tick": "0.01", "currency": "CNY"}
INSTRUMENTS: tuple[dict[str, Any], ...] = (
    {"instrument": "CNY", "right": "CASH", "unit": "yuan", "lot": "0.01"},
    CARBON
    | {
        "instrument": "CEA25",
        "vintage": 2025,
        "reference_price": "74.00",
        "band_percent": "10",
        "next_day_resale": True,
        "four_eyes_quantity": "5000",
        "order_quantity_max": "20000",
        "calendar": "main",
    },
    CARBON | {"instrument": "CEA26", "vintage": 2026, "reference_price": "65.00"},
    CARBON | {"instrument": "FREE", "right": "OFFSET", "reference_price": "70.00"},
    CARBON | {"instrument": "SHUT", "reference_price": "70.00", "calendar": "never"},
    CARBON | {"instrument": "HALTED", "reference_price": "70.00"},
    CARBON | {"instrument": "PAST", "reference_price": "70.00", "valid_until": "2026-03-15"},
    {
        "instrument": "EN26",
        "right": "ENERGY",
        "unit": "tce",
        "lot": "0.01",
        "tick": "1",
        "currency": "CNY",
        "reference_price": "200",
    },
)


async def furnish(house: House) -> None:
    """Load a small market in which every kind of refusal has something to refuse."""
    await house.do("/keys", _key("X-2", "X", ["operator", "approver"]))
    for body in INSTRUMENTS:
        await house.do("/instruments", body)
    for party, kind, keys in PARTIES:
        body = {"party": party, "party_kind": kind, "name": f"Party {party}"}
        await house.do("/parties", body)
        for actor, roles in keys.items():
            await house.do("/keys", _key(actor, party, roles))
    for name, party, kind in (
        ("R", "R", "reserve"),
        ("E01", "E01", "trading"),
        ("E02", "E02", "trading"),
        ("E01-compliance", "E01", "compliance"),
        ("E01-closed", "E01", "trading"),
    ):
        opened = await house.do("/accounts", {"party": party, "account_kind": kind})
        house.accounts[name] = opened["account"]
    await house.do("/accounts/closures", {"account": house.accounts["E01-closed"]})
    await house.do("/keys/revocations", {"actor": "E02-9"})
    await _open_days(house)
    await _endow(house)
    await _leave_traces(house)
    await _live_and_let_go(house)
    await _reconcile(house)
    # They need the house itself.
    from tests.gateway.api.crediting import consent, give_credentials
    from tests.gateway.api.rewarding import reward

    await give_credentials(house)
    await consent(house)
    await reward(house)


def _key(actor: str, party: str, roles: list[str]) -> dict[str, Any]:
    return {"actor": actor, "party": party, "roles": roles, "digest": digest_of(actor)}


async def _open_days(house: House) -> None:
    days = [
        {"day": day, "sessions": [{"opens": f"{day}T09:00:00Z", "closes": f"{day}T15:00:00Z"}]}
        for day in (DAY, NEXT_DAY)
    ]
    await house.do("/calendars/days", {"calendar": "main", "days": days})
    await house.do("/clock", {"to": NOW})


async def _endow(house: House) -> None:
    for party in ("E01", "E02"):
        body = {"account": house.accounts[party], "amount": "1000000.00"}
        await house.do("/cash/deposits", body, "B-1")
    for account, code, quantity in (
        ("E01", "CEA25", "10000"),
        ("R", "CEA25", "10000"),
        ("E01", "FREE", "1000"),
        ("E01", "EN26", "5.00"),
    ):
        body = {
            "kind": "issue",
            "account": house.accounts[account],
            "instrument": code,
            "quantity": quantity,
            "decision": "2026-1",
        }
        await house.propose(body, maker="R-1", checker="R-2")


async def _leave_traces(house: House) -> None:
    """Leave orders, a trade, a hold, a proposal and a halted book."""
    await house.order("E02-1", "buy", "10", price="74.00")
    resting = await house.order("E01-1", "sell", "10", price="75.00")
    await house.order("E01-1", "sell", "5", price="70.00", instrument="FREE")
    await house.order("E02-1", "buy", "3", price="75.00")
    deposit = {
        "account": house.accounts["E01"],
        "instrument": "CNY",
        "quantity": "100.00",
        "purpose": "deposit",
    }
    held = await house.do("/holds", deposit, "E01-1")
    decision = {
        "kind": "cancel_units",
        "account": house.accounts["E01"],
        "instrument": "CNY",
        "quantity": "1.00",
        "cause": "error",
        "decision": "2026-2",
    }
    proposed = await house.do("/proposals", {"operation": decision}, "R-1")
    terms = {"kind": "set_book_terms", "instrument": "FREE", "band_percent": "5", "decision": "1"}
    unlawful = await house.do("/proposals", {"operation": terms}, "X-1")
    await house.do("/books/halts", {"instrument": "HALTED", "reason": "technical_failure"})
    house.names = {
        "order": resting["order"],
        "hold": held["hold"],
        "proposal": proposed["proposal"],
        "terms": unlawful["proposal"],
    }


async def _live_and_let_go(house: House) -> None:
    """Register natural persons: P00 was erased, of P01 nothing is open, P02 has cash, P03's records
    must be kept.
    """
    for party in ("P00", "P01", "P02", "P03"):
        body = {"party": party, "party_kind": "person", "name": f"Citizen {party}"}
        await house.do("/parties", body)
        await house.do("/keys", _key(f"{party}-1", party, ["subject"]))
    opened = await house.do("/accounts", {"party": "P02"})
    house.accounts["P02"] = opened["account"]
    # By a bank of its own, so that the first bank's statements stay as they are.
    await house.do("/parties", {"party": "B9", "party_kind": "bank", "name": "Bank of persons"})
    await house.do("/keys", _key("B9-1", "B9", ["settlement_bank"]))
    await house.do("/cash/deposits", {"account": opened["account"], "amount": "5.00"}, "B9-1")
    retention = {"party": "P03", "until": "2029-03-16T00:00:00Z", "source": "ECL-2018-31"}
    await house.do("/parties/retentions", retention)
    basis = {"kind": "erase_person", "basis": "consent_withdrawn"}
    await house.propose(basis | {"party": "P00"}, maker="P00-1", checker="X-2")
    await house.erase()
    for party in ("E01", "P02", "P03"):
        proposed = await house.do("/proposals", {"operation": basis | {"party": party}}, "X-1")
        house.names[f"erase_{party}"] = proposed["proposal"]


async def _reconcile(house: House) -> None:
    """Agree with the bank on its statement, and leave a task about one line of it."""
    terms = {
        "kind": "set_reconciliation_terms",
        "counterparty": "B",
        "file_kind": "bank",
        "instruments": ["CNY"],
        "utc_offset_minutes": 0,
        "window_days": 2,
        "due_hours": 24,
        "reopen_hours": 48,
        "lines_max": 100_000,
        "four_eyes": [{"instrument": "CNY", "quantity": "1000.00"}],
        "decision": "2026-3",
    }
    await house.propose(terms, maker="X-1", checker="X-2")
    unfit = await house.do("/proposals", {"operation": terms | {"instruments": ["CEA25"]}})
    header = "record,account,currency,direction,amount,reference,value_date"
    lines = [
        f"movement,{house.accounts['E01']},CNY,in,{number}.00,LOST-{number},2026-03-15"
        for number in (7, 8)
    ]
    response = await house.upload("\n".join([header, *lines]), "B-1", day="2026-03-15")
    assert response.status_code == 201, response.text
    first, second = response.json()["found"]
    assigned = {"task": second["task"], "assignee": "B-1"}
    await house.do("/reconciliation-tasks/assignments", assigned)
    house.names |= {
        "unfit_terms": unfit["proposal"],
        "task": first["task"],
        "assigned_task": second["task"],
    }
