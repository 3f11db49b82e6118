"""The lines of defence of the operator's own house, each run as a day runs it.

A line looks at the drill's copy and says in words what it found, or ``None``. It is given nothing
that it would not have had: the running writer its memory of before, the signer its own file.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gateway.cli.verify import replay_database, verify_database
from gateway.drills import pen
from gateway.drills.bench import Bench
from gateway.drills.definition import Line, Sighting
from gateway.drills.guards import differences, guards_of
from kernel.errors import DomainError, InvariantBroken
from ledger.sequencer.fence import Unsafe
from ledger.transparency.publishing import Publisher, SignerRefused
from ledger.transparency.signing import Signed, Signers, SignRequest
from ledger.transparency.store import LogStore, PublicLog
from ledger.verification.findings import Report

Look = Callable[[Bench], Awaitable[Sighting | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defence:
    """Something that looks, and the lines that it can speak for."""

    lines: tuple[Line, ...]
    look: Look


async def next_batch(writer: pen.Pen) -> Sighting | None:
    """Let the writer that ran all the while commit its next batch."""
    result = await writer.write()
    if not result.state:
        return None
    return Sighting(line=Line.FENCE, words=f"{result.state}: {result.message or 'no row to move'}")


async def publish(bench: Bench) -> Sighting | None:
    """Let the publisher do its next step, with the signer's own keys and memory."""
    return await publish_once(bench.url, signer=bench.signer, origin=bench.kept.origin)


async def publish_once(url: str, *, signer: Path, origin: str) -> Sighting | None:
    """Publish what is committed in a database; return what keeps from it."""
    return await publish_log(url, signer=signer, log=PublicLog(number=0, origin=origin, first=0))


async def publish_log(
    url: str, *, signer: Path, log: PublicLog, anew: bool = False
) -> Sighting | None:
    """Publish one log of a database; ``anew`` has its newest tree signed though nothing is new."""
    signers = Signers(signer)

    async def sign(request: SignRequest) -> Signed:
        return signers.answer(request)

    connection = await asyncpg.connect(url)
    try:
        store = LogStore(connection, log)
        newest = await store.newest()
        if anew and newest is not None:
            request = SignRequest(log.origin, newest.size, newest.root, newest.size, [])
            refused = (await sign(request)).refused
            return Sighting(line=Line.SIGNER, words=refused) if refused else None
        await Publisher(store=store, sign=sign).step()
    except SignerRefused as error:
        return Sighting(line=Line.SIGNER, words=str(error))
    except (DomainError, InvariantBroken, asyncpg.PostgresError) as error:
        return Sighting(line=Line.PUBLISHER, words=str(error))
    finally:
        await connection.close()
    return None


async def take_over(bench: Bench) -> tuple[Sighting | None, pen.Pen | None]:
    """Let a writer start; return what keeps it from that, or the writer."""
    try:
        return None, await pen.start(
            bench.url, venue=bench.kept.venue, vault=bench.vault, ahead=bench.ahead
        )
    except (Unsafe, LookupError, ValueError, TypeError, InvariantBroken, DomainError) as error:
        return Sighting(line=Line.WRITER, words=str(error) or repr(error)), None


async def start_writer(bench: Bench) -> Sighting | None:
    """Let a writer start and stop again."""
    found, writer = await take_over(bench)
    if writer is not None:
        await pen.stop(writer)
    return found


async def verify(bench: Bench) -> Sighting | None:
    """Compute everything from the entries and compare: ``ecorights verify``."""
    return _first(Line.VERIFY, await verify_database(bench.url, vault=bench.vault))


async def replay(bench: Bench) -> Sighting | None:
    """Run the commands again and compare: ``ecorights replay --decide``."""
    return _first(Line.REPLAY, await replay_database(bench.url, decide=True))


async def compare_guards(bench: Bench) -> Sighting | None:
    """Compare triggers, constraints and rights with those that the migrations make."""
    connection = await asyncpg.connect(bench.url)
    try:
        found = await guards_of(connection)
    finally:
        await connection.close()
    wrong = differences(expected=bench.kept.guards, found=found)
    return Sighting(line=Line.GUARDS, words=wrong[0]) if wrong else None


def _first(line: Line, report: Report) -> Sighting | None:
    return None if report.first_bad is None else Sighting(line=line, words=report.first_bad)
