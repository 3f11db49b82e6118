"""The kind ``credit_run``: all subjects scored for a day, staged by shards, recorded by one entry.

The plan fixes what is known: the newest entry, and no fact that comes later is in the run. Shards
share nothing, so any number of workers gives the same rows. The end sends one command under a key
of the job's number; it works beside the venue's writer, whose socket is on that machine.
"""

import hmac
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar

import asyncpg
import msgspec
from pydantic import Field, field_validator

from credit_scoring.archive.decisions import DAY_FIRST, day_at, shown_day
from credit_scoring.rule_sets.adopting.state import read_all
from credit_scoring.rule_sets.adopting.store import RuleSetStore
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force
from credit_scoring.runs import staging
from credit_scoring.runs.commands import RecordCreditRun, RunPurpose
from credit_scoring.runs.effects import CreditRunRecorded
from credit_scoring.runs.part import RUNNERS
from credit_scoring.runs.sources import Extent, Horizon, extents_of
from credit_scoring.runs.staging import Scope, ShardResult
from credit_scoring.runs.store import RunStore, rule_set_of
from gateway.caller import Caller
from gateway.embedded.runtime_folder import socket_of
from gateway.keys import runs_key
from gateway.settings import Settings
from gateway.wiring import new_machine
from gateway.work.kinds import Finished, JobKind, Outcome, Parameters, Plan, Work
from gateway.work.store import JobStore
from kernel.canonical import MICROSECONDS, parse_utc, utc_text
from kernel.errors import DomainError, Kind, ensure
from ledger.sequencer.client import RETRY_SECONDS, WriterClient
from ledger.sequencer.submission import StoredBody, Submission

DAY_FORM = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
INSTANT_FORM = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z$"


class RunForbidden(DomainError):
    """Only who operates or supervises a venue scores all of it."""

    code = "request.forbidden"
    kind = Kind.FORBIDDEN


class RunAhead(DomainError):
    """A run is about what has passed."""

    code = "credit.run_ahead"


class RunEmpty(DomainError):
    """Nobody has an archive."""

    code = "credit.run_empty"


class RunRefused(DomainError):
    """The machine did not record the run; the code is its own."""


class CreditRunParameters(Parameters):
    """The day that is scored, what counts as known, and what the run is for."""

    as_of: Annotated[str, Field(pattern=DAY_FORM)]
    known_at: Annotated[str | None, Field(pattern=INSTANT_FORM)] = None
    purpose: RunPurpose = RunPurpose.REVIEW

    @field_validator("as_of")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        date.fromisoformat(text)
        return text

    @field_validator("known_at")
    @classmethod
    def _is_an_instant(cls, text: str | None) -> str | None:
        if text is not None:
            parse_utc(text)
        return text


class _Common(msgspec.Struct, frozen=True, kw_only=True):
    """What the shards of a run share."""

    as_of: int
    known_at: int
    position: int
    rule_sets: list[tuple[str, str]]
    subjects: int


