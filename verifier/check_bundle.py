"""Checks an audit bundle alone: one file, the standard library and `cryptography`, nothing of ours.

    python3 check_bundle.py BUNDLE.zip --key VKEY [--witness VKEY ... --needed N] [--old FILE]

VKEY is the public key of the log, or of a witness, which you got by another way than the bundle.
Nothing is fetched. It proves, in this order: the files are those of the manifest; the checkpoint is
signed by the log's key and by as many of the witnesses as are needed; each entry is at its place in
the log (its leaf and the hidden hashes lead to the root), and with --old, that the log only grew
since a checkpoint you kept; the headers follow each other; what is shown of a body is what its
header commits to; and where all bodies of a scope are shown, that value only moved, went nowhere
below nought, and adds up to the balances.

The formats: RFC 6962 (hashes), c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature. A hidden
hash is the root of a perfect subtree beside the shown entries; which one follows from their indexes
and from `since`, which no subtree crosses. It prints one line of JSON, and ends with 0 if
everything holds, else with 1.
"""

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import os
import re
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "ecorights-audit-bundle/1"
HASH = 32
ED25519, COSIGNATURE = 1, 4
CHECKPOINT_ROWS = 3
FIRST_PREVIOUS = "0" * 64
LINE_BYTES_MAX = 16_000_000
FEES, LAST_BELOW_NOUGHT = "7", 2
HEADER = re.compile(
    r'","personal":"([0-9a-f]{64})","postings":"([0-9a-f]{64})","previous":"([0-9a-f]{64})",'
    r'"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)","v":"1"}'
)
POSTINGS = b"eco-ledger/commit/v1\npostings/1\n"
PERSONAL = b"eco-ledger/commit/v1\npersonal/1\n"

Part = tuple[int, int, bytes]
"""The first leaf, the number of leaves and the hash of a perfect subtree."""
Operation = tuple[str, ...]
"""What one effect did to value: its kind and its terms."""
Root = tuple[int, bytes]
Border = tuple[int, bytes | None]
"""A checkpoint's size and root; where there is no root it only divides what is hidden."""


class Refused(Exception):
    """Something does not hold; the message says what."""


class Run(NamedTuple):
    """Entries without a gap: what the first says of the one before, and the last entry's leaf."""

    first: int
    previous: str
    begun: str
    last: int
    leaf: str
    ended: str

    def join(self, later: "Run") -> "Run":
        """Check that a run follows this one, and return both as one."""
        if later.previous != self.leaf or later.begun < self.ended:
            raise Refused(f"entry {later.first} does not follow the entry before it")
        return Run(*self[:3], *later[3:])


