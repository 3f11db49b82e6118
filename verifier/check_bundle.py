"""Checks an audit bundle alone: one file, the standard library and `cryptography`, nothing of ours.

    python3 check_bundle.py BUNDLE.zip --key VKEY [--witness VKEY ... --needed N] [--old FILE]

VKEY is the public key of the log, or of a witness, which you got by another way than the bundle.
Nothing is fetched. Proved is: the checkpoint is signed by the log's key and by as many witnesses as
are needed; each entry is at its place in the log (its leaf and the hidden hashes lead to the root),
and with --old, the log only grew since a checkpoint you kept; the headers follow each other; what
is shown of a body is what its header commits to; where all bodies are shown, value only moved, went
nowhere below nought, and is the balances'. That no entry is missing is proved of everything and of
a period alone: whoever wrote the bundle of an account, trade or case may have left entries out.

The formats: RFC 6962 (hashes), c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature. A hidden
hash is the root of a perfect subtree beside the shown entries; which one follows from their indexes
and from `since`, which no subtree crosses. One line of JSON is printed; 0 if all holds, else 1.
"""

import argparse
import base64
import hashlib
import hmac
import io
import json
import os
import re
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "ecorights-audit-bundle/1"
MEMBERS = {"entries", "files", "format", "origin", "scope", "since", "size"}
SMALL, OTHERS = {"checkpoint", "policy", "VERIFY.md"}, {"hidden.txt", "balances.jsonl"}
ADDS_UP = {"everything", "account"}
BALANCE, NAMES = {"account", "instrument", "quantity"}, {"instrument", "currency"}
ENTRY = {part + end for part in ("personal", "postings") for end in ("", "_key", "_state")}
ENTRY |= {"header", "index", "leaf_hash"}
ENTRIES = "entries/%d.jsonl"
HASH, ED25519, COSIGNATURE, CHECKPOINT_ROWS, ENTRIES_PER_FILE = 32, 1, 4, 3, 65_536
SMALL_BYTES_MAX, LINE_BYTES_MAX, BUFFER_BYTES = 16_000_000, 16_000_000, 1 << 18
LAST_BELOW_NOUGHT, FEES, FIRST_OF_PARTIES = 2, 7, 100
SCOPE = re.compile(
    r"everything|(?:account|trade):[1-9][0-9]{0,17}|case:[^\x00-\x1f\"\\]{1,200}"
    r"|period:[0-9]{4}-[0-9]{2}-[0-9]{2}\.\.[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
HEADER = re.compile(
    r'","personal":"([0-9a-f]{64})","postings":"([0-9a-f]{64})","previous":"([0-9a-f]{64})",'
    r'"time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)","v":"1"}'
)
NO_ROOT, NOTHING = b"", (10**18, b"")
COMMITMENT = "eco-ledger/commit/v1\n{}/1\n"
TERMS = {
    "order_accepted": ("order", "account", "instrument"),
    "filled": ("buy", "sell", "ticks", "lots", "buyer_fee", "seller_fee"),
    "moved": ("source", "target", "quantity", "instrument"),
    "hold_placed": ("hold", "account", "instrument"),
    "hold_consumed": ("hold", "target", "quantity"),
    "book_opened": ("instrument", "currency"),
}
"""The effects that move value or say whose it is, and their terms; no other effect moves any."""

Did = tuple[Any, ...]  # by an effect: its entry's index, its kind, and its terms
Sized = tuple[int, bytes]  # a checkpoint's size and root; an entry's index and leaf hash


class Refused(Exception):
    """Something does not hold; the message says what."""


class Link(NamedTuple):
    """An entry's place in the chain of headers; ``previous`` is the leaf hash of the one before."""

    entry: int
    previous: str
    leaf: bytes
    time: str


def decode(text: str, what: str, size: int | None = None) -> bytes:
    """Read canonical base64."""
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(data).decode() != text or len(data) != (size or len(data)):
        raise Refused(f"{what} is not canonical base64 of {size or 'some'} bytes")
    return data


def number(text: object, what: str) -> int:
    """Read a decimal number without signs and leading zeros."""
    if not isinstance(text, str) or re.fullmatch("0|[1-9][0-9]{0,17}", text) is None:
        raise Refused(f"{what} is no number: {str(text)[:30]!r}")
    return int(text)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of a name that stands twice others might read the other value."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused(f"a name stands twice in {[name for name, _ in pairs][:20]}")
    return found


read_json = json.JSONDecoder(object_pairs_hook=once).decode


class Key:
    """A log's or a witness's public key: NAME+ID+BASE64."""

    def __init__(self, text: str, kind: int) -> None:
        self.name, _, rest = text.partition("+")
        key_id, _, data = rest.partition("+")
        raw = decode(data, "a key", 1 + HASH)
        own_id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        self.kind, self.who = kind, (self.name, own_id)
        if not self.name or raw[0] != kind or own_id.hex() != key_id:
            raise Refused(f"the key of {self.name!r} is of another kind, or its id is wrong")
        self.public = Ed25519PublicKey.from_public_bytes(raw[1:])


class Note:
    """A signed note: its text, and its signature lines: whose, and the signature."""

    def __init__(self, whole: bytes, what: str) -> None:
        text = whole.decode()
        body, blank, lines = text.rpartition("\n\n")
        if not blank or not lines.endswith("\n") or any(c < " " and c != "\n" for c in text):
            raise Refused(f"{what} is no signed note")
        self.what, self.text = what, body + "\n"
        self.lines: list[tuple[tuple[str, bytes], bytes]] = []
        for line in lines.removesuffix("\n").split("\n"):
            dash, name, data = (*line.split(" "), "", "")[:3]
            if dash != "\u2014" or not name or line.count(" ") != 2:  # noqa: PLR2004
                raise Refused(f"{line[:60]!r} is no signature")
            raw = decode(data, "a signature")
            self.lines.append(((name, raw[:4]), raw[4:]))

    def is_signed(self, key: Key) -> bool:
        """Tell whether a key signed or cosigned it; a signature that is wrong is refused."""
        signatures = [raw for who, raw in self.lines if who == key.who]
        for raw in signatures:
            signature, message = raw, self.text
            if key.kind == COSIGNATURE:
                seconds, signature = int.from_bytes(raw[:8], "big"), raw[8:]
                message = f"cosignature/v1\ntime {seconds}\n{self.text}"
            try:
                key.public.verify(signature, message.encode())
            except InvalidSignature:
                raise Refused(f"the signature of {key.name} does not verify") from None
        return bool(signatures)

    def open(self, key: Key) -> tuple[int, bytes]:
        """Return the size and root of a checkpoint that a log's key signed."""
        rows = self.text.split("\n")
        if not self.is_signed(key) or len(rows) <= CHECKPOINT_ROWS or rows[0] != key.name:
            raise Refused(f"{self.what} is not signed by the key of {key.name}")
        return number(rows[1], "the size"), decode(rows[2], "the root", HASH)


class Tree:
    """A tree that grows by perfect subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def append(self, value: bytes, leaves: int = 1) -> None:
        """Append a subtree of so many leaves."""
        place = self.size // leaves
        while place & 1:
            value = hashlib.sha256(b"\x01" + self._edge.pop() + value).digest()
            place >>= 1
        self._edge.append(value)
        self.size += leaves

    def fill(self, end: int, hidden: Iterator[bytes]) -> None:
        """Append what is hidden before ``end``."""
        while self.size < end:
            fits = 1 << ((end - self.size).bit_length() - 1)
            value = next(hidden, None)
            if value is None:
                raise Refused(f"the hash of what is hidden at {self.size} is missing")
            self.append(value, min(fits, self.size & -self.size) if self.size else fits)

    def root(self) -> bytes:
        """Return the root over everything."""
        root = self._edge[-1] if self._edge else b""
        for left in reversed(self._edge[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def lines_of(archive: zipfile.ZipFile, name: str, digests: dict[str, str]) -> Iterator[bytes]:
    """Iterate a file's lines; at its end its digest must be the manifest's."""
    digest = hashlib.sha256()
    with archive.open(name) as raw, io.BufferedReader(raw, BUFFER_BYTES) as lines:  # type: ignore[type-var]  # a zip's member has all that is read here
        while line := lines.readline(LINE_BYTES_MAX):
            digest.update(line)
            if line[-1:] != b"\n":
                raise Refused(f"a line of {name} has no end, or is too long")
            yield line
    if digest.hexdigest() != digests[name]:
        raise Refused(f"{name} is not what the manifest says")


def read_chunk(
    place: int, *, bundle: str, digests: dict[str, str], origin: str, needle: str
) -> tuple[list[Link], list[Did], int, int]:
    """Check one file of entries; also count the bodies withheld, and those with the needle."""
    links: list[Link] = []
    all_did: list[Did] = []
    withheld = naming = 0
    places = range(place * ENTRIES_PER_FILE, (place + 1) * ENTRIES_PER_FILE)
    start = json.dumps(origin, ensure_ascii=False)[:-1]
    with zipfile.ZipFile(bundle) as archive:
        for line in lines_of(archive, ENTRIES % place, digests):
            link, postings, did = read_entry(line, start)
            if link.entry not in places or (links and link.entry <= links[-1].entry):
                raise Refused(f"entry {link.entry} is out of order in {ENTRIES % place}")
            links.append(link)
            all_did += did
            withheld += postings is None
            naming += needle in (postings or "")
    return links, all_did, withheld, naming


def read_entry(line: bytes, origin: str) -> tuple[Link, str | None, list[Did]]:
    """Check one line; return its place and, if shown, its postings part and what it did."""
    try:
        shown = read_json(line.decode())
        index, header = number(shown["index"], "an index"), shown["header"]
        start = f'{{"index":"{index}","origin":{origin}'
        found = HEADER.fullmatch(header, len(start)) if header.startswith(start) else None
        if found is None or shown.keys() != ENTRY:
            raise Refused(f"entry {index} has no header of this log, or other members")
        leaf = hashlib.sha256(b"\x00" + header.encode())
        if shown["leaf_hash"] != leaf.hexdigest():
            raise Refused(f"entry {index} has another leaf hash")
        check_part(shown, "personal", found[1])
        postings = check_part(shown, "postings", found[2])
        did = [] if postings is None else did_of(index, json.loads(postings)["effects"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"a line of the entries cannot be read: {line[:80]!r} {error!r}") from None
    return Link(index, found[3], leaf.digest(), found[4]), postings, did


def check_part(shown: dict[str, Any], name: str, committed: str) -> str | None:
    """Check that a part that is shown is what its header commits to."""
    text, key, state = shown[name], shown[f"{name}_key"], shown[f"{name}_state"]
    unseen = {"withheld", "erased"} if name == "personal" else {"withheld"}
    states = unseen if text is None else {"empty" if text == "{}" else "shown"}
    if state not in states or (text is None) != (key is None):
        raise Refused(f"entry {shown['index']}: its {name} part is said to be {state!r}")
    if text is None:
        return None
    secret, message = bytes.fromhex(key), COMMITMENT.format(name) + text
    found = hmac.digest(secret, message.encode(), "sha256").hex()
    if len(secret) != HASH or secret.hex() != key or found != committed:
        raise Refused(f"entry {shown['index']}: its {name} part is not what was committed to")
    return str(text)


def did_of(index: int, effects: list[dict[str, str]]) -> list[Did]:
    """Return what an entry's effects did to value."""
    did: list[Did] = []
    for each in effects:
        kind = each["effect"]
        if kind in TERMS:
            terms = [sys.intern(each[t]) if t in NAMES else int(each[t]) for t in TERMS[kind]]
            did.append((index, kind, *terms))
    return did


class Books:
    """Everybody's balances, from nought; with ``only`` one account's, of whose entries it knows."""

    def __init__(self, only: int) -> None:
        self.only = only
        self.balances: dict[tuple[int, str], int] = defaultdict(int)
        self.known: dict[tuple[str, object], Did] = {}
        self._ways = {"filled": self._fill, "moved": self._move, "hold_consumed": self._consume}

    def take(self, did: Iterable[Did]) -> None:
        """Let it happen."""
        for index, kind, *terms in did:
            try:
                if kind in self._ways:
                    self._ways[kind](*terms)
                else:
                    self.known[kind, terms[0]] = tuple(terms[1:])
            except (KeyError, ValueError) as error:
                raise Refused(f"entry {index}: {kind} {terms} cannot happen: {error}") from None

    def _consume(self, hold: int, target: int, quantity: int) -> None:
        if ("hold_placed", hold) in self.known or self.only in {0, target}:
            account, instrument = self.known["hold_placed", hold]
            self._move(account, target, quantity, instrument)

    def _move(self, *terms: Any) -> None:
        source, target, quantity, instrument = terms
        if quantity <= 0:
            raise ValueError("a quantity that is not positive")
        self._post((target, instrument), quantity)
        self._post((source, instrument), -quantity)

    def _fill(self, *terms: int) -> None:
        buy, sell, ticks, lots, *fees = terms
        sides = [self.known.get(("order_accepted", order)) for order in (buy, sell)]
        known = [place for place in sides if place is not None]
        if not known and self.only not in {0, FEES}:
            return  # a fill of others in an entry of this account's
        if len(known) < (1 if self.only else 2) or known[0][1] != known[-1][1]:
            raise ValueError("an order is unknown, or of another instrument")
        if min(ticks, lots) <= 0 or min(fees) < 0:
            raise ValueError("a fill that is not positive")
        currency = self.known["book_opened", known[0][1]][0]
        for order, sign, fee in reversed([*zip(sides, (1, -1), fees, strict=True)]):
            if order is not None:
                self._post((order[0], currency), -sign * ticks * lots - fee)
                self._post((order[0], order[1]), sign * lots)
        self._post((FEES, currency), sum(fees))

    def _post(self, place: tuple[int, str], quantity: int) -> None:
        if self.only in {0, place[0]}:
            held = self.balances[place] = self.balances[place] + quantity
            if held < 0 and place[0] > LAST_BELOW_NOUGHT:
                raise ValueError(f"account {place[0]} would hold {held} {place[1]}")

    def check(self, lines: Iterable[bytes]) -> None:
        """Check that they are the bundle's balances, each once; effects took what they gave."""
        held = {place: str(quantity) for place, quantity in self.balances.items() if quantity}
        for line in lines:
            row = read_json(line.decode())
            found = held.pop((number(row["account"], "an account"), row["instrument"]), None)
            if row.keys() != BALANCE or found != row["quantity"]:
                raise Refused(f"the balance {row} is {found} by the entries")
        if held:
            raise Refused(f"account {min(held)[0]} holds something that is in no balance")


def check_manifest(archive: zipfile.ZipFile) -> tuple[dict[str, Any], dict[str, str]]:
    """Check that the files are those of the manifest; return it and their digests."""
    sizes = {each.filename: each.file_size for each in archive.infolist()}
    if any(sizes.get(name, 0) > SMALL_BYTES_MAX for name in {"manifest.json", *SMALL}):
        raise Refused("a file is too large")
    manifest = read_json(archive.read("manifest.json").decode())
    is_ours = manifest.keys() == MEMBERS and manifest["format"] == FORMAT
    if not is_ours or SCOPE.fullmatch(manifest["scope"]) is None:
        raise Refused(f"the manifest is not of format {FORMAT}, or its scope is none")
    digests = {each["name"]: each["sha256"] for each in manifest["files"]}
    names = ["manifest.json", *(each["name"] for each in manifest["files"])]
    if sorted(names) != sorted(archive.namelist()):
        raise Refused("the files are not those of the manifest, each once")
    return manifest, digests


class Total:
    """What all files of entries give together, one behind the other."""

    def __init__(self, scope: str) -> None:
        self.scope, (self.kind, _, self.name) = scope, scope.partition(":")
        self.entries = self.withheld = self.naming = self.gaps = 0
        self.first = self.last = Link(-1, "", bytes(HASH), "")
        self.books = Books(int(self.name or 0)) if self.kind in ADDS_UP else None

    def leaves(self, chunks: Iterable[tuple[list[Link], list[Did], int, int]]) -> Iterator[Sized]:
        """Take the files in, check that entries follow each other, and iterate their leaves."""
        for links, did, withheld, naming in chunks:
            for link in links:
                last, gap = self.last, link.entry - self.last.entry - 1
                apart = not gap and link.previous != last.leaf.hex()
                if link.time < last.time or (apart and link.entry):
                    raise Refused(f"entry {link.entry} does not follow the entry before it")
                self.books = None if apart else self.books  # it continues another log's balances
                self.gaps += gap > 0 and self.entries > 0
                self.first, self.last = (self.first if self.entries else link), link
                self.entries += 1
                yield link.entry, link.leaf
            self.withheld += withheld
            self.naming += naming
            if self.books is not None and not self.withheld:
                self.books.take(did)

    def is_whole(self, size: int) -> bool:
        """Check that the entries are the scope's, as far as they tell; tell if none is missing."""
        if self.kind in {"everything", "period"}:
            begin, _, end = self.name.partition("..")
            begins = self.first.entry == 0 or self.first.time[:10] < begin
            ends = self.last.entry == size - 1 or self.last.time[:10] > end > ""
            if self.gaps or not (begins and ends):
                raise Refused(f"an entry of {self.scope} may be missing")
            return True
        system = self.kind == "account" and int(self.name) < FIRST_OF_PARTIES
        if not (self.naming or self.withheld or system):
            raise Refused(f"nothing that is shown is of {self.scope}")
        return False


def check_places(shown: Iterator[Sized], hidden: Iterator[bytes], roots: list[Sized]) -> None:
    """Check that shown entries and hidden hashes are the trees with these roots."""
    tree = Tree()
    index, leaf = next(shown, NOTHING)
    for size, root in roots:
        while index < size:
            tree.fill(index, hidden)
            tree.append(leaf)
            index, leaf = next(shown, NOTHING)
        tree.fill(size, hidden)
        if root not in {NO_ROOT, tree.root()}:
            raise Refused(f"the entries do not lead to the root of the checkpoint of {size}")
    if leaf or next(hidden, None) is not None:
        raise Refused("there is more than the checkpoint covers")


def check(arguments: argparse.Namespace) -> dict[str, object]:
    """Check everything; return what is printed."""
    key = Key(arguments.key, ED25519)
    witnesses = [Key(text, COSIGNATURE) for text in arguments.witness]
    with zipfile.ZipFile(arguments.bundle) as archive:
        manifest, digests = check_manifest(archive)
        small = {name: b"".join(lines_of(archive, name, digests)) for name in sorted(SMALL)}
        note = Note(small["checkpoint"], "the checkpoint")
        roots = [note.open(key)]
        agreed = sorted({witness.name for witness in witnesses if note.is_signed(witness)})
        if len(agreed) < arguments.needed:
            raise Refused(f"cosigned by {agreed}, and {arguments.needed} are needed")
        if (manifest["origin"], manifest["size"]) != (key.name, str(roots[0][0])):
            raise Refused("the manifest is of another checkpoint")
        if arguments.old:
            roots.insert(0, Note(Path(arguments.old).read_bytes(), "the kept one").open(key))
            if str(roots[0][0]) != manifest["since"]:
                raise Refused(f"the kept checkpoint is of {roots[0][0]} entries: ask since then")
        elif manifest["since"] is not None:
            roots.insert(0, (number(manifest["since"], "since"), NO_ROOT))
        if roots[0][0] > roots[-1][0]:
            raise Refused("the checkpoint is older than the one it is to continue")
        kind, _, name = manifest["scope"].replace("case:", "reference:").partition(":")
        needle = f'"{kind}":{json.dumps(name, ensure_ascii=False)}'
        more = {"bundle": arguments.bundle, "digests": digests, "origin": key.name}
        read = partial(read_chunk, needle=needle, **more)
        files = [n for n in range(roots[-1][0] // ENTRIES_PER_FILE + 1) if ENTRIES % n in digests]
        needed = SMALL | {"hidden.txt"} | (OTHERS & digests.keys() if kind in ADDS_UP else set())
        if digests.keys() != needed.union(ENTRIES % n for n in files):
            raise Refused("a file is missing, or has no place in a bundle of this scope")
        total, lines = Total(manifest["scope"]), lines_of(archive, "hidden.txt", digests)
        hidden = (decode(line[:-1].decode(), "a hash", HASH) for line in lines)
        with ProcessPoolExecutor(arguments.processes) as pool:
            many = arguments.processes > 1 and len(files) > 1
            chunks = pool.map(read, files) if many else map(read, files)
            check_places(total.leaves(chunks), hidden, roots)
        if str(total.entries) != manifest["entries"]:
            raise Refused(f"{total.entries} entries, the manifest says {manifest['entries']}")
        whole = total.is_whole(roots[-1][0])
        sum_up = "not checked: the scope does not add up, or bodies are withheld"
        if total.books is not None and not total.withheld:
            total.books.check(lines_of(archive, "balances.jsonl", digests))
            sum_up = "hold" if whole else "hold, if no entry of the account is missing"
    others = {who for who, _ in note.lines} - {each.who for each in (key, *witnesses)}
    return {
        "origin": key.name,
        "scope": manifest["scope"],
        "size": roots[-1][0],
        "root": roots[-1][1].hex(),
        "entries": total.entries,
        "bodies_withheld": total.withheld,
        "complete": "proved" if whole else "not proved: entries may have been left out",
        "balances": sum_up,
        "cosigned_by": agreed,
        "grew_since": roots[0][0] if arguments.old else "not checked: no --old",
        "unknown_signatures": [f"{name}+{key_id.hex()}" for name, key_id in sorted(others)],
    }


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
    except Exception as error:  # noqa: BLE001  whatever a forged file does, it is refused in words
        found = {"ok": False, "reason": str(error) if type(error) is Refused else repr(error)}
    found["seconds"] = round(time.monotonic() - begin, 1)
    print(json.dumps(found))  # noqa: T201  this is a program
    sys.exit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
