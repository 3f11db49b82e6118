"""Checks a public log alone: one file, the standard library and `cryptography`, nothing of ours.

    python3 check_log.py SOURCE --key VKEY [--old FILE] [--receipt FILE]

SOURCE is the log's address, or a folder with its files. KEY is the log's public key, which you got
by another way than the log. It reads every entry, and proves: the checkpoint is signed by the key;
its root is that of the entries; every hash tile is what the entries give; the headers are one chain
of one origin without a gap. With --old, a checkpoint that you kept, also that the log only grew
since then; with --receipt, also that a receipt leads to the entry that it names.

The formats: RFC 6962 and RFC 9162 (hashes, proofs), c2sp.org/signed-note, tlog-checkpoint,
tlog-tiles, tlog-proof; the header is canonical JSON (RFC 8785) whose `previous` is the leaf hash of
the header before. It prints one line of JSON, and ends with 0 if everything holds, else with 1.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256
HASH = 32
ED25519 = 1
FIELDS = ["index", "origin", "personal", "postings", "previous", "time", "v"]
ANSWER_SECONDS = 30
CHECKPOINT_ROWS = 3
GROUP = 1000

Tile = tuple[int, int, bytes]
"""A tile's level, number and bytes."""
Kept = tuple[int, bytes, str]
"""A size and root that somebody kept, and what it was."""


class Refused(Exception):
    """Something does not hold; the message says what."""


def leaf(data: bytes) -> bytes:
    """Return the hash of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def decode(text: str, what: str) -> bytes:
    """Read canonical base64."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Refused(f"{what} is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Refused(f"{what} is not canonical base64")
    return data


def number(text: str, what: str) -> int:
    """Read a decimal number without signs and leading zeros."""
    if not (text.isascii() and text.isdigit()) or str(int(text[:20])) != text:
        raise Refused(f"{what} is no number: {text[:30]!r}")
    return int(text)


class Source:
    """A log's files, below an address or in a folder."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        self.remote = place.startswith(("http://", "https://"))

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        if not self.remote:
            try:
                return (Path(self.place) / path).read_bytes()
            except OSError as error:
                raise Refused(f"{path} is missing: {error.strerror}") from None
        try:
            with urllib.request.urlopen(f"{self.place}/{path}", timeout=ANSWER_SECONDS) as answer:  # noqa: S310  the caller's own address
                return bytes(answer.read())
        except (urllib.error.URLError, OSError) as error:
            raise Refused(f"{path} cannot be read: {error}") from None


class Key:
    """A log's public key: NAME+ID+BASE64."""

    def __init__(self, text: str) -> None:
        self.name, _, rest = text.partition("+")
        key_id, _, data = rest.partition("+")
        raw = decode(data, "the key")
        if not self.name or len(raw) != 1 + HASH or raw[0] != ED25519:
            raise Refused("the key is no Ed25519 log key")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if self.id.hex() != key_id:
            raise Refused("the key's id is not that of its bytes")
        self.public = Ed25519PublicKey.from_public_bytes(raw[1:])
        self.others: set[str] = set()

    def open(self, whole: bytes) -> tuple[int, bytes]:
        """Return the size and root of a checkpoint that this key signed."""
        try:
            text = whole.decode()
        except UnicodeDecodeError:
            raise Refused("the checkpoint is not UTF-8") from None
        if any(each < " " and each != "\n" for each in text):
            raise Refused("the checkpoint has control characters")
        body, blank, lines = text.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise Refused("the checkpoint is no signed note")
        body += "\n"
        self._verify(body, lines.removesuffix("\n").split("\n"))
        rows = body.removesuffix("\n").split("\n")
        if len(rows) < CHECKPOINT_ROWS or rows[0] != self.name:
            raise Refused(f"the checkpoint is of {rows[0]!r}, the key of {self.name!r}")
        root = decode(rows[2], "the root")
        if len(root) != HASH:
            raise Refused("the root is not of 32 bytes")
        return number(rows[1], "the size"), root

    def _verify(self, body: str, lines: list[str]) -> None:
        signed = False
        for line in lines:
            dash, _, rest = line.partition(" ")
            name, _, data = rest.partition(" ")
            if dash != "\u2014" or not name or " " in data:
                raise Refused(f"{line[:60]!r} is no signature")
            raw = decode(data, "a signature")
            if name != self.name or raw[:4] != self.id:
                self.others.add(f"{name}+{raw[:4].hex()}")
                continue
            try:
                self.public.verify(raw[4:], body.encode())
            except InvalidSignature:
                raise Refused("the log's signature does not verify") from None
            signed = True
        if not signed:
            raise Refused("the checkpoint is not signed by the key")