class CreditRunJob(JobKind[CreditRunParameters]):
    """Runs of all subjects."""

    name = "credit_run"
    parameters = CreditRunParameters
    rows_per_shard: ClassVar[int] = 1 << 14
    """A power of two, so that a shard is a node of the run's tree; some seconds of work."""

    async def authorise(
        self, connection: asyncpg.Connection, caller: Caller, parameters: CreditRunParameters
    ) -> None:
        """Refuse who does not run a venue, and days on which nothing can be scored."""
        if caller.roles.isdisjoint(RUNNERS):
            raise RunForbidden(
                f"{caller.actor} does not run the venue",
                field="kind",
                expected="operator or regulator",
            )
        await _moment(connection, parameters)

    async def plan(self, work: Work, parameters: CreditRunParameters) -> Plan:
        """Fix what is known and which rule sets score, and cut the subjects into shards."""
        async with (
            work.reading() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            as_of, known_at, position = await _moment(connection, parameters)
            champion = await _in_force(connection, as_of, position=position)
            challengers = await RuleSetStore(connection).challengers()
            extents, subjects = await extents_of(
                connection, position=position, rows=self.rows_per_shard
            )
        if not extents:
            raise RunEmpty("nobody has an archive", field="kind", expected="a subject")
        common = _Common(
            as_of=as_of,
            known_at=known_at,
            position=position,
            rule_sets=[
                (champion.version, champion.hash),
                *((each.version, each.hash) for each in challengers),
            ],
            subjects=subjects,
        )
        secret = secret_for(work.settings, common)
        connection = await asyncpg.connect(work.dsn)
        try:
            going_on = await JobStore(connection).open_of_kind(self.name)
            await staging.begin(connection, work.job.id, secret, going_on=going_on)
        finally:
            await connection.close()
        shards = [
            {
                "number": number,
                "after": each.after,
                "upto": each.upto,
                "first": each.first,
                "rows": each.rows,
            }
            for number, each in enumerate(extents)
        ]
        return Plan(shards=shards, common=msgspec.to_builtins(common))

    async def run_shard(self, work: Work, parameters: CreditRunParameters, shard: Any) -> Any:
        """Score the shard's subjects and stage their rows."""
        del parameters
        common = msgspec.convert(work.common, _Common)
        extent = _extent(shard)
        async with work.reading() as connection:
            scope = await _scope(connection, work, common)
            found = await staging.scored_shard(connection, extent, scope, check=work.check)
        work.check()
        connection = await asyncpg.connect(work.dsn)
        try:
            await staging.stage(connection, work.job.id, extent, shard=shard["number"], found=found)
        finally:
            await connection.close()
        return msgspec.to_builtins(found.result())

    async def finish(
        self, work: Work, parameters: CreditRunParameters, finished: Finished
    ) -> Outcome:
        """Put the shards together, note what changed, and let one entry record the run."""
        common = msgspec.convert(finished.common, _Common)
        results = [msgspec.convert(each, ShardResult) for each in finished.results]
        scored = staging.scored_under(common.rule_sets, results)
        connection = await asyncpg.connect(work.dsn)
        try:
            store = RunStore(connection)
            staged = await store.shard_roots(work.job.id, scored=0)
            ensure(
                staged == [bytes.fromhex(each.parts[0].root) for each in results],
                "the staged shards are not those that were counted",
            )
            challengers = [version for version, _ in common.rule_sets[1:]]
            await store.note_challengers(work.job.id, challengers, results)
            await store.note_movement(work.job.id, purpose=parameters.purpose, as_of=common.as_of)
        finally:
            await connection.close()
        command = RecordCreditRun(
            job=str(work.job.id),
            purpose=parameters.purpose,
            as_of=common.as_of,
            known_at=common.known_at,
            position=common.position,
            subjects=common.subjects,
            scored=scored,
        )
        recorded, entry = await self._record(work, command)
        value = {
            "run": str(recorded.run),
            "entry": str(entry),
            "as_of": shown_day(common.as_of),
            "known_at": utc_text(common.known_at, digits=6),
            "position": str(common.position),
            "subjects": str(common.subjects),
            "rated": str(scored[0].rated),
            "rule_set_version": scored[0].version,
            "root": scored[0].root,
        }
        return Outcome(value=value)

    def socket(self, settings: Settings) -> Path:
        """Return where the venue's writer listens."""
        return socket_of(settings.home, settings.venue)

    async def _record(self, work: Work, command: RecordCreditRun) -> tuple[CreditRunRecorded, int]:
        """Send the command; the same job gets the answer of the first time.

        Raises:
            Unavailable: no writer answers; the step is tried again.
            RunRefused: with the machine's code.
        """
        client = WriterClient(self.socket(work.settings), new_machine())
        # Once nobody waits for the answer, the job may fail, and its rows may be taken away.
        deadline = time.time_ns() // 1_000 + int(RETRY_SECONDS * MICROSECONDS)
        try:
            submission = Submission(
                actor=work.job.owner,
                key=f"credit-run:{work.job.id}",
                command=command,
                deadline=deadline,
            )
            [answer] = await client.submit([submission])
        finally:
            await client.close()
        refusal = answer.refusal
        if refusal is not None:
            raise RunRefused(
                str(refusal.found or ""),
                code=refusal.code,
                field=refusal.field,
                expected=refusal.expected,
            )
        [effect] = answer.effects
        assert isinstance(effect, CreditRunRecorded)
        assert answer.index is not None
        return effect, answer.index


def secret_for(settings: Settings, common: _Common) -> bytes:
    """Return the secret of a run's salts, the same for the same day, instant and rule sets.

    The position is left out: asked again with nothing new to know, a run has the root it had.
    """
    question = (common.as_of, common.known_at, common.rule_sets)
    key = runs_key(settings.home, settings.venue)
    return hmac.digest(key, msgspec.json.encode(question), "sha256")


async def _moment(
    connection: asyncpg.Connection, parameters: CreditRunParameters
) -> tuple[int, int, int]:
    """Return the day, an ordinal, the instant up to which is known, and its last entry.

    Raises:
        RunAhead: one of them has not passed.
        RuleSetMissing: no set that was known is in force on the day.
    """
    now = await connection.fetchval("SELECT at FROM venue LIMIT 1")
    known_at = now if parameters.known_at is None else parse_utc(parameters.known_at)
    if known_at > now:
        raise RunAhead(
            parameters.known_at or "",
            field="parameters.known_at",
            expected=f"at most {utc_text(now, digits=6)}",
        )
    as_of, last = date.fromisoformat(parameters.as_of).toordinal(), day_at(known_at)
    if not DAY_FIRST <= as_of <= last:
        raise RunAhead(
            parameters.as_of,
            field="parameters.as_of",
            expected=f"{shown_day(DAY_FIRST)} to {shown_day(last)}",
        )
    position = await _last_entry(connection, until=None if known_at == now else known_at)
    await _in_force(connection, as_of, position=position)
    return as_of, known_at, position


async def _last_entry(connection: asyncpg.Connection, *, until: int | None) -> int:
    """Return the newest entry, or the newest with a stamp up to an instant; -1 for none."""
    head: int = await connection.fetchval('SELECT coalesce(max("index"), -1) FROM entry')
    if until is None:
        return head
    low, high = 0, head + 1
    # Stamps never fall, so the first later one is found by halving.
    while low < high:
        middle = (low + high) // 2
        query = 'SELECT postings FROM entry WHERE "index" = $1'
        postings = await connection.fetchval(query, middle)
        if parse_utc(msgspec.json.decode(postings, type=StoredBody).at) > until:
            high = middle
        else:
            low = middle + 1
    return low - 1


async def _in_force(connection: asyncpg.Connection, as_of: int, *, position: int) -> RuleSet:
    """Return the set in force on a day, of those adopted up to an entry.

    Raises:
        RuleSetMissing: none is.
    """
    adopted = await RuleSetStore(connection).adopted()
    known = read_all(each.document for each in adopted if each.entry <= position)
    return rule_set_in_force(known, date.fromordinal(as_of))


async def _scope(connection: asyncpg.Connection, work: Work, common: _Common) -> Scope:
    secret = await staging.secret_of(connection, work.job.id)
    assert secret is not None, "the plan has kept it"
    return Scope(
        as_of=date.fromordinal(common.as_of),
        horizon=Horizon(position=common.position, known_at=common.known_at),
        rule_sets=[await rule_set_of(connection, digest) for _, digest in common.rule_sets],
        secret=secret,
    )


def _extent(shard: Any) -> Extent:
    return Extent(
        after=tuple(shard["after"]),
        upto=tuple(shard["upto"]),
        first=shard["first"],
        rows=shard["rows"],
    )
