"""`./ecorights credit run`: everybody scored for a day, what came out, and whether it still holds.

All but `check` speak to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or
that of a name in this installation's keys file. `check` reads the venue's database.
"""

import asyncio
import secrets
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import asyncpg
import typer

from credit_scoring.runs.checking import RunReport, check_run
from credit_scoring.runs.commands import RunPurpose
from credit_scoring.runs.store import RunStore
from gateway.cli.served import ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient
from gateway.errors import CannotRun
from gateway.keys import OPERATOR
from gateway.servers import open_server
from gateway.settings import database_of, load_settings
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.proofs import ProofRefused, verify_inclusion

LOOK_SECONDS = 0.5
RUNS_SHOWN_MAX = 1_000
FINDINGS_SHOWN = 50
OPEN = frozenset({"queued", "running"})

app = typer.Typer(no_args_is_help=True)
Run = Annotated[int, typer.Argument(metavar="RUN", min=1, help="The run's number.")]
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the service's answer as JSON.")]
Answer = dict[str, Any]


@app.callback()
def root() -> None:
    """Score all subjects for a day by workers, and look at what came out."""


@app.command()
def start(
    as_of: Annotated[str, typer.Option(help="The day that is scored, YYYY-MM-DD.")],
    *,
    known_at: Annotated[str | None, typer.Option(help="What was known then, in UTC; now.")] = None,
    purpose: Annotated[RunPurpose, typer.Option(help="What it is for.")] = RunPurpose.REVIEW,
    seconds: Annotated[float, typer.Option(help="How long to wait for its end.", min=0)] = 3_600.0,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Run everybody, and wait; ends with 0 if an entry records the run, with 1 if not."""
    wanted = {"as_of": as_of, "known_at": known_at, "purpose": purpose.value}
    parameters = {key: value for key, value in wanted.items() if value is not None}

    async def send(client: ApiClient) -> Answer:
        body = {"kind": "credit_run", "parameters": parameters}
        found = await client.post("/jobs", body, key=secrets.token_hex(16))
        loop = asyncio.get_running_loop()
        until, told = loop.time() + seconds, ""
        while found["state"] in OPEN and loop.time() < until:
            line = (
                f"{found['shards_done']}/{found['shards_total']} shards, worker {found['worker']}"
            )
            if line != told and not as_json:
                _write(line)
                told = line
            await asyncio.sleep(LOOK_SECONDS)
            found = await client.get(f"/jobs/{found['job']}")
        return found

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    if as_json:
        print_json({"ok": answer["state"] == "done", **answer})
    elif answer["state"] == "done":
        _write(", ".join(f"{key} {value}" for key, value in answer["value"].items()))
    else:
        error = answer["error"]
        why = "" if error is None else f": {error['code']} {error['message']}"
        _write(f"job {answer['job']} {answer['state']}{why}")
    if answer["state"] != "done":
        sys.exit(1)


@app.command(name="list")
def list_runs(
    *, venue: Venue = None, url: Url = None, name: Name = OPERATOR, as_json: Json = False
) -> None:
    """List recorded runs, the newest first."""

    async def read(client: ApiClient) -> Answer:
        return await client.get("/credit/runs", limit=str(RUNS_SHOWN_MAX))

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    _show(answer, [_run_line(each) for each in answer["runs"]] or ["no run"], as_json=as_json)


@app.command()
def show(
    run: Run, *, venue: Venue = None, url: Url = None, name: Name = OPERATOR, as_json: Json = False
) -> None:
    """Show a run's grades under each rule set, what changed, and who moved the most."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/credit/runs/{run}")

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    _show(answer, _run_page(answer), as_json=as_json)


@app.command()
def row(
    run: Run,
    party: Annotated[str, typer.Argument(help="The subject's party.")],
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Show a subject's row in a run, and check its proof against the root."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/credit/runs/{run}/subjects/{party}")

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [f"{answer['party']}, run {answer['run']} as of {answer['as_of']}"]
    for each in answer["rows"]:
        grade = f"{each['credit_index']} {each['grade']}" if each["rated"] else "not rated"
        why = ", ".join(each["reasons"])
        lines.append(f"  {each['role']} {each['version']}: {grade}  {why}".rstrip())
        lines.append(f"  {_proved(each['proof'])}")
    if answer["sector_percentile"] is not None:
        lines.append(f"  {answer['sector_percentile']} % within {answer['division']}")
    _show(answer, lines, as_json=as_json)


@app.command()
def designate(  # noqa: PLR0913  one option, one argument
    run: Run,
    *,
    valid_from: Annotated[str, typer.Option(help="The first day, YYYY-MM-DD.")],
    valid_until: Annotated[str, typer.Option(help="The last day, YYYY-MM-DD.")],
    decision: Annotated[str, typer.Option(help="The number of the document that decides it.")],
    name: Name,
    replaces: Annotated[int | None, typer.Option(min=1, help="The snapshot it corrects.")] = None,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Propose that a run count for its purpose; another person of the regulator approves it."""
    operation = {
        "kind": "credit_designate_snapshot",
        "run": str(run),
        "valid_from": valid_from,
        "valid_until": valid_until,
        "decision": decision,
    } | ({} if replaces is None else {"replaces": str(replaces)})

    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals", {"operation": operation})

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    words = f"proposal {answer['proposal']}: ./ecorights credit approve {answer['proposal']}"
    _show({"proposal": answer["proposal"]}, [words], as_json=as_json)


@app.command()
def snapshots(
    *,
    on: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List snapshots, and which counts for what on a day."""
    params = {"limit": str(RUNS_SHOWN_MAX)} | ({} if on is None else {"on": on})

    async def read(client: ApiClient) -> Answer:
        return await client.get("/credit/snapshots", **params)

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{answer['on']}  {each['purpose']}: snapshot {each['snapshot']}, run {each['run']}"
        for each in answer["in_force"]
    ]
    for each in answer["snapshots"]:
        by = each["replaced_by"]
        days = f"{each['valid_from']} to {each['valid_until']}"
        left = "" if by is None else f", replaced by {by}"
        lines.append(f"  {each['snapshot']}  {each['purpose']}  run {each['run']}  {days}{left}")
    _show(answer, lines or ["no snapshot"], as_json=as_json)


@app.command()
def check(
    run: Run,
    *,
    rescore: Annotated[bool, typer.Option(help="Score all facts again, too.")] = False,
    venue: Venue = None,
    as_json: Json = False,
) -> None:
    """Compute a run's root from its rows; ends with 1 if a row, a count or the root differs."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        report = asyncio.run(
            _checked(server.url(database_of(settings.venue)), run, rescore=rescore)
        )
    if as_json:
        print_json(
            {
                "ok": not report.findings,
                "rows": report.rows,
                "rescored": report.rescored,
                "erased": report.erased,
                "findings": report.findings,
            }
        )
    else:
        for each in report.findings[:FINDINGS_SHOWN]:
            _write(each)
        verdict = f"{len(report.findings)} findings" if report.findings else "everything agrees"
        again = f", {report.rescored} subjects scored again" if rescore else ""
        if report.erased:
            again += f", {report.erased} of them with facts that were erased since"
        _write(f"run {run}: {report.rows} rows{again}: {verdict}")
    if report.findings:
        sys.exit(1)


async def _checked(url: str, run: int, *, rescore: bool) -> RunReport:
    """Check a run in one snapshot of the database.

    Raises:
        CannotRun: there is no such run.
    """
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            found = await RunStore(connection).run(run)
            if found is None:
                raise CannotRun(f"there is no run {run}: ./ecorights credit run list")
            return await check_run(connection, found, rescore=rescore)
    finally:
        await connection.close()


def _proved(proof: Mapping[str, Any] | None) -> str:
    if proof is None:
        return "no proof: it would tell the index of who is not rated"
    try:
        verify_inclusion(
            index=int(proof["index"]),
            size=int(proof["size"]),
            leaf=hash_leaf(proof["leaf"].encode()),
            proof=[bytes.fromhex(node) for node in proof["path"]],
            root=bytes.fromhex(proof["root"]),
        )
    except ProofRefused as error:
        raise CannotRun(f"the service's proof proves nothing: {error}") from error
    return f"proved: row {proof['index']} of {proof['size']} under {proof['root']}"


def _run_line(run: Mapping[str, Any]) -> str:
    return (
        f"{run['run']}  {run['purpose']}  as of {run['as_of']}  entry {run['entry']}  "
        f"{run['subjects']} subjects  {run['rule_set_version']}  {run['root'][:16]}"
    )


def _run_page(run: Mapping[str, Any]) -> list[str]:
    lines = [_run_line(run), f"known at {run['known_at']}, entries up to {run['position']}"]
    for scored in run["scored"]:
        lines.append(f"{scored['role']} {scored['version']}: {scored['rated']} rated")
        lines += [
            f"  {each['subject_kind']:<10} {each['grade']:<4} {each['subjects']:>9} "
            f"{each['percent']:>6} %"
            for each in scored["grades"]
        ]
    for each in run["comparisons"]:
        moved = f"{each['moved']} moved, PSI {each['psi']} ({each['stability']})"
        lines.append(f"against {each['against']}: {moved}")
        lines += [
            f"  {cell['before']:>9} to {cell['after']:<9} {cell['subjects']:>9}"
            for cell in each["cells"]
        ]
    lines += [
        f"  {each['party']}  {each['index_before']} {each['grade_before']} to "
        f"{each['index_after']} {each['grade_after']}"
        for each in run["movers"]
    ]
    return lines


def _show(answer: Answer, lines: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, **answer})
        return
    for line in lines:
        _write(line)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
