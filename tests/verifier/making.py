"""Audit bundles made by hand: a small log whose key we hold, so that anything can be wrong."""

import base64
import contextlib
import hashlib
import importlib.util
import io
import json
import zipfile
from argparse import Namespace
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from ledger.entry import NO_PERSONAL, Chain, EntryBytes
from ledger.personal.disclosure import Disclosed, Sight, disclose
from ledger.personal.parts import PersonalPart
from ledger.store import StoredEntry
from ledger.transparency.checkpoint import Checkpoint, cosign
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.multiproof import hidden_parts
from ledger.transparency.note import COSIGNATURE, ED25519, SecretKey, sign_note
from tests.ledger.transparency.trees import naive_root

PROGRAM = Path(__file__).parents[2] / "verifier" / "check_bundle.py"
ORIGIN = "ledger.example/eco"
LOG = SecretKey(ORIGIN, bytes(range(32)))
CITY = SecretKey("witness.example/city", b"c" * 32, algorithm=COSIGNATURE)
BANK = SecretKey("witness.example/bank", b"b" * 32, algorithm=COSIGNATURE)
SIZE, SINCE = 40, 20
PART = (2, 5, 6, 9, 17, 18, 30)
ERASED = frozenset({7})
PERSONAL = frozenset({3, 7})
START, STEP = 1_700_000_000_000_000, 1_000_000

Effect = dict[str, str]
Files = dict[str, bytes]


def story() -> list[list[Effect]]:
    """What happens, entry by entry: issue, payment in, a trade with fees, a consumed hold."""
    done: dict[int, list[Effect]] = {
        1: [{"effect": "book_opened", "instrument": "CEA", "currency": "CNY"}],
        2: [moved("2", "100", "CNY", 50_000)],
        3: [moved("1", "101", "CEA", 300)],
        5: [{"effect": "order_accepted", "order": "1", "account": "101", "instrument": "CEA"}],
        6: [
            {"effect": "order_accepted", "order": "2", "account": "100", "instrument": "CEA"},
            {
                "effect": "filled",
                "trade": "1",
                "buy": "2",
                "sell": "1",
                "ticks": "70",
                "lots": "200",
                "buyer_fee": "14",
                "seller_fee": "7",
            },
        ],
        9: [{"effect": "hold_placed", "hold": "1", "account": "100", "instrument": "CEA"}],
        17: [{"effect": "hold_consumed", "hold": "1", "target": "3", "quantity": "50"}],
        18: [moved("101", "100", "CNY", 90)],
    }
    return [done.get(index, [{"effect": "noted", "text": f"n{index}"}]) for index in range(SIZE)]


def moved(source: str, target: str, instrument: str, quantity: int) -> Effect:
    terms = {"source": source, "target": target, "instrument": instrument}
    return {"effect": "moved", **terms, "quantity": str(quantity)}


BALANCES = {
    ("1", "CEA"): -300,
    ("2", "CNY"): -50_000,
    ("3", "CEA"): 50,
    ("7", "CNY"): 21,
    ("100", "CEA"): 150,
    ("100", "CNY"): 50_000 - 14_000 - 14 + 90,
    ("101", "CEA"): 100,
    ("101", "CNY"): 14_000 - 7 - 90,
}


