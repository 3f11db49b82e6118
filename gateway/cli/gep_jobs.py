"""`./ecorights gep package` and `gep submit`: rasters for a venue's workers.

A package is the same bytes for the same files, and the job's idempotency key is made of its hash:
who submits again goes on with the same job, and gets the same.
"""

import asyncio
import json
import math
import re
import secrets
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from shutil import copyfileobj
from typing import Annotated, Any

import typer

from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_raster import Tile, show_run, writing
from gateway.cli.jobs import ended, fetched
from gateway.cli.served import Answer, Json, Name, Url, Venue, ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gateway.errors import CannotRun
from gep.accounts.making import make_account
from gep.accounts.reading import read_plan
from gep.raster.grid import TILE
from gep.raster.package import check_package
from gep.raster.packing import write_package

app = typer.Typer()
ZIP = "application/zip"
PACKAGES = "/gep/raster-packages"
KEY_DIGITS = 40
RESULT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}")
OPEN = frozenset({"queued", "running"})
Out = Annotated[Path | None, typer.Option(help="Wait, and leave the results in this folder.")]
_ANEW = "Ask for a new job, though this package was submitted before."


@app.command()
def package(
    job: Annotated[Path, typer.Argument(metavar="JOB", help="What `gep raster` runs.")],
    target: Annotated[Path, typer.Argument(metavar="OUT.zip", help="Where the package goes.")],
    *,
    as_json: Json = False,
) -> None:
    """Put a job and every file that it names into one package; the same files, the same bytes."""
    with refusals(as_json=as_json), writing(target.parent):
        found = write_package(job, target)
        digest = _digest(target)
    size = target.stat().st_size
    if as_json:
        files = sorted(found.files)
        print_json({"ok": True, "upload": digest, "bytes": size, "job": found.id, "files": files})
        return
    typer.echo(f"{target}: {found.id}, {len(found.files)} files, {size} bytes")
    typer.echo(digest)


@app.command()
def submit(  # noqa: PLR0913  one option, one argument
    path: Annotated[Path, typer.Argument(metavar="JOB_OR_ZIP", help="A job, or its package.")],
    *,
    name: Name,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for its end.")] = False,
    out: Out = None,
    tile: Tile = TILE,
    anew: Annotated[bool, typer.Option("--anew", help=_ANEW)] = False,
    venue: Venue = None,
    url: Url = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Let a venue's workers run a job upon rasters; submitted again, it is the same job."""
    with refusals(as_json=as_json), _packaged(path) as file:
        digest = _digest(file)
        key = secrets.token_hex(16) if anew else f"gep-raster-{digest[:KEY_DIGITS]}-{tile}"
        body = {"kind": "gep_raster", "parameters": {"upload": digest, "tile": tile}}

        async def go(client: ApiClient) -> Answer:
            found = await _asked(client, file, body, key=key)
            if wait or out is not None:
                number = found["job"]
                found = await ended(
                    client, number, seconds=math.inf, tell=True, words=_progress, write=_tell
                )
            if out is not None and found["state"] == "done":
                with writing(out):
                    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
                    found["files"] = await _results(client, found, out)
            return found

        found = ask(go, venue, url=url, name=name, as_json=as_json)
    if as_json:
        print_json({"ok": found["state"] in OPEN | {"done"}, **found})
    else:
        _show(found, lang=lang)
    if found["state"] not in OPEN | {"done"}:
        sys.exit(1)


async def _asked(client: ApiClient, file: Path, body: dict[str, Any], *, key: str) -> Answer:
    """Return the job of a package, which is sent only where it is not there."""
    try:
        return await client.post("/jobs", body, key=key)
    except Refused as refused:
        if refused.code != "gep.package_unknown":
            raise
    _tell("sending the package")
    await client.upload_file(PACKAGES, file, media_type=ZIP, key=key)
    return await client.post("/jobs", body, key=key)


@contextmanager
def _packaged(path: Path) -> Iterator[Path]:
    """Lend a package: the one that is named, or one of the job that is."""
    if zipfile.is_zipfile(path):
        check_package(path)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="ecorights-package-") as folder:
        file = Path(folder) / "package.zip"
        with writing(file.parent):
            write_package(path, file)
        yield file


async def _results(client: ApiClient, job: Answer, folder: Path) -> list[str]:
    """Fetch a job's results into a folder; each file is whole, or it is not there."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".results-") as drafts:
        file = Path(drafts) / "results.zip"
        await fetched(client, job["job"], file)
        with file.open("rb") as whole:
            if file_digest(whole, "sha256").hexdigest() != job["file"]["sha256"]:
                raise CannotRun("what was fetched is not what the job says: try again")
        found = []
        with zipfile.ZipFile(file) as archive:
            for each in archive.infolist():
                if RESULT_NAME.fullmatch(each.filename) is None:
                    raise CannotRun(f"no name for a result: {each.filename!r}")
                draft = Path(drafts) / each.filename
                with archive.open(each) as source, draft.open("wb") as target:
                    copyfileobj(source, target)
                found.append(str(draft.replace(folder / each.filename)))
    return found


def _progress(job: Mapping[str, Any]) -> str:
    """Say how many tiles are done, once it is known how many there are."""
    if "tiles_a_shard" not in job["value"]:
        return f"job {job['job']} is {job['state']}, worker {job['worker']}"
    of = job["value"]["tiles"]
    done = min(job["shards_done"] * job["value"]["tiles_a_shard"], of)
    return f"tile {done} of {of}"


def _show(job: Answer, *, lang: Language) -> None:
    typer.echo(f"job {job['job']}  {job['state']}")
    error, value = job["error"], job["value"]
    if error is not None:
        typer.echo(f"{error['code']}: {error['message']}")
        typer.echo("once that is mended, submit again; the same package with --anew")
    elif job["state"] != "done":
        typer.echo(f"./ecorights jobs show {job['job']} --as {job['owner']}")
    elif "files" not in job:
        typer.echo(f"run {value['hash']}")
        if value["account"] is not None:
            typer.echo(f"account {value['account']}: {value['total_yuan']} yuan")
    else:
        _show_results([Path(each) for each in job["files"]], lang=lang)


def _show_results(files: list[Path], *, lang: Language) -> None:
    """Print what `gep raster` prints; the account is computed again from its plan."""
    by_name = {each.name: each for each in files}
    document = json.loads(by_name["run.json"].read_bytes())
    plan = by_name.get("plan.json")
    account = None if plan is None else make_account(read_plan(plan.read_bytes()))
    show_run(document, account, tuple(files), lang=lang)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
