"""Files of a bank and of a register in the story of a venue, and what becomes of their tasks."""

from exchange.reconciling import as_of_day, read_books
from ledger import commands as c
from ledger.machine import Outcome
from ledger.reconciliation import commands as k
from ledger.reconciliation.comparing import compare
from ledger.reconciliation.day import EPOCH
from ledger.reconciliation.difference import FileKind
from ledger.reconciliation.statement_file import HEADER as STATEMENT
from ledger.reconciliation.store import ReconciliationStore
from ledger.roles import AccountKind, PartyKind, Role
from tests.ledger.rows.scribe import DAY, HOUR, Scribe

SECOND = "x-desk"


def day_of_scribe(scribe: Scribe) -> int:
    """Return the ordinal of the scribe's day in UTC."""
    return int(scribe.at // DAY) + EPOCH


def iso(day: int) -> str:
    from datetime import date

    return date.fromordinal(day).isoformat()


def terms(counterparty: str, kind: FileKind, **changes: object) -> k.SetReconciliationTerms:
    is_bank = kind is FileKind.BANK
    agreed = {
        "counterparty": counterparty,
        "file_kind": kind,
        "instruments": ["CNY"] if is_bank else ["CEA25", "NOX"],
        "utc_offset_minutes": 0,
        "cut_off_minutes": 1_440,
        "window_days": 2,
        "due_hours": 30,
        "reopen_hours": 48,
        "lines_max": 200_000,
        "four_eyes": [k.Threshold(instrument="CNY" if is_bank else "CEA25", quantity=50_000)],
        "decision": "2026-12",
    }
    return k.SetReconciliationTerms(**(agreed | changes))  # type: ignore[arg-type]  # a test's terms


def agree(scribe: Scribe, *agreed: k.SetReconciliationTerms) -> None:
    """Let the operator's two people put terms in force."""
    if SECOND not in scribe.ledger.actors:
        operator = scribe.ledger.actors["x"].party
        second = {"party": operator, "roles": [Role.OPERATOR, Role.APPROVER], "digest": "3" * 64}
        scribe.must(c.RegisterActor(actor=SECOND, **second))
    for each in agreed:
        by_two(scribe, each)


def by_two(scribe: Scribe, command: c.Command) -> Outcome:
    scribe.must(c.Propose(command=command))
    return scribe.must(c.Approve(proposal=scribe.ledger.next_proposal - 1), actor=SECOND)


async def prepared(
    scribe: Scribe, content: str | bytes, *, by: str, kind: FileKind, day: int, **more: object
) -> k.RecordReconciliation:
    """Commit what is there and compare a file with it."""
    await scribe.commit()
    connection = scribe.connection
    store = ReconciliationStore(connection)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await store.terms(counterparty=by, file_kind=kind.value)
        assert found is not None
        head = scribe.index
        as_of = await as_of_day(connection, found, day=day, head=head)
        before = await store.file_of_day(counterparty=by, file_kind=kind.value, day=day)
        number = before["id"] if before is not None and more.get("supersede") else None
        books = await read_books(
            connection, found, day=day, as_of=as_of, head=head, superseded=number
        )
    raw = content if isinstance(content, bytes) else content.encode()
    return compare(raw, found, books, **more)  # type: ignore[arg-type]  # supersede and due


async def record(
    scribe: Scribe, content: str | bytes, *, by: str, kind: FileKind, day: int, **more: object
) -> k.RecordReconciliation:
    command = await prepared(scribe, content, by=by, kind=kind, day=day, **more)
    scribe.must(command)
    return command


def statement(*lines: str) -> str:
    return "\n".join((",".join(STATEMENT), *lines, ""))


def positions(*lines: str) -> str:
    return "\n".join(("instrument,holder_scheme,holder,quantity", *lines, ""))


async def reconcile(scribe: Scribe) -> None:
    """Two days of a bank and a register: every event of a task happens to at least one."""
    register = c.RegisterParty(
        party="REG", party_kind=PartyKind.AUTHORITY, scheme="", identifier=""
    )
    scribe.must(register)
    agree(scribe, terms("B2", FileKind.BANK), terms("REG", FileKind.REGISTER))
    agree(scribe, terms("B2", FileKind.BANK, due_hours=6))
    day = day_of_scribe(scribe)
    first, second = scribe.account("E01"), scribe.account("E02")
    for account, amount, reference in ((first, 70_000, "R-1"), (second, 300, "R-2")):
        cash = c.CashIn(account=account, currency="CNY", amount=amount, reference=reference)
        scribe.must(cash, actor="B2-1")
    on = iso(day)
    lines = [
        f"movement,{first},CNY,in,100.00,R-1,{on}",
        f"movement,{second},CNY,in,8.00,R-3,{on}",
        f"movement,{second},XYZ,out,1.5,R-4,{on}",
        f"balance,{first},CNY,,1.00,,",
    ]
    bank = {"by": "B2", "kind": FileKind.BANK, "day": day}
    await record(scribe, statement(*lines), **bank)  # type: ignore[arg-type]  # a test's shorthand
    await record(scribe, statement(*lines[:3]), supersede=True, **bank)  # type: ignore[arg-type]
    scribe.must(await prepared(scribe, statement(*lines[:3]), **bank))  # type: ignore[arg-type]
    held = positions(f"CEA25,account,{first},1", "NOX,uscc,id-E02,5", "NOX,passport,P-77,3")
    await record(scribe, held, by="REG", kind=FileKind.REGISTER, day=day)
    await _follow_up(scribe)
    later = c.CashIn(account=second, currency="CNY", amount=800, reference="R-3")
    scribe.must(later, actor="B2-1")
    scribe.move(scribe.at + DAY)
    next_day = {"by": "B2", "kind": FileKind.BANK, "day": day + 1}
    await record(scribe, statement(), due=scribe.at + HOUR, **next_day)  # type: ignore[arg-type]
    scribe.move(scribe.at + 2 * HOUR)


async def _follow_up(scribe: Scribe) -> None:
    """Assign, answer, close by one and by two, reopen; the rest falls due, and one leaves."""
    state = scribe.machine.parts[3].state
    tasks = {task.kind: task.id for task in sorted(state.tasks.values(), key=lambda t: -t.id)}
    for kind in ("amount_differs", "unknown_instrument", "missing_there", "unknown_account"):
        scribe.must(k.AssignTask(task=tasks[kind], assignee="x"))
    scribe.must(k.AssignTask(task=tasks["missing_here"], assignee="B2-1", due=scribe.at + HOUR))
    words = k.Words(text="Frau Muster hat zweimal überwiesen")
    for kind in ("amount_differs", "unknown_instrument", "unknown_account"):
        answer = k.AnswerTask(task=tasks[kind], finding=k.Finding.THEIR_ERROR, personal=words)
        scribe.must(answer)
    assert scribe.send(k.CloseTask(task=tasks["amount_differs"])).refusal is not None
    by_two(scribe, k.CloseTask(task=tasks["amount_differs"]))
    for kind in ("unknown_instrument", "unknown_account"):
        scribe.must(k.CloseTask(task=tasks[kind]))
    reopened = k.ReopenTask(task=tasks["unknown_account"], personal=words)
    scribe.must(reopened)
    scribe.must(c.OpenAccount(party="E03", account_kind=AccountKind.TRADING))
    scribe.move(scribe.at + 49 * HOUR)
