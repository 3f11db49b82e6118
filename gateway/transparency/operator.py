"""The operator's commands about the log: through the writer that serves, or one of the moment."""

import asyncio
import secrets
from collections.abc import Callable

from gateway.cli.writer import plan_of
from gateway.database_server import DatabaseServer
from gateway.embedded.runtime_folder import socket_of
from gateway.errors import CannotRun
from gateway.instance import running_instance
from gateway.keys import OPERATOR
from gateway.settings import Settings
from gateway.wiring import new_machine
from kernel.errors import DomainError
from ledger.commands import Command
from ledger.sequencer.client import WriterClient
from ledger.sequencer.submission import Answer, Submission
from ledger.sequencer.writer import Writer


async def submit_as_operator(
    server: DatabaseServer, settings: Settings, command: Command
) -> Answer:
    """Submit one command as the venue's operator and return what was applied.

    Raises:
        CannotRun: it was refused, or no writer takes it.
    """
    submission = Submission(actor=OPERATOR, key=secrets.token_hex(16), command=command)
    if running_instance(settings.home, venue=settings.venue) is None:
        [answer] = await _with_own_writer(server, settings, submission)
    else:
        client = WriterClient(socket_of(settings.home, settings.venue), new_machine())
        try:
            [answer] = await client.submit_each([submission])
        finally:
            await client.close()
    if isinstance(answer, DomainError):
        raise CannotRun(f"The writer does not take it: {answer}") from answer
    if answer.refusal is not None:
        raise CannotRun(f"Refused: {answer.refusal}")
    return answer


async def _with_own_writer(
    server: DatabaseServer, settings: Settings, submission: Submission
) -> list[Answer | DomainError]:
    """Write while nobody serves the venue, and give the lease back."""
    ready = asyncio.Event()
    announce: Callable[[], None] = ready.set
    writer = Writer(plan_of(server, settings), ready=announce)
    running = asyncio.create_task(writer.run())
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if running.done():
            running.result()
        return await writer.submit([submission])
    finally:
        waiting.cancel()
        writer.stop()
        await running