class MadeLog:
    """Sealed entries, and everything that can be said of them."""

    def __init__(self, effects: Iterable[list[Effect]]) -> None:
        chain = Chain(origin=ORIGIN)
        self.entries = [
            seal(chain, index=index, effects=each) for index, each in enumerate(effects)
        ]
        self.size = len(self.entries)

    def leaves(self) -> list[bytes]:
        return [hash_leaf(each.header) for each in self.entries]

    def checkpoint(self, size: int, *keys: SecretKey) -> str:
        """Sign the checkpoint of a size; by the log's key where none is named."""
        root = naive_root(self.leaves()[:size])
        found = Checkpoint(ORIGIN, size, root)
        note = sign_note(
            found.text, [key for key in keys or (LOG,) if key.public.algorithm == ED25519]
        )
        witnesses = [key for key in keys if key.public.algorithm == COSIGNATURE]
        return note.with_lines(cosign(found, key, at=1_700_000_100) for key in witnesses).whole

    def files(
        self,
        shown: Collection[int],
        *,
        since: int = 0,
        withheld: Collection[int] = (),
        note: str | None = None,
        personal: bool = True,
    ) -> Files:
        """Return the files of a bundle that shows these entries."""
        lines = [
            msgspec.json.encode(
                disclosed(
                    self.entries[i], sight=Sight(postings=i not in withheld, personal=personal)
                )
            )
            for i in shown
        ]
        leaves = self.leaves()
        hidden = [
            base64.b64encode(naive_root(leaves[slice(*part)]))
            for part in hidden_parts(shown, size=self.size, since=since)
        ]
        return {
            "checkpoint": (note or self.checkpoint(self.size)).encode(),
            "policy": b"log " + LOG.public.text.encode() + b"\nquorum none\n",
            "VERIFY.md": b"How to check\n",
            "entries/0.jsonl": b"".join(each + b"\n" for each in lines),
            "hidden.txt": b"".join(each + b"\n" for each in hidden),
            "balances.jsonl": balance_lines(BALANCES),
        }


def seal(chain: Chain, *, index: int, effects: list[Effect]) -> EntryBytes:
    return chain.seal(
        index=index,
        at=START + index * STEP,
        postings=msgspec.json.encode({"actor": "X-1", "effects": effects}),
        personal=b'{"name":"\xe5\xbc\xa0\xe4\xb8\x89"}' if index in PERSONAL else NO_PERSONAL,
        keys=hashlib.sha512(str(index).encode()).digest(),
    )


def disclosed(entry: EntryBytes, *, sight: Sight) -> Disclosed:
    is_empty = entry.personal == NO_PERSONAL
    row = StoredEntry(
        index=entry.index,
        header=entry.header,
        postings=entry.postings,
        postings_key=entry.postings_key,
        empty_personal_key=entry.personal_key if is_empty else None,
    )
    part = PersonalPart(entry.personal_key, entry.personal)
    return disclose(row, part=part, erased=entry.index in ERASED, sight=sight)


def balance_lines(balances: Mapping[tuple[str, str], int]) -> bytes:
    rows = (
        {"account": account, "instrument": instrument, "quantity": str(quantity)}
        for (account, instrument), quantity in balances.items()
    )
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def pack(files: Files, /, *, method: int = zipfile.ZIP_DEFLATED, **said: Any) -> bytes:
    """Zip the files with a manifest that fits them, but for what is said otherwise.

    What does not add up has no balances.
    """
    if str(said.get("scope")).startswith(("trade:", "case:", "period:")):
        files = {name: content for name, content in files.items() if name != "balances.jsonl"}
    manifest: dict[str, Any] = {
        "entries": str(files["entries/0.jsonl"].count(b"\n")),
        "files": [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        ],
        "format": "ecorights-audit-bundle/1",
        "origin": ORIGIN,
        "scope": "everything",
        "since": None,
        "size": str(SIZE),
    }
    return zipped(files | {"manifest.json": msgspec.json.encode(manifest | said)}, method=method)


def zipped(files: Files, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return target.getvalue()


def unzipped(data: bytes) -> Files | None:
    """Return what Python reads in a zip, or nothing where it refuses to."""
    with contextlib.suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
    return None


def with_line(files: Files, line: int, **said: Any) -> Files:
    """Return the files with other words in one line of the entries."""
    lines = files["entries/0.jsonl"].splitlines(keepends=True)
    changed = json.loads(lines[line]) | said
    lines[line] = json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return files | {"entries/0.jsonl": b"".join(lines)}


def load_program() -> ModuleType:
    """Import the verifier of the command line, which is no module of ours."""
    spec = importlib.util.spec_from_file_location("check_bundle", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judge(program: ModuleType, path: Path, **said: Any) -> tuple[bool, str]:
    """Return what the verifier of the command line says of a bundle, and why."""
    terms = {"key": LOG.public.text, "witness": [], "needed": 0, "old": None, "processes": 1}
    faults = (program.Refused, OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError)
    try:
        program.check(Namespace(bundle=str(path), **(terms | said)))
    except faults as error:
        return False, str(error) or repr(error)
    return True, ""