class Chunk(NamedTuple):
    """What one file of entries gave."""

    digest: str
    entries: int
    withheld: int
    parts: list[Part]
    runs: list[Run]
    operations: list[tuple[int, Operation]]


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def decode(text: str, what: str, size: int | None = None) -> bytes:
    """Read canonical base64."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Refused(f"{what} is not base64") from None
    if base64.b64encode(data).decode() != text or len(data) != (size or len(data)):
        raise Refused(f"{what} is not canonical base64 of {size or 'some'} bytes")
    return data


def number(text: object, what: str) -> int:
    """Read a decimal number without signs and leading zeros."""
    if not isinstance(text, str) or re.fullmatch("0|[1-9][0-9]{0,18}", text, re.ASCII) is None:
        raise Refused(f"{what} is no number: {str(text)[:30]!r}")
    return int(text)


class Key:
    """A log's or a witness's public key: NAME+ID+BASE64."""

    def __init__(self, text: str, kind: int) -> None:
        self.name, _, rest = text.partition("+")
        key_id, _, data = rest.partition("+")
        raw = decode(data, "a key", 1 + HASH)
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if not self.name or raw[0] != kind or self.id.hex() != key_id:
            raise Refused(f"the key of {self.name!r} is of another kind, or its id is wrong")
        self.public = Ed25519PublicKey.from_public_bytes(raw[1:])

    def verify(self, signature: bytes, message: str) -> None:
        """Check a signature."""
        try:
            self.public.verify(signature, message.encode())
        except InvalidSignature:
            raise Refused(f"the signature of {self.name} does not verify") from None


class Note:
    """A signed note: its text, and its signature lines as (name, key id, signature)."""

    def __init__(self, whole: bytes, what: str) -> None:
        text = whole.decode()
        if any(each < " " and each != "\n" for each in text):
            raise Refused(f"{what} has control characters")
        body, blank, lines = text.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise Refused(f"{what} is no signed note")
        self.what, self.text = what, body + "\n"
        self.lines: list[tuple[str, bytes, bytes]] = []
        for line in lines.removesuffix("\n").split("\n"):
            dash, _, rest = line.partition(" ")
            name, _, data = rest.partition(" ")
            if dash != "\u2014" or not name or " " in data:
                raise Refused(f"{line[:60]!r} is no signature")
            raw = decode(data, "a signature")
            self.lines.append((name, raw[:4], raw[4:]))

    def signatures(self, key: Key) -> list[bytes]:
        """Return the signatures that say to be a key's."""
        return [data for name, key_id, data in self.lines if (name, key_id) == (key.name, key.id)]

    def open(self, key: Key) -> Root:
        """Return the size and root of a checkpoint that a log's key signed."""
        for each in self.signatures(key):
            key.verify(each, self.text)
        if not self.signatures(key):
            raise Refused(f"{self.what} is not signed by the key")
        rows = self.text.removesuffix("\n").split("\n")
        if len(rows) < CHECKPOINT_ROWS or rows[0] != key.name:
            raise Refused(f"{self.what} is not of {key.name}")
        return number(rows[1], "the size"), decode(rows[2], "the root", HASH)

    def is_cosigned(self, key: Key) -> bool:
        """Tell whether a witness cosigned it; a line that is wrong is refused."""
        for each in self.signatures(key):
            seconds = int.from_bytes(each[:8], "big")
            key.verify(each[8:], f"cosignature/v1\ntime {seconds}\n{self.text}")
        return bool(self.signatures(key))


