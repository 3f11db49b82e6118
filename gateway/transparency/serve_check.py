"""A log to try a verifier on: a service with an exact number of entries, served until stopped."""

import asyncio
import hashlib
import itertools
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg

from gateway.embedded.runtime_folder import socket_of
from gateway.instance import Instance, only_instance
from gateway.keys import OPERATOR
from gateway.servers import open_server
from gateway.service import Service, free_port, running_service
from gateway.settings import Settings, load_settings
from gateway.transparency.places import signer_folder
from gateway.wiring import new_machine
from kernel.errors import DomainError, Kind
from ledger.commands import (
    Command,
    OpenAccount,
    PartyPersonal,
    RegisterActor,
    RegisterParty,
    RevokeActor,
)
from ledger.roles import AccountKind, PartyKind, Role
from ledger.sequencer.client import WriterClient
from ledger.sequencer.submission import Submission
from ledger.transparency.note import parse_note
from ledger.transparency.signing import read_secrets
from ledger.transparency.store import LogStore, Published, current_log

VENUE = "log-check"
PER_REQUEST = 500
LOOK_SECONDS = 0.05
PUBLISHED_SECONDS_MAX = 120.0

Tell = Callable[[dict[str, Any]], None]


class WrongSize(DomainError):
    """The log is not of the size that was asked for, and a log never shrinks."""

    code = "log.wrong_size"
    kind = Kind.PRECONDITION


def serve_check(*, entries: int, port: int | None, fresh: bool, tell: Tell) -> None:
    """Serve a log of a venue of its own with ``entries`` entries; Ctrl-C ends it.

    Without ``fresh`` the log that is there grows to that size.

    Raises:
        CannotRun: a port is taken, or a process does not come up.
        WrongSize: the log is larger already.
    """
    found = load_settings(venue=VENUE)
    settings = found.model_copy(update={"clock": "system", "port": port or free_port(found.host)})
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Instance(pid=os.getpid(), port=settings.port)
    with only_instance(settings.home, venue=VENUE, own=own), open_server(settings) as server:

        async def run() -> None:
            async with running_service(
                server, settings, fresh=fresh, standby=False, tell=lambda _: None
            ) as service:
                tell(await service.unless_broken(_grow(service, settings, entries=entries)))
                raise await service.broken()

        asyncio.run(run())


async def _grow(service: Service, settings: Settings, *, entries: int) -> dict[str, Any]:
    connection = await asyncpg.connect(service.database_url)
    client = WriterClient(socket_of(settings.home, settings.venue), new_machine())
    try:
        store = await current_log(connection)
        assert store is not None  # the writer is ready, and has opened its log
        committed = await store.committed()
        if committed > entries:
            raise WrongSize(f"the log has {committed} entries", expected=f"{entries}")
        mixed = itertools.islice(_mixed(), committed, entries)
        while some := list(itertools.islice(mixed, PER_REQUEST)):
            await client.submit(some)
        published = await _published(store, entries)
        origin = store.origin
    finally:
        await client.close()
        await connection.close()
    ids = {line.key_id for line in parse_note(published.note).lines}
    keys = read_secrets(signer_folder(settings), str(origin))
    return {
        "origin": origin,
        "vkey": next(key.public.text for key in keys if key.public.key_id in ids),
        "base_url": f"{service.url}/log",
        "size": published.size,
    }


async def _published(store: LogStore, size: int) -> Published:
    until = time.monotonic() + PUBLISHED_SECONDS_MAX
    while time.monotonic() < until:
        newest = await store.newest()
        if newest is not None and newest.size == size:
            return newest
        await asyncio.sleep(LOOK_SECONDS)
    raise WrongSize(f"no checkpoint over {size} entries in {PUBLISHED_SECONDS_MAX:.0f} s")


def _mixed() -> Iterator[Submission]:
    """Return what follows the first entry, without end: applied and refused, with personal parts.

    The first one stands for the entry that opened the log, so that the number is the index.
    """
    for number in itertools.count():
        yield Submission(actor=OPERATOR, key=f"entry-{number}", command=_command(number))


def _command(number: int) -> Command:
    party = f"P{number - number % 4}"
    kind = number % 4
    if kind == 0:
        return RegisterParty(
            party=party,
            party_kind=PartyKind.PERSON,
            scheme="",
            identifier="",
            personal=PartyPersonal(name=f"Person {number}"),
        )
    if kind == 1:
        digest = hashlib.sha256(party.encode()).hexdigest()
        actor = f"{party.lower()}-1"
        return RegisterActor(actor=actor, party=party, roles=[Role.TRADER], digest=digest)
    if kind == 2:  # noqa: PLR2004  the third of four
        return OpenAccount(party=party, account_kind=AccountKind.TRADING)
    return RevokeActor(actor=f"nobody-{number}")
