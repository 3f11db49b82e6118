"""A venue of a home is served by one process at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import instance as instance_file
from gateway.errors import AlreadyRunning
from gateway.instance import Instance, only_instance, running_instance

ROOT = Path(instance_file.__file__).parents[1]
OTHER = (
    "import sys; from pathlib import Path; from gateway.instance import *\n"
    "with only_instance(Path(sys.argv[1]), venue='yunxi', own=Instance(pid=77, port=8123)):\n"
    "    print('in', flush=True); input()\n"
)


@pytest.fixture
def own() -> Instance:
    return Instance(pid=os.getpid(), port=8000)


def test_the_venue_is_known_while_it_is_served(tmp_path: Path, own: Instance) -> None:
    assert running_instance(tmp_path, venue="yunxi") is None

    with only_instance(tmp_path, venue="yunxi", own=own):
        assert running_instance(tmp_path, venue="yunxi") == own

    assert running_instance(tmp_path, venue="yunxi") is None


def test_another_venue_of_the_same_home_is_free(tmp_path: Path, own: Instance) -> None:
    with (
        only_instance(tmp_path, venue="yunxi", own=own),
        only_instance(tmp_path, venue="eu-ets", own=own),
    ):
        assert running_instance(tmp_path, venue="eu-ets") == own


def test_a_second_process_is_refused_and_told_who_serves(tmp_path: Path, own: Instance) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "in\n"

    with (
        pytest.raises(AlreadyRunning, match=r"process 77, http://127\.0\.0\.1:8123"),
        only_instance(tmp_path, venue="yunxi", own=own),
    ):
        pass

    other.kill()
    other.communicate()
    assert running_instance(tmp_path, venue="yunxi") is None