class Tree:
    """A tree that grows by perfect subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []

    def append(self, value: bytes, leaves: int = 1) -> None:
        """Append a subtree of so many leaves."""
        place = self.size // leaves
        while place & 1:
            value = node(self.edge.pop(), value)
            place >>= 1
        self.edge.append(value)
        self.size += leaves

    def fill(self, end: int, hidden: Iterator[bytes]) -> None:
        """Append what is hidden before ``end``."""
        while self.size < end:
            fits = 1 << ((end - self.size).bit_length() - 1)
            leaves = min(fits, self.size & -self.size) if self.size else fits
            value = next(hidden, None)
            if value is None:
                raise Refused(f"the hash of what is hidden at {self.size} is missing")
            self.append(value, leaves)

    def root(self) -> bytes:
        """Return the root over everything."""
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = node(left, root)
        return root


def read_chunk(name: str, *, bundle: str, origin: str, since: int) -> Chunk:
    """Check one file of entries by itself."""
    digest = hashlib.sha256()
    parts: list[Part] = []
    runs: list[Run] = []
    operations: list[tuple[int, Operation]] = []
    entries = withheld = 0
    start = json.dumps(origin, ensure_ascii=False)[:-1]
    with zipfile.ZipFile(bundle) as archive, archive.open(name) as lines:
        while line := lines.readline(LINE_BYTES_MAX):
            digest.update(line)
            run, did = read_entry(line, start)
            entries += 1
            withheld += did is None
            operations += [(run.first, each) for each in did or ()]
            if runs and runs[-1].last + 1 == run.first:
                run = runs.pop().join(run)
            runs.append(run)
            parts.append((run.last, 1, bytes.fromhex(run.leaf)))
            merge(parts, since)
    return Chunk(digest.hexdigest(), entries, withheld, parts, runs, operations)


def merge(parts: list[Part], since: int) -> None:
    """Replace subtrees that are two halves by their whole, unless that would cross ``since``."""
    while len(parts) > 1:
        (begin, leaves, left), (middle, others, right) = parts[-2:]
        apart = leaves != others or begin + leaves != middle or begin % (2 * leaves)
        if apart or begin < since < begin + 2 * leaves:
            return
        parts[-2:] = [(begin, 2 * leaves, node(left, right))]


def read_entry(line: bytes, origin: str) -> tuple[Run, list[Operation] | None]:
    """Check one line; return its place, and what it did, if that is shown."""
    try:
        shown = json.loads(line)
        index, header = number(shown["index"], "an index"), shown["header"]
        start = f'{{"index":"{index}","origin":{origin}'
        found = HEADER.fullmatch(header, len(start)) if header.startswith(start) else None
        leaf = hashlib.sha256(b"\x00" + header.encode()).hexdigest()
        if found is None or shown["leaf_hash"] != leaf:
            raise Refused(f"entry {index} has no header of this log, or not its leaf hash")
        check_part(shown, "personal", PERSONAL + found[1].encode())
        postings = check_part(shown, "postings", POSTINGS + found[2].encode())
        did = None if postings is None else operations_of(json.loads(postings)["effects"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"a line of the entries cannot be read: {line[:80]!r} {error!r}") from None
    return Run(index, found[3], found[4], index, leaf, found[4]), did


def check_part(shown: dict[str, Any], name: str, expected: bytes) -> str | None:
    """Check that a part that is shown is what its header commits to."""
    text, key, state = shown[name], shown[f"{name}_key"], shown[f"{name}_state"]
    if state in {"withheld", "erased"} and text is None and key is None:
        return None
    if state not in {"shown", "empty"} or (state == "empty" and text != "{}"):
        raise Refused(f"entry {shown['index']}: its {name} part is {state!r}, and is not")
    prefix, commitment = expected[: -2 * HASH], expected[-2 * HASH :].decode()
    found = hmac.digest(bytes.fromhex(key), prefix + text.encode(), "sha256").hex()
    if len(key) != 2 * HASH or found != commitment:
        raise Refused(f"entry {shown['index']}: its {name} part is not what was committed to")
    return str(text)


TERMS = {
    "book_opened": ("instrument", "currency"),
    "order_accepted": ("order", "account", "instrument"),
    "hold_placed": ("hold", "account", "instrument"),
    "moved": ("source", "target", "instrument", "quantity"),
    "hold_consumed": ("hold", "target", "quantity"),
    "filled": ("buy", "sell", "ticks", "lots", "buyer_fee", "seller_fee"),
}
"""The effects that move value or say whose it is, and their terms; no other effect moves any."""


def operations_of(effects: list[dict[str, str]]) -> list[Operation]:
    """Return what effects did to value."""
    return [
        (each["effect"], *(each[term] for term in TERMS[each["effect"]]))
        for each in effects
        if each["effect"] in TERMS
    ]


class Books:
    """Everybody's balances, from nought. ``only`` knows one account's entries, not the others'."""

    def __init__(self, only: str | None) -> None:
        self.only = only
        self.balances: dict[tuple[str, str], int] = defaultdict(int)
        self.known: dict[tuple[str, str], tuple[str, ...]] = {}

    def take(self, index: int, operation: Operation) -> None:
        """Let one effect happen."""
        kind, name, *terms = operation
        try:
            if kind == "moved":
                self._move(name, *terms)
            elif kind == "hold_consumed":
                target, quantity = terms
                account, instrument = self._find("hold_placed", name) or (target, "")
                self._move(account, target, instrument, quantity)
            elif kind == "filled":
                self._fill(self._find("order_accepted", name), *terms)
            else:
                self.known[kind, name] = tuple(terms)
        except (KeyError, ValueError) as error:
            raise Refused(f"entry {index}: {operation} cannot happen: {error}") from None

    def _find(self, kind: str, name: str) -> tuple[str, ...] | None:
        """Return whose an order or hold is; another's may be unknown to one account's entries."""
        found = self.known.get((kind, name))
        if found is None and self.only is None:
            raise ValueError(f"nothing is known of {name}")
        return found

    def _move(self, source: str, *terms: str) -> None:
        target, instrument, quantity = terms
        if int(quantity) <= 0:
            raise ValueError("a quantity that is not positive")
        self._post(target, instrument, int(quantity))
        self._post(source, instrument, -int(quantity))

    def _fill(self, buyer: tuple[str, ...] | None, *terms: str) -> None:
        seller = self._find("order_accepted", terms[0])
        ticks, lots, buyer_fee, seller_fee = map(int, terms[1:])
        if min(ticks, lots) <= 0 or min(buyer_fee, seller_fee) < 0:
            raise ValueError("a fill that is not positive")
        instrument = (buyer or seller or ("", ""))[1]
        currency = self.known["book_opened", instrument][0]
        for order, sign, fee in ((seller, -1, seller_fee), (buyer, 1, buyer_fee)):
            if order is not None:
                self._post(order[0], currency, -sign * ticks * lots - fee)
                self._post(order[0], instrument, sign * lots)
            self._post(FEES, currency, fee)

    def _post(self, account: str, instrument: str, quantity: int) -> None:
        if self.only is not None and account != self.only:
            return
        place = (account, instrument)
        self.balances[place] += quantity
        if self.balances[place] < 0 and int(account) > LAST_BELOW_NOUGHT:
            raise ValueError(f"account {account} would hold {self.balances[place]} {instrument}")

    def check(self, lines: bytes) -> None:
        """Check that they are the bundle's balances; each effect took what it gave."""
        rows = map(json.loads, lines.splitlines())
        said = {(row["account"], row["instrument"]): int(row["quantity"]) for row in rows}
        held = {place: lots for place, lots in self.balances.items() if lots}
        for place in sorted(said.keys() | held.keys()):
            if said.get(place, 0) != held.get(place, 0):
                words = f"{held.get(place, 0)} by the entries, {said.get(place, 0)} by the balances"
                raise Refused(f"account {place[0]} holds {place[1]}: {words}")


