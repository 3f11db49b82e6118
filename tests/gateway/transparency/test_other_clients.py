"""The log of a running service, checked by the Go project's own library, grown across crashes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.embedded.cluster import start

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).parent / "go" / "check.go"
GO_PATH = Path("/usr/share/gocode")
READY_SECONDS_MAX = 120
SIZES = (1, 2, 255, 256, 257, 65_539)


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checking program, built from its source and Debian's packages."""
    go = shutil.which("go")
    if go is None or not (GO_PATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("needs Debian's golang-go and golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GO_PATH),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
    }
    built = folder / "check"
    subprocess.run([go, "build", "-o", built, PROGRAM], check=True, env=environment)
    return built


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose PostgreSQL, which outlives the killed services, is stopped at the end."""
    yield tmp_path / "home"
    start(tmp_path / "home").stop()


@contextmanager
def served(home: Path, *, entries: int, fresh: bool) -> Iterator[dict[str, Any]]:
    """Serve a log of so many entries, and kill the service with everything it started."""
    command = [sys.executable, "-m", "gateway.cli.main", "log", "serve-check", "--json"]
    command += ["--entries", str(entries), "--fresh" if fresh else "--no-fresh"]
    environment = os.environ | {"ECORIGHTS_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(process.stderr.read())
        yield json.loads(line)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def accepted(check: Path, found: dict[str, Any], *old: str) -> list[str]:
    """Return size and root as the checker read them."""
    command = [str(check), found["vkey"], found["base_url"], *old]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_go_accepts_the_log_at_every_size_and_across_crashes(check: Path, home: Path) -> None:
    old: list[str] = []
    fresh = True
    for size in SIZES:
        with served(home, entries=size, fresh=fresh) as found:
            assert found["size"] == size
            read = accepted(check, found, *old)
            assert read[0] == str(size)
            assert accepted(check, found, *read) == read
        old, fresh = read, False


def test_the_verifier_of_one_file_accepts_a_served_log(home: Path, tmp_path: Path) -> None:
    verifier = ROOT / "verifier" / "check_log.py"
    with served(home, entries=300, fresh=True) as found:
        address = found["base_url"]
        receipt = urllib.request.urlopen(  # noqa: S310  our own service
            address.removesuffix("/log") + "/v1/ledger/receipts/271", timeout=10
        ).read()
        (tmp_path / "receipt").write_bytes(receipt)
        command = [sys.executable, "-I", str(verifier), address, "--key", found["vkey"]]
        command += ["--receipt", str(tmp_path / "receipt")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["ok"], done.stdout
