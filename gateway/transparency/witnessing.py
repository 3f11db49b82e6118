"""The witness as a service: two resources over HTTP, and nothing of the exchange."""

import hashlib
import os
import time
from pathlib import Path

from fastapi import FastAPI, Request, Response

from ledger.transparency.note import COSIGNATURE, PublicKey, SecretKey
from ledger.transparency.signing import SEED_SIZE, write_durably
from ledger.transparency.witness import BODY_BYTES_MAX, TEXT_TYPE, Witness

KEY_FILE = "witness.key"


def ensure_witness_key(folder: Path, name: str) -> SecretKey:
    """Return the witness's key, made on the first call; it serves this one role only."""
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = SecretKey(name, os.urandom(SEED_SIZE), algorithm=COSIGNATURE)
        write_durably(path, key.text + "\n")
    return SecretKey.parse(path.read_text(encoding="utf-8").strip())


def witness_of(folder: Path, key: SecretKey, logs: list[PublicKey]) -> Witness:
    """Return a witness of these logs, whose keys' names are their origins."""
    by_origin: dict[str, list[PublicKey]] = {}
    for log in logs:
        by_origin.setdefault(log.name, []).append(log)
    return Witness(key, by_origin, folder, clock=lambda: int(time.time()))


def create_witness_application(witness: Witness) -> FastAPI:
    """Return the application (c2sp.org/tlog-witness)."""
    application = FastAPI(title="EcoRights witness", docs_url=None, redoc_url=None)

    @application.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > BODY_BYTES_MAX:
                return Response("too large\n", status_code=400, media_type=TEXT_TYPE)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return Response("not UTF-8\n", status_code=400, media_type=TEXT_TYPE)
        answer = witness.add_checkpoint(text)
        # The framework would add a character set to a type that has none.
        headers = {"Content-Type": answer.media_type}
        return Response(answer.body, status_code=answer.status, headers=headers)

    @application.get("/{origin_hash}/checkpoint")
    async def show_newest(origin_hash: str) -> Response:
        found = None
        if len(origin_hash) == hashlib.sha256().digest_size * 2:
            found = witness.newest(origin_hash)
        if found is None:
            return Response("unknown origin\n", status_code=404, media_type=TEXT_TYPE)
        return Response(found, media_type=TEXT_TYPE, headers={"Cache-Control": "no-cache"})

    return application
