"""Runs `./ecorights` commands as a person at a terminal does."""

import json
import os
import subprocess
import sys
from typing import Any

from gateway.settings import CHECKOUT

COMMAND = (sys.executable, "-m", "gateway.cli.main")


def environment(**variables: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(CHECKOUT)} | variables


def ecorights(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=CHECKOUT,
        env=environment(**variables),
        capture_output=True,
        check=False,
        text=True,
    )


def result_of(shown: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the last line of standard output, which is one JSON object."""
    assert shown.stdout, shown.stderr
    result: dict[str, Any] = json.loads(shown.stdout.splitlines()[-1])
    return result
