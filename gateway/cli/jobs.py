"""`./ecorights jobs`: long work that was asked for: how far it is, what it gave, an end to it.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.served import Json, Name, Url, Venue, ask_and_show
from gateway.client import ApiClient
from gateway.errors import CannotRun
from gateway.keys import OPERATOR

app = typer.Typer(help="Long work: jobs and their results.", no_args_is_help=True)
LOOK_SECONDS = 0.5
SHOWN_MAX = 1_000
Job = Annotated[str, typer.Argument(metavar="JOB", help="The job's number.")]


@app.command(name="list")
def list_command(
    *,
    state: Annotated[str | None, typer.Option(help="Only jobs in this state.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List jobs, the newest first."""
    params = {"limit": str(SHOWN_MAX)} | ({} if state is None else {"state": state})

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get("/jobs", **params)

    ask_and_show(read, _show_jobs, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def show(
    job: Job, *, venue: Venue = None, url: Url = None, name: Name = OPERATOR, as_json: Json = False
) -> None:
    """Show how far a job is, what it gave, or why it failed."""

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get(f"/jobs/{job}")

    ask_and_show(read, _show, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def ask(
    kind: Annotated[str, typer.Argument(help="The kind, such as audit_bundle.")],
    parameters: Annotated[str, typer.Argument(help='JSON, such as {"scope": "everything"}.')],
    *,
    key: Annotated[str | None, typer.Option(help="The idempotency key.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Ask for a job; it goes on when this command has ended."""
    try:
        given = json.loads(parameters)
    except ValueError as error:
        raise CannotRun(f"the parameters are no JSON: {error}") from error

    async def send(client: ApiClient) -> dict[str, Any]:
        body = {"kind": kind, "parameters": given}
        return await client.post("/jobs", body, key=key or secrets.token_hex(16))

    ask_and_show(send, _show, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def cancel(
    job: Job, *, venue: Venue = None, url: Url = None, name: Name = OPERATOR, as_json: Json = False
) -> None:
    """Cancel a job that is queued or running."""

    async def send(client: ApiClient) -> dict[str, Any]:
        return await client.post("/jobs/cancellations", {"job": job})

    ask_and_show(send, _show, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def wait(
    job: Job,
    *,
    seconds: Annotated[float, typer.Option(help="How long, at most.", min=0)] = 3_600.0,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Wait until a job has ended; ends with 0 if it is done, 1 if not."""

    async def read(client: ApiClient) -> dict[str, Any]:
        return await ended(client, job, seconds=seconds, tell=not as_json)

    answer = ask_and_show(read, _show, venue=venue, url=url, name=name, as_json=as_json)
    if answer["state"] != "done":
        sys.exit(1)


@app.command()
def download(
    job: Job,
    file: Annotated[Path, typer.Argument(help="Where the result goes.")],
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Fetch a finished job's file; an interrupted download leaves nothing."""

    async def fetch(client: ApiClient) -> dict[str, Any]:
        return await fetched(client, job, file)

    ask_and_show(fetch, _show_file, venue=venue, url=url, name=name, as_json=as_json)


async def ended(
    client: ApiClient,
    job: str,
    *,
    seconds: float,
    tell: bool,
    words: Callable[[Mapping[str, Any]], str] | None = None,
    write: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Return a job once it has ended, or as it stands after some seconds; tell how far it is."""
    words, write = words or _standing, write or _write
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    told = ""
    while True:
        found = await client.get(f"/jobs/{job}")
        if found["state"] not in {"queued", "running"} or loop.time() >= until:
            return found
        line = words(found)
        if line != told and tell:
            write(line)
            told = line
        await asyncio.sleep(LOOK_SECONDS)


async def fetched(client: ApiClient, job: str, file: Path) -> dict[str, Any]:
    """Write a finished job's file; an interrupted download leaves nothing.

    Raises:
        CannotRun: it cannot be written.
    """
    draft = file.with_name(f"{file.name}.new")
    try:
        with draft.open("wb") as target:
            size = await client.download(f"/jobs/{job}/result", target)
        draft.replace(file)
    except OSError as error:
        raise CannotRun(f"{file} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return {"job": job, "file": str(file), "bytes": size}


def _show_jobs(answer: Mapping[str, Any]) -> None:
    for each in answer["jobs"]:
        _write(_line(each))
    _write(f"{len(answer['jobs'])} jobs" + (" and more" if answer["next"] else ""))


def _show_file(answer: Mapping[str, Any]) -> None:
    _write(f"{answer['file']}: {answer['bytes']} bytes")


def _standing(job: Mapping[str, Any]) -> str:
    return f"{_line(job)}  worker {job['worker']}"


def _show(job: Mapping[str, Any]) -> None:
    _write(_line(job))
    if job["value"]:
        _write("  " + ", ".join(f"{name} {value}" for name, value in job["value"].items()))
    if job["file"]:
        _write(f"  {job['file']['name']}, {job['file']['size']} bytes, kept {job['expires_at']}")
    if job.get("worker") and job["state"] in {"queued", "running"}:
        _write(f"  worker {job['worker']}")


def _line(job: Mapping[str, Any]) -> str:
    error = job["error"]
    why = "" if error is None else f"  {error['code']}: {error['message']}"
    done = f"{job['shards_done']}/{job['shards_total']}"
    return f"{job['job']}  {job['kind']}  {job['owner']}  {job['state']}  {done}{why}"


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
