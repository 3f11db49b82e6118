"""The public log at a million entries: proofs, memory, receipts, and an audit by a stranger.

Orders are traded until the log has its size, with a publisher beside them in a process of its own.
Memory is what that process holds more at the end than when the log began (VmHWM, Linux). The audit
is the independent verifier's own run over a bundle of everything, on one process and on several.
"""

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.durable_orders import measure_durable
from benchmarks.public_log import percentile, publishing
from gateway.auditing.bundle import write_bundle
from gateway.auditing.scope import Scope
from ledger.personal.disclosure import Sight
from ledger.transparency.checkpoint import Checkpoint, cosign
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.note import COSIGNATURE, SecretKey, parse_note
from ledger.transparency.policy import Policy
from ledger.transparency.receipt import Receipt
from ledger.transparency.signing import read_publics
from ledger.transparency.store import LogStore, current_log

PROGRAM = Path(__file__).resolve().parent.parent / "verifier" / "check_bundle.py"
ORDERS_PER_RUN = 50_000
PROOFS = 2_000
LOOK_SECONDS = 0.2
WITNESSES = ("city", "bank")


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeLog:
    """Milliseconds, bytes and seconds at ``entries`` entries."""

    entries: int
    proof_p50_ms: float
    proof_p99_ms: float
    publisher_first_mib: float
    publisher_last_mib: float
    receipt_bytes: int
    export_seconds: float
    bundle_mib: float
    audit_one_process_seconds: float
    audit_processes: int
    audit_seconds: float


async def measure_large_log(dsn: str, folder: Path, *, entries: int) -> LargeLog:
    """Let a log grow to at least ``entries`` entries and measure it."""
    async with publishing(dsn, folder) as publisher:
        first = _peak_mib(publisher)
        run = 0
        while (committed := await _committed(dsn)) < entries:
            count = min(ORDERS_PER_RUN, entries - committed)
            await measure_durable(dsn, folder, batch_max=2_000, count=count, run=f"large-{run}")
            run += 1
        await _published(dsn, entries)
        last = _peak_mib(publisher)
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        assert store is not None
        proofs, receipt = await _proofs(store)
        bundle = folder / "bundle.zip"
        keys = tuple(read_publics(folder / "signer", store.origin))
        begin = time.perf_counter()
        with bundle.open("wb") as target:
            manifest = await write_bundle(
                connection,
                target,
                scope=Scope(kind="everything"),
                sees=lambda _: Sight(postings=True, personal=False),
                policy=Policy(logs=keys),
            )
        exported = time.perf_counter() - begin
    finally:
        await connection.close()
    processes = os.cpu_count() or 1
    return LargeLog(
        entries=int(manifest.entries),
        proof_p50_ms=percentile(proofs, 50),
        proof_p99_ms=percentile(proofs, 99),
        publisher_first_mib=first,
        publisher_last_mib=last,
        receipt_bytes=receipt,
        export_seconds=round(exported, 1),
        bundle_mib=round(bundle.stat().st_size / 2**20, 1),
        audit_one_process_seconds=await _audit(bundle, keys[0].text, processes=1),
        audit_processes=processes,
        audit_seconds=await _audit(bundle, keys[0].text, processes=processes),
    )


def _peak_mib(process: asyncio.subprocess.Process) -> float:
    """Return the most memory that a process ever held; nothing where the system does not tell."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return round(kib / 1024, 1)


async def _committed(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        return 0 if store is None else await store.committed()
    finally:
        await connection.close()


async def _published(dsn: str, entries: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        assert store is not None
        while (newest := await store.newest()) is None or newest.size < entries:  # noqa: ASYNC110  another process publishes
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await connection.close()


async def _proofs(store: LogStore) -> tuple[list[float], int]:
    """Return the seconds of proofs all over the log, and the size of a receipt twice cosigned."""
    newest = await store.newest()
    assert newest is not None
    found = []
    proof: list[bytes] = []
    for number in range(PROOFS):
        begin = time.perf_counter()
        index = number * newest.size // PROOFS
        proof = await inclusion_proof(store, index=index, size=newest.size)
        found.append(time.perf_counter() - begin)
    note = parse_note(newest.note)
    checkpoint = Checkpoint.parse(note.text)
    now = int(time.time())
    for place, name in enumerate(WITNESSES):
        key = SecretKey(f"witness.example/{name}", bytes([place]) * 32, algorithm=COSIGNATURE)
        note = note.with_lines([cosign(checkpoint, key, at=now)])
    return found, len(Receipt(newest.size - 1, tuple(proof), note.whole).text.encode())


async def _audit(bundle: Path, key: str, *, processes: int) -> float:
    """Return how long the independent verifier takes, in seconds.

    Raises:
        RuntimeError: it refuses the bundle.
    """
    command = [sys.executable, "-I", str(PROGRAM), str(bundle), "--key", key]
    begin = time.perf_counter()
    running = await asyncio.create_subprocess_exec(
        *command, "--processes", str(processes), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await running.communicate()
    seconds = time.perf_counter() - begin
    found = json.loads(out)
    if not found["ok"] or found["balances"] != "hold":
        raise RuntimeError(f"the bundle is refused: {found}")
    return round(seconds, 1)
