"""A small client of the public API, for the importer, the demonstration and the checks.

It has no way in that a stranger has not: every write carries an idempotency key, every error is
the service's own problem detail.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import httpx

TRIES_MAX = 5
TOO_BUSY = frozenset({429, 503})
TIMEOUT_SECONDS = 60.0
UPLOAD_SECONDS = 600.0  # a large file is looked through before the answer
PIECE_BYTES = 1 << 20


class Refused(Exception):
    """The service said no; ``problem`` is what it said."""

    def __init__(self, problem: Mapping[str, Any], *, request: str) -> None:
        super().__init__(f"{request}: {dict(problem)}")
        self.problem = problem

    @property
    def code(self) -> str:
        """Return the stable code of the problem."""
        return str(self.problem.get("code", ""))


class ApiClient:
    """Calls the service as one actor."""

    def __init__(self, http: httpx.AsyncClient, *, secret: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {secret}"}

    async def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Write: send a body under a key, try again with the same key while the service is busy.

        Raises:
            Refused: the service refused it.
        """
        headers = self._headers | {"Idempotency-Key": key or secrets.token_hex(16)}
        params = {"dry_run": "true"} if dry_run else {}
        for _ in range(TRIES_MAX):
            response = await self._http.post(
                f"/v1{path}", json=body, headers=headers, params=params, timeout=TIMEOUT_SECONDS
            )
            if response.status_code not in TOO_BUSY:
                break
            await asyncio.sleep(float(response.headers.get("retry-after", "1")))
        return self._read(response, request=f"POST {path}")

    async def upload(
        self, path: str, content: bytes, *, media_type: str, params: Mapping[str, str]
    ) -> dict[str, Any]:
        """Send a file under a fresh key; what it is of stands in the parameters.

        Raises:
            Refused: the service refused it.
        """
        headers = self._headers | {
            "Content-Type": media_type,
            "Idempotency-Key": secrets.token_hex(16),
        }
        response = await self._http.post(
            f"/v1{path}",
            content=content,
            headers=headers,
            params=dict(params),
            timeout=TIMEOUT_SECONDS,
        )
        return self._read(response, request=f"POST {path}")

    async def upload_file(
        self, path: str, file: Path, *, media_type: str, key: str
    ) -> dict[str, Any]:
        """Send a file in pieces, however large it is.

        Raises:
            Refused: the service refused it.
            OSError: it cannot be read.
        """
        size = (await asyncio.to_thread(file.stat)).st_size
        headers = self._headers | {
            "Content-Type": media_type,
            "Content-Length": str(size),
            "Idempotency-Key": key,
        }
        response = await self._http.post(
            f"/v1{path}", content=_pieces(file), headers=headers, timeout=UPLOAD_SECONDS
        )
        return self._read(response, request=f"POST {path}")

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        """Read.

        Raises:
            Refused: the service refused it.
        """
        response = await self._http.get(
            f"/v1{path}", headers=self._headers, params=params, timeout=TIMEOUT_SECONDS
        )
        return self._read(response, request=f"GET {path}")

    async def download(self, path: str, target: IO[bytes]) -> int:
        """Write a file of the service's into an open one; return its size.

        Raises:
            Refused: the service refused it.
        """
        size = 0
        async with self._http.stream(
            "GET", f"/v1{path}", headers=self._headers, timeout=TIMEOUT_SECONDS
        ) as response:
            if response.is_error:
                await response.aread()
                self._read(response, request=f"GET {path}")
            async for piece in response.aiter_bytes():
                size += len(piece)
                target.write(piece)
        return size

    async def propose(
        self, operation: Mapping[str, Any], *, checker: "ApiClient", key: str | None = None
    ) -> dict[str, Any]:
        """Put an operation before another person and have it approved."""
        proposed = await self.post("/proposals", {"operation": dict(operation)}, key=key)
        return await checker.post(
            "/proposals/approvals",
            {"proposal": proposed["proposal"]},
            key=None if key is None else f"{key}-approval",
        )

    async def batch(self, orders: Sequence[Mapping[str, Any]], *, key: str) -> dict[str, Any]:
        """Send up to 500 independent orders in one request; the same again while some had no room.

        What was applied the first time gets its first answer.
        """
        for _ in range(TRIES_MAX):
            answer = await self.post("/order-batches", {"orders": list(orders)}, key=key)
            waits = [
                int(result.get("retry_after", 1))
                for result in answer["results"]
                if result["outcome"] == "unavailable"
            ]
            if not waits:
                break
            await asyncio.sleep(max(waits))
        return answer

    @staticmethod
    def _read(response: httpx.Response, *, request: str) -> dict[str, Any]:
        body: dict[str, Any] = response.json()
        if response.is_error:
            raise Refused(body, request=request)
        return body


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while piece := await asyncio.to_thread(source.read, PIECE_BYTES):
            yield piece
