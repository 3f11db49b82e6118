"""A bank's and a register's day through the public door: files in, tasks to their end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Any

import pytest_asyncio

from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from ledger.replay import Replay
from ledger.verification.audit import Audit
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, NEXT_DAY, House, serving

HEADER = "record,account,currency,direction,amount,reference,value_date"
POSITIONS = "instrument,holder_scheme,holder,quantity"


def csv(header: str, lines: Sequence[str]) -> str:
    return "\n".join((header, *lines, ""))


@pytest_asyncio.fixture
async def desk(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    """A house of a test's own, in which the opening cash has the bank's references."""
    async with serving(cluster, furnished) as found:
        yield found
        await _prove(found)


async def _prove(house: House) -> None:
    """Whatever a test did: the log verifies, folds and decides to the same."""
    async with house.pool.acquire() as lent:
        connection: Any = lent
        assert (await Audit(connection, new_machine).run()).findings == []
        for decide in (False, True):
            replay = Replay(connection, new_machine=new_machine, load=load_machine, certify=certify)
            assert (await replay.run(decide=decide)).findings == []


async def book(
    house: House, account: str, amount: str, reference: str, *, out: bool = False
) -> str:
    body = {"account": house.accounts[account], "amount": amount, "reference": reference}
    answer = await house.do("/cash/withdrawals" if out else "/cash/deposits", body, "B-1")
    return str(answer["receipt"]["entry"])


def movement(house: House, account: str, amount: str, reference: str, **more: str) -> str:
    number = house.accounts.get(account, account)
    currency, way = more.get("currency", "CNY"), more.get("way", "in")
    day = more.get("day", DAY)
    return f"movement,{number},{currency},{way},{amount},{reference},{day}"


def opening(house: House) -> list[str]:
    """Return the lines of the opening cash, which was booked without the bank's references."""
    return [movement(house, party, "1000000.00", f"OPEN-{party}") for party in ("E01", "E02")]


async def test_a_day_with_every_kind_of_difference(desk: House) -> None:
    for number, account in enumerate(("E01", "E02", "E01", "E02", "E01", "E02", "E01"), 1):
        await book(desk, account, f"{number}00.00", f"R-{number}")
    await book(desk, "E01", "50.00", "R-8", out=True)
    lines = [
        *opening(desk),
        movement(desk, "E01", "100.00", "R-1"),
        movement(desk, "E02", "200.01", "R-2"),
        movement(desk, "E02", "300.00", "R-3"),
        movement(desk, "E02", "400.00", "R-4", way="out"),
        movement(desk, "777", "500.00", "R-5"),
        movement(desk, "E02", "600.00", "R-6", day=NEXT_DAY),
        movement(desk, "E01", "50.00", "R-8", way="out"),
        movement(desk, "E01", "50.00", "R-8", way="out"),
        movement(desk, "E02", "9.00", "R-9"),
        movement(desk, "E02", "5", "R-10", currency="XYZ"),
        movement(desk, "E02", "5", "R-11", currency="CEA25"),
        f"balance,{desk.accounts['E01']},CNY,,1.00,,",
        f"balance,{desk.accounts['E02']},CNY,,{await _cash(desk, 'E02')},,{DAY}",
    ]

    answer = (await desk.upload(csv(HEADER, lines))).json()

    kinds = {
        (each["there"] or each["here"])["reference"] or "balance": each["difference"]
        for each in answer["found"]
    }
    assert kinds == {
        "OPEN-E01": "reference_differs",
        "OPEN-E02": "reference_differs",
        "R-2": "amount_differs",
        "R-3": "account_differs",
        "R-4": "direction_differs",
        "R-5": "unknown_account",
        "R-6": "wrong_day",
        "R-7": "missing_there",
        "R-8": "duplicate_reference",
        "R-9": "missing_here",
        "R-10": "unknown_instrument",
        "R-11": "outside_scope",
        "balance": "balance_differs",
    }
    assert (answer["lines"], answer["matched"], answer["differences"]) == (15, 3, 13)
    by_kind = {each["difference"]: each for each in answer["found"]}
    assert by_kind["amount_differs"]["at_stake"] == "0.01"
    assert by_kind["direction_differs"]["at_stake"] == "800.00"
    assert by_kind["unknown_instrument"]["at_stake"] is None
    assert by_kind["amount_differs"]["here"]["amount"] == "200.00"
    assert by_kind["direction_differs"]["there"]["amount"] == "-400.00"


