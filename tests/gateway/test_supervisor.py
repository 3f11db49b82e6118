"""Children are started in order, watched, and all of them are stopped."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway import event_loop
from gateway import supervisor as supervisor_file
from gateway.errors import ChildEnded, ChildNotReady
from gateway.supervisor import ProcessPlan, Supervisor

ROOT = Path(supervisor_file.__file__).parents[1]
READY = "from gateway.readiness import announce_ready; announce_ready(); "
SLEEP = "import time; time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    made = Supervisor()
    yield made
    await made.stop()


def plan(folder: Path, name: str, script: str, *, ready_seconds_max: float = 60) -> ProcessPlan:
    return ProcessPlan(
        name=name,
        command=(sys.executable, "-c", script),
        log=folder / "log" / f"{name}.log",
        environment={"PYTHONPATH": str(ROOT)},
        ready_seconds_max=ready_seconds_max,
    )


def lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


async def test_start_returns_when_the_child_is_ready(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    script = "print('loaded', flush=True); " + READY + SLEEP

    child = await supervisor.start(plan(tmp_path, "writer", script))

    assert child.last_words() == "loaded"
    assert lives(child.pid)


async def test_a_child_that_dies_before_it_is_ready_is_named_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    script = "import sys; sys.exit('no lease to be had')"

    with pytest.raises(
        ChildEnded, match=r"(?s)writer process ended with 1\..*no lease to be had.*writer\.log"
    ):
        await supervisor.start(plan(tmp_path, "writer", script))


async def test_a_child_that_never_gets_ready_is_named(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(ChildNotReady, match=r"API process was not ready after 0 s"):
        await supervisor.start(plan(tmp_path, "API", SLEEP, ready_seconds_max=0.3))


async def test_the_first_child_that_dies_is_reported(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    writer = await supervisor.start(plan(tmp_path, "writer", READY + SLEEP))
    await supervisor.start(plan(tmp_path, "API", READY + SLEEP))
    os.kill(writer.pid, signal.SIGKILL)

    ended = await supervisor.first_end()

    assert ended.name == "writer"
    assert ended.how == "was ended by SIGKILL"


async def test_only_the_words_of_this_start_are_shown(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "writer.log").write_text("words of an earlier run\n")

    child = await supervisor.start(plan(tmp_path, "writer", READY + SLEEP))

    assert child.last_words() == ""


async def test_stop_ends_the_last_child_first(tmp_path: Path) -> None:
    supervisor = Supervisor()
    order = tmp_path / "order"
    note = (
        "import signal, sys\n"
        "def end(*_):\n"
        f"    open({str(order)!r}, 'a').write(sys.argv[0] + NAME + ' ')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
    )
    for name in ("writer", "API"):
        script = f"NAME = {name!r}\n{note}{READY}\n{SLEEP}"
        await supervisor.start(plan(tmp_path, name, script))

    await supervisor.stop()

    assert order.read_text().replace("-c", "") == "API writer "


async def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    supervisor = Supervisor(stop_seconds_max=0.2)
    child = await supervisor.start(plan(tmp_path, "writer", DEAF + READY + SLEEP))

    await supervisor.stop()

    assert child.process.returncode == -signal.SIGKILL


IMPATIENT = """
import asyncio, signal, sys
from pathlib import Path
from gateway.supervisor import ProcessPlan, Supervisor

def plan(name):
    command = (sys.executable, "-c", sys.argv[2])
    return ProcessPlan(name=name, command=command, log=Path(sys.argv[1]) / f"{name}.log")

async def run():
    supervisor = Supervisor()
    writer = await supervisor.start(plan("writer"))
    if sys.argv[3] == "aside":
        supervisor.keep_aside(plan("anchor"))
        while not (log := Path(sys.argv[1]) / "anchor.log").exists() or not log.read_text():
            await asyncio.sleep(0.05)
    print(writer.pid, flush=True)
    try:
        await supervisor.first_end()
    finally:
        # As long as a person takes: by then it waits for those that it has told to end.
        asyncio.get_running_loop().call_later(0.3, lambda: print("stopping", flush=True))
        await supervisor.stop()

try:
    asyncio.run(run())
except KeyboardInterrupt:
    print("Stopped", flush=True)
