"""`./ecorights bench`: what the kernel, the sequencer and the log can do on this machine."""

import json
import logging
import shutil
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import structlog
import typer

from benchmarks.suite import SMALL, Size, run_large_log, run_suite
from gateway import event_loop
from gateway.embedded.binaries import bin_folder
from gateway.embedded.errors import BinariesMissing
from gateway.servers import open_server
from gateway.settings import load_settings

app = typer.Typer()
LONG_STEP_SECONDS = 60.0


@app.command()
def bench(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    small: Annotated[bool, typer.Option(help="Only see whether everything runs.")] = False,
    long: Annotated[bool, typer.Option(help="Offer each latency step for 60 s.")] = False,
    log_entries: Annotated[
        int | None, typer.Option(help="Measure the public log alone, at so many entries.")
    ] = None,
) -> None:
    """Measure on temporary databases of this installation's server."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    size = SMALL if small else Size()
    if long:
        size = replace(size, step_seconds=LONG_STEP_SECONDS)
    with open_server(load_settings()) as server:
        if log_entries is None:
            work = run_suite(server, size, pgbench=_pgbench(), tell=_tell)
        else:
            work = run_large_log(server, entries=log_entries, tell=_tell)
        result = event_loop.run(work)
    result["machine"]["small"] = small
    if as_json:
        sys.stdout.write(json.dumps(result) + "\n")


def _tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _pgbench() -> Path | None:
    """Return PostgreSQL's own benchmark: the embedded server's, or one on the path."""
    with suppress(BinariesMissing):
        program = bin_folder() / "pgbench"
        if program.exists():
            return program
    found = shutil.which("pgbench")
    return None if found is None else Path(found)
