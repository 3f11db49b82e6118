"""Files that departments sent and that jobs have not read yet: operational rows, in no entry."""

import hashlib
from typing import NamedTuple

import asyncpg

KEPT_DAYS = 3
_KEPT = """FROM credit_upload
WHERE source = $1 AND digest = $2 AND at >= now() - make_interval(days => $3)"""


class Upload(NamedTuple):
    """A file and its type."""

    media_type: str
    content: bytes


class UploadStore:
    """The uploads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def keep(self, source: str, upload: Upload) -> str:
        """Keep a file under its SHA-256, once; let go of what is older than three days."""
        digest = hashlib.sha256(upload.content).hexdigest()
        await self._connection.execute(
            "DELETE FROM credit_upload WHERE at < now() - make_interval(days => $1)", KEPT_DAYS
        )
        await self._connection.execute(
            "INSERT INTO credit_upload VALUES ($1, $2, $3, $4, now()) "
            "ON CONFLICT (source, digest) DO UPDATE SET at = now()",
            source,
            digest,
            upload.media_type,
            upload.content,
        )
        return digest

    async def find(self, source: str, digest: str) -> Upload | None:
        """Return a source's file."""
        query = f"SELECT media_type, content {_KEPT}"
        row = await self._connection.fetchrow(query, source, digest, KEPT_DAYS)
        return None if row is None else Upload(row["media_type"], row["content"])

    async def has(self, source: str, digest: str) -> bool:
        """Tell whether a source's file is there."""
        query = f"SELECT EXISTS (SELECT {_KEPT})"
        return bool(await self._connection.fetchval(query, source, digest, KEPT_DAYS))