"""


@pytest.mark.parametrize("other", ["none", "aside"])
def test_who_interrupts_twice_leaves_nobody_behind_and_reads_no_complaint(
    tmp_path: Path, other: str
) -> None:
    deaf = f"{DEAF}print('deaf', flush=True); {READY}{SLEEP}"
    parent = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, str(tmp_path), deaf, other],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())

    parent.send_signal(signal.SIGINT)
    assert parent.stdout.readline() == "stopping\n"
    parent.send_signal(signal.SIGINT)
    shown, complaints = parent.communicate(timeout=60)

    assert (shown, complaints) == ("Stopped\n", "")
    assert not lives(child)


PARENT = """
import asyncio, os, signal, sys
from pathlib import Path
from gateway.supervisor import ProcessPlan, Supervisor

async def run():
    supervisor = Supervisor()
    command = (sys.executable, "-c", sys.argv[2])
    plan = ProcessPlan(name="writer", command=command, log=Path(sys.argv[1]) / "writer.log")
    child = await supervisor.start(plan)
    print(child.pid, flush=True)
    await supervisor.first_end()

asyncio.run(run())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs PR_SET_PDEATHSIG")
def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), READY + SLEEP],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = os.pidfd_open(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()

    ended, _, _ = select.select([child], [], [], 30)

    assert ended == [child]
    os.close(child)


async def test_a_process_aside_is_started_again_and_breaks_nothing(tmp_path: Path) -> None:
    supervisor = Supervisor(again_seconds=0.05)
    main = await supervisor.start(plan(tmp_path, "writer", READY + SLEEP))
    told = tmp_path / "starts"
    script = f"open({str(told)!r}, 'a').write('x'); {READY} import os; os.kill(os.getpid(), 9)"

    supervisor.keep_aside(plan(tmp_path, "anchor", script))
    broken = asyncio.create_task(supervisor.first_end())
    async with asyncio.timeout(20):
        while not told.exists() or len(told.read_text()) < 3:  # noqa: ASYNC110  another process
            await asyncio.sleep(0.05)

    assert not broken.done()
    assert lives(main.pid)
    broken.cancel()
    await supervisor.stop()
    starts = told.read_text()
    await asyncio.sleep(0.3)
    assert told.read_text() == starts


async def test_a_process_aside_is_stopped_with_the_others(tmp_path: Path) -> None:
    supervisor = Supervisor()
    told = tmp_path / "pid"
    script = f"import os; open({str(told)!r}, 'w').write(str(os.getpid()) + '.'); {READY + SLEEP}"
    supervisor.keep_aside(plan(tmp_path, "anchor", script))
    async with asyncio.timeout(20):
        while not told.exists() or not told.read_text().endswith("."):  # noqa: ASYNC110  the same
            await asyncio.sleep(0.05)

    await supervisor.stop()

    assert not lives(int(told.read_text().rstrip(".")))


async def test_those_started_together_wait_for_nobody_but_are_waited_for(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """The first is ready only once the second has begun."""
    begun = tmp_path / "begun"
    wait = f"import os, time\nwhile not os.path.exists({str(begun)!r}): time.sleep(0.01)\n"
    second = f"open({str(begun)!r}, 'w').close(); {READY}"

    started = await supervisor.start_together(
        [plan(tmp_path, "signer", wait + READY + SLEEP), plan(tmp_path, "API", second + SLEEP)]
    )

    assert [child.plan.name for child in started] == ["signer", "API"]
    assert supervisor.pids == [child.pid for child in started]


async def test_of_those_started_together_the_one_that_dies_is_named(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    plans = [plan(tmp_path, "signer", READY + SLEEP), plan(tmp_path, "API", "raise SystemExit(3)")]

    with pytest.raises(ChildEnded, match=r"API.*ended with 3"):
        await supervisor.start_together(plans)


def test_the_loop_closes_the_pipe_of_a_process_that_is_ready_and_nothing_else(
    tmp_path: Path,
) -> None:
    """On uvloop, whose transports close late: by then the number may be another file's."""

    async def start_and_open() -> None:
        supervisor = Supervisor()
        plans = [plan(tmp_path, name, READY + SLEEP) for name in ("signer", "API")]
        try:
            await supervisor.start_together(plans)
            opened = os.pipe()
            await asyncio.sleep(0.05)
            for descriptor in opened:
                os.close(descriptor)
        finally:
            await supervisor.stop()

    event_loop.run(start_and_open())
