"""`./ecorights credit archive`: keys and signed batches of a department, and its large files.

A key is made, and a batch signed and checked, without any venue: those commands speak to nobody.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from credit_scoring.archive.commands import FACTS_MAX, RecordSignedFacts
from credit_scoring.archive.fact_file import read_csv, read_workbook
from credit_scoring.archive.signed_batch import document_of, is_signed, message, message_of
from credit_scoring.credentials.canonical_json import read_json
from credit_scoring.credentials.failures import CredentialRefused
from gateway.cli.jobs import ended, fetched
from gateway.cli.served import (
    Answer,
    Json,
    Name,
    Url,
    Venue,
    ask_and_show,
    content_to_send,
)
from gateway.cli.slip_files import make_key, public_of, read_key
from gateway.client import ApiClient
from gateway.errors import CannotRun
from gateway.keys import OPERATOR

UPLOADS = {
    ".csv": ("/credit/fact-file-uploads", "text/csv"),
    ".xlsx": (
        "/credit/fact-workbook-uploads",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
SHOWN_MAX = 1_000
app = typer.Typer()
KeyFile = Annotated[Path, typer.Option(help="The file with the key's seed.")]
SignedFile = Annotated[Path, typer.Argument(metavar="FILE", help="A signed batch.")]


@app.command("make-key")
def make_key_file(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there.")],
) -> None:
    """Make a department's key, and print the public key that is registered with the venue."""
    _write(make_key(path))


