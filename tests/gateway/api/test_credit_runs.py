"""Runs over HTTP and by workers: one entry, the same root each time, rows that can be proved."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.runs.checking import check_run
from credit_scoring.runs.store import RunStore
from gateway.api.rule_set_examples import DOCUMENT
from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from gateway.work.store import JobStore
from ledger.replay import Replay
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.proofs import verify_inclusion
from ledger.verification.audit import Audit
from tests.gateway.api.archives import EVIDENCE, fact, report
from tests.gateway.api.house import DAY, House, serving
from tests.gateway.api.running import (
    SUBJECTS,
    ask,
    checked,
    done,
    employ,
    open_register,
    place_of,
    run,
    shown,
    step,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHALLENGER = read_rule_set(Place(DOCUMENT))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def employed(cluster: DatabaseServer, template_database: str) -> AsyncIterator[House]:
    """A venue with rule sets and nobody to score; in the end it is proved, whatever was done."""
    async with serving(cluster, template_database) as found:
        await employ(found)
        yield found
        async with found.pool.acquire() as lent:
            connection: Any = lent
            assert (await Audit(connection, new_machine).run()).findings == []
            replay = Replay(connection, new_machine=new_machine, load=load_machine, certify=certify)
            assert (await replay.run(decide=True)).findings == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def of_nobody(employed: House) -> dict[str, Any]:
    """What became of a run before anybody had an archive."""
    return await done(employed, await ask(employed))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(employed: House, of_nobody: dict[str, Any]) -> House:
    """The venue with seven subjects, and some facts of five of them."""
    assert of_nobody
    found = employed
    await open_register(found)
    await report(
        found,
        fact("1"),
        fact("2", rule="E-COMP-02", quantity=2, incident="I-1"),
        fact("3", incident="I-1"),
        fact("4", subject="V1", rule="V-LIVE-01"),
        *(fact(f"{n}", subject=f"P{n - 4}", rule="P-LIVE-01") for n in range(5, 8)),
    )
    of_fact = {"source": "D1", "evidence": EVIDENCE}
    await found.do("/credit/revocations", of_fact | {"reference": "6"}, "D1-1")
    objection = {"source": "D1", "reference": "1", "ground": "wrong_date", "evidence": EVIDENCE}
    await found.do("/credit/objections", objection, "F1-1")
    return found


@pytest_asyncio.fixture(loop_scope="module")
async def house(opened: House) -> AsyncIterator[House]:
    """The module's venue without jobs."""
    yield opened
    await opened.pool.execute("DELETE FROM job")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def untouched(opened: House) -> str:
    """The number of a run whose rows are all there."""
    return (await run(opened))["run"]


async def row(house: House, number: str, party: str, actor: str = "A-1") -> dict[str, Any]:
    answer = await house.get(f"/credit/runs/{number}/subjects/{party}", actor)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_run_says_of_everybody_what_the_score_of_each_says(house: House) -> None:
    told = await run(house)

    assert (told["subjects"], told["as_of"]) == ("7", DAY)
    for party in SUBJECTS:
        found = await row(house, told["run"], party)
        alone = (await house.get(f"/credit/subjects/{party}/score", "A-1", as_of=DAY)).json()
        [champion] = found["rows"]
        for name in ("rated", "complete", "credit_index", "grade", "value_milli", "reasons"):
            told_alone = str(alone[name]) if isinstance(champion[name], str) else alone[name]
            assert champion[name] == told_alone, (party, name)


async def test_every_row_is_proved_by_the_root_in_the_entry(house: House) -> None:
    told = await run(house)

    entry = await house.get(f"/ledger/entries/{told['entry']}/disclosure", "A-1")
    assert told["root"] in entry.json()["postings"]
    for place, party in enumerate(SUBJECTS):
        proof = (await row(house, told["run"], party))["rows"][0]["proof"]
        assert f'"party":"{party}"' in proof["leaf"]
        assert (proof["index"], proof["size"], proof["root"]) == (str(place), "7", told["root"])
        verify_inclusion(
            index=place,
            size=7,
            leaf=hash_leaf(proof["leaf"].encode()),
            proof=[bytes.fromhex(node) for node in proof["path"]],
            root=bytes.fromhex(told["root"]),
        )


