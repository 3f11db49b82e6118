"""The Celery application: one task, which wakes a worker for a job, and how it is sent.

A message carries the number of a job and nothing else, as JSON. There is no result backend: what
became of a job is in its row.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from functools import partial
from uuid import UUID

import structlog
from celery import Celery
from kombu.connection import Connection

from gateway.work.broker import CONNECT_SECONDS_MAX, Broker

log = structlog.get_logger()
TASK = "ecorights.work"


class QueueAway(Exception):
    """The queue does not take messages now."""


def queue_name(venue: str) -> str:
    """Return the name of a venue's queue."""
    return f"ecorights-{venue}"


def make_celery(broker: Broker, *, venue: str) -> Celery:
    """Return the application of a venue's queue."""
    os.environ.update(broker.environment)
    app = Celery("ecorights", broker=broker.url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=CONNECT_SECONDS_MAX,
        broker_heartbeat=0,  # a step keeps its process from sending any
        broker_transport_options=dict(broker.options),
        broker_pool_limit=None,
        task_acks_late=True,
        task_default_queue=queue_name(venue),
        task_default_queue_type=broker.queue_type,
        task_ignore_result=True,
        task_reject_on_worker_lost=True,
        task_publish_retry=False,
        task_serializer="json",
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
    )
    return app


class Sender:
    """Wakes workers, over one connection that is made anew after every trouble."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Connection | None = None

    def send(self, job: UUID, *, times: int = 1) -> None:
        """Wake workers for a job.

        Raises:
            QueueAway: the queue takes nothing now.
        """
        if times == 0:
            return
        try:
            if self._connection is None:
                self._connection = self._app.connection_for_write()
            for _ in range(times):
                self._app.send_task(TASK, args=(str(job),), connection=self._connection)
        except Exception as error:  # every transport has errors of its own, which kombu passes on
            self.close()
            raise QueueAway(repr(error)) from error

    async def send_beside(self, job: UUID, *, times: int = 1) -> None:
        """Wake workers for a job without holding up the event loop.

        Raises:
            QueueAway: the queue takes nothing now.
        """
        await asyncio.to_thread(self.send, job, times=times)

    def close(self) -> None:
        """Let the connection go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.release()  # type: ignore[no-untyped-call]  # kombu is typed in part


Work = Callable[[UUID, Callable[[int], None]], int]


def add_task(app: Celery, work: Work) -> None:
    """Let woken workers do ``work``.

    It is given a way to wake others for the same job meanwhile, and returns how many to wake after.
    """
    sender = Sender(app)

    def send(job: UUID, times: int) -> None:
        try:
            sender.send(job, times=times)
        except QueueAway as away:
            # What was done is written down; the sweeper wakes somebody for the rest.
            log.warning("queue_away", job=str(job), reason=str(away))

    @app.task(name=TASK)  # type: ignore[untyped-decorator]  # Celery ships no types
    def wake(job: str) -> None:
        number = UUID(job)
        send(number, work(number, partial(send, number)))
