"""`./ecorights test`: format, lint, types, layers, and the tests on a real PostgreSQL.

Every step runs, also after one that failed, so that one run shows all that is wrong. With
arguments for pytest only those tests run, in one process.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from gateway.settings import CHECKOUT

app = typer.Typer()

# A worker waits a good part of its time for the servers and processes of its tests.
WORKERS = (os.cpu_count() or 1) + 1


@app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_tests(
    context: typer.Context,
    *,
    heavy: Annotated[bool, typer.Option(help="Add the tests that take minutes.")] = False,
) -> None:
    """Check the code and run the tests; further arguments go to pytest."""
    # Click keeps a "--" that separates arguments; pytest gets what stands around it.
    arguments = [argument for argument in context.args if argument != "--"]
    failed = [name for name, command in steps(arguments, heavy=heavy) if not _passes(name, command)]
    if failed:
        typer.echo(f"Failed: {', '.join(failed)}")
        sys.exit(1)


def steps(arguments: list[str], *, heavy: bool) -> list[tuple[str, list[str]]]:
    """Return what to run, in order, as names and commands."""
    python = [sys.executable, "-m"]
    # Whole files: what a file's tests share is set up once, and no worker begins in its middle.
    by_file = ["-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
    workers = [] if arguments else by_file
    checks = [
        ("ruff format", [*python, "ruff", "format", "--check", "--quiet", "."]),
        ("ruff check", [*python, "ruff", "check", "--quiet", "."]),
        ("mypy", [*python, "mypy"]),
        ("lint-imports", [str(Path(sys.executable).parent / "lint-imports")]),
        ("pytest", [*python, "pytest", *workers, *arguments]),
    ]
    if heavy:
        # One at a time: they load the machine and measure.
        checks.append(("pytest heavy", [*python, "pytest", "-m", "heavy", *arguments]))
    return checks


def _passes(name: str, command: list[str]) -> bool:
    typer.echo(f"== {name}")
    begin = time.monotonic()
    # Hundreds of processes are started here; without byte code each compiles all that it loads.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    status = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode
    typer.echo(f"== {name}: {'passed' if status == 0 else 'failed'}, {_since(begin):.1f} s")
    return status == 0


def _since(begin: float) -> float:
    return time.monotonic() - begin
