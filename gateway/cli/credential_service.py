"""`./ecorights credit credential served`: credentials of a venue that is served, as ledger entries.

The API key is the secret in ECORIGHTS_KEY, or that of a name in this installation's keys file.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_scoring.credentials.commands import RevocationReason
from credit_scoring.credentials.issuing import claims_of
from credit_scoring.credentials.register_file import identifier
from credit_scoring.rule_sets.document import Place, read_json
from gateway.cli.credit import content_of, refusals
from gateway.cli.credit_pages import write
from gateway.cli.served import ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient
from gateway.errors import CannotRun
from gateway.keys import OPERATOR
from kernel.identifiers import new_uuid7

SUBJECT = "urn:ecorights:subject:"
LISTED_MAX = 1_000

app = typer.Typer(no_args_is_help=True)
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the service's answer as JSON.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The credential's id.")]
Answer = dict[str, Any]


@app.callback()
def root() -> None:
    """Issue and revoke as entries of a venue that is served; it publishes the lists itself."""


@app.command()
def issue(  # noqa: PLR0913  one option, one argument
    path: Annotated[Path, typer.Argument(metavar="SCORE", help="What credit score printed.")],
    *,
    subject: Annotated[str, typer.Option(help="The subject's pseudonym.")],
    until: Annotated[str, typer.Option(help="When it ends: YYYY-MM-DDTHH:MM:SSZ.")],
    out: Annotated[Path, typer.Option(help="Where to write the credential.")],
    entry: Annotated[int | None, typer.Option(help="The ledger's entry of the score.")] = None,
    suspendable: Annotated[bool, typer.Option(help="Name a list for suspension too.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Issue the credential of a score's grade, and fetch it with its proof."""
    with refusals(as_json=as_json):
        pseudonym = SUBJECT + subject.removeprefix(SUBJECT)
        claims = claims_of(read_json(content_of(path)), subject=pseudonym, entry=entry)
    body = {
        "credential": str(new_uuid7()),
        "subject": claims.subject,
        "subject_kind": claims.kind.value,
        "grade": claims.grade,
        "colour": claims.colour,
        "as_of": claims.as_of.isoformat(),
        "rule_set_version": claims.rule_set_version,
        "rule_set_hash": claims.rule_set_hash,
        "records_hash": claims.records_hash,
        "valid_until": until,
        "score_entry": None if entry is None else str(entry),
        "suspendable": suspendable,
    }

    async def send(client: ApiClient) -> Answer:
        applied = await client.post("/credentials", body)
        document = await client.get(f"/credentials/{body['credential']}")
        return {"entry": applied["receipt"]["entry"], "document": document}

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    document = answer.pop("document")
    try:
        out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotRun(f"{out} cannot be written: {error.strerror}") from error
    answer |= {"id": document["id"], "file": str(out)}
    words = (
        f"{document['id']} in entry {answer['entry']}: {claims.kind.value} {claims.grade}, {out}"
    )
    _show(answer, words, as_json=as_json)


@app.command()
def revoke(
    credential: Id,
    *,
    reason: Annotated[RevocationReason, typer.Option(help="Why.")],
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Revoke a credential for ever; the published list says so at once."""
    with refusals(as_json=as_json):
        body = {"credential": str(identifier(Place(credential, "ID"))), "reason": reason.value}

    async def send(client: ApiClient) -> Answer:
        return await client.post("/credentials/revocations", body)

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    entry = answer["receipt"]["entry"]
    _show(answer, f"{body['credential']} revoked in entry {entry}: {reason}", as_json=as_json)


@app.command("list")
def list_all(
    *,
    subject: Annotated[str | None, typer.Option(help="Only those of a pseudonym.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List what was issued and what became of it, the newest first."""
    params = {"limit": str(LISTED_MAX)}
    if subject is not None:
        params["subject"] = SUBJECT + subject.removeprefix(SUBJECT)

    async def read(client: ApiClient) -> Answer:
        return await client.get("/credentials", **params)

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{each['credential']} {each['subject']} {each['grade']} as of {each['as_of']}"
        f" until {each['valid_until']}: {each['status']}"
        for each in answer["credentials"]
    ]
    more = [] if answer["next"] is None else ["and more"]
    _show(answer, "\n".join([*lines, *more, f"{len(lines)} credentials"]), as_json=as_json)


def _show(answer: Answer, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, **answer})
    else:
        write(words)
