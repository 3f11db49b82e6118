"""`./ecorights credit consent`: who may read whose credit, and who has read it.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import httpx
import typer

from gateway.cli.served import service_of
from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gateway.errors import CannotRun
from gateway.keys import OPERATOR

ROWS_SHOWN_MAX = 1_000

app = typer.Typer(no_args_is_help=True)
Subject = Annotated[str | None, typer.Option(help="Only this subject.")]
Bank = Annotated[str | None, typer.Option(help="Only this bank.")]
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the service's answer as JSON.")]


@app.callback()
def root() -> None:
    """Read consents to eco-credit queries, and the log of queries."""


@app.command("list")
def list_consents(
    *,
    subject: Subject = None,
    bank: Bank = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List consents, the newest first: one's own, or those that one's bank was given."""
    wanted = {"subject": subject, "grantee": bank}
    service = service_of(venue, url=url, name=name)
    _show(service, "/credit/consents", wanted, show=_show_consents, as_json=as_json)


@app.command()
def log(
    *,
    subject: Subject = None,
    bank: Bank = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List queries, refused ones too, the newest first."""
    wanted = {"subject": subject, "bank": bank}
    service = service_of(venue, url=url, name=name)
    _show(service, "/credit/queries", wanted, show=_show_queries, as_json=as_json)


@app.command()
def recipients(
    *,
    subject: Subject = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List the banks that were answered about a subject in the last twelve months."""
    service = service_of(venue, url=url, name=name)
    wanted = {"subject": subject}
    _show(service, "/credit/recipients", wanted, show=_show_recipients, as_json=as_json)


def _show(
    service: tuple[str, str],
    path: str,
    wanted: Mapping[str, str | None],
    *,
    show: Callable[[Mapping[str, Any]], None],
    as_json: bool,
) -> None:
    """Read one page and print it; a refusal ends with status 1."""
    base, secret = service
    params = {key: value for key, value in wanted.items() if value is not None}

    async def read() -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=base) as http:
            client = ApiClient(http, secret=secret)
            return await client.get(path, limit=str(ROWS_SHOWN_MAX), **params)

    try:
        answer = asyncio.run(read())
    except httpx.HTTPError as error:
        raise CannotRun(f"{base} does not answer: {error!r}") from error
    except Refused as error:
        if as_json:
            print_json({"ok": False, **error.problem})
        else:
            sys.stderr.write(f"{error.problem.get('title')} [{error.problem.get('code')}]\n")
        sys.exit(1)
    if as_json:
        print_json({"ok": True, **answer})
    else:
        show(answer)


def _show_consents(answer: Mapping[str, Any]) -> None:
    for each in answer["consents"]:
        days = f"{each['day_from']} to {each['day_to']}"
        revoked = f"  revoked {each['revoked_at']}" if each["revoked_at"] is not None else ""
        what = f"{each['consent']}  {each['subject']} to {each['grantee']}  {each['purpose']}"
        _write(f"{what}  {days}  {', '.join(each['scope'])}{revoked}")
    _count(answer, "consents")


def _show_queries(answer: Mapping[str, Any]) -> None:
    for each in answer["queries"]:
        outcome = f"consent {each['consent']}" if each["answered"] else each["refusal"]
        what = f"{each['query']}  {each['at']}  {each['bank']} about {each['subject']}"
        _write(f"{what}  {each['purpose']} as of {each['as_of']}  {outcome}")
    _count(answer, "queries")


def _show_recipients(answer: Mapping[str, Any]) -> None:
    for each in answer["recipients"]:
        _write(f"{each['bank']}  {each['at']}  as of {each['as_of']}, query {each['query']}")
    _count(answer, "recipients")


def _count(answer: Mapping[str, Any], name: str) -> None:
    more = " and more" if answer["next"] is not None else ""
    _write(f"{len(answer[name])} {name}{more}")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
