"""The audit bundle: one zip with entries, proofs, checkpoint, policy, and how to check it alone.

    manifest.json      the scope, and the SHA-256 of every other file
    checkpoint         the log's signed note, with the cosignatures that it has
    policy             keys and witnesses as the operator names them; compare them with your own
    entries/N.jsonl    entries N * 65536 to before (N + 1) * 65536: one disclosure a line
    hidden.txt         hashes of the subtrees beside the shown entries, from left to right
    balances.jsonl     what the entries must add up to: all accounts, or the scope's one
    VERIFY.md          how to check it

A period stands between the entry before it and the entry after it, whose bodies are withheld: their
times prove that no entry of the period is missing.

Whoever appends leaf hashes and hidden hashes in their order arrives at the checkpoint's root, and
passes on the way through the root of ``since`` (``ledger/transparency/multiproof.py``).
"""

import base64
import hashlib
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from typing import IO

import asyncpg
import msgspec

from exchange.store import ExchangeStore
from gateway.auditing.finding import entries_of
from gateway.auditing.scope import Scope
from kernel.canonical import canonical
from kernel.errors import DomainError, Kind
from ledger.entry import read_header
from ledger.personal.disclosure import Disclosed, Sight, disclose
from ledger.personal.store import PersonalStore
from ledger.personal.vault import Vault
from ledger.store import LedgerStore, StoredEntry
from ledger.transparency.growing import hashes_of
from ledger.transparency.multiproof import hidden_parts
from ledger.transparency.policy import Policy, policy_text
from ledger.transparency.proofs import ProofRefused, Subtree
from ledger.transparency.store import LogStore, current_log, log_named

FORMAT = "ecorights-audit-bundle/1"
ENTRIES_PER_FILE = 65_536
ENTRIES_PER_QUERY = 2_000
SUBTREES_PER_QUERY = 500
COMPRESSION_LEVEL = 1
VERIFY = """\
# How to check this bundle alone

You need `check_bundle.py` (one file of at most 500 lines: read it), Python 3.11 with the package
`cryptography`, and the log's public key, which you got by another way than this bundle.

    python3 check_bundle.py BUNDLE.zip --key KEY [--witness KEY --needed N] [--old CHECKPOINT]

`--witness` is the key of a witness whom you believe (it may stand more than once), `--old` a
checkpoint that you kept, of the size that the bundle was asked for as `since`. Nothing is fetched.
The service's page `/verify` does the same in a browser, also from your own disk. What is checked,
and what a bundle cannot prove, stands in the service's `docs/audit-bundle.md`.
"""


class NotPublished(DomainError):
    """Nothing can be proved before the log's first checkpoint."""

    code = "audit.not_published"
    kind = Kind.UNAVAILABLE


class ScopeTooLarge(DomainError):
    """More entries than may be asked for here."""

    code = "audit.scope_too_large"
    kind = Kind.TOO_LARGE


Sees = Callable[[StoredEntry], Sight]
"""Which parts of an entry the bundle's receiver may see."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a bundle."""

    name: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle says of itself."""

    entries: str
    files: list[File]
    format: str
    origin: str
    scope: str
    since: str | None
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a bundle is of: a published size of a log, and the entries that a scope shows of it.

    Of ``bare`` entries the header alone is shown: the neighbours between which a period stands.
    """

    origin: str
    first: int
    size: int
    note: str
    scope: Scope
    since: int | None
    shown: Sequence[int]
    bare: frozenset[int] = frozenset()

    def narrowed(self, sees: Sees) -> Sees:
        """Return what is seen of each entry."""
        nothing = Sight(postings=False, personal=False)
        return lambda entry: nothing if entry.index in self.bare else sees(entry)

    def file_of(self, index: int) -> int:
        """Return the number of the file that an entry stands in."""
        return (index - self.first) // ENTRIES_PER_FILE


async def write_bundle(
    connection: asyncpg.Connection,
    target: IO[bytes],
    *,
    scope: Scope,
    sees: Sees,
    policy: Policy,
    vault: Vault | None = None,
    since: int | None = None,
    entries_max: int | None = None,
) -> Manifest:
    """Write the bundle of a scope, as of the newest published checkpoint, into an open file.

    Raises:
        NotPublished: there is no checkpoint yet.
        ScopeEmpty, ScopeTooLarge: the scope has no entries, or more than ``entries_max``.
        ProofRefused: ``since`` is no size that the log had.
    """
    outline = await outline_of(connection, scope, since=since, entries_max=entries_max)
    seen = outline.narrowed(sees)

    async def entries(writing: Writing) -> None:
        await _write_entries(connection, writing, outline, sees=seen, vault=vault)

    return await write_archive(connection, target, outline, policy=policy, entries=entries)


async def outline_of(
    connection: asyncpg.Connection,
    scope: Scope,
    *,
    since: int | None = None,
    entries_max: int | None = None,
) -> Outline:
    """Return what a bundle is of, as of the newest published checkpoint.

    Raises:
        NotPublished: there is no checkpoint yet.
        ScopeEmpty, ScopeTooLarge: the scope has no entries, or more than ``entries_max``.
        ProofRefused: ``since`` is no size that the log had.
    """
    log = await current_log(connection)
    newest = None if log is None else await log.newest()
    if log is None or newest is None or newest.size == 0:
        raise NotPublished("the log has no checkpoint yet")
    if since is not None and not 0 < since <= newest.size:
        raise ProofRefused(
            f"the log never had {since} entries", field="since", expected=f"1 to {newest.size}"
        )
    first = log.log.first
    end = first + newest.size
    shown = await entries_of(connection, scope, begin=first, end=end)
    bare: frozenset[int] = frozenset()
    if isinstance(shown, range) and scope.kind == "period":
        inner, shown = shown, range(max(shown.start - 1, first), min(shown.stop + 1, end))
        bare = frozenset({shown[0], shown[-1]} - {inner[0], inner[-1]})
    elif first and shown[0] != first:
        # The first entry of a later log tells whoever checks that it continues another.
        shown = [first, *shown]
    if entries_max is not None and len(shown) > entries_max:
        raise ScopeTooLarge(
            f"{len(shown)} entries", field="scope", expected=f"at most {entries_max} entries"
        )
    return Outline(
        origin=log.origin,
        first=first,
        size=newest.size,
        note=newest.note,
        scope=scope,
        since=since,
        shown=shown,
        bare=bare,
    )