class Tree:
    """A growing tree, its perfect subtrees' roots, and the tiles that it fills."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []
        self.levels: list[tuple[int, list[bytes]]] = []

    def append(self, value: bytes) -> list[Tile]:
        """Append a leaf hash; return the (level, number, bytes) of tiles that are full now."""
        top, size = value, self.size
        while size & 1:
            top = node(self.edge.pop(), top)
            size >>= 1
        self.edge.append(top)
        self.size += 1
        return self._fill(0, value)

    def _fill(self, level: int, value: bytes) -> list[Tile]:
        if level == len(self.levels):
            self.levels.append((0, []))
        place, hashes = self.levels[level]
        hashes.append(value)
        if len(hashes) < WIDTH:
            return []
        full = (level, place, b"".join(hashes))
        self.levels[level] = (place + 1, [])
        while len(hashes) > 1:
            hashes = [node(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
        return [full, *self._fill(level + 1, hashes[0])]

    def partial(self) -> list[Tile]:
        """Return the (level, number, bytes) of the tiles that are not full."""
        found = enumerate(self.levels)
        return [(level, tile[0], b"".join(tile[1])) for level, tile in found if tile[1]]

    def root(self) -> bytes:
        """Return the root over everything that was appended."""
        if not self.edge:
            return hashlib.sha256().digest()
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = node(left, root)
        return root


def path_of(kind: object, index: int, width: int) -> str:
    """Return the path of a tile or bundle."""
    groups = [f"{index % GROUP:03d}"]
    while index >= GROUP:
        index //= GROUP
        groups.insert(0, f"x{index % GROUP:03d}")
    tail = "" if width == WIDTH else f".p/{width}"
    return f"tile/{kind}/{'/'.join(groups)}{tail}"


def entries_of(source: Source, size: int) -> Iterator[bytes]:
    """Iterate the entries of a log of a size."""
    for first in range(0, size, WIDTH):
        width = min(WIDTH, size - first)
        path = path_of("entries", first // WIDTH, width)
        data = source.read(path)
        at = 0
        for _ in range(width):
            begin = at + 2
            at = begin + int.from_bytes(data[at:begin], "big")
            if begin > len(data) or at > len(data):
                raise Refused(f"{path} ends in the middle of an entry")
            yield data[begin:at]
        if at != len(data):
            raise Refused(f"{path} has more than its {width} entries")


def check_header(data: bytes, index: int, *, origin: str, previous: str) -> None:
    """Check one header: its form, its place, its log, and the header before it."""
    try:
        header = json.loads(data.decode())
    except ValueError:
        raise Refused(f"entry {index} is no JSON") from None
    if not isinstance(header, dict) or list(header) != FIELDS:
        raise Refused(f"entry {index} has not the fields of a header")
    if not all(isinstance(value, str) for value in header.values()):
        raise Refused(f"entry {index} has a value that is no text")
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    if text.encode() != data:
        raise Refused(f"entry {index} is not canonical")
    if (header["index"], header["origin"], header["v"]) != (str(index), origin, "1"):
        raise Refused(f"entry {index} says that it is {header['index']} of {header['origin']}")
    if index and header["previous"] != previous:
        raise Refused(f"entry {index} does not follow the entry before it")


def check_tile(source: Source, tile: Tile) -> None:
    """Check that a served tile is what the entries give."""
    level, index, data = tile
    path = path_of(level, index, len(data) // HASH)
    if source.read(path) != data:
        raise Refused(f"{path} is not what the entries give")


def check_inclusion(
    index: int, size: int, *, value: bytes, proof: list[bytes], root: bytes
) -> None:
    """Check that a leaf hash is in a tree (RFC 9162, 2.1.3.2)."""
    if index >= size:
        raise Refused(f"entry {index} is not in a tree of {size}")
    here, last = index, size - 1
    for each in proof:
        if len(each) != HASH or last == 0:
            raise Refused("the receipt's proof has a wrong length")
        if here % 2 or here == last:
            value = node(each, value)
            while not here % 2 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node(value, each)
        here, last = here >> 1, last >> 1
    if last or value != root:
        raise Refused("the receipt's proof does not lead to its checkpoint")


class Receipt:
    """A c2sp.org/tlog-proof file."""

    def __init__(self, whole: bytes, key: Key) -> None:
        head, blank, checkpoint = whole.decode(errors="replace").partition("\n\n")
        rows = head.split("\n")
        if not blank or rows[0] != "c2sp.org/tlog-proof@v1":
            raise Refused("the receipt is none")
        if len(rows) > 1 and rows[1].startswith("extra "):
            del rows[1]
        if len(rows) <= 1 or not rows[1].startswith("index "):
            raise Refused("the receipt has no index")
        self.index = number(rows[1].removeprefix("index "), "the receipt's index")
        self.proof = [decode(row, "a node of the receipt") for row in rows[2:]]
        self.size, self.root = key.open(checkpoint.encode())

    def check(self, value: bytes) -> None:
        """Check that it proves the entry with this leaf hash."""
        check_inclusion(self.index, self.size, value=value, proof=self.proof, root=self.root)


def check(arguments: argparse.Namespace) -> dict[str, object]:
    """Check everything; return what is printed."""
    key, source = Key(arguments.key), Source(arguments.source)
    size, root = key.open(source.read("checkpoint"))
    receipt = Receipt(Path(arguments.receipt).read_bytes(), key) if arguments.receipt else None
    kept = kept_of(arguments.old, key, receipt)
    for its, _, what in kept:
        if its > size:
            raise Refused(f"{what} is of {its} entries, the log has only {size}")
    tree, previous = Tree(), "0" * 64
    pass_through(kept, tree)
    for index, data in enumerate(entries_of(source, size)):
        check_header(data, index, origin=key.name, previous=previous)
        value = leaf(data)
        previous = value.hex()
        for full in tree.append(value):
            check_tile(source, full)
        pass_through(kept, tree)
        if receipt is not None and index == receipt.index:
            receipt.check(value)
    for partial in tree.partial():
        check_tile(source, partial)
    if tree.root() != root:
        raise Refused("the checkpoint's root is not that of the entries")
    if receipt is not None and receipt.index >= size:
        raise Refused(f"the log has no entry {receipt.index}")
    found: dict[str, object] = {"origin": key.name, "size": size, "root": root.hex()}
    return found | {"head": previous, "unknown_signatures": sorted(key.others)}


def kept_of(old: str | None, key: Key, receipt: Receipt | None) -> list[Kept]:
    """Return what the growing tree must pass through."""
    kept: list[Kept] = []
    if old:
        kept.append((*key.open(Path(old).read_bytes()), "the checkpoint that was kept"))
    if receipt is not None:
        kept.append((receipt.size, receipt.root, "the receipt's checkpoint"))
    return kept


def pass_through(kept: list[Kept], tree: Tree) -> None:
    """Compare the tree with what was kept of its size."""
    for size, root, what in kept:
        if size == tree.size and tree.root() != root:
            raise Refused(f"{what} is of another log: its root is not that of {size} entries")


def main() -> None:
    """Check, print, and end with the verdict."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("source", help="the log's address, or a folder with its files")
    parser.add_argument("--key", required=True, help="the log's public key: NAME+ID+BASE64")
    parser.add_argument("--old", help="a checkpoint that you kept")
    parser.add_argument("--receipt", help="a receipt of an entry")
    begin = time.monotonic()
    try:
        found = {"ok": True, **check(parser.parse_args())}
    except (Refused, OSError) as error:
        found = {"ok": False, "reason": str(error)}
    found["seconds"] = round(time.monotonic() - begin, 1)
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201  this is a program
    sys.exit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
