"""Why the embedded PostgreSQL cannot be had.

    ClusterUnavailable
     +- BinariesMissing           this platform has no wheel
     +- DataFolderOfOtherVersion  the data was written by another major version
     +- DiskFull                  no room for the data
     +- FolderUnwritable          the data folder is not ours to write
     +- PostmasterFailed          initdb or pg_ctl gave up; its own words follow

Each message names the thing and what to do about it.
"""

from pathlib import Path

from gateway.errors import CannotRun


class ClusterUnavailable(CannotRun):
    """The embedded PostgreSQL cannot be started or stopped."""


class BinariesMissing(ClusterUnavailable):
    """There is no PostgreSQL for this platform in the environment."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No embedded PostgreSQL for this platform (looked in {folder}). "
            "Set ECORIGHTS_DATABASE_URL to a PostgreSQL 15 or newer."
        )
        self.folder = folder


class DataFolderOfOtherVersion(ClusterUnavailable):
    """The data folder was written by another major version of PostgreSQL."""

    def __init__(self, folder: Path, *, found: str, expected: str) -> None:
        super().__init__(
            f"The data in {folder} was written by PostgreSQL {found}, "
            f"this is PostgreSQL {expected}. Nothing was changed. Move the folder away to start "
            f"empty, or set ECORIGHTS_HOME to another folder, or carry the data over with "
            f"pg_dumpall of version {found}."
        )
        self.folder, self.found, self.expected = folder, found, expected


class DiskFull(ClusterUnavailable):
    """There is too little room for the data."""

    def __init__(self, folder: Path, *, free_mb: int, needed_mb: int) -> None:
        super().__init__(
            f"The disk of {folder} has {free_mb} MB free, {needed_mb} MB are needed. "
            "Free some space, or set ECORIGHTS_HOME to a folder on another disk."
        )
        self.folder, self.free_mb, self.needed_mb = folder, free_mb, needed_mb


class FolderUnwritable(ClusterUnavailable):
    """The data folder is not ours to write."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"Cannot write in {folder}: {reason}. "
            "Change its owner, or set ECORIGHTS_HOME to a folder of your own."
        )
        self.folder = folder


class PostmasterFailed(ClusterUnavailable):
    """A PostgreSQL program gave up; its own words follow."""

    def __init__(self, step: str, *, words: str) -> None:
        super().__init__(f"PostgreSQL failed at {step}:\n{words.strip()}")
        self.step, self.words = step, words
