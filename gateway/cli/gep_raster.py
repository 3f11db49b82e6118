"""`./ecorights gep raster` and `gep demo`: rasters to zonal sums to an account, resumable.

rasterio is an extra; without it both end with 2 and say what to install.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import gep_pages
from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_files import content_of
from gateway.cli.terminal import print_json
from gep.accounts.account import Account
from gep.accounts.making import make_account
from gep.errors import Malformed
from gep.raster.grid import TILE
from gep.raster.job_file import read_job

File = Annotated[Path, typer.Argument(metavar="JOB")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
Out = Annotated[Path | None, typer.Option(help="Where results go; beside the job by default.")]
Work = Annotated[Path | None, typer.Option(help="Where done tiles are kept for a resumed run.")]
Processes = Annotated[int, typer.Option(help="How many processes compute tiles.")]
NAME_SHOWN = 17
_DOUBTS = {
    "nodata_undeclared": {
        Language.EN: "the file declares no nodata value",
        Language.ZH: "文件未声明无数据值",
    },
    "unit_doubtful": {
        Language.EN: "its values hint at another unit",
        Language.ZH: "数值大小与单位不符,请核对单位",
    },
}
Tile = Annotated[int, typer.Option(help="Cells along a tile's edge, a multiple of 256.")]


def raster(
    path: File,
    *,
    out: Out = None,
    work: Work = None,
    processes: Processes = 1,
    tile: Tile = TILE,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Run a job upon rasters: sums by zone, layers, and the account where the job has one."""
    with refusals(as_json=as_json):
        _run(path, out=out, work=work, processes=processes, tile=tile, lang=lang, as_json=as_json)


def demo(
    folder: Annotated[Path, typer.Option(help="Where the county and its results go.")] = Path(
        "gep-demo"
    ),
    *,
    processes: Processes = 1,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Draw a small county from formulas and run it whole: rasters, townships, account."""
    with refusals(as_json=as_json):
        from gep.raster.county import write_county

        with writing(folder):
            path = write_county(folder)
        _run(path, out=None, work=None, processes=processes, tile=TILE, lang=lang, as_json=as_json)


def _run(
    path: Path,
    *,
    out: Path | None,
    work: Path | None,
    processes: int,
    tile: int,
    lang: Language,
    as_json: bool,
) -> None:
    job = read_job(content_of(path), path.parent)
    # Only now, for whoever has no rasterio shall still hear what is wrong with the job.
    from gep.raster.results import document_of, write_results
    from gep.raster.running import run
    from gep.raster.zonal_account import plan_from

    folder = path.parent / "results" if out is None else out
    kept = path.parent / "work" if work is None else work
    with writing(kept):
        outcome = run(job, kept, processes=processes, tile=tile, progress=_tell)
    account = None if job.account is None else make_account(plan_from(outcome))
    with writing(folder):
        written = write_results(outcome, folder, account)
    document = document_of(outcome)
    if as_json:
        total = None if account is None else account.document()["total_yuan"]
        files = [str(each) for each in written]
        print_json({"ok": True, **document, "total_yuan": total, "files": files})
    else:
        show_run(document, account, written, lang=lang)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Refuse a folder that cannot be written, by name.

    Raises:
        Malformed: it cannot.
    """
    try:
        yield
    except OSError as error:
        raise Malformed(
            code="file_unwritable",
            field=str(folder),
            expected="a folder that can be written",
            found=str(error.strerror or error),
        ) from error


def _tell(done: int, of: int) -> None:
    sys.stderr.write(f"tile {done} of {of}\n")


def show_run(
    document: dict[str, Any], account: Account | None, written: tuple[Path, ...], *, lang: Language
) -> None:
    """Print what a run came to: sums by zone, ways of computing, the account, the files."""
    zones = document["zones"]
    names = [zone["id"] for zone in zones]
    typer.echo(f"{'':24}" + "".join(f" {name[:NAME_SHOWN]:>{NAME_SHOWN}}" for name in names))
    rows = [("area hm2", [zone["area_hm2"] for zone in zones])]
    for name, unit in document["units"].items():
        rows.append((f"{name} {unit}", [zone["sums"][name] for zone in zones]))
    for title, values in rows:
        typer.echo(f"{title:24}" + "".join(f"{value:>18,.1f}" for value in values))
    for warning in document["warnings"]:
        doubt = _DOUBTS[warning["code"]][lang]
        typer.echo(f"! {warning['raster']}: {doubt} ({warning['found']})")
    for service, method in document["methods"].items():
        typer.echo(f"{service}: {method}")
    if document["unchecked_parameters"]:
        typer.echo(
            f"unchecked parameters of classes: {', '.join(document['unchecked_parameters'])}"
        )
    if account is not None:
        gep_pages.show_account(account, lang=lang)
    for path in written:
        typer.echo(str(path))
