"""`./ecorights gep`: published figures checked, accounts computed, audited and doubted.

Nothing here speaks to a venue: files in, the pure engine, words or JSON out. A file that is
malformed, and an account that must not be made, end with 2 and a named error.
"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.credit import refusals
from gateway.cli.gep_files import content_of
from gateway.cli.terminal import print_json
from gep.vectors.checking import check_vector
from gep.vectors.reading import read_vectors

FAILED = 1

app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
File = Annotated[Path, typer.Argument(metavar="FILE")]


@app.callback()
def root() -> None:
    """GEP: accounts, their audit and uncertainty, editions, parameters, test vectors."""


@app.command("check-vectors")
def check_vectors_of(path: File, *, as_json: Json = False) -> None:
    """Run published figures against the engine; ends with 0, 1 if some fail, 2 if malformed."""
    with refusals(as_json=as_json):
        vectors = read_vectors(content_of(path))
    checked = [check_vector(each) for each in vectors]
    failed = [each for each in checked if each.failures]
    for each in failed:
        for failure in each.failures:
            typer.echo(f"{each.id}: {failure}")
    passed = Counter(each.by_engine for each in checked if not each.failures)
    if as_json:
        result = {"passed": passed.total(), "failed": [each.id for each in failed]}
        print_json(result | {"by_engine": passed[True]})
    else:
        typer.echo(
            f"{passed.total()} passed, {passed[True]} by the engine and {passed[False]} by their"
            f" formula alone; {len(failed)} failed"
        )
    if failed:
        raise typer.Exit(FAILED)