async def write_archive(
    connection: asyncpg.Connection,
    target: IO[bytes],
    outline: Outline,
    *,
    policy: Policy,
    entries: "WriteEntries",
) -> Manifest:
    """Write a bundle into an open file; ``entries`` puts the files of entries in their place.

    Raises:
        NotPublished: the venue has no such log.
    """
    log = await log_named(connection, outline.origin)
    if log is None:
        raise NotPublished(f"there is no log {outline.origin}")
    with zipfile.ZipFile(
        target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL
    ) as archive:
        writing = Writing(archive)
        writing.put("checkpoint", outline.note)
        writing.put("policy", policy_text(policy))
        writing.put("VERIFY.md", VERIFY)
        await entries(writing)
        places = (index - outline.first for index in outline.shown)
        hidden = hidden_parts(places, size=outline.size, since=outline.since or 0)
        await _write_hidden(log, writing, hidden)
        if outline.first == 0:  # the entries of a later log do not add up from nought
            await _write_balances(connection, writing, outline.scope, size=outline.size)
        manifest = Manifest(
            entries=str(len(outline.shown)),
            files=writing.files,
            format=FORMAT,
            origin=outline.origin,
            scope=outline.scope.text,
            since=None if outline.since is None else str(outline.since),
            size=str(outline.size),
        )
        archive.writestr("manifest.json", canonical(msgspec.to_builtins(manifest)))
    return manifest


class Writing:
    """A zip that remembers the digest of every file that went in."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: list[File] = []

    def put(self, name: str, text: str) -> None:
        """Put a file of text in."""
        with self.file(name) as write:
            write(text.encode())

    @contextmanager
    def file(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Open a file in the zip, to be written piece by piece."""
        digest = hashlib.sha256()
        with self._archive.open(name, "w", force_zip64=True) as target:

            def write(data: bytes) -> None:
                digest.update(data)
                target.write(data)

            yield write
        self.files.append(File(name=name, sha256=digest.hexdigest()))


WriteEntries = Callable[[Writing], Awaitable[None]]


async def _write_entries(
    connection: asyncpg.Connection,
    writing: Writing,
    outline: Outline,
    *,
    sees: Sees,
    vault: Vault | None,
) -> None:
    for number, shown in groupby(outline.shown, key=outline.file_of):
        with writing.file(entries_file(number)) as write:
            async for lines in lines_of(connection, shown, sees=sees, vault=vault):
                write(lines)


def entries_file(number: int) -> str:
    """Return the name of a file of entries in the bundle."""
    return f"entries/{number}.jsonl"


async def lines_of(
    connection: asyncpg.Connection,
    shown: Iterable[int],
    *,
    sees: Sees,
    vault: Vault | None = None,
) -> AsyncIterator[bytes]:
    """Iterate the lines of some entries, many at a time."""
    indexes = iter(shown)
    while some := list(islice(indexes, ENTRIES_PER_QUERY)):
        found = await _disclosed(connection, some, sees=sees, vault=vault)
        yield b"".join(msgspec.json.encode(line) + b"\n" for line in found)


async def _disclosed(
    connection: asyncpg.Connection, shown: Sequence[int], *, sees: Sees, vault: Vault | None
) -> list[Disclosed]:
    """Return some entries as the receiver may see them, their personal parts opened for it."""
    entries = await LedgerStore(connection).some(shown)
    store = PersonalStore(connection, vault)
    closed = [entry.index for entry in entries if entry.empty_personal_key is None]
    rows = await store.rows_of(closed) if closed else {}
    found = []
    for entry in entries:
        sight, part, erased = sees(entry), None, False
        if entry.empty_personal_key is None:
            erased = entry.index not in rows
            if sight.personal and not erased:
                commitment = read_header(entry.header).personal
                part = await store.part(rows[entry.index], commitment=commitment)
                erased = part is None
        found.append(disclose(entry, part=part, erased=erased, sight=sight))
    return found


async def _write_hidden(log: LogStore, writing: Writing, parts: Iterator[Subtree]) -> None:
    with writing.file("hidden.txt") as write:
        while some := list(islice(parts, SUBTREES_PER_QUERY)):
            write(_lines(await hashes_of(log, some)).encode())


async def _write_balances(
    connection: asyncpg.Connection, writing: Writing, scope: Scope, *, size: int
) -> None:
    """Write what the shown entries must add up to; a trade, a case and a period add up to none."""
    if scope.kind not in {"everything", "account"}:
        return
    account = scope.number() if scope.kind == "account" else None
    with writing.file("balances.jsonl") as write:
        for row in await ExchangeStore(connection).all_balances(entry=size - 1, account=account):
            texts = {name: str(value) for name, value in row.items()}
            write(canonical(texts) + b"\n")


def _lines(hashes: list[bytes]) -> str:
    return "".join(f"{base64.b64encode(each).decode()}\n" for each in hashes)
