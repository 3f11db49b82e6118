"""A disk that fills up in the middle of a batch: nobody is refused, and it goes on with room."""

import asyncio
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from ledger.sequencer.submission import Submission, Unavailable
from tests.ledger.sequencer import rig

DISK_BYTES = 64 << 20
LEFT_BYTES = 1 << 20
COMMANDS = 10_000
PER_REQUEST = 500


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of a limited size; skips where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="eco-disk-"))
    mount, umount = shutil.which("mount"), shutil.which("umount")
    asked = [str(mount), "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if mount is None or subprocess.run(asked, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("this user may not mount a disk of a limited size")
    folder.chmod(0o755)
    (folder / "space").mkdir(mode=0o700)
    yield folder
    subprocess.run([str(umount), "-l", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture
async def small_disk(disk: Path, database: str) -> AsyncIterator[Path]:
    """That disk, with the table of entries on it."""
    space = f"small_{uuid.uuid4().hex[:8]}"
    home = disk / "space"
    connection = await asyncpg.connect(database)
    shutil.chown(home, *_owner(await connection.fetchval("SHOW data_directory")))
    await connection.execute(f"CREATE TABLESPACE {space} LOCATION '{home}'")
    await connection.execute(f"ALTER TABLE entry SET TABLESPACE {space}")
    yield disk
    await connection.execute("ALTER TABLE entry SET TABLESPACE pg_default")
    await connection.execute(f"DROP TABLESPACE {space}")
    await connection.close()


def _owner(data_folder: str) -> tuple[int, int]:
    status = Path(data_folder).stat()
    return status.st_uid, status.st_gid


async def test_a_real_full_disk_refuses_nobody(
    small_disk: Path, database: str, socket: Path
) -> None:
    filler = small_disk / "filler"
    async with rig.opened(rig.plan_of(database, socket)) as run:
        free = shutil.disk_usage(small_disk).free
        filler.write_bytes(bytes(free - LEFT_BYTES))
        submissions = [
            Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(1)) for n in range(COMMANDS)
        ]
        waiting = asyncio.create_task(send_patiently(run, submissions))
        assert run.writer.sequencer is not None
        intake = run.writer.sequencer.intake
        async with asyncio.timeout(60):
            while not intake.closed:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.01)
        assert not waiting.done()
        filler.unlink()
        refused = await waiting
    assert refused == 0
    assert len(await rig.fetch(database, "SELECT 1 FROM movement")) == COMMANDS
    assert await rig.fetch(database, "SELECT 1 FROM quarantine") == []
    assert await rig.conserved(database)


async def send_patiently(run: rig.Running, submissions: list[Submission]) -> int:
    """Send all, again where the writer had no room; return how many were refused."""
    refused = 0
    for start in range(0, len(submissions), PER_REQUEST):
        left = submissions[start : start + PER_REQUEST]
        while left:
            replies = await run.writer.submit(left)
            again = []
            for submission, reply in zip(left, replies, strict=True):
                if isinstance(reply, Unavailable):
                    again.append(submission)
                elif getattr(reply, "refusal", None) is not None:
                    refused += 1
            left = again
            if left:
                await asyncio.sleep(0.05)
    return refused