async def _cash(house: House, account: str) -> str:
    path = f"/accounts/{house.accounts[account]}/holdings"
    holdings = (await house.get(path, "X-1")).json()["holdings"]
    [cash] = [each for each in holdings if each["instrument"] == "CNY"]
    whole, cents = 0, 0
    for name in ("available", "held"):
        yuan, _, fen = cash[name].partition(".")
        whole, cents = whole + int(yuan), cents + int(fen)
    return f"{whole + cents // 100}.{cents % 100:02}"


async def test_the_same_file_and_the_same_key_answer_what_they_gave(desk: House) -> None:
    content = csv(HEADER, [movement(desk, "E01", "9.00", "R-9")])
    first = await desk.upload(content, key="file-1")
    head = await desk.head()

    same_key = await desk.upload(content, key="file-1")
    same_file = await desk.upload(b"\xef\xbb\xbf" + content.encode(), key="file-2")
    other_key = await desk.upload(content, key="file-3")
    reused = await desk.upload(content, key="file-1", day="2026-03-14")

    assert first.status_code == 201
    for repeated in (same_key, other_key):
        body = repeated.json()
        assert (repeated.status_code, body["outcome"]) == (200, "recorded_before")
        for name in ("reconciliation", "digest", "matched", "opened"):
            assert body[name] == first.json()[name]
    assert reused.json()["code"] == "ledger.key_reused"
    # A byte order mark makes it another file of the same day.
    assert same_file.json()["code"] == "reconciliation.day_recorded"
    assert await desk.head() == head + 1


async def test_a_dry_run_shows_all_and_records_nothing(desk: House) -> None:
    content = csv(HEADER, [movement(desk, "E01", "9.00", "R-9")])
    before, head = await desk.state(), await desk.head()

    tried = await desk.upload(content, dry_run="true")

    assert tried.status_code == 200
    assert tried.json()["outcome"] == "dry_run"
    assert {each["difference"] for each in tried.json()["found"]} >= {"missing_here"}
    assert (await desk.state(), await desk.head()) == (before, head)
    assert (await desk.upload(content)).json()["found"] == tried.json()["found"]


async def test_every_bad_line_is_named_and_nothing_is_recorded(desk: House) -> None:
    lines = [movement(desk, "E01", "9.001", "R-9"), "x", movement(desk, "E0 1", "1.00", "R")]
    head = await desk.head()

    problem = (await desk.upload(csv(HEADER, lines))).json()

    assert problem["bad_lines"] == 3
    assert [(each["line"], each["field"]) for each in problem["lines"]] == [
        (2, "amount"),
        (3, "fields"),
        (4, "account"),
    ]
    assert problem["lines"][0]["found"] == "9.001"
    assert await desk.head() == head


async def test_a_task_from_its_file_to_the_next_days_file(desk: House) -> None:
    lines = [*opening(desk), movement(desk, "E02", "9.00", "R-9")]
    first = (await desk.upload(csv(HEADER, lines), "B-1")).json()
    tasks = {each["there"]["reference"]: each["task"] for each in first["found"]}
    assert set(tasks) == {"OPEN-E01", "OPEN-E02", "R-9"}
    large = tasks["OPEN-E01"]
    await desk.do("/reconciliation-tasks/assignments", {"task": large, "assignee": "X-2"})
    answer = {"task": large, "finding": "wrong_reference", "explanation": "王五 left it out"}
    await desk.do("/reconciliation-tasks/answers", answer, "X-2")
    alone = await desk.post("/reconciliation-tasks/closures", {"task": large})
    assert alone.json()["code"] == "ledger.four_eyes_required"
    await desk.propose({"kind": "close_task", "task": large}, maker="X-1", checker="X-2")
    late = {"to": f"{NEXT_DAY}T10:30:00Z"}
    await desk.do("/clock", late)
    overdue = (await desk.get("/reconciliation-tasks", "A-1", overdue="true")).json()["tasks"]
    assert {each["task"] for each in overdue} == {tasks["OPEN-E02"], tasks["R-9"]} | {
        desk.names["task"],
        desk.names["assigned_task"],
    }
    await book(desk, "E02", "9.00", "R-9")

    second = (await desk.upload(csv(HEADER, []), day=NEXT_DAY)).json()

    assert (second["found"], second["resolved_tasks"]) == ([], [tasks["R-9"]])
    done = (await desk.get(f"/reconciliation-tasks/{tasks['R-9']}", "B-1")).json()
    assert (done["state"], done["outcome"]) == ("closed", "resolved_by_file")
    assert [each["event"] for each in done["history"]] == ["opened", "overdue", "resolved"]
    closed = (await desk.get(f"/reconciliation-tasks/{large}", "X-1")).json()
    assert [each["event"] for each in closed["history"]] == [
        "opened",
        "assigned",
        "answered",
        "closed",
    ]
    assert [each["words"] for each in closed["history"] if each["words"]] == ["王五 left it out"]
    assert closed["history"][-1]["detail"] == "X-2"
    shown = (await desk.get(f"/reconciliations/{first['reconciliation']}", "A-1")).json()
    assert [each["task"] for each in shown["found"]] == [each["task"] for each in first["found"]]
    await _erase_the_words(desk, closed["history"][2]["entry"], large)


