"""`./ecorights credit adopt` and `approve`: a rule set put before a second person of a venue.

The API key is the secret in ECORIGHTS_KEY, or that of a name in this installation's keys file.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.shipped import refuse_unadoptable
from credit_scoring.rule_sets.writing import document_of
from gateway.cli.credit import content_of, refusals
from gateway.cli.credit_pages import write
from gateway.cli.rule_set_files import document_in
from gateway.cli.served import ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient

app = typer.Typer()
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the service's answer as JSON.")]
Answer = dict[str, Any]


@app.command()
def adopt(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A whole rule set.")],
    *,
    decision: Annotated[str, typer.Option(help="The number of the document that decides it.")],
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Propose that a rule set be adopted; another person of the regulator approves it."""
    with refusals(as_json=as_json):
        draft = read_rule_set(document_in(content_of(path)))
        refuse_unadoptable(draft)
    operation = {
        "kind": "credit_adopt_rule_set",
        "document": document_of(draft),
        "rule_set_hash": draft.hash,
        "decision": decision,
    }

    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals", {"operation": operation})

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    said = {"proposal": answer["proposal"], "version": draft.version, "rule_set_hash": draft.hash}
    words = f"proposal {answer['proposal']}: adopt {draft.version} {draft.hash}"
    _show(said, words, as_json=as_json)


@app.command()
def approve(
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="The proposal's number.")],
    *,
    name: Name,
    dry_run: Annotated[bool, typer.Option(help="Say what would happen, and do nothing.")] = False,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Approve another person's proposal."""

    async def send(client: ApiClient) -> Answer:
        body = {"proposal": proposal}
        return await client.post("/proposals/approvals", body, dry_run=dry_run)

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    done = [
        {key: value for key, value in effect.items() if key != "document"}
        for effect in answer["effects"]
    ]
    words = "\n".join(
        " ".join(f"{key} {value}" for key, value in each.items())
        for each in [{"outcome": answer["outcome"]}, *done]
    )
    _show({"outcome": answer["outcome"], "effects": done}, words, as_json=as_json)


def _show(answer: Answer, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, **answer})
    else:
        write(words)
