"""`./ecorights gep warnings list`, `raise`, `assign`, `answer`, `close` and so on.

A warning is named by 32 digits, of which the first few will do where no other one has them.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.cli.served import Answer, Json, Name, Url, Venue, ask_and_show
from gateway.client import ApiClient, Refused
from gateway.errors import CannotRun

ROWS_SHOWN_MAX = 1_000
PAGES_MAX = 1_000
NAME_DIGITS = 32
SHOWN_DIGITS = 12
DOUBLED = "gep.warning_doubled"

app = typer.Typer(help="Warnings of accounts, and their thresholds.", no_args_is_help=True)
Warned = Annotated[str, typer.Argument(metavar="WARNING", help="Its name, or how it begins.")]
Year = Annotated[int, typer.Option(help="The accounts' year.")]


@app.command("list")
def list_of(
    *,
    name: Name,
    state: Annotated[str | None, typer.Option(help="raised, assigned, answered or closed.")] = None,
    area: Annotated[str | None, typer.Option(help="Only those of an area.")] = None,
    owner: Annotated[str | None, typer.Option(help="A party, or a person's key.")] = None,
    overdue_on: Annotated[
        str | None, typer.Option(help="Only those due before this day and not answered.")
    ] = None,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List warnings with their place, owner and deadline."""
    wanted = {"state": state, "area": area, "owner": owner, "overdue_on": overdue_on}
    params = {key: value for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/warnings", limit=str(ROWS_SHOWN_MAX), **params)

    def show_all(answer: Answer) -> None:
        for each in answer["warnings"]:
            _show_line(each)

    ask_and_show(read, show_all, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def show(
    warning: Warned, *, name: Name, venue: Venue = None, url: Url = None, as_json: Json = False
) -> None:
    """Show a warning with what happened to it, entry by entry."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/gep/warnings/{await _named(client, warning)}")

    ask_and_show(read, _show_whole, venue=venue, url=url, name=name, as_json=as_json)


@app.command("raise")
def raise_all(
    *,
    year: Year,
    name: Name,
    area: Annotated[str | None, typer.Option(help="Only those of an area.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is due, raise none.")
    ] = False,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Raise every warning of a year that is due and was not raised."""

    async def send(client: ApiClient) -> Answer:
        due, not_judged = await _due(client, year=year, area=area)
        raised = []
        for each in due:
            if each["raised"] is None and not dry_run:
                entry = await _raised(client, each)
                raised += [] if entry is None else [{**each, "entry": entry}]
        return {"due": due, "raised": raised, "not_judged": not_judged}

    def show_all(answer: Answer) -> None:
        entries = {each["warning"]: each["entry"] for each in answer["raised"]}
        for each in answer["due"]:
            is_new = each["warning"] in entries
            fate = f"raised, entry {entries[each['warning']]}" if is_new else each["raised"]
            typer.echo(f"{_crossing(each)}  {fate or 'due'}")
        for each in answer["not_judged"]:
            reasons = ", ".join(each["reasons"])
            typer.echo(f"{each['area']} is not judged for a decline: {reasons}")
        typer.echo(f"{len(answer['due'])} crossed, {len(answer['raised'])} raised")

    ask_and_show(send, show_all, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def assign(
    warning: Warned,
    *,
    owner: Annotated[str, typer.Option(help="A person's key.")],
    party: Annotated[str, typer.Option(help="The party whose key it is.")],
    deadline: Annotated[str, typer.Option(help="The day until when, YYYY-MM-DD.")],
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Give a warning an owner and a deadline."""
    body = {"party": party, "owner": owner, "deadline": deadline}
    _write(
        ("assignments", f"assigned to {owner} until {deadline}"),
        warning,
        body,
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


@app.command()
def answer(
    warning: Warned,
    *,
    reason: Annotated[str, typer.Option(help="What it comes from; name no person.")],
    account: Annotated[str, typer.Option(help="An account that answers it.")] = "",
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Answer a warning that is one's own."""
    body = {"reason": reason, "account": account}
    _write(
        ("answers", "answered"),
        warning,
        body,
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


@app.command()
def close(
    warning: Warned,
    *,
    rejected: Annotated[str | None, typer.Option(help="Return it, for this reason.")] = None,
    note: Annotated[str, typer.Option(help="What to note beside the end.")] = "",
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """End a warning that another person answered, or return the answer."""
    outcome = "accepted" if rejected is None else "rejected"
    body = {"outcome": outcome, "reason": note if rejected is None else rejected}
    _write(
        ("closures", "closed" if rejected is None else "returned to its owner"),
        warning,
        body,
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


@app.command()
def thresholds(*, name: Name, venue: Venue = None, url: Url = None, as_json: Json = False) -> None:
    """List the limits that hold, and whose they are."""

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/thresholds")

    def show_all(found: Answer) -> None:
        for each in found["thresholds"]:
            own = "as proposed"
            if each["author"] is not None:
                own = f"proposed {each['proposed']}; by {each['author']}: {each['reason']}"
            typer.echo(f"{each['rule']}  {each['limit']}  {own}")

    ask_and_show(read, show_all, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def threshold(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="decline or service_share.")],
    limit: Annotated[str, typer.Argument(metavar="LIMIT", help="A share, such as 0.08.")],
    *,
    reason: Annotated[str, typer.Option(help="Why it holds here; name no person.")],
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Let another limit hold in this venue."""

    async def send(client: ApiClient) -> Answer:
        return await client.post(
            "/gep/thresholds", {"rule": rule, "limit": limit, "reason": reason}
        )

    ask_and_show(
        send,
        lambda found: typer.echo(f"{rule} at {limit}, entry {found['receipt']['entry']}"),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


async def _raised(client: ApiClient, found: Answer) -> str | None:
    """Raise a warning, and return its entry; None where somebody else raised it meanwhile."""
    body = {key: found[key] or "" for key in ("rule", "account", "base", "service")}
    try:
        answer = await client.post("/gep/warnings", body)
    except Refused as error:
        if error.code != DOUBLED:
            raise
        return None
    entry: str = answer["receipt"]["entry"]
    return entry


async def _due(
    client: ApiClient, *, year: int, area: str | None
) -> tuple[list[Answer], list[Answer]]:
    """Return everything that is due of a year, page by page."""
    params = {"year": str(year)} | ({} if area is None else {"area": area})
    due: list[Answer] = []
    not_judged: list[Answer] = []
    for _ in range(PAGES_MAX):
        page = await client.get("/gep/warnings/due", **params)
        due += page["due"]
        not_judged += page["not_judged"]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    return due, not_judged


async def _named(client: ApiClient, warning: str) -> str:
    """Return the whole name of a warning that begins so.

    Raises:
        CannotRun: none does, or several do.
    """
    if len(warning) == NAME_DIGITS:
        return warning
    params: dict[str, str] = {}
    found: list[str] = []
    for _ in range(PAGES_MAX):
        page = await client.get("/gep/warnings", limit=str(ROWS_SHOWN_MAX), **params)
        found += [w["warning"] for w in page["warnings"] if w["warning"].startswith(warning)]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    if len(found) != 1:
        raise CannotRun(f"{len(found)} warnings begin with {warning}")
    return found[0]


def _write(
    step: tuple[str, str],
    warning: str,
    body: Mapping[str, Any],
    *,
    venue: str | None,
    url: str | None,
    name: str,
    as_json: bool,
) -> None:
    path, words = step

    async def send(client: ApiClient) -> Answer:
        whole = {"warning": await _named(client, warning), **body}
        return await client.post(f"/gep/warnings/{path}", whole)

    ask_and_show(
        send,
        lambda found: typer.echo(f"{words}, entry {found['receipt']['entry']}"),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


def _crossing(each: Mapping[str, Any]) -> str:
    what = {
        "decline": f"fell {each['measured']} a year, limit {each['limit']}:"
        f" {each['before_yuan']} to {each['after_yuan']} yuan",
        "service_share": f"{each['service']} is {each['measured']} of the total,"
        f" limit {each['limit']}",
        "mandatory_missing": f"{each['service']} is mandatory and missing",
    }[each["rule"]]
    place = f"{each['area']} {each['year']}"
    return f"{each['warning'][:SHOWN_DIGITS]}  {place}  {each['severity']}  {what}"


def _show_line(each: Mapping[str, Any]) -> None:
    state = each["warning_state"]
    if each["owner"] is not None:
        state += f", {each['owner']} of {each['owner_party']} until {each['deadline']}"
    if each["days_overdue"] is not None:
        state += f", {each['days_overdue']} days overdue"
    if each["standing"] != "counts":
        state += f"; a newer account counts: {each['standing'].replace('_', ' ')}"
    place = each["place"]
    at = "no boundary" if place is None else f"at {place['longitude']}, {place['latitude']}"
    typer.echo(f"{_crossing(each)}  {at}  {state}")


def _show_whole(found: Answer) -> None:
    _show_line(found)
    typer.echo(f"  account {found['account']}")
    if found["base"] is not None:
        typer.echo(f"  beside {found['base']}")
    for each in found["history"]:
        owner = "" if each["owner"] is None else f" to {each['owner']} until {each['deadline']}"
        words = "" if each["words"] is None else f": {each['words']}"
        answered = f" with account {each['answer_account']}" if each["answer_account"] else ""
        typer.echo(
            f"  {each['at'][:10]} entry {each['entry']}  {each['event']}{owner}"
            f" by {each['actor']}{answered}{words}"
        )
