"""`./ecorights supervise`: decisions of an authority, closed years, results of reports.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file. What needs two people is a proposal; `approve` is the second's.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.report_lines import pages_of
from gateway.cli.served import Answer, ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gateway.errors import CannotRun
from gateway.keys import OPERATOR, REGULATOR

ROWS_SHOWN_MAX = 1_000
# A page records some hundreds of firms; a year has thousands.
SETTLEMENT_PAGES_MAX = 10_000
NOTHING_DUE = "supervision.nothing_due"

app = typer.Typer(no_args_is_help=True)
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the service's answer as JSON.")]
Authority = Annotated[str, typer.Option(help="The party that decides.")]
Case = Annotated[str, typer.Option(help="The case number.")]
Document = Annotated[Path, typer.Option(help="The document; only its SHA-256 is sent.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", help="The year.")]


@app.callback()
def root() -> None:
    """Enter what an authority decides and finds, and read it."""


@app.command()
def decide(  # noqa: PLR0913  one option, one argument
    *,
    authority: Authority,
    case: Case,
    rule: Annotated[str, typer.Option(help="The rule of the facts that it gives.")],
    subject: Annotated[list[str], typer.Option(help="A party that it was served on.")],
    served: Annotated[str, typer.Option(help="The day on which it was served.")],
    document: Document,
    fine: Annotated[str | None, typer.Option(help="In yuan.")] = None,
    incident: Annotated[str, typer.Option(help="The event that it is about.")] = "",
    reason: Annotated[str, typer.Option(help="Its reasons in words; erasable.")] = "",
    name: Name = OPERATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Propose that a decision that was served be entered, with its facts."""
    operation = {
        "kind": "serve_decision",
        "authority": authority,
        "case_number": case,
        "rule": rule,
        "subjects": subject,
        "served_on": served,
        "document": _digest(document),
        "incident": incident,
        "reason": reason,
    }
    if fine is not None:
        operation["fine"] = fine
    _propose(operation, venue, url=url, name=name, as_json=as_json)


@app.command()
def annul(
    *,
    authority: Authority,
    case: Case,
    ground: Annotated[str, typer.Option(help="review, court or own_motion.")],
    document: Document,
    name: Name = OPERATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Propose that a decision be annulled, which revokes its facts."""
    operation = {
        "kind": "annul_decision",
        "authority": authority,
        "case_number": case,
        "ground": ground,
        "document": _digest(document),
    }
    _propose(operation, venue, url=url, name=name, as_json=as_json)


@app.command()
def origin(  # noqa: PLR0913  one option, one argument
    origin_name: Annotated[str, typer.Argument(metavar="ORIGIN", help="Such as decision.")],
    *,
    department: Annotated[str, typer.Option(help="The department in whose name facts come.")],
    basis: Annotated[str, typer.Option(help="The document that says so.")],
    rule: Annotated[list[str] | None, typer.Option(help="A rule; none ends it.")] = None,
    threshold: Annotated[int, typer.Option(help="Of a reduction, in millionths.")] = 0,
    name: Name = OPERATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Propose which rules follow from decisions, closed years or reports."""
    operation = {
        "kind": "set_fact_origin",
        "origin": origin_name,
        "department": department,
        "rules": rule or [],
        "basis": basis,
        "threshold_ppm": threshold,
    }
    _propose(operation, venue, url=url, name=name, as_json=as_json)


@app.command()
def approve(
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="The proposal's number.")],
    *,
    name: Name = OPERATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Approve another person's proposal."""

    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals/approvals", {"proposal": proposal})

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    number = f", decision {answer['decision']}" if "decision" in answer else ""
    _show(answer, f"proposal {proposal}: entry {answer['receipt']['entry']}{number}", as_json)


