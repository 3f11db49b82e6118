"""What a sequencer works under: its bounds, its clock, where keys come from, whom it alarms."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from kernel.clock import Clock, SystemClock
from ledger.commands import Command
from ledger.sequencer.sealing import KEYS_SIZE

COMMANDS_PER_BATCH_MAX = 2_000
COMMANDS_BESIDE_MIN = 16
BATCH_BYTES_MAX = 4 << 20
APPLY_SECONDS_MAX = 0.020
WAITING_MAX = 10_000
KEYS_MAX = 500_000
RETRY_PAUSE_SECONDS = 0.5
LEASE_SECONDS = 2.0

log = structlog.get_logger()
Alarm = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of a writer; ``apply_seconds`` is ``None`` where benchmarks switch it off.

    Before it serves, a writer knows the newest ``keys``; older ones are read beside its work.
    Beside a batch in flight the next one starts only with at least ``beside`` commands: fewer are
    answered sooner when they wait for the commit and go together.
    """

    commands: int = COMMANDS_PER_BATCH_MAX
    batch_bytes: int = BATCH_BYTES_MAX
    apply_seconds: float | None = APPLY_SECONDS_MAX
    waiting: int = WAITING_MAX
    keys: int = KEYS_MAX
    beside: int = COMMANDS_BESIDE_MIN
    retry_pause: float = RETRY_PAUSE_SECONDS


class EntryKeys(Protocol):
    """Where the two random keys of each entry come from."""

    def draw(self, first: int, *, count: int) -> bytes:
        """Return 64 bytes for each of ``count`` entries, the first of which is ``first``."""


class RandomKeys:
    """Keys from the system's random source, all of a batch in one call."""

    def draw(self, first: int, *, count: int) -> bytes:
        """Return random bytes, whatever the index."""
        del first
        return os.urandom(KEYS_SIZE * count)


def warn(words: str) -> None:
    """Tell the operator that something is wrong with our own code or the database."""
    log.error("alarm", what=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """``clock`` stamps commands; ``urgent`` names the commands that go first (cancels)."""

    clock: Clock = field(default_factory=SystemClock)
    keys: EntryKeys = field(default_factory=RandomKeys)
    ttl: float = LEASE_SECONDS
    limits: Limits = field(default_factory=Limits)
    urgent: frozenset[type[Command]] = frozenset()
    alarm: Alarm = warn