def check(arguments: argparse.Namespace) -> dict[str, object]:
    """Check everything; return what is printed."""
    key = Key(arguments.key, ED25519)
    with zipfile.ZipFile(arguments.bundle) as archive:
        manifest, files, chunks = check_files(archive, arguments)
    note = Note(files["checkpoint"], "the checkpoint")
    size, root = note.open(key)
    witnesses = [Key(text, COSIGNATURE) for text in arguments.witness]
    agreed = sorted({witness.name for witness in witnesses if note.is_cosigned(witness)})
    if len(agreed) < arguments.needed:
        raise Refused(f"cosigned by {agreed}, and {arguments.needed} are needed")
    if (manifest["origin"], manifest["size"]) != (key.name, str(size)):
        raise Refused("the manifest is of another checkpoint")
    roots: list[Border] = [(size, root)]
    if arguments.old:
        roots.insert(0, Note(Path(arguments.old).read_bytes(), "the kept checkpoint").open(key))
        if str(roots[0][0]) != manifest["since"]:
            raise Refused(f"the kept checkpoint is of {roots[0][0]} entries: ask for that `since`")
    elif manifest["since"]:
        roots.insert(0, (number(manifest["since"], "since"), None))
    check_places(chunks, files["hidden.txt"].decode().splitlines(), roots)
    check_chain([run for chunk in chunks for run in chunk.runs])
    entries = sum(each.entries for each in chunks)
    said = str(size) if manifest["scope"] == "everything" else manifest["entries"]
    if not str(entries) == manifest["entries"] == said:
        raise Refused(f"{entries} entries, and by the manifest there are {said}")
    known = {key.name, *(witness.name for witness in witnesses)}
    return {
        "origin": key.name,
        "scope": manifest["scope"],
        "size": size,
        "root": root.hex(),
        "entries": entries,
        "bodies_withheld": sum(each.withheld for each in chunks),
        "balances": check_value(manifest["scope"], chunks, files),
        "cosigned_by": agreed,
        "grew_since": roots[0][0] if arguments.old else "not checked: no --old",
        "unknown_signatures": sorted({name for name, _, _ in note.lines} - known),
    }


