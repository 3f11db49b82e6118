"""`./ecorights coins`: balances and statements of green coins, what an issuer owes, signed slips.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file. Slips are signed without any service.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.served import ask
from gateway.cli.slip_files import Line, make_key, read_key, read_slips, sign_slips
from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gateway.keys import OPERATOR

ACTS_MAX = 1_000
REFUSALS_SHOWN_MAX = 1_000

app = typer.Typer(no_args_is_help=True)
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the service's answer as JSON.")]
Account = Annotated[int, typer.Argument(help="The number of a coin account.")]
Answer = dict[str, Any]


@app.callback()
def root() -> None:
    """Green coins and carbon accounts: balances, statements, liability, signed slips."""


@app.command()
def balance(
    account: Account,
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Show a holder's coins, the claim against them, and what it may still earn."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/coins/accounts/{account}")

    _show(ask(read, venue, url=url, name=name, as_json=as_json), _balance, as_json=as_json)


@app.command()
def statement(
    account: Account,
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List a holder's acts with what is left of each and when it expires, and its bills."""

    async def read(client: ApiClient) -> Answer:
        path, limit = f"/coins/accounts/{account}", str(ACTS_MAX)
        standing = await client.get(path)
        acts = await client.get(f"{path}/acts", limit=limit)
        bills = await client.get(f"{path}/bills", limit=limit)
        more = acts["next"] is not None or bills["next"] is not None
        return {**standing, "acts": acts["acts"], "bills": bills["bills"], "more": more}

    _show(ask(read, venue, url=url, name=name, as_json=as_json), _statement, as_json=as_json)


