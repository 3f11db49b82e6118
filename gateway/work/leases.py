"""A lease on a step, renewed from a thread of its own, so that computing does not starve it.

Whoever works asks ``check`` in its loops. A lease is lost when the job was cancelled, when another
holds the step, when the database has not answered for as long as the lease lasts, or when the step
has taken longer than any may. Who then goes on all the same, in a loop that never asks, is killed
with its process: the keeper starts another.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import structlog

from gateway.work import statements
from gateway.work.broker import STEP_SECONDS_MAX
from gateway.work.job import LeaseLost, Step

log = structlog.get_logger()
RENEWALS_PER_LEASE = 4
CONNECT_SECONDS_MAX = 5
GRACE_SECONDS = 10.0


class Lease:
    """What a worker holds on a step."""

    def __init__(self, step: Step, *, dsn: str, seconds: float, lost: Callable[[], None]) -> None:
        self._step = step
        self._dsn = dsn
        self._seconds = seconds
        self._tell = lost
        self._over = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_over, daemon=True)

    @property
    def is_lost(self) -> bool:
        """Whether the step is not ours any more."""
        return self._lost.is_set()

    def check(self) -> None:
        """Go on only while the step is ours.

        Raises:
            LeaseLost: it is not.
        """
        if self.is_lost:
            raise LeaseLost(f"step {self._step.number} of job {self._step.job.id}")

    def begin(self) -> None:
        """Renew from now on."""
        self._thread.start()

    def end(self) -> None:
        """Renew no longer."""
        self._over.set()
        self._thread.join()

    def _renew_until_over(self) -> None:
        begin = time.monotonic()
        until = begin + self._seconds
        connection: psycopg.Connection | None = None
        try:
            while not self._over.wait(self._seconds / RENEWALS_PER_LEASE):
                if time.monotonic() - begin > STEP_SECONDS_MAX:
                    log.error("step_too_long", job=str(self._step.job.id), seconds=STEP_SECONDS_MAX)
                    break
                try:
                    if connection is None:
                        connection = self._connect()
                    asked = time.monotonic()
                    if not self._renewed(connection):
                        break
                    until = asked + self._seconds
                except psycopg.Error:
                    _close(connection)
                    connection = None
                    if time.monotonic() >= until:
                        break
            else:
                return
            self._lost.set()
            self._tell()
            if not self._over.wait(GRACE_SECONDS):
                log.error("step_does_not_stop", job=str(self._step.job.id))
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            _close(connection)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._dsn, autocommit=True, connect_timeout=CONNECT_SECONDS_MAX)

    def _renewed(self, connection: psycopg.Connection) -> bool:
        values = {
            "lease": int(self._seconds * 1_000_000),
            "job": self._step.job.id,
            "number": self._step.number,
            "attempt": self._step.attempt,
        }
        return connection.execute(statements.RENEW, values).rowcount == 1


@contextmanager
def held(step: Step, *, dsn: str, seconds: float, lost: Callable[[], None]) -> Iterator[Lease]:
    """Hold a step's lease while a block runs; ``lost`` is called from another thread."""
    lease = Lease(step, dsn=dsn, seconds=seconds, lost=lost)
    lease.begin()
    try:
        yield lease
    finally:
        lease.end()


def _close(connection: psycopg.Connection | None) -> None:
    if connection is not None:
        with contextlib.suppress(psycopg.Error):
            connection.close()