@app.command("register-key")
def register_key(
    department: Annotated[str, typer.Argument(help="The department's party.")],
    key_id: Annotated[str, typer.Argument(help="The key's name, such as 2026-a.")],
    public_key: Annotated[str, typer.Argument(help="64 hexadecimal digits.")],
    *,
    decision: Annotated[str, typer.Option(help="The document that decides it.")],
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Propose that a department sign with a key; another person approves it."""
    operation = {
        "kind": "credit_register_department_key",
        "department": department,
        "key_id": key_id,
        "public_key": public_key,
        "decision": decision,
    }
    _propose(operation, venue=venue, url=url, name=name, as_json=as_json)


@app.command("retire-key")
def retire_key(
    department: Annotated[str, typer.Argument(help="The department's party.")],
    key_id: Annotated[str, typer.Argument(help="The key's name.")],
    *,
    decision: Annotated[str, typer.Option(help="The document that decides it.")],
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Propose that a department's key sign no more; another person approves it."""
    operation = {
        "kind": "credit_retire_department_key",
        "department": department,
        "key_id": key_id,
        "decision": decision,
    }
    _propose(operation, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def sign(
    facts: Annotated[Path, typer.Argument(metavar="FACTS", help="A CSV or an XLSX of facts.")],
    batch: Annotated[Path, typer.Argument(metavar="FILE", help="Where the batch goes.")],
    *,
    key_file: KeyFile,
    key_id: Annotated[str, typer.Option("--key", help="The key's name.")],
    source: Annotated[str, typer.Option(help="The department's party.")],
    number: Annotated[int, typer.Option("--batch", help="A number not used before.", min=1)],
    venue: Annotated[str, typer.Option(help="The venue that the batch is for.")],
) -> None:
    """Sign facts of a file as one batch."""
    read = read_workbook if facts.suffix.lower() == ".xlsx" else read_csv
    found = read(content_to_send(facts))
    if found.bad or not found.facts:
        words = [f"line {e.line}, {e.field}: expected {e.expected}" for e in found.bad]
        raise CannotRun(f"{facts}: {'; '.join(words) or f'expected 1 to {FACTS_MAX} facts'}")
    key = read_key(key_file)
    command = RecordSignedFacts(
        source=source,
        key_id=key_id,
        batch=number,
        facts=[fact for _, fact in found.facts],
        signature="",
    )
    signature = key.sign(message(command, venue=venue)).hex()
    signed = {"document": document_of(command, venue=venue), "signature": signature}
    batch.write_bytes(msgspec.json.format(msgspec.json.encode(signed), indent=1) + b"\n")
    _write(f"batch {number}: {len(found.facts)} facts, signed by {public_of(key)}")


@app.command()
def send(
    path: SignedFile,
    *,
    dry_run: Annotated[bool, typer.Option(help="Say what would happen, and do nothing.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Record a signed batch as its department; all of its facts or none."""
    signed = _batch(path)
    body = {"document": signed["document"], "signature": signed["signature"]}

    async def post(client: ApiClient) -> Answer:
        return await client.post("/credit/signed-facts", body, dry_run=dry_run)

    def show(answer: Answer) -> None:
        of = "tried" if dry_run else f"recorded in {answer['receipt']['entry']}"
        _write(f"{len(answer['effects']) - 1} facts {of}")

    ask_and_show(post, show, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def check(
    path: SignedFile,
    *,
    public_key: Annotated[str, typer.Option(help="The department's key, as you know it.")],
) -> None:
    """Check a batch, as sent or as the venue shows it, against a key; speaks to nobody."""
    signed = _batch(path)
    if not is_signed(message_of(signed["document"]), signed["signature"], public_key=public_key):
        _write("NOT signed by this key, or changed since")
        sys.exit(1)
    document = signed["document"]
    _write(
        f"signed: {document['source']} batch {document['batch']}, {len(document['facts'])} facts"
    )


@app.command()
def intake(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or an XLSX of facts.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Check every line and record nothing.")] = False,
    seconds: Annotated[float, typer.Option(help="How long to wait, at most.", min=0)] = 3_600.0,
    errors: Annotated[Path | None, typer.Option(help="Where bad lines go, as CSV.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Take in a file of up to 200,000 facts: all of its lines by one entry, or none."""
    kind = UPLOADS.get(path.suffix.lower())
    if kind is None:
        raise CannotRun(f"{path}: expected a file that ends in {' or '.join(UPLOADS)}")
    content = content_to_send(path)

    async def run(client: ApiClient) -> Answer:
        kept = await client.upload(kind[0], content, media_type=kind[1], params={})
        parameters = {"upload": kept["upload"], "dry_run": dry_run}
        job = await client.post("/jobs", {"kind": "credit_fact_file", "parameters": parameters})
        found = await ended(client, job["job"], seconds=seconds, tell=not as_json)
        if errors is not None and found["file"]:
            await fetched(client, found["job"], errors)
        return found

    answer = ask_and_show(run, _show_intake, venue=venue, url=url, name=name, as_json=as_json)
    if answer["value"].get("state") not in {"adopted", "tried"}:
        sys.exit(1)


@app.command()
def intakes(
    *, venue: Venue = None, url: Url = None, name: Name = OPERATOR, as_json: Json = False
) -> None:
    """List the files that are or were taken in: one's own department's, or all of them."""

    async def read(client: ApiClient) -> Answer:
        return await client.get("/credit/intakes", limit=str(SHOWN_MAX))

    def show(answer: Answer) -> None:
        for each in answer["intakes"]:
            done = f"{each['recorded']}/{each['chunks']} chunks"
            of = f"{each['source']}  {each['lines']} lines  {done}  {each['state']}"
            _write(f"{each['intake']}  {of}  {each['file']}")
        _write(f"{len(answer['intakes'])} intakes" + (" and more" if answer["next"] else ""))

    ask_and_show(read, show, venue=venue, url=url, name=name, as_json=as_json)


@app.command("drop-intake")
def drop_intake(
    number: Annotated[str, typer.Argument(metavar="INTAKE", help="The intake's number.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Say what would happen, and do nothing.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """End the intake of a file whose facts shall never count; its references stay used."""

    async def post(client: ApiClient) -> Answer:
        return await client.post("/credit/intakes/drops", {"intake": number}, dry_run=dry_run)

    def show(answer: Answer) -> None:
        _write(f"intake {number}: {answer['outcome']}")

    ask_and_show(post, show, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def batch(
    source: Annotated[str, typer.Argument(help="The department's party.")],
    number: Annotated[str, typer.Argument(metavar="BATCH", help="The batch's number.")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where the batch goes.")],
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Fetch a recorded batch from its entry, to be checked offline."""

    async def read(client: ApiClient) -> Answer:
        found = await client.get(f"/credit/signed-batches/{source}/{number}")
        path.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        return found

    def show(answer: Answer) -> None:
        _write(f"{path}: entry {answer['entry']}, key {answer['key_id']} {answer['public_key']}")

    ask_and_show(read, show, venue=venue, url=url, name=name, as_json=as_json)


def _propose(
    operation: dict[str, Any], *, venue: str | None, url: str | None, name: str, as_json: bool
) -> None:
    async def post(client: ApiClient) -> Answer:
        return await client.post("/proposals", {"operation": operation})

    def show(answer: Answer) -> None:
        _write(f"proposal {answer['proposal']}")

    ask_and_show(post, show, venue=venue, url=url, name=name, as_json=as_json)


def _batch(path: Path) -> Answer:
    """Read a signed batch, as it was signed or as the venue shows it.

    Raises:
        CannotRun: it is none.
    """
    try:
        found = read_json(content_to_send(path))
        if isinstance(found["document"]["facts"], list) and isinstance(found["signature"], str):
            return dict(found)
    except (CredentialRefused, KeyError, TypeError) as error:
        raise CannotRun(f"{path} is no signed batch: {error}") from error
    raise CannotRun(f"{path} is no signed batch")


def _show_intake(job: Answer) -> None:
    value = job["value"]
    if job["state"] != "done":
        why = "" if job["error"] is None else f", {job['error']['code']}: {job['error']['message']}"
        _write(f"job {job['job']}: {job['state']}{why}")
        return
    entry = f" in entry {value['entry']}" if "entry" in value else ""
    _write(f"{value['lines']} lines {value['state']}{entry}, {value['bad']} bad")
    if job["file"]:
        _write(f"  ./ecorights jobs download {job['job']} {job['file']['name']}")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
