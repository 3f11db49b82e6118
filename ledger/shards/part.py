"""The machine's part for shards: opening a new log, and announcing a key of the log there is."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from ledger.commands import Command
from ledger.deciding import record_decision
from ledger.effects import Effect
from ledger.journal import create
from ledger.machine import Context, Part, Rule
from ledger.refusals import Refusal, Reject
from ledger.roles import Role
from ledger.shards.state import Shard, Shards

_OPERATOR = frozenset({Role.OPERATOR})


class Reason(StrEnum):
    """Why a log ends and another begins."""

    YEAR = "year"
    KEY_COMPROMISED = "key_compromised"
    ENTRIES_LOST = "entries_lost"


class OpenLog(Command, frozen=True, kw_only=True, tag="open_log"):
    """Begin a new log with this very entry; name the last checkpoint of the one before it."""

    origin: str
    reason: Reason
    old_size: int
    old_root: str


class AnnounceLogKey(Command, frozen=True, kw_only=True, tag="announce_log_key"):
    """From here on a further key signs the log; ``vkey`` is public (c2sp.org/signed-note)."""

    vkey: str


class LogOpened(Effect, frozen=True, kw_only=True, tag="log_opened"):
    """This entry is the first of a new log; the old one ended with the entry before."""

    shard: int
    origin: str
    reason: Reason
    old_origin: str
    old_size: int
    old_root: str
    lost_from: int | None
    lost_to: int | None


class LogKeyAnnounced(Effect, frozen=True, kw_only=True, tag="log_key_announced"):
    """A further key signs the log ``origin``."""

    origin: str
    vkey: str


def open_log(shards: Shards, command: OpenLog, context: Context) -> Refusal | None:
    """Begin a new log; a loss must be said where there is one, and only there."""
    ledger = shards.ledger
    used = {ledger.origin, *(each.old_origin for each in shards.known.values())}
    if command.origin in used or not command.origin:
        return Refusal(code=Reject.LOG_NAME_USED, field="origin", found=command.origin)
    entries = ledger.entry - ledger.log_first
    lost = command.old_size > entries
    if lost is not (command.reason is Reason.ENTRIES_LOST) or command.old_size < 0:
        return Refusal(
            code=Reject.OLD_CHECKPOINT_UNFIT,
            field="old_size",
            expected=f"{'more than' if not lost else 'at most'} {entries} entries",
            found=str(command.old_size),
        )
    context.emit(
        LogOpened(
            shard=max(shards.known, default=0) + 1,
            origin=command.origin,
            reason=command.reason,
            old_origin=ledger.origin,
            old_size=command.old_size,
            old_root=command.old_root,
            lost_from=ledger.entry if lost else None,
            lost_to=ledger.log_first + command.old_size - 1 if lost else None,
        )
    )
    return None


def announce_log_key(shards: Shards, command: AnnounceLogKey, context: Context) -> Refusal | None:
    """Say in the log itself which further key signs it."""
    origin = shards.ledger.origin
    if not command.vkey.startswith(f"{origin}+"):
        return Refusal(code=Reject.LOG_KEY_UNFIT, field="vkey", expected=f"{origin}+ID+KEY")
    context.emit(LogKeyAnnounced(origin=origin, vkey=command.vkey))
    return None


def _opened(shards: Shards, effect: LogOpened) -> None:
    ledger = shards.ledger
    shard = Shard(
        number=effect.shard,
        origin=effect.origin,
        first=ledger.entry,
        reason=effect.reason.value,
        old_origin=effect.old_origin,
        old_size=effect.old_size,
        old_root=effect.old_root,
        lost_from=effect.lost_from,
        lost_to=effect.lost_to,
    )
    create(ledger.journal, shards.known, key=shard.number, value=shard)
    ledger.note()
    ledger.origin = effect.origin
    ledger.log_first = ledger.entry
    record_decision(ledger, kind="log", subject=effect.origin, terms=effect)


def _announced(shards: Shards, effect: LogKeyAnnounced) -> None:
    record_decision(shards.ledger, kind="log_key", subject=effect.vkey, terms=effect)


FOLDS: Mapping[type[Effect], Any] = {LogOpened: _opened, LogKeyAnnounced: _announced}


def shards_part(shards: Shards) -> Part:
    """Return what shards register with the machine."""
    return Part(
        state=shards,
        rules={
            OpenLog: Rule(decide=open_log, roles=_OPERATOR, linkable=False),
            AnnounceLogKey: Rule(decide=announce_log_key, roles=_OPERATOR, linkable=False),
        },
        folds=FOLDS,
        rows=_rows,
    )


def _rows(shards: Shards) -> Iterable[Any]:
    yield from (shards.known[number] for number in sorted(shards.known))