async def test_the_same_question_gives_the_same_root_by_one_worker_and_by_two(
    house: House,
) -> None:
    # Both are planned at the same head.
    asked = [await ask(house), await ask(house)]
    for job in asked:
        await step(place_of(house), job)

    one = await done(house, asked[0])
    two = await done(house, asked[1], workers=("w1", "w2"))

    later = await run(house)
    assert one["value"]["root"] == two["value"]["root"] == later["root"]
    assert int(two["value"]["run"]) == int(one["value"]["run"]) + 1
    assert int(later["position"]) > int(two["value"]["position"])


async def test_kill_9_in_the_middle_leads_to_the_same_root(house: House) -> None:
    asked = [await ask(house), await ask(house)]
    for job in asked:
        await step(place_of(house), job)
    whole = await done(house, asked[0])
    job = asked[1]

    dying = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.gateway.api.running"),
        *(house.writer._plan.dsn, str(house.folder), job["job"]),
    )
    assert await dying.wait() == -9
    left = await shown(house, job)
    async with house.pool.acquire() as lent:
        connection: Any = lent
        await JobStore(connection).release("dying", blamed=True)
    found = await done(house, job)

    assert (left["shards_done"], left["shards_total"]) == (1, 4)
    assert found["value"]["root"] == whole["value"]["root"]
    assert (await checked(house, found["value"]["run"], rescore=True)).findings == []


async def test_a_fact_that_arrives_during_a_run_is_not_in_it(house: House) -> None:
    before = await run(house)
    job = await ask(house)
    await step(place_of(house), job)
    await step(place_of(house), job)

    await report(
        house,
        fact("late", subject="P5", rule="P-LIVE-01"),
        fact("later", rule="E-COMP-02", quantity=5),
    )
    during = (await done(house, job))["value"]
    after = await run(house)

    indices = [
        (await row(house, each["run"], "P5"))["rows"][0]["credit_index"]
        for each in (before, during, after)
    ]
    assert indices[0] == indices[1] != indices[2]
    assert (await checked(house, during["run"], rescore=True)).findings == []
    moved = (await house.get(f"/credit/runs/{after['run']}", "R-1")).json()
    [against] = moved["comparisons"]
    assert (against["against"], against["moved"]) == (f"run:{during['run']}", "2")
    # Who was not rated before has not moved from an index.
    [mover] = moved["movers"]
    assert mover["party"] == "F1"
    assert int(mover["index_after"]) < int(mover["index_before"])


async def test_rows_are_there_from_the_entry_on_and_not_before(house: House) -> None:
    job = await ask(house)
    for _ in range(5):
        await step(place_of(house), job)
    left = await shown(house, job)
    count = "SELECT count(*) FROM credit_run_row WHERE job = $1"
    staged = await house.pool.fetchval(count, UUID(job["job"]))
    runs = (await house.get("/credit/runs", "X-1")).json()["runs"]

    assert (left["shards_done"], staged) == (4, 7)
    assert all(each["job"] != job["job"] for each in runs)
    await house.post("/jobs/cancellations", {"job": job["job"]}, "X-1")
    await run(house)
    assert await house.pool.fetchval(count, UUID(job["job"])) == 0


async def test_a_changed_row_is_named_by_shard_and_row(house: House) -> None:
    told = await run(house)
    where = "WHERE job = (SELECT job::uuid FROM credit_run WHERE number = $1) AND number = 4"
    number = int(told["run"])

    await house.pool.execute(
        f"UPDATE credit_run_row SET credit_index = credit_index + 1 {where}", number
    )
    changed = await checked(house, told["run"])
    await house.pool.execute(f"DELETE FROM credit_run_row {where}", number)
    gone = await checked(house, told["run"])

    assert len(changed.findings) == 1
    assert "shard 2, row 4: P3 was changed" in changed.findings[0]
    assert "shard 2, row 4: is gone" in gone.findings[0]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            (
                "UPDATE credit_run_shard SET leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1) "
                "WHERE shard = 2"
            ),
            "shard 2: its leaves have another root",
        ),
        (
            (
                "UPDATE credit_run_shard SET root = set_byte(root, 0, get_byte(root, 0) # 1) "
                "WHERE shard = 1"
            ),
            "the shards' root is not the one of entry",
        ),
        ("DELETE FROM credit_run_shard WHERE shard = 3", "shards of 6 rows, the entry has 7"),
        ("UPDATE credit_run_shard SET first = 1 WHERE shard = 0", "shard 0 begins at row 1"),
        ("UPDATE credit_run_sector SET firms = firms + 1", "the counts of sectors"),
        ("UPDATE credit_run_row SET rated = NOT rated", "the counts of the rows"),
        ("DELETE FROM credit_run_secret", "the secret of the run's salts is gone"),
    ],
)
async def test_whatever_is_staged_beside_the_rows_is_held_against_them(
    house: House, untouched: str, change: str, found: str
) -> None:
    async with house.pool.acquire() as lent:
        connection: Any = lent
        recorded = await RunStore(connection).run(int(untouched))
        assert recorded is not None
        transaction = connection.transaction()
        await transaction.start()
        before = await check_run(connection, recorded)
        await connection.execute(change)
        after = await check_run(connection, recorded)
        await transaction.rollback()

    assert before.findings == []
    assert any(found in each for each in after.findings), after.findings


