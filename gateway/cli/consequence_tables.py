"""`./ecorights credit consequence-tables`: tables of consequences of a venue that is served.

A table is proposed by one person and approved by another (`./ecorights credit approve`).
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_scoring.consequences.adopting.table import canonical_table, hash_of, head_of
from credit_scoring.consequences.reading import shipped_document
from credit_scoring.rule_sets.document import Place, read_json
from gateway.cli.credit import content_of, refusals
from gateway.cli.served import Answer, Json, Name, Url, Venue, ask_and_show
from gateway.cli.terminal import print_json
from gateway.client import ApiClient
from gateway.keys import OPERATOR

app = typer.Typer(no_args_is_help=True, help="Tables of consequences: drafted, proposed, read.")


@app.command()
def draft(
    version: Annotated[str, typer.Argument(help="The version that the table shall have.")],
    first: Annotated[str, typer.Argument(metavar="DAY", help="Its first day, YYYY-MM-DD.")],
) -> None:
    """Print the rows that ship as a table, to be changed in an editor and proposed."""
    with refusals(as_json=False):
        day = Place(first, "DAY").day().isoformat()
    print_json({"version": version, "effective_from": day, **shipped_document()})


@app.command()
def propose(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A whole table.")],
    *,
    decision: Annotated[str, typer.Option(help="The number of the document that decides it.")],
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Propose that a table be adopted; another person approves it."""
    with refusals(as_json=as_json):
        document = read_json(content_of(path)).value
        text = canonical_table(document)
        version, first = head_of(text)
    operation = {
        "kind": "credit_adopt_consequences",
        "document": document,
        "table_hash": hash_of(text),
        "decision": decision,
    }

    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals", {"operation": operation})

    def show(answer: Answer) -> None:
        _write(f"proposal {answer['proposal']}: adopt {version} from {first}, {hash_of(text)}")

    ask_and_show(send, show, venue=venue, url=url, name=name, as_json=as_json)


@app.command("list")
def list_tables(
    *,
    on: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List the adopted tables, and which is in force."""
    params = {} if on is None else {"on": on}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/credit/consequence-tables", **params)

    ask_and_show(read, _show_tables, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def applies(
    party: Annotated[str, typer.Argument(help="The subject's party.")],
    *,
    on: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Show what applies to a subject on a day by its archive, on which basis, until when."""
    params = {} if on is None else {"on": on}

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/credit/subjects/{party}/consequences", **params)

    ask_and_show(read, _show_applying, venue=venue, url=url, name=name, as_json=as_json)


def _show_tables(answer: Answer) -> None:
    for each in answer["tables"]:
        mark = "  in force" if each["version"] == answer["in_force"] else ""
        _write(f"{each['version']}  from {each['effective_from']}  {each['table_hash']}{mark}")
    _write(f"{len(answer['tables'])} tables")


def _show_applying(answer: Answer) -> None:
    rows: list[dict[str, Any]] = answer["consequences"]
    applying = [each for each in rows if each["state"] == "applies"]
    _write(f"{answer['party']} on {answer['on']}, table {answer['table']}: {len(applying)} apply")
    for each in applying:
        until = each["until"] or ("the next list" if each["by_list"] else "no end")
        _write(f"  {each['id']} {each['effect']}, {each['kind']}: {each['what']}, until {until}")
        _write(f"    {each['basis']}")
    off = [each for each in rows if each["state"] == "off"]
    for each in off:
        _write(f"  {each['id']} is off: {', '.join(each['reasons'])}")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
