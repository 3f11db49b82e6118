"""A newcomer's first minutes: up, a trade as the README has it, stop, up again, verify."""

import hashlib
import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.keys import keys_file
from gateway.service import free_port
from gateway.settings import CHECKOUT
from tests.gateway.cli.commands import COMMAND, ecorights, environment, result_of

SERVES = "is served at"
READY_SECONDS_MAX = 120


@contextmanager
def serving(home: Path, port: int) -> Iterator[list[str]]:
    """Run `up` in the background; yields what it said until it served."""
    with subprocess.Popen(
        [*COMMAND, "up", "--port", str(port)],
        cwd=CHECKOUT,
        env=environment(ECORIGHTS_HOME=str(home)),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said: list[str] = []
        end = time.monotonic() + READY_SECONDS_MAX
        while not any(SERVES in line for line in said):
            line = process.stderr.readline()
            assert line, said
            assert time.monotonic() < end, said
            said.append(line)
        yield said
        process.send_signal(signal.SIGINT)
        process.stderr.read()
    assert process.returncode == 0


def readme_trade(name: str, *, home: Path, port: int) -> dict[str, object]:
    """Run the shell lines of a README against this service."""
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    lines = next(
        block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "curl" in block
    )
    lines = lines.replace(".ecorights/yunxi.keys", str(keys_file(home, "yunxi")))
    shown = subprocess.run(
        ["/bin/sh", "-eu", "-c", lines.replace(":8000", f":{port}")],
        check=True,
        capture_output=True,
        text=True,
    )
    answer: dict[str, object] = json.loads(shown.stdout)
    return answer


def bundle_by_worker(home: Path) -> None:
    """Ask for a bundle as a job; the worker that `up` has started makes it."""

    def jobs(*words: str) -> dict[str, object]:
        return result_of(ecorights("jobs", *words, "--json", ECORIGHTS_HOME=str(home)))

    asked = jobs("ask", "audit_bundle", '{"scope": "everything"}')
    done = jobs("wait", str(asked["job"]), "--seconds", "60")
    fetched = jobs("download", str(asked["job"]), str(home / "bundle.zip"))

    assert done["state"] == "done", done
    assert done["file"] == {
        "name": "bundle.zip",
        "media_type": "application/zip",
        "size": str(fetched["bytes"]),
        "sha256": hashlib.sha256((home / "bundle.zip").read_bytes()).hexdigest(),
    }


def test_a_newcomer_trades_stops_and_finds_everything_again(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    with serving(tmp_path, port) as said:
        assert any("/docs" in line for line in said)
        first = readme_trade("README.md", home=tmp_path, port=port)
        again = ecorights("up", ECORIGHTS_HOME=str(tmp_path))
        assert again.returncode == 1
        assert "already" in again.stderr
        bundle_by_worker(tmp_path)
    with serving(tmp_path, port) as said:
        assert any("loaded already" in line for line in said)
        assert readme_trade("README.zh-CN.md", home=tmp_path, port=port) == first
    verified = result_of(ecorights("verify", "--json", ECORIGHTS_HOME=str(tmp_path)))
    replayed = result_of(ecorights("replay", "--decide", "--json", ECORIGHTS_HOME=str(tmp_path)))

    assert first["outcome"] == "applied"
    assert verified == {"ok": True, "entries": verified["entries"], "first_bad": None}
    assert replayed == verified


def test_the_check_trades_once_and_verifies(tmp_path: Path) -> None:
    port = str(free_port("127.0.0.1"))
    shown = ecorights(
        "up", "--fresh", "--check", "--json", "--port", port, ECORIGHTS_HOME=str(tmp_path)
    )

    result = result_of(shown)
    assert (result["ok"], result["trades"], result["verified"]) == (True, 1, True)
    assert result["seconds"] > 0