async def _erase_the_words(house: House, entry: str, task: str) -> None:
    """The explanation is in the personal part alone; without it all else stays."""
    body = (await house.get(f"/ledger/entries/{entry}", "X-1")).json()
    assert "王五" not in str(body["postings"])
    kept = await house.pool.fetchrow(
        'DELETE FROM entry_personal WHERE "index" = $1 RETURNING *', int(entry)
    )
    assert kept is not None
    shown = (await house.get(f"/reconciliation-tasks/{task}", "X-1")).json()
    assert [each["words"] for each in shown["history"]] == [None] * 4
    await house.pool.execute("INSERT INTO entry_personal VALUES ($1, $2, $3, $4)", *kept)


async def test_a_corrected_file_supersedes_the_first_one(desk: House) -> None:
    await book(desk, "E01", "5.00", "R-1")
    wrong = [*opening(desk), movement(desk, "E01", "6.00", "R-1")]
    first = (await desk.upload(csv(HEADER, wrong))).json()
    right = [*opening(desk), movement(desk, "E01", "5.00", "R-1")]

    second = (await desk.upload(csv(HEADER, right), supersede="true")).json()

    assert (second["supersedes"], second["seen"]) == (first["reconciliation"], 2)
    assert len(second["resolved_tasks"]) == 1
    files = (await desk.get("/reconciliations", "A-1", day=DAY)).json()["reconciliations"]
    by_number = {each["reconciliation"]: each["superseded_by"] for each in files}
    assert by_number == {
        second["reconciliation"]: None,
        first["reconciliation"]: second["reconciliation"],
    }


async def test_a_register_is_compared_as_of_an_entry(desk: House) -> None:
    for party, parties in (("REG", "authority"),):
        body = {"party": party, "party_kind": parties, "name": "Another register"}
        await desk.do("/parties", body)
    terms = {
        "kind": "set_reconciliation_terms",
        "counterparty": "REG",
        "file_kind": "register",
        "instruments": ["CEA25", "EN26"],
        "utc_offset_minutes": 0,
        "window_days": 0,
        "due_hours": 24,
        "reopen_hours": 48,
        "lines_max": 10,
        "decision": "2026-4",
    }
    await desk.propose(terms, maker="X-1", checker="X-2")
    held = {"E01": ("CEA25", "9997"), "E02": ("CEA25", "3"), "R": ("CEA25", "10000")}
    lines = [f"{code},account,{desk.accounts[name]},{lots}" for name, (code, lots) in held.items()]
    lines.append(f"EN26,account,{desk.accounts['E01']},5.00")
    head = await desk.head()
    await desk.order("E02-1", "buy", "2", price="75.00")
    of_register = {"counterparty": "REG", "file_kind": "register"}
    content = csv(POSITIONS, lines)

    now = (await desk.upload(content, dry_run="true", **of_register)).json()
    then = (await desk.upload(content, as_of=str(head), **of_register)).json()

    assert [each["difference"] for each in now["found"]] == ["amount_differs", "amount_differs"]
    assert (then["found"], then["matched"], then["as_of"]) == ([], 4, str(head))


async def test_who_may_see_and_send_what(desk: House) -> None:
    content = csv(HEADER, [])
    other = {"counterparty": "R"}
    for actor in ("E01-1", "R-1", "A-1"):
        assert (await desk.upload(content, actor)).json()["code"] == "request.forbidden"
    assert (await desk.upload(content, "B-1", **other)).json()["code"] == "request.forbidden"
    for path in ("/reconciliations", "/reconciliation-tasks", "/reconciliations/terms"):
        assert (await desk.get(path, "E01-1")).status_code == 403
        for actor in ("X-1", "R-1", "A-1", "B-1"):
            assert (await desk.get(path, actor)).status_code == 200
    for actor, sees in (("A-1", True), ("E01-1", False)):
        decisions = (await desk.get("/decisions", actor, day=DAY)).json()["decisions"]
        terms = [each for each in decisions if each["kind"] == "reconciliation_terms"]
        assert bool(terms) is sees
    for path in (f"/reconciliation-tasks/{desk.names['task']}", "/reconciliations/1"):
        assert (await desk.get(path, "E01-1")).status_code == 403
        assert (await desk.get(path, "B-1")).status_code == 200
    mine = (await desk.get("/reconciliation-tasks", "B-1", assignee="B-1")).json()["tasks"]
    assert [each["task"] for each in mine] == [desk.names["assigned_task"]]
    assert (await desk.get("/reconciliation-tasks", "B-1", **other)).status_code == 403


