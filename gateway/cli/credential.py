"""`./ecorights credit credential`: grades as credentials: issue, revoke, publish lists, verify.

It works on files: a score as `credit score --json` prints it, credentials, status lists. What was
issued stands in the register of the venue, its key among the venue's keys, both on this machine.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from credit_scoring.credentials.canonical_json import read_json
from credit_scoring.credentials.failures import CredentialRefused
from credit_scoring.credentials.fields import instant_text
from credit_scoring.credentials.issuers import Issuer, issuer_of_controller, issuer_of_did_key
from credit_scoring.credentials.issuing import claims_of
from credit_scoring.credentials.multibase import DID_KEY
from credit_scoring.credentials.register import Issued, Register, resume, revoke, suspend
from credit_scoring.credentials.register_file import identifier
from credit_scoring.credentials.verifying import verify
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.document import read_json as read_document
from gateway.cli import credential_service
from gateway.cli.credit import content_of, refusals
from gateway.cli.credit_pages import write
from gateway.cli.terminal import print_json
from gateway.credentials import Issuance
from gateway.errors import CannotRun
from gateway.settings import load_settings

NOT_BELIEVED, STATUS_UNKNOWN = 1, 3
SUBJECT = "urn:ecorights:subject:"
DAYS_MAX = 366

app = typer.Typer(no_args_is_help=True)
app.add_typer(credential_service.app, name="served")
Venue = Annotated[str | None, typer.Option(help="The venue whose issuer it is.")]
At = Annotated[str | None, typer.Option(help="The instant, with its distance from UTC; now.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The credential's id.")]


@app.callback()
def root() -> None:
    """Grades as credentials (可验证凭证) that a bank checks offline."""


@app.command("issuer")
def show_issuer(
    *,
    base: Annotated[str | None, typer.Option(help="Where status lists are published.")] = None,
    url: Annotated[str | None, typer.Option(help="The issuer as a URL; else its key.")] = None,
    venue: Venue = None,
    as_json: Json = False,
) -> None:
    """Show who issues here, and the document to publish; with --base, define it."""
    with refusals(as_json=as_json):
        issuance = _issuance(venue)
        own = issuance.own_name
        found = issuance.find() if base is None else issuance.define(base=base, url=url)
        document = None if found is None else issuance.controller()
    if found is None:
        # A service signs with the same key, and its ledger keeps what a register keeps here.
        found = Register(base="not defined", issuer=own)
    if as_json:
        told = {"issuer": found.issuer, "base": found.base, "controller": document}
        print_json({"ok": True, **told})
        return
    write(f"issuer {found.issuer}")
    write(f"status lists below {found.base}")
    if document is not None:
        write(f"publish at {found.issuer}:")
        write(json.dumps(document, indent=1))


@app.command()
def issue(  # noqa: PLR0913  one option, one argument
    path: Annotated[Path, typer.Argument(metavar="SCORE", help="What credit score printed.")],
    *,
    subject: Annotated[str, typer.Option(help="The subject's pseudonym.")],
    until: Annotated[str, typer.Option(help="The instant at which it ends.")],
    out: Annotated[Path, typer.Option(help="Where to write the credential.")],
    entry: Annotated[int | None, typer.Option(help="The ledger's entry of the score.")] = None,
    suspendable: Annotated[bool, typer.Option(help="Name a list for suspension too.")] = False,
    at: At = None,
    venue: Venue = None,
    as_json: Json = False,
) -> None:
    """Issue the credential of a score's grade; it takes a place in a status list."""
    with refusals(as_json=as_json):
        score = read_document(content_of(path))
        claims = claims_of(score, subject=SUBJECT + subject.removeprefix(SUBJECT), entry=entry)
        signed = _issuance(venue).issue(
            claims,
            at=_instant(at, "--at"),
            until=_instant(until, "--until"),
            suspendable=suspendable,
        )
        _save(out, signed)
    place = signed["credentialStatus"][0]
    if as_json:
        print_json({"ok": True, "id": signed["id"], "file": str(out), "status": place["id"]})
    else:
        write(f"{signed['id']}: {claims.kind.value} {claims.grade}, until {signed['validUntil']}")
        write(f"{out}; its status stands at {place['id']}")


@app.command("revoke")
def revoke_one(name: Id, *, at: At = None, venue: Venue = None, as_json: Json = False) -> None:
    """Revoke a credential for ever; publish the lists afterwards."""
    with refusals(as_json=as_json):
        moment, wanted = _instant(at, "--at"), _identifier(name)
        found = _issuance(venue).change(lambda held: revoke(held, wanted, at=moment))
    _show(found, [found.find(wanted)], as_json=as_json)


@app.command("suspend")
def suspend_one(name: Id, *, at: At = None, venue: Venue = None, as_json: Json = False) -> None:
    """Suspend a credential that was issued as suspendable; publish the lists afterwards."""
    with refusals(as_json=as_json):
        moment, wanted = _instant(at, "--at"), _identifier(name)
        found = _issuance(venue).change(lambda held: suspend(held, wanted, at=moment))
    _show(found, [found.find(wanted)], as_json=as_json)


