"""Checks our own anchors as an outsider would: tree, note, chain, time stamp; one line each.

The time stamp is checked offline, against the certificates that the operator trusts. Every check
runs, also after one that fails.
"""

from dataclasses import dataclass

import asyncpg

from gateway.anchoring.configuration import configured, has_library
from gateway.anchoring.contract import contract_of
from gateway.anchoring.running import read_trusted_file
from gateway.errors import CannotRun
from gateway.settings import Settings
from kernel.canonical import utc_text
from ledger.anchoring.anchor import Anchor, AnchorTrouble, Kind, State, hash_note
from ledger.anchoring.store import AnchorStore
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.growing import TreeBroken, root_at
from ledger.transparency.note import NoteRefused, parse_note
from ledger.transparency.store import log_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check of one anchor: what was looked at, and what was found."""

    kind: Kind
    size: int
    what: str
    ok: bool
    words: str

    def __str__(self) -> str:
        return (
            f"{'ok  ' if self.ok else 'BAD '} {self.kind} of {self.size}: {self.what}: {self.words}"
        )


async def check_anchors(settings: Settings, dsn: str, *, size: int | None) -> list[Checked]:
    """Check the anchors of a size, or the newest confirmed one of each kind; none finds nothing."""
    connection = await asyncpg.connect(dsn)
    try:
        found: list[Checked] = []
        for anchor in await _chosen(connection, size=size):
            found.append(_note(anchor))
            found.append(await _tree(connection, anchor))
            found += await _outside(settings, anchor)
        return found
    finally:
        await connection.close()


async def _chosen(connection: asyncpg.Connection, *, size: int | None) -> list[Anchor]:
    store = AnchorStore(connection)
    if size is not None:
        anchors = [await store.find(kind, size) for kind in Kind]
    else:
        origin = await connection.fetchval("SELECT origin FROM venue LIMIT 1")
        anchors = [await store.confirmed(kind, origin or "") for kind in Kind]
    return [each for each in anchors if each is not None]


def _note(anchor: Anchor) -> Checked:
    """The note says this log, size and root, and its hash is the one that was anchored."""
    try:
        said = Checkpoint.parse(parse_note(anchor.note).text)
    except NoteRefused as error:
        return _checked(anchor, "note", ok=False, words=f"unreadable: {error}")
    fits = (said.origin, said.size, said.root) == (anchor.origin, anchor.size, anchor.root)
    fits = fits and hash_note(anchor.note) == anchor.note_hash
    return _checked(anchor, "note", ok=fits, words=f"SHA-256 {hash_note(anchor.note).hex()}")


async def _tree(connection: asyncpg.Connection, anchor: Anchor) -> Checked:
    """The tiles that we serve lead to the root that was anchored."""
    log = await log_named(connection, anchor.origin)
    if log is None:
        return _checked(anchor, "tree", ok=False, words=f"there is no log {anchor.origin}")
    try:
        root = await root_at(log, anchor.size)
    except TreeBroken as error:
        return _checked(anchor, "tree", ok=False, words=str(error))
    return _checked(anchor, "tree", ok=root == anchor.root, words=f"root {root.hex()}")


async def _outside(settings: Settings, anchor: Anchor) -> list[Checked]:
    if anchor.state is not State.CONFIRMED:
        return [_checked(anchor, "state", ok=False, words=f"{anchor.state} {anchor.error}")]
    is_chain = anchor.kind is Kind.CHAIN
    what, check = ("chain", _on_chain) if is_chain else ("time stamp", _stamp)
    missing = _missing(settings, anchor.kind)
    if missing:
        return [_checked(anchor, what, ok=False, words=missing)]
    try:
        return await check(settings, anchor)
    except (CannotRun, AnchorTrouble) as error:
        return [_checked(anchor, what, ok=False, words=str(error))]


def _missing(settings: Settings, kind: Kind) -> str:
    """Return what checking needs and has not; no key is needed, and no authority's address."""
    needed = {
        Kind.CHAIN: settings.anchor_rpc and settings.anchor_contract,
        Kind.TIMESTAMP: settings.timestamp_ca,
    }
    if needed[kind] and has_library(kind):
        return ""
    return f"cannot be checked: {configured(settings, kind).advice}"


async def _on_chain(settings: Settings, anchor: Anchor) -> list[Checked]:
    async with contract_of(settings, address=settings.anchor_contract, secret=None) as contract:
        root = await contract.lookup(
            anchor.origin_hash, anchor.size, depth=settings.anchor_confirmations
        )
        noted = await contract.note_hash(anchor.origin_hash, anchor.size)
        place = await contract.place()
    words = f"{place} has {'nothing' if root is None else root.hex()}"
    found = [_checked(anchor, "chain", ok=root == anchor.root, words=words)]
    if noted is not None:
        fits = noted == anchor.note_hash
        found.append(_checked(anchor, "event", ok=fits, words=f"note {noted.hex()}"))
    return found


async def _stamp(settings: Settings, anchor: Anchor) -> list[Checked]:
    from ledger.anchoring import tokens

    trusted = tokens.read_trusted(read_trusted_file(settings))
    stamp = tokens.check_reply(anchor.token or b"", anchor.note_hash, None, trusted=trusted)
    words = f"{utc_text(stamp.at, digits=6)} by {stamp.authority}"
    return [_checked(anchor, "time stamp", ok=True, words=words)]


def _checked(anchor: Anchor, what: str, *, ok: bool, words: str) -> Checked:
    return Checked(kind=anchor.kind, size=anchor.size, what=what, ok=ok, words=words)
