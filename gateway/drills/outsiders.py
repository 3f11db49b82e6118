"""Those who are not the operator: a witness, readers of the public log, holders of receipts.

They see what the service shows (``shown``, which an operator may fork) and what they kept.
"""

import asyncio
import json
import shutil
import sys
import time

import asyncpg

from gateway.drills.bench import Bench
from gateway.drills.definition import Line, Sighting
from gateway.errors import CannotRun
from gateway.settings import CHECKOUT
from gateway.transparency.export import export_log
from kernel.errors import DomainError
from ledger.entry import NO_PERSONAL, commit_personal, commit_postings
from ledger.personal.parts import PartUnreadable
from ledger.personal.store import PersonalStore
from ledger.personal.vault import Vault
from ledger.store import LedgerStore, StoredEntry
from ledger.transparency.checkpoint import parse_size
from ledger.transparency.growing import consistency_proof
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.note import parse_note
from ledger.transparency.policy import Policy
from ledger.transparency.store import LogStore, Published, current_log
from ledger.transparency.witness import AddCheckpoint, Witness, WitnessAnswer

PROGRAM = CHECKOUT / "verifier" / "check_log.py"
_OK, _CONFLICT = 200, 409


async def ask_witness(bench: Bench) -> Sighting | None:
    """Show the newest checkpoint to the witness, which remembers what it saw before."""
    kept = bench.kept
    witness = Witness(
        kept.witness,
        {kept.origin: kept.public},
        bench.witness,
        clock=lambda: int(time.time()),
    )
    return await show_witness(bench.shown, witness)


async def show_witness(url: str, witness: Witness) -> Sighting | None:
    """Show a database's newest checkpoint to a witness, as the publisher does."""
    connection = await asyncpg.connect(url)
    try:
        log = await current_log(connection)
        newest = None if log is None else await log.newest()
        if log is None or newest is None:
            return None
        answer = await cosign(log, witness, newest)
    except DomainError as error:
        return Sighting(line=Line.WITNESS, words=f"no proof for the witness: {error}")
    finally:
        await connection.close()
    if answer.status == _OK:
        return None
    return Sighting(line=Line.WITNESS, words=f"{answer.status} {answer.body.strip()}")


async def cosign(log: LogStore, witness: Witness, newest: Published) -> WitnessAnswer:
    """Ask a witness about a checkpoint, with a proof from the size that it says it saw.

    Raises:
        DomainError: what is stored gives no proof.
    """
    note = parse_note(newest.note)
    answer = witness.add_checkpoint(AddCheckpoint(0, (), note).text)
    if answer.status != _CONFLICT:
        return answer
    seen = parse_size(answer.body.removesuffix("\n"))
    proof: list[bytes] = []
    if 0 < seen < newest.size:
        proof = await consistency_proof(log, old=seen, new=newest.size)
    return witness.add_checkpoint(AddCheckpoint(seen, tuple(proof), note).text)


async def read_log(bench: Bench) -> Sighting | None:
    """Let somebody read the whole public log who has nothing but its key."""
    shutil.rmtree(bench.export, ignore_errors=True)
    try:
        await export_log(bench.shown, bench.export)
    except (CannotRun, DomainError, LookupError) as error:
        return Sighting(line=Line.READER, words=f"the log cannot be read: {error!r}")
    return _refused(Line.READER, await _check(bench))


async def compare_kept(bench: Bench) -> Sighting | None:
    """Let somebody read it who kept a checkpoint."""
    if not (bench.export / "checkpoint").exists():
        return Sighting(line=Line.KEEPER, words="the log that had a checkpoint has none")
    kept = bench.workspace.folder / "kept-checkpoint"
    kept.write_text(bench.kept.checkpoint, encoding="utf-8")
    return _refused(Line.KEEPER, await _check(bench, "--old", str(kept)))


async def _check(bench: Bench, *more: str) -> str:
    """Run the verifier that shares nothing with us; return its reason to refuse."""
    arguments = [str(bench.export), "--key", bench.kept.public[0].text, *more]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(PROGRAM)), *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    verdict = json.loads(out)
    return "" if verdict["ok"] else str(verdict["reason"])


def _refused(line: Line, reason: str) -> Sighting | None:
    return Sighting(line=line, words=reason) if reason else None


async def check_receipt(bench: Bench) -> Sighting | None:
    """Let the holder of an entry's receipt compare it with the entry that the service shows."""
    receipt = bench.kept.receipts.get(bench.entry)
    if receipt is None:
        return None
    connection = await asyncpg.connect(bench.shown)
    entry = None
    try:
        entry = await LedgerStore(connection).entry(receipt.index)
        personal = PersonalStore(connection, Vault(bench.vault))
        wrong = "" if entry is None else await _commitments(entry, personal)
    except PartUnreadable as error:
        wrong = f"entry {receipt.index}: {error}"
    finally:
        await connection.close()
    if entry is None:
        words = f"entry {receipt.index} is gone, and its receipt is here"
        return Sighting(line=Line.HOLDER, words=words)
    try:
        policy = Policy(logs=tuple(bench.kept.public))
        receipt.verify(hash_leaf(entry.header), origin=bench.kept.origin, policy=policy)
    except DomainError as error:
        return Sighting(line=Line.HOLDER, words=f"entry {receipt.index}: {error}")
    return _refused(Line.HOLDER, wrong)


async def _commitments(entry: StoredEntry, personal: PersonalStore) -> str:
    """Compare the parts that the service shows with what the header commits to."""
    header = json.loads(entry.header)
    if commit_postings(entry.postings_key, entry.postings) != header["postings"]:
        return f"entry {entry.index}: the postings are not those that the header commits to"
    if entry.empty_personal_key is None:
        rows = await personal.rows(entry.index)
        if not rows:
            return f"entry {entry.index}: the personal part is gone"
        part = await personal.part(rows, commitment=header["personal"])
        shown = part is not None
    else:
        shown = commit_personal(entry.empty_personal_key, NO_PERSONAL) == header["personal"]
    if not shown:
        return f"entry {entry.index}: the personal part is not the one that the header commits to"
    return ""