@app.command("resume")
def resume_one(name: Id, *, venue: Venue = None, as_json: Json = False) -> None:
    """End a suspension; publish the lists afterwards."""
    with refusals(as_json=as_json):
        wanted = _identifier(name)
        found = _issuance(venue).change(lambda held: resume(held, wanted))
    _show(found, [found.find(wanted)], as_json=as_json)


@app.command()
def status(
    name: Annotated[str | None, typer.Argument(metavar="ID", help="One; all.")] = None,
    *,
    venue: Venue = None,
    as_json: Json = False,
) -> None:
    """Show what was issued, and whether it is good, suspended or revoked."""
    with refusals(as_json=as_json):
        found = _issuance(venue).register()
        rows = found.issued if name is None else (found.find(_identifier(name)),)
    _show(found, rows, as_json=as_json)


@app.command("publish")
def publish_lists(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write them.")],
    *,
    days: Annotated[int, typer.Option(min=1, max=DAYS_MAX, help="How long they hold.")] = 7,
    at: At = None,
    venue: Venue = None,
    as_json: Json = False,
) -> None:
    """Write the signed status lists, each a file named as the end of its address."""
    with refusals(as_json=as_json):
        documents = _issuance(venue).lists(at=_instant(at, "--at"), days=days)
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in documents.items():
            _save(folder / name, document)
    if as_json:
        print_json({"ok": True, "lists": {name: each["id"] for name, each in documents.items()}})
    else:
        for name, each in documents.items():
            write(f"{folder / name} for {each['id']}, until {each['validUntil']}")


@app.command("verify")
def verify_one(
    path: Annotated[Path, typer.Argument(metavar="CREDENTIAL")],
    *,
    issuer: Annotated[str | None, typer.Option(help="Whom to believe; this venue.")] = None,
    controller: Annotated[Path | None, typer.Option(help="The document of its URL.")] = None,
    status: Annotated[list[Path] | None, typer.Option(help="A status list's file.")] = None,
    at: At = None,
    venue: Venue = None,
    as_json: Json = False,
) -> None:
    """Check a credential: 0 it holds, 1 it does not, 2 no use, 3 holds but no list was given."""
    with refusals(as_json=as_json):
        moment = _instant(at, "--at")
        trusted = _trusted(issuer, controller, venue=venue)
        contents = [content_of(each) for each in status or ()]
        held = content_of(path)
    try:
        lists = [read_json(each) for each in contents] if contents else None
        found = verify(read_json(held), issuers=[trusted], at=moment, lists=lists)
    except CredentialRefused as refusal:
        _tell_refusal(refusal, as_json=as_json)
        raise typer.Exit(NOT_BELIEVED) from refusal
    claims = found.credential.claims
    unknown = [each.purpose for each in found.credential.statuses] if lists is None else []
    if as_json:
        told = {"grade": claims.grade, "colour": claims.colour, "subject": claims.subject}
        told |= {"as_of": claims.as_of.isoformat(), "id": str(found.credential.id)}
        print_json({"ok": True, **told, "looked_up": found.looked_up, "not_looked_up": unknown})
    else:
        write(f"holds: {claims.kind.value} {claims.subject}: {claims.grade}, {claims.colour}")
        write(f"as of {claims.as_of} by rule set {claims.rule_set_version}")
        write(f"looked up: {', '.join(found.looked_up) or 'nothing, no list was given'}")
    if unknown:
        raise typer.Exit(STATUS_UNKNOWN)


def _trusted(name: str | None, controller: Path | None, *, venue: str | None) -> Issuer:
    """Return whom to believe: by a document, by its own key, or this venue."""
    if controller is not None:
        found = issuer_of_controller(read_json(content_of(controller)))
    elif name is None:
        found = _issuance(venue).issuer()
    elif name.startswith(DID_KEY):
        found = issuer_of_did_key(name)
    else:
        wrong = Place(name, "--issuer")
        wrong.refuse("credential_issuer_unknown", "a did:key, or --controller with its document")
    if name not in (None, found.id):
        Place(name, "--issuer").refuse("credential_issuer_unknown", found.id)
    return found


def _issuance(venue: str | None) -> Issuance:
    settings = load_settings(venue=venue)
    return Issuance(settings.home, settings.venue)


def _instant(text: str | None, field: str) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    return Place(text, field).instant().astimezone(UTC).replace(microsecond=0)


def _identifier(text: str) -> Any:
    return identifier(Place(text, "ID"))


def _save(path: Path, document: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror}") from error


def _show(register: Register, rows: tuple[Issued, ...] | list[Issued], *, as_json: bool) -> None:
    if as_json:
        told = [{**msgspec.to_builtins(each), "status": each.status} for each in rows]
        print_json({"ok": True, "issuer": register.issuer, "credentials": told})
        return
    for each in rows:
        since = each.revoked_at or each.suspended_at
        when = "" if since is None else f" since {instant_text(since)}"
        write(
            f"{each.id} {each.subject} list {each.list} place {each.index}"
            f" until {instant_text(each.valid_until)}: {each.status}{when}"
        )


def _tell_refusal(refusal: CredentialRefused, *, as_json: bool) -> None:
    sys.stderr.write(f"does not hold: {refusal} [{refusal.code}]\n")
    if as_json:
        problem = {"code": refusal.code, "field": refusal.field, "expected": refusal.expected}
        print_json({"ok": False, "error": {**problem, **refusal.data}})