async def test_two_files_at_once_do_not_both_stand(desk: House) -> None:
    contents = [csv(HEADER, [movement(desk, "E01", f"{n}.00", f"N-{n}")]) for n in (1, 2, 3)]

    answers = await asyncio.gather(*(desk.upload(each) for each in contents))

    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    tasks = (await desk.get("/reconciliation-tasks", "X-1", state="open")).json()["tasks"]
    assert len([each for each in tasks if each["day"] == DAY and each["here"] is None]) == 1


async def test_many_tasks_are_answered_in_one_list_each_with_its_words(desk: House) -> None:
    tasks = [desk.names["task"], desk.names["assigned_task"]]
    legs: list[dict[str, Any]] = [
        {"kind": "assign_task", "task": task, "assignee": "X-1"} for task in tasks
    ]
    answer = {"kind": "answer_task", "finding": "timing"}
    legs.append(answer | {"task": tasks[0]})
    legs.append(answer | {"task": tasks[1], "explanation": "Booked late"})
    await desk.do("/transactions", {"operations": legs})

    for task, words in zip(tasks, (None, "Booked late"), strict=True):
        shown = (await desk.get(f"/reconciliation-tasks/{task}", "X-1")).json()
        assert (shown["state"], shown["finding"]) == ("answered", "timing")
        assert shown["history"][-1]["words"] == words


async def test_a_file_that_fills_its_bound_is_recorded_and_the_rest_counted(desk: House) -> None:
    lines = [movement(desk, "E01", f"{number}.00", f"N-{number}") for number in range(1, 2_101)]
    due = f"{NEXT_DAY}T08:00:00.000000Z"

    answer = (await desk.upload(csv(HEADER, lines), due=due)).json()

    assert (answer["opened"], answer["differences"], answer["left_out"]) == (2_000, 2_102, 102)
    least = min(Decimal(each["at_stake"]) for each in answer["found"])
    assert least == 103
    assert (await desk.get(f"/reconciliation-tasks/{answer['found'][0]['task']}", "X-1")).json()[
        "due"
    ] == due
    await desk.do("/clock", {"to": due})
    late = (await desk.get("/reconciliation-tasks", "X-1", overdue="true", limit="1000")).json()
    assert len(late["tasks"]) == 1_000
    assert late["next"] is not None


async def test_lists_go_on_page_by_page(desk: House) -> None:
    lines = [movement(desk, "E01", f"{number}.00", f"N-{number}") for number in range(1, 8)]
    uploaded = (await desk.upload(csv(HEADER, lines))).json()
    for path in ("/reconciliation-tasks", f"/reconciliations/{uploaded['reconciliation']}"):
        name = "tasks" if path.endswith("tasks") else "found"
        whole = (await desk.get(path, "X-1")).json()[name]
        found: list[dict[str, Any]] = []
        more = {"limit": "4"}
        while True:
            page = (await desk.get(path, "X-1", **more)).json()
            found += page[name]
            if page["next"] is None:
                break
            more["cursor"] = page["next"]
        assert found == whole
        assert len(whole) > 4


async def test_who_a_file_names_does_not_stand_on_the_page_of_the_counterparty(
    desk: House,
) -> None:
    before = (await desk.get("/parties/B", "B-1")).json()
    terms = {
        "kind": "set_reconciliation_terms",
        "counterparty": "B",
        "file_kind": "register",
        "instruments": ["CEA25"],
        "utc_offset_minutes": 0,
        "window_days": 0,
        "due_hours": 24,
        "reopen_hours": 48,
        "lines_max": 1_000,
        "four_eyes": [{"instrument": "CEA25", "quantity": "1000"}],
        "decision": "2026-4",
    }
    await desk.propose(terms, maker="X-1", checker="X-2")
    content = csv("instrument,holder_scheme,holder,quantity", ["CEA25,passport,P-77,3"])
    answer = await desk.upload(content, file_kind="register")
    assert answer.status_code == 201, answer.text
    personal = "SELECT count(*) FROM entry_personal WHERE subject = 'B'"
    assert await desk.pool.fetchval(personal) == 2

    after = (await desk.get("/parties/B", "B-1")).json()
    assert before["name"] is not None
    assert after | {"head": before["head"]} == before
