"""PostgreSQL's own benchmark beside ours: TPC-B, prepared statements, best of some clients."""

import re
import subprocess
from pathlib import Path

SCALE = 64
CLIENTS = (1, 8, 16, 32)
_RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


def measure_pgbench(program: Path, dsn: str, *, seconds: int, cores: int) -> dict[int, int]:
    """Return transactions a second by number of clients, in a database of its own."""
    _run(program, "-i", "-q", "-s", str(SCALE), dsn)
    found: dict[int, int] = {}
    for clients in CLIENTS:
        threads = str(min(clients, cores))
        told = _run(
            program, "-n", "-M", "prepared", "-c", str(clients), "-j", threads,
            "-T", str(seconds), dsn,
        )  # fmt: skip
        rate = _RATE.search(told)
        assert rate is not None, told
        found[clients] = int(float(rate[1]))
    return found


def _run(program: Path, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], check=True, capture_output=True, text=True)
    return done.stdout