@app.command()
def decisions(
    *,
    subject: Annotated[str | None, typer.Option(help="Only those served on a party.")] = None,
    authority: Annotated[str | None, typer.Option(help="Only those of an authority.")] = None,
    name: Name = REGULATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List decisions: one's own, or all of them for regulator and auditor."""
    wanted = {"subject": subject, "authority": authority}
    params = {key: value for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/supervision/decisions", limit=str(ROWS_SHOWN_MAX), **params)

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [_decision_line(each) for each in answer["decisions"]]
    _show(answer, "\n".join([*lines, f"{len(lines)} decisions"]), as_json)


@app.command()
def decision(
    number: Annotated[str, typer.Argument(metavar="DECISION", help="The decision's number.")],
    *,
    name: Name = REGULATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Show a decision with its reasons and the facts that it gave."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/supervision/decisions/{number}")

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [_decision_line(answer), f"  document {answer['document']}"]
    if answer["reason"] is not None:
        lines.append(f"  {answer['reason']}")
    for each in answer["facts"]:
        marks = [word for word in ("revoked", "disputed") if each[word]]
        lines.append("  ".join([f"  {each['fact']} of {each['subject']}", *marks]))
    _show(answer, "\n".join(lines), as_json)


@app.command()
def settle(
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="Such as CARBON.")],
    year: Year,
    *,
    name: Name = OPERATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Record the facts of all who settled a closed year in full and in time."""
    body = {"right": right, "year": year}

    async def send(client: ApiClient) -> Answer:
        for _ in range(SETTLEMENT_PAGES_MAX):
            try:
                await client.post("/compliance/settlements", body)
            except Refused as error:
                if error.code != NOTHING_DUE:
                    raise
                break
        return await client.get("/compliance/closures", limit=str(ROWS_SHOWN_MAX))

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    [closed] = [
        each for each in answer["closures"] if (each["right"], each["year"]) == (right, year)
    ]
    words = (
        f"{right} {year}, closed on {closed['on']}: {closed['settled']} settled in time, "
        f"{closed['recorded']} recorded, {closed['passed_over']} without an archive"
    )
    _show(closed, words, as_json)


@app.command()
def reports(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV of results.")],
    *,
    report: Annotated[str, typer.Option(help="carbon or energy.")],
    year: Annotated[int, typer.Option(help="The year of the reports.")],
    due: Annotated[str, typer.Option(help="The last day on which they were in time.")],
    name: Name = OPERATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Record what was found of reports, a page after another; the same file again adds nothing."""
    content = _content(path)
    head = {"report": report, "year": year, "due_on": due}
    said = hashlib.sha256(f"{report} {year} {due}\n".encode() + content).hexdigest()[:40]
    pages = pages_of(content)

    async def send(client: ApiClient) -> Answer:
        found: Answer = {"outcome": "applied", "entries": [], "lines": 0, "facts": 0}
        for number, lines in enumerate(pages):
            key = f"reports-{said}-{number}"
            answer = await client.post("/compliance/reports", head | {"lines": lines}, key=key)
            found["entries"].append(answer["receipt"]["entry"])
            found["lines"] += len(lines)
            effects = [each["effect"] for each in answer["effects"]]
            found["facts"] += effects.count("credit_fact_recorded")
        return found

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    words = f"{answer['lines']} results in {len(pages)} entries, {answer['facts']} facts"
    _show(answer, words, as_json)


def _propose(
    operation: Mapping[str, Any], venue: str | None, *, url: str | None, name: str, as_json: bool
) -> None:
    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals", {"operation": operation})

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    _show(answer, f"proposal {answer['proposal']}: {operation['kind']}", as_json)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}") from error


def _digest(path: Path) -> str:
    return hashlib.sha256(_content(path)).hexdigest()


def _decision_line(each: Mapping[str, Any]) -> str:
    fine = "" if each["fine"] is None else f"  fine {each['fine']}"
    annulled = "" if each["annulled_in"] is None else f"  annulled ({each['annulled_ground']})"
    who = f"{each['authority']} {each['case_number']}  {', '.join(each['subjects'])}"
    return f"{each['decision']}  {each['served_on']}  {who}  {each['rule']}{fine}{annulled}"


def _show(answer: Mapping[str, Any], words: str, as_json: bool) -> None:  # noqa: FBT001  as asked
    if as_json:
        print_json({"ok": True, **answer})
    else:
        typer.echo(words)
