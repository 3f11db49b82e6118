"""Every drill is found by exactly whom its definition names, and the venue is left as it was."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest

from gateway import schema
from gateway.cli.verify import verify_database
from gateway.drills.all_drills import CONTROL, DRILLS
from gateway.drills.bench import Bench
from gateway.drills.definition import (
    AT_ONCE,
    Attempt,
    Change,
    Drill,
    Line,
    Outcome,
    Plain,
    Sighting,
)
from gateway.drills.lines import Defence
from gateway.drills.running import DEFENCES, DrillRun, run_drills
from gateway.errors import CannotRun
from tests.gateway.drills.conftest import County

DATABASES = 4  # the copy, the earlier one, each drill's, a fork
# Lines that see more in the demonstration than every venue promises.
ALSO = {"insert": {Line.PUBLISHER, Line.WRITER}}


@dataclass(frozen=True, slots=True)
class Trace:
    """All of a venue that a drill could have touched."""

    rows: dict[str, str]
    signer: dict[str, bytes]
    files: set[str]


async def trace_of(county: County) -> Trace:
    connection = await asyncpg.connect(county.url)
    rows = {}
    for table in sorted(schema.all_tables().tables):
        text = f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM \"{table}\" t"
        found = await connection.fetchval(text)
        rows[table] = hashlib.sha256(found.encode()).hexdigest()
    await connection.close()
    folder = county.settings.home / "signer"
    return Trace(
        rows,
        {path.name: path.read_bytes() for path in folder.iterdir()},
        {path.name for path in county.settings.home.iterdir()} - {"drill.lock"},
    )


async def run(county: County, *drills: Drill, defences: tuple[Defence, ...] = DEFENCES) -> DrillRun:
    return await run_drills(
        county.server,
        county.settings,
        drills,
        entries_max=10_000,
        tell=lambda _: None,
        defences=defences,
    )


async def test_every_drill_is_found_by_exactly_whom_the_page_names_and_the_venue_stays(
    county: County,
) -> None:
    """One test, for workers that share tests out would each run all drills."""
    before = await trace_of(county)
    county.server.made.clear()

    done = await run(county, *DRILLS)

    assert {each.drill.name: each.unmet for each in done.outcomes if each.unmet} == {}
    assert [each.drill.name for each in done.outcomes if each.skipped] == []
    assert [each.drill for each in done.outcomes] == [CONTROL, *DRILLS]
    assert (done.guards, done.ok) == ([], True)
    found = {each.drill.name: each.lines for each in done.outcomes}
    assert found == {
        each.name: each.found_by | ALSO.get(each.name, set()) for each in (CONTROL, *DRILLS)
    }
    control = done.outcomes[0]
    assert (control.found, control.looked) == ([], frozenset(Line) - AT_ONCE)
    assert all(each.words and each.when for outcome in done.outcomes for each in outcome.found)
    assert await trace_of(county) == before
    assert len(county.server.made) == DATABASES
    assert await county.server.left() == set()
    assert (await verify_database(county.url)).ok


def test_names_are_unique_and_every_line_is_needed_by_a_drill() -> None:
    names = [each.name for each in (CONTROL, *DRILLS)]
    plain = {line for each in DRILLS if each.plain is not None for line in each.plain.by.values()}
    needed = {line for each in DRILLS for line in each.found_by}

    assert len(names) == len(set(names))
    assert all(each.found_by for each in DRILLS)
    assert needed | plain >= set(Line)


def by_name(name: str) -> Drill:
    return next(each for each in DRILLS if each.name == name)


VERIFY_ALONE = tuple(each for each in DEFENCES if each.lines == (Line.VERIFY,))


def always(sighting: Sighting | None) -> tuple[Defence, ...]:
    """Return a verify that says always the same."""

    async def look(bench: Bench) -> Sighting | None:
        del bench
        return sighting

    return tuple(replace(each, look=look) for each in VERIFY_ALONE)


async def test_the_control_alone_passes_where_nothing_is_found(county: County) -> None:
    done = await run(county, CONTROL, defences=VERIFY_ALONE)

    assert [each.drill for each in done.outcomes] == [CONTROL]
    assert done.ok


async def test_a_defence_that_finds_nothing_fails_the_run(county: County) -> None:
    assert (await run(county, by_name("key"), defences=VERIFY_ALONE)).ok

    done = await run(county, by_name("key"), defences=always(None))

    assert not done.ok
    assert done.outcomes[-1].unmet == ["verify did not find it"]


async def test_a_defence_that_always_finds_something_ends_the_run(county: County) -> None:
    something = Sighting(line=Line.VERIFY, words="something")

    done = await run(county, by_name("key"), defences=always(something))

    assert not done.ok
    assert [each.drill.name for each in done.outcomes] == ["control"]
    assert done.outcomes[0].unmet == ["verify found something"]


async def test_a_plain_attempt_that_is_let_through_fails_the_run(county: County) -> None:
    drill = by_name("key")
    assert drill.plain is not None
    refused = dict.fromkeys(drill.plain.by, Line.GRANT)
    wrong = replace(drill, plain=Plain(sql=drill.plain.sql, by=refused))

    done = await run(county, wrong, defences=VERIFY_ALONE)

    assert not done.ok
    assert done.outcomes[-1].unmet == ["the owner is refused by nothing, expected grant"]


async def test_what_the_venue_has_not_is_skipped_and_passes_nothing(county: County) -> None:
    nothing = Change(("UPDATE trade SET ticks = 1 WHERE id < 0",))
    drill = replace(by_name("trade"), steps=(nothing,))

    done = await run(county, drill, defences=VERIFY_ALONE)

    assert done.outcomes[-1].skipped.startswith("no row to change")
    assert not done.ok


async def test_a_venue_without_its_guards_fails_the_run(county: County) -> None:
    connection = await asyncpg.connect(county.url)
    await connection.execute("ALTER TABLE entry DISABLE TRIGGER append_only")
    try:
        done = await run(county, by_name("key"), defences=VERIFY_ALONE)
    finally:
        await connection.execute("ALTER TABLE entry ENABLE TRIGGER append_only")
        await connection.close()

    assert not done.ok
    assert len(done.guards) == 1
    assert done.guards[0].startswith("trigger append_only on entry: expected O ")


async def test_an_error_in_the_middle_leaves_nothing_behind(county: County) -> None:
    before = await trace_of(county)
    county.server.made.clear()

    class Interrupted(Exception):
        pass

    async def fall(bench: Bench) -> Sighting | None:
        raise Interrupted(bench.url)

    with pytest.raises(Interrupted):
        await run(county, defences=(Defence(lines=(Line.VERIFY,), look=fall),))

    assert await trace_of(county) == before
    assert county.server.made
    assert await county.server.left() == set()


async def test_what_a_killed_drill_left_is_dropped_by_the_next(county: County) -> None:
    left = "ecorights_drill_00000000_work"
    folder = county.settings.home / "drill"
    folder.mkdir()
    (folder / "databases").write_text(f"{left}\n")
    await county.server.ensure_database(left)

    await run(county, defences=())

    assert not await county.server.has_database(left)
    assert not folder.exists()


async def test_a_log_that_is_too_large_is_refused(county: County) -> None:
    with pytest.raises(CannotRun, match=r"--entries-max \d+"):
        await run_drills(
            county.server, county.settings, DRILLS, entries_max=100, tell=lambda _: None
        )


async def test_a_venue_without_entries_is_told_how_to_get_some(
    county: County, tmp_path: Path
) -> None:
    empty = county.settings.model_copy(update={"venue": "drill-empty", "home": tmp_path})
    url = county.server.url("ecorights_drill_empty")
    with pytest.raises(CannotRun, match="no venue drill-empty"):
        await run(County(county.server, empty))
    await county.server.ensure_database("ecorights_drill_empty")
    try:
        await schema.upgrade(url)
        with pytest.raises(CannotRun, match=r"no entries.*ecorights up"):
            await run(County(county.server, empty))
    finally:
        await county.server.drop_database("ecorights_drill_empty")


async def test_a_venue_whose_signer_is_elsewhere_is_refused(county: County, tmp_path: Path) -> None:
    away = county.settings.model_copy(update={"home": tmp_path})

    with pytest.raises(CannotRun, match="run the drill where its signer is"):
        await run(County(county.server, away))


def test_what_was_not_expected_is_said_in_words() -> None:
    drill = by_name("tile")
    let_through = Attempt(by="the owner", line=None, words="let through: UPDATE 1")

    outcome = Outcome(drill=drill, attempts=[let_through], looked=frozenset({Line.VERIFY}))

    assert outcome.unmet == [
        "verify did not find it",
        "reader did not find it",
        "keeper did not find it",
        "the owner is refused by nothing, expected trigger",
    ]