def check_files(
    archive: zipfile.ZipFile, arguments: argparse.Namespace
) -> tuple[dict[str, Any], dict[str, bytes], list[Chunk]]:
    """Check that the files are those of the manifest; return it, the small ones and the entries."""
    manifest = json.loads(archive.read("manifest.json"))
    if manifest.get("format") != FORMAT:
        raise Refused(f"the bundle is not of format {FORMAT}")
    digests = {each["name"]: each["sha256"] for each in manifest["files"]}
    if sorted([*digests, "manifest.json"]) != sorted(archive.namelist()):
        raise Refused("the files are not those of the manifest")
    names = [name for name in digests if name.startswith("entries/")]
    names.sort(key=lambda name: number(name[8:].removesuffix(".jsonl"), "a file's number"))
    since = number(manifest["since"] or "0", "since")
    read = partial(read_chunk, bundle=arguments.bundle, origin=manifest["origin"], since=since)
    if arguments.processes > 1 and len(names) > 1:
        with ProcessPoolExecutor(min(arguments.processes, len(names))) as pool:
            chunks = list(pool.map(read, names))
    else:
        chunks = list(map(read, names))
    files = {name: archive.read(name) for name in digests.keys() - set(names)}
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    found |= {name: chunk.digest for name, chunk in zip(names, chunks, strict=True)}
    if found != digests:
        raise Refused(f"{dict(found.items() - digests.items())} is not what the manifest says")
    return manifest, files, chunks


def check_places(chunks: list[Chunk], hidden: list[str], roots: list[Border]) -> None:
    """Check that shown entries and hidden hashes are the trees with these roots."""
    tree, rest = Tree(), (decode(line, "a hash", HASH) for line in hidden)
    parts = [part for chunk in chunks for part in chunk.parts][::-1]
    for size, root in roots:
        while parts and parts[-1][0] < size:
            begin, leaves, value = parts.pop()
            if begin < tree.size or begin + leaves > size:
                raise Refused(f"entry {begin} is out of order")
            tree.fill(begin, rest)
            tree.append(value, leaves)
        tree.fill(size, rest)
        if root is not None and (not size or tree.root() != root):
            raise Refused(f"the entries do not lead to the root of the checkpoint of {size}")
    if parts or next(rest, None) is not None:
        raise Refused("there is more than the checkpoint covers")


def check_chain(runs: list[Run]) -> None:
    """Check that entries follow each other, and that time does not go back."""
    for earlier, later in itertools.pairwise(runs):
        if earlier.last + 1 == later.first:
            earlier.join(later)
        if later.begun < earlier.ended:
            raise Refused(f"entry {later.first} is earlier than an entry before it")
    if runs and runs[0].first == 0 and runs[0].previous != FIRST_PREVIOUS:
        raise Refused("entry 0 follows an entry")


def check_value(scope: str, chunks: list[Chunk], files: dict[str, bytes]) -> str:
    """Check that value only moved, where the scope tells all of it."""
    kind, _, name = scope.partition(":")
    if kind not in {"everything", "account"} or any(chunk.withheld for chunk in chunks):
        return "not checked: the scope does not add up, or bodies are withheld"
    books = Books(name or None)
    for index, operation in (pair for chunk in chunks for pair in chunk.operations):
        books.take(index, operation)
    books.check(files["balances.jsonl"])
    return "hold"


def main() -> None:
    """Check, print, and end with the verdict."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", help="the bundle's zip file")
    parser.add_argument("--key", required=True, help="the log's public key: NAME+ID+BASE64")
    parser.add_argument("--witness", action="append", default=[], help="a witness's public key")
    parser.add_argument("--needed", type=int, default=0, help="how many of them must cosign")
    parser.add_argument("--old", help="a checkpoint that you kept")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    begin = time.monotonic()
    try:
        found = {"ok": True, **check(parser.parse_args())}
    except (Refused, OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        found = {"ok": False, "reason": str(error) or repr(error)}
    found["seconds"] = round(time.monotonic() - begin, 1)
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201  this is a program
    sys.exit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