ERASE = """
UPDATE credit_fact SET rule = '', "on" = 0, quantity = 1, incident = '',
    evidence = repeat('0', 64), file = '', actor = '' WHERE source = 'D1' AND reference = '4'
"""
ERASURE = """
INSERT INTO credit_erasure (entry, number, at, subject, source, reference, recorded_at, actor)
SELECT $1, 0, at, subject, source, reference, at, 'R-1' FROM credit_fact
WHERE source = 'D1' AND reference = '4'
"""


async def test_what_was_erased_since_is_counted_and_held_against_nobody(
    house: House, untouched: str
) -> None:
    head = await house.head()
    async with house.pool.acquire() as lent:
        connection: Any = lent
        recorded = await RunStore(connection).run(int(untouched))
        assert recorded is not None
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(ERASE)
        unsaid = await check_run(connection, recorded, rescore=True)
        await connection.execute(ERASURE, head + 1)
        said = await check_run(connection, recorded, rescore=True)
        await transaction.rollback()

    assert any("row 1 of V1: the facts give" in each for each in unsaid.findings)
    assert (said.findings, said.erased, unsaid.erased) == ([], 1, 0)


async def test_who_changes_all_up_to_the_root_is_found_by_the_entry_and_by_the_facts(
    house: House,
) -> None:
    first, second = await run(house), await run(house, as_of="2026-02-28")
    jobs = [
        await house.pool.fetchval("SELECT job FROM credit_run WHERE number = $1", int(each["run"]))
        for each in (first, second)
    ]
    for table in ("row", "shard", "sector", "secret"):
        await house.pool.execute(f"DELETE FROM credit_run_{table} WHERE job = $1", UUID(jobs[0]))
        await house.pool.execute(
            f"UPDATE credit_run_{table} SET job = $1 WHERE job = $2", UUID(jobs[0]), UUID(jobs[1])
        )

    found = await checked(house, first["run"])
    rescored = await checked(house, first["run"], rescore=True)

    assert any("is not the one of entry" in each for each in found.findings)
    assert not any("was changed" in each for each in found.findings)
    assert any(each.startswith("row 0 of F1: the facts give") for each in rescored.findings)


async def test_a_challenger_is_scored_beside_and_seen_by_those_who_supervise(
    house: House,
) -> None:
    appoint = {
        "kind": "credit_appoint_challenger",
        "document": DOCUMENT,
        "rule_set_hash": CHALLENGER.hash,
        "decision": "2026/1",
    }
    await house.propose(appoint, maker="R-1", checker="R-2")
    told = await run(house)
    drop = {"kind": "credit_drop_challenger", "version": CHALLENGER.version, "decision": "2026/2"}
    await house.propose(drop, maker="R-1", checker="R-2")

    found = (await house.get(f"/credit/runs/{told['run']}", "R-1")).json()
    watching = await row(house, told["run"], "F1", "R-1")
    own = await row(house, told["run"], "F1", "F1-1")

    assert [each["role"] for each in found["scored"]] == ["champion", "challenger"]
    cells = {each["against"]: each["cells"] for each in found["comparisons"]}
    challenged = cells[f"challenger:{CHALLENGER.version}"]
    assert sum(int(each["subjects"]) for each in challenged) == 7
    assert len(watching["rows"]) == 2
    assert [each["role"] for each in own["rows"]] == ["champion"]
    assert (await checked(house, told["run"], rescore=True)).findings == []


