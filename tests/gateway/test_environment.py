"""The set-up before anything is installed: what it asks for, and what it says when it fails."""

import os
import subprocess
from pathlib import Path

import pytest

from gateway.environment import ROOT, CannotSetUp, Environment


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (tmp_path / "requirements.lock").write_text(lock, encoding="utf-8")
    return tmp_path


def test_an_environment_that_fits_the_lock_is_left_alone(checkout: Path) -> None:
    environment = Environment(checkout)
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    environment.stamp.write_text(environment._wanted_stamp())

    environment.ensure()

    assert not environment.log.exists()


def test_a_full_disk_is_said_before_anything_is_made(checkout: Path) -> None:
    environment = Environment(checkout, free_mb_min=10**9)

    with pytest.raises(CannotSetUp, match=r"has \d+ MB free, 1000000000 MB are needed"):
        environment.ensure()

    assert not environment.venv.exists()


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("error: failed to write: No space left on device (os error 28)", "disk is full"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "cannot be written"),
        ("× Hash mismatch for `anyio==4.16.0`", "not the one that requirements.lock names"),
        ("error sending request for url", "index cannot be reached"),
        ("Temporary failure in name resolution", "index cannot be reached"),
        ("ERROR: No matching distribution found for uvloop", "no build for this machine"),
        ("something else", "pip failed"),
    ],
)
def test_a_failure_is_told_by_its_cause(checkout: Path, words: str, meaning: str) -> None:
    environment = Environment(checkout)
    environment.log.write_text(words)

    explained = environment._explained("pip failed.")

    assert meaning in explained
    assert words in explained


def test_a_python_that_is_too_old_is_told_so(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.8.10 && exit 0\nexit 1\n')
    old.chmod(0o755)
    for tool in ("sh", "dirname", "cat", "readlink"):
        (tmp_path / tool).symlink_to(f"/bin/{tool}")

    started = subprocess.run(
        [str(ROOT / "ecorights"), "up"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )

    assert started.returncode == 1
    assert "Python 3.11 or newer is needed; found: Python 3.8.10" in started.stderr


def test_the_script_works_through_a_link_and_from_any_folder(tmp_path: Path) -> None:
    link = tmp_path / "ecorights"
    link.symlink_to(ROOT / "ecorights")
    probe = tmp_path / "python3"
    probe.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "$PYTHONPATH $*"\n')
    probe.chmod(0o755)

    started = subprocess.run(
        [str(link), "import", "eu-ets", "a folder"],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        check=True,
        text=True,
    )

    assert started.stdout == f"{ROOT} -m gateway.environment import eu-ets a folder\n"
