"""`./ecorights reconcile`: counterparties' files against our books, and what differs as tasks.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file.
"""

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gateway.cli.served import Json, Name, Url, Venue, ask_and_show, content_to_send
from gateway.client import ApiClient
from gateway.keys import OPERATOR

SHOWN_MAX = 50
TASKS_MAX = 1_000
FILE = "file"


class Kind(StrEnum):
    """What the file is."""

    BANK = "bank"
    REGISTER = "register"


class FileByDefault(TyperGroup):
    """A group whose first word is a file where it is no command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command before what names none."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [FILE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=FileByDefault, no_args_is_help=True)


@app.callback()
def root() -> None:
    """Compare counterparties' files with our books: FILE --kind ... --counterparty ... --day ..."""


@app.command(FILE)
def take_file(  # noqa: PLR0913  one option, one argument
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The counterparty's CSV.")],
    *,
    kind: Annotated[Kind, typer.Option(help="A bank's statement or a register's holdings.")],
    counterparty: Annotated[str, typer.Option(help="The party that sent it.")],
    day: Annotated[str, typer.Option(help="The day it is of, YYYY-MM-DD.")],
    as_of: Annotated[int | None, typer.Option(help="Our books as of this entry.")] = None,
    due: Annotated[str | None, typer.Option(help="When new tasks fall due, in UTC.")] = None,
    supersede: Annotated[bool, typer.Option(help="In the place of the day's file.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Show the result and record nothing.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Compare a file with our books and record the result; its differences become tasks."""
    params = {"counterparty": counterparty, "file_kind": kind.value, "day": day}
    params |= {"supersede": "true"} if supersede else {}
    params |= {"dry_run": "true"} if dry_run else {}
    params |= {} if as_of is None else {"as_of": str(as_of)}
    params |= {} if due is None else {"due": due}
    content = content_to_send(path)

    async def send(client: ApiClient) -> dict[str, Any]:
        return await client.upload(
            "/reconciliations", content, media_type="text/csv", params=params
        )

    ask_and_show(send, _show_file, as_json=as_json, venue=venue, url=url, name=name)


@app.command()
def tasks(
    *,
    state: Annotated[str | None, typer.Option(help="Only tasks in this state.")] = None,
    counterparty: Annotated[str | None, typer.Option(help="Only this party's files.")] = None,
    overdue: Annotated[bool, typer.Option(help="Only tasks that are late.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List the tasks of differences."""
    params = {"limit": str(TASKS_MAX)}
    params |= {} if state is None else {"state": state}
    params |= {} if counterparty is None else {"counterparty": counterparty}
    params |= {"overdue": "true"} if overdue else {}

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get("/reconciliation-tasks", **params)

    ask_and_show(read, _show_tasks, as_json=as_json, venue=venue, url=url, name=name)


def _show_file(answer: Mapping[str, Any]) -> None:
    of = f"{answer['counterparty']} {answer['file_kind']} {answer['day']}"
    number = answer.get("reconciliation")
    _write(f"{of}, our books as of entry {answer['as_of']}: {answer['outcome']} as {number}")
    _write(
        f"{answer['lines']} lines, {answer['matched']} matched, {answer['differences']} differ"
        f" ({answer['left_out']} left out)"
    )
    _write(
        f"tasks: {answer['opened']} opened, {answer['seen']} seen again,"
        f" {answer['resolved']} resolved"
    )
    found = answer.get("found", ())
    for each in found[:SHOWN_MAX]:
        _write(_difference(each))
    if len(found) > SHOWN_MAX:
        _write(f"  ... and {len(found) - SHOWN_MAX} more")


def _show_tasks(answer: Mapping[str, Any]) -> None:
    for each in answer["tasks"]:
        late = " LATE" if each["overdue"] else ""
        who = each["assignee"] or "nobody"
        of = f"{each['counterparty']} {each['day']}"
        _write(f"{_difference(each)}  {of}  {each['state']} {who} due {each['due']}{late}")
    more = " and more" if answer["next"] is not None else ""
    _write(f"{len(answer['tasks'])} tasks{more}")


def _difference(each: Mapping[str, Any]) -> str:
    sides = [f"{side} {_side(each[side])}" for side in ("there", "here") if each[side]]
    what = f"{each['difference']} {each['instrument']}"
    return f"  task {each['task']}: {what}  {', '.join(sides)}"


def _side(side: Mapping[str, Any]) -> str:
    words = [side["holder"] or "unknown holder", side["amount"], side["reference"]]
    words.append(f"line {side['line']}" if side["line"] else "")
    words.append(f"entry {side['booked_in']}" if side["booked_in"] else "")
    return " ".join(word for word in words if word)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