async def test_who_is_not_rated_has_no_index_but_for_the_auditor(house: House) -> None:
    told = await run(house)

    watched, supervised, audited = [
        (await row(house, told["run"], "P2", actor))["rows"][0] for actor in ("X-1", "R-1", "A-1")
    ]

    assert (watched["rated"], watched["credit_index"], watched["proof"]) == (False, None, None)
    assert supervised == watched
    assert audited["credit_index"] is not None
    assert audited["proof"]["root"] == told["root"]


@pytest.mark.parametrize(
    ("actor", "parameters", "status", "code", "field"),
    [
        ("F1-1", {"as_of": DAY}, 403, "request.forbidden", "kind"),
        ("A-1", {"as_of": DAY}, 403, "request.forbidden", "kind"),
        ("R-1", {}, 422, "work.parameters_unfit", "parameters.as_of"),
        ("R-1", {"as_of": "2026-02-30"}, 422, "work.parameters_unfit", "parameters.as_of"),
        (
            "R-1",
            {"as_of": DAY, "purpose": "fun"},
            422,
            "work.parameters_unfit",
            "parameters.purpose",
        ),
        ("R-1", {"as_of": "2026-03-18"}, 409, "credit.run_ahead", "parameters.as_of"),
        (
            "R-1",
            {"as_of": DAY, "known_at": "2026-03-16T10:00:06Z"},
            409,
            "credit.run_ahead",
            "parameters.known_at",
        ),
        ("R-1", {"as_of": "1995-01-01"}, 404, "credit_scoring.rule_set_missing", "rule_set"),
    ],
)
async def test_what_cannot_be_run_is_refused_at_once(
    house: House, actor: str, parameters: dict[str, str], status: int, code: str, field: str
) -> None:
    answer = await house.post("/jobs", {"kind": "credit_run", "parameters": parameters}, actor)

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field)
    assert await house.pool.fetchval("SELECT count(*) FROM job") == 0


async def test_what_was_registered_after_known_at_is_not_in_a_run(house: House) -> None:
    told = await run(house, known_at=f"{DAY}T10:00:04Z")

    assert told["subjects"] == "3"
    assert told["rated"] == "0"
    assert (await checked(house, told["run"], rescore=True)).findings == []


async def test_a_run_of_nobody_fails_and_records_nothing(
    house: House, of_nobody: dict[str, Any]
) -> None:
    assert (of_nobody["state"], of_nobody["error"]["code"]) == ("failed", "credit.run_empty")
    runs = (await house.get("/credit/runs", "X-1")).json()["runs"]
    assert of_nobody["job"] not in {each["job"] for each in runs}


async def test_strangers_read_nothing_of_runs_but_snapshots(house: House) -> None:
    told = await run(house)

    for path in ("/credit/runs", f"/credit/runs/{told['run']}"):
        assert (await house.get(path, "F1-1")).status_code == 403
    of_another = await house.get(f"/credit/runs/{told['run']}/subjects/P1", "F1-1")
    assert of_another.json()["code"] == "request.forbidden"
    assert (await house.get("/credit/snapshots", "F1-1")).status_code == 200
    unknown = await house.get("/credit/runs/999", "R-1")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "credit.run_unknown")


async def test_a_half_years_price_list_rests_on_a_run_and_is_corrected_by_another(
    house: House,
) -> None:
    first, second = [await run(house, purpose="price_list") for _ in range(2)]
    designate = {
        "kind": "credit_designate_snapshot",
        "run": first["run"],
        "valid_from": "2026-03-16",
        "valid_until": "2026-08-31",
        "decision": "2026/31",
    }

    alone = await house.post("/credit/snapshots", designate, "R-1")
    await house.propose(designate, maker="R-1", checker="R-2")
    again = await house.post("/proposals", {"operation": designate}, "R-1")
    doubled = await house.post(
        "/proposals/approvals", {"proposal": again.json()["proposal"]}, "R-2"
    )
    corrected = designate | {"run": second["run"], "replaces": "1"}
    await house.propose(corrected, maker="R-1", checker="R-2")

    assert alone.json()["code"] == "ledger.four_eyes_required"
    assert doubled.json()["code"] == "credit.snapshot_overlaps"
    found = (await house.get("/credit/snapshots", "F1-1")).json()
    assert found["in_force"] == [{"purpose": "price_list", "snapshot": "2", "run": second["run"]}]
    assert [each["replaced_by"] for each in found["snapshots"]] == [None, "2"]
    later = (await house.get("/credit/snapshots", "F1-1", on="2026-09-01")).json()
    assert later["in_force"] == []
