"""Where jobs leave files: one folder for each job below the home, gone when its time is over.

``JOBS/<job>/`` holds drafts while the job works and its result afterwards, ``JOBS/packages/`` what
was handed in for jobs to read. Workers and the API share both: workers on other machines need the
home on storage that all of them see.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from gateway.settings import Settings
from gateway.work.job import Job, ResultFile

READ_BYTES = 1 << 20


class JobFolders:
    """The folders of one venue's jobs."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def packages(self) -> Path:
        """The folder of packages that were handed in, which need not be there."""
        return self._root / "packages"

    def of(self, job: UUID) -> Path:
        """Return the folder of a job, which need not be there."""
        return self._root / str(job)

    def made(self, job: UUID) -> Path:
        """Return the folder of a job, made if it is missing."""
        folder = self.of(job)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def result(self, job: Job) -> Path | None:
        """Return the file of a finished job, ``None`` where it has none."""
        return None if job.file is None else self.of(job.id) / job.file.name

    def all(self) -> Iterator[UUID]:
        """Return the jobs that have folders."""
        if not self._root.is_dir():
            return
        for path in self._root.iterdir():
            try:
                yield UUID(path.name)
            except ValueError:
                continue

    def remove(self, job: UUID) -> None:
        """Delete a job's folder with everything in it."""
        shutil.rmtree(self.of(job), ignore_errors=True)


def folders_of(settings: Settings) -> JobFolders:
    """Return the folders of the venue of these settings."""
    return JobFolders(settings.home / "jobs" / settings.venue)


def described(path: Path, *, media_type: str) -> ResultFile:
    """Return what a job's row says of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            digest.update(piece)
    return ResultFile(
        name=path.name,
        media_type=media_type,
        size=path.stat().st_size,
        sha256=digest.hexdigest(),
    )