@app.command()
def liability(
    instrument: Annotated[str, typer.Argument(help="The coin's code.")],
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Show what a coin's issuer owes: by expiry month, claims, merchants not settled."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/coins/{instrument}/liability")

    _show(ask(read, venue, url=url, name=name, as_json=as_json), _liability, as_json=as_json)


@app.command()
def carbon(
    account: Annotated[int, typer.Argument(help="The number of a carbon account.")],
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Show what a carbon account saved by behaviour, and what it emitted by year."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/carbon/accounts/{account}")

    _show(ask(read, venue, url=url, name=name, as_json=as_json), _carbon, as_json=as_json)


@app.command()
def make_slip_key(
    path: Annotated[Path, typer.Argument(help="Where the secret key goes; must not exist.")],
) -> None:
    """Make a device's key for slips, and print the public key that its source registers."""
    _write(make_key(path))


@app.command("sign-slips")
def sign(
    path: Annotated[Path, typer.Argument(metavar="CSV", help="Rows of slips to sign.")],
    *,
    key: Annotated[Path, typer.Option(help="The device's secret key.")],
) -> None:
    """Sign the rows of a CSV file, without any service; print one slip a line."""
    secret = read_key(key)
    for line in sign_slips(path, secret):
        sys.stdout.write(line.decode())


@app.command()
def upload_slips(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Signed slips, one a line.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Show what would happen, change nothing.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Hand signed slips in; each counts once, each that is refused is told with its line."""

    async def send(client: ApiClient) -> Answer:
        return await _upload(client, path, dry_run=dry_run)

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    _show(answer, _uploaded, as_json=as_json)
    if answer["refused"]:
        sys.exit(1)


async def _upload(client: ApiClient, path: Path, *, dry_run: bool) -> Answer:
    """Hand in every good line, in order; a file sent again gets its first answers again."""
    counted, coins, milligrams = 0, 0, 0
    refusals: list[dict[str, Any]] = []
    refused = 0
    for line in read_slips(path):
        problem = await _hand_in(client, line, dry_run=dry_run)
        if isinstance(problem, Mapping):
            effects = problem["effects"]
            counted += 1
            coins += sum(int(e["coins"]) for e in effects if e["effect"] == "coins_earned")
            saved = (e for e in effects if e["effect"] == "carbon_credited")
            milligrams += sum(int(e["milligrams"]) for e in saved)
            continue
        refused += 1
        if len(refusals) < REFUSALS_SHOWN_MAX:
            refusals.append({"line": line.number, "problem": problem})
    return {
        "outcome": "dry_run" if dry_run else "applied",
        "counted": counted,
        "refused": refused,
        "coins": str(coins),
        "milligrams": str(milligrams),
        "refusals": refusals,
    }


async def _hand_in(client: ApiClient, line: Line, *, dry_run: bool) -> Answer | str:
    """Return the service's answer, or in words why this line does not count."""
    if line.slip is None:
        return line.problem
    try:
        return await client.post("/rewards/slips", line.slip, key=line.key, dry_run=dry_run)
    except Refused as error:
        problem = error.problem
        details = [f"{k} {problem[k]}" for k in ("field", "expected", "found") if k in problem]
        return ", ".join([f"{problem.get('title')} [{error.code}]", *details])


def _show(answer: Answer, in_words: Callable[[Answer], None], *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": not answer.get("refused"), **answer})
    else:
        in_words(answer)


def _balance(answer: Answer) -> None:
    of = f"account {answer['account']}, {answer['instrument']}"
    owed = f" ({answer['coins']} held, claim {answer['claim']})" if answer["claim"] != "0" else ""
    _write(f"{of}: {answer['balance']} coins{owed}")
    earned = f"earned today {answer['earned_today']}, this month {answer['earned_this_month']}"
    _write(f"{earned}; next expiry {answer['next_expiry'] or 'none'}")


def _statement(answer: Answer) -> None:
    _balance(answer)
    for act in answer["acts"]:
        cut = f", {act['cut']} cut by a cap" if act["cut"] != "0" else ""
        paid = f", {act['repaid']} paid a claim" if act["repaid"] != "0" else ""
        what = f"{act['day']} {act['behaviour']} x {act['quantity']}: +{act['coins']}{cut}{paid}"
        _write(f"  {what}; {act['left']} left until {act['expires_on']}, {act['state']}")
    for bill in answer["bills"]:
        _write(f"  {bill['on']} bill {bill['bill_digest'][:12]}: -{bill['coins']}")
    if answer["more"]:
        _write("  ... and more")


def _liability(answer: Answer) -> None:
    owes = f"{answer['held']} with holders, {answer['unsettled']} with merchants"
    _write(f"{answer['instrument']}: {answer['issuer']} owes {answer['liability']} coins: {owes}")
    for each in answer["by_expiry_month"]:
        _write(f"  expire in {each['month']}: {each['coins']} of {each['acts']} acts")
    claims = answer["claims"]
    _write(f"  claims: {claims['coins']} coins against {claims['holders']} holders")
    for each in answer["merchants"]:
        taken = f"{each['redeemed']} redeemed, {each['unsettled']} not settled"
        _write(f"  merchant {each['merchant']} {each['party']}: {taken}")
    late = f" ({answer['expired_unposted']} of them not posted yet)"
    ended = f"{answer['expired']} expired{late}, {answer['taken_back']} taken back"
    _write(f"  {ended}, {answer['budget']} may still be given out")


def _carbon(answer: Answer) -> None:
    _write(f"account {answer['account']}, {answer['layer']}: {answer['reduced_grams']} g saved")
    for each in answer["by_behaviour"]:
        cut = f", {each['cut_grams']} g above a day's limit" if each["cut_grams"] != "0.000" else ""
        _write(f"  {each['behaviour']}: {each['grams']} g in {each['credits']} credits{cut}")
    for year in answer["emissions"]:
        _write(f"  {year['year']}: {year['grams']} g emitted, by {year['method']}")


def _uploaded(answer: Answer) -> None:
    would = "would count" if answer["outcome"] == "dry_run" else "counted"
    earned = f"{answer['coins']} coins, {answer['milligrams']} mg of CO2"
    _write(f"{answer['counted']} slips {would}: {earned}; {answer['refused']} refused")
    for each in answer["refusals"]:
        sys.stderr.write(f"  line {each['line']}: {each['problem']}\n")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
