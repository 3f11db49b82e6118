"""A market's log that needs no database, and bundles of it that a forger may change at will.

A draft is a bundle taken apart. ``write`` puts it together again with a manifest that fits whatever
was changed, as somebody would who writes the whole bundle and has not the log's key.
"""

import base64
import hashlib
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from gateway.auditing.bundle import ENTRIES_PER_FILE, FORMAT
from kernel.canonical import canonical
from ledger.entry import FIRST_PREVIOUS, Chain
from ledger.personal.disclosure import Sight, disclose
from ledger.personal.parts import PersonalPart
from ledger.store import StoredEntry
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.edge import Edge
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.multiproof import hidden_parts
from ledger.transparency.note import SecretKey, sign_note
from ledger.transparency.tiles import hash_from

ORIGIN = "ledger.example/eco"
KEY = SecretKey(ORIGIN, bytes(range(32)))
SELLER, BUYER, IDLE = 100, 101, 102
CASH = 10**15
UNITS = 10**12
Effects = list[dict[str, Any]]
Balances = dict[tuple[int, str], int]


class MarketLog:
    """Two members trade with each other for as long as the log is; every second order fills."""

    def __init__(
        self,
        size: int,
        *,
        key: SecretKey = KEY,
        origin: str = ORIGIN,
        previous: str = FIRST_PREVIOUS,
    ) -> None:
        self.key, self.origin = key, origin
        self.entries: list[StoredEntry] = []
        self.parts: list[PersonalPart | None] = []
        self._chain = Chain(origin=origin, previous=previous)
        self._edge = Edge()
        self._put({"kind": "open_venue"}, [{"effect": "venue_opened", "venue": "test"}])
        self._begin()
        while len(self.entries) < size:
            self._trade(len(self.entries))
        self.size = len(self.entries)
        self.tiles = self._edge.take_changed()

    def _put(self, command: dict[str, Any], effects: Effects, *, name: str = "") -> None:
        index = len(self.entries)
        at = f"2026-03-16T02:{index // 60 % 60:02}:{index % 60:02}.000000Z"
        body = {
            "actor": "E01-1",
            "at": at,
            "command": command,
            "effects": effects,
            "key": f"key-{index}",
            "machine": "2",
            "refusal": None,
        }
        sealed = self._chain.seal(
            index=index,
            at=index * 1_000_000,
            postings=canonical(body),
            personal=canonical({"name": name}) if name else b"{}",
            keys=hashlib.sha512(f"{index}".encode()).digest(),
        )
        self._edge.extend([hash_leaf(sealed.header)])
        part = PersonalPart(sealed.personal_key, sealed.personal)
        self.parts.append(part if name else None)
        self.entries.append(
            StoredEntry(
                index=sealed.index,
                header=sealed.header,
                postings=sealed.postings,
                postings_key=sealed.postings_key,
                empty_personal_key=None if name else sealed.personal_key,
            )
        )

    def _begin(self) -> None:
        book = {"effect": "book_opened", "instrument": "CEA25", "currency": "CNY", "tick": "0.01"}
        self._put({"kind": "open_book"}, [book])
        for account in (SELLER, BUYER, IDLE):
            opened = {"effect": "account_opened", "account": str(account), "party": "E01"}
            self._put({"kind": "open_account"}, [opened], name="甲公司")
        for account, source, instrument, quantity in (
            (SELLER, 1, "CEA25", UNITS),
            (BUYER, 2, "CNY", CASH),
            (SELLER, 2, "CNY", CASH),
        ):
            moved = {"source": str(source), "target": str(account), "quantity": str(quantity)}
            moved |= {"effect": "moved", "instrument": instrument, "cause": "issue"}
            self._put({"kind": "issue"}, [moved])
        held = {"hold": "1", "account": str(SELLER), "instrument": "CEA25", "quantity": "10"}
        held |= {"effect": "hold_placed", "reference": "(2026)浙01号", "purpose": "freeze"}
        self._put({"kind": "place_hold"}, [held])
        taken = {"effect": "hold_consumed", "hold": "1", "quantity": "4", "target": str(IDLE)}
        self._put({"kind": "consume_hold"}, [taken | {"cause": "seizure"}])

    def _trade(self, index: int) -> None:
        is_buy = index % 2 == 1
        account = str(BUYER if is_buy else SELLER)
        order = {
            "account": account,
            "display": "0",
            "expires": None,
            "instrument": "CEA25",
            "is_buy": is_buy,
            "lots": "10",
            "order_type": "limit",
            "post_only": False,
            "reference": "",
            "stop_ticks": None,
            "ticks": "7300",
            "time_in_force": "day",
        }
        command = order | {"kind": "place_order", "self_trade_prevention": None}
        accepted: dict[str, Any] = {
            "effect": "order_accepted",
            "order": str(index),
            "fee_ppm": "500",
            "held": "10",
        }
        accepted |= order | {"self_trade_prevention": "cancel_incoming"}
        filled: dict[str, Any] = {
            "effect": "filled",
            "trade": str(index // 2),
            "lots": "10",
            "ticks": "7300",
        }
        filled |= {"buy": str(index), "sell": str(index - 1), "buyer_is_aggressor": True}
        filled |= {"buyer_fee": "22", "seller_fee": "37", "buyer_held": "0"}
        rested = {"effect": "order_rested", "order": str(index), "priority": str(index)}
        known = is_buy and index > self._first_order
        self._put(command, [accepted, filled] if known else [accepted, rested])

    _first_order = 10

    def checkpoint(self, size: int | None = None, *, keys: Iterable[SecretKey] = ()) -> str:
        """The signed note over so many entries."""
        edge = Edge()
        size = self.size if size is None else size
        edge.extend(hash_leaf(each.header) for each in self.entries[:size])
        text = Checkpoint(self.origin, size, edge.root()).text
        return sign_note(text, [self.key, *keys]).whole

    def balances(self, account: int | None) -> list[dict[str, str]]:
        """What everybody holds, by a reckoning of its own: what the story says."""
        trades = sum(b'"effect":"filled"' in each.postings for each in self.entries)
        held: Balances = defaultdict(int)
        held[1, "CEA25"], held[2, "CNY"] = -UNITS, -2 * CASH
        held[SELLER, "CEA25"] = UNITS - 4 - 10 * trades
        held[SELLER, "CNY"] = CASH + (73_000 - 37) * trades
        held[BUYER, "CEA25"] = 10 * trades
        held[BUYER, "CNY"] = CASH - (73_000 + 22) * trades
        held[IDLE, "CEA25"] = 4
        held[7, "CNY"] = 59 * trades
        return [
            {"account": str(number), "instrument": code, "quantity": str(quantity)}
            for (number, code), quantity in sorted(held.items())
            if quantity and account in {None, number}
        ]

    def draft(
        self,
        scope: str = "everything",
        *,
        shown: Iterable[int] | None = None,
        since: int | None = None,
        postings: Callable[[StoredEntry], bool] = lambda _: True,
        personal: bool = False,
    ) -> "Draft":
        """A true bundle of these entries."""
        indexes = list(range(self.size) if shown is None else shown)
        hidden = hidden_parts(indexes, size=self.size, since=since or 0)
        kind, _, name = scope.partition(":")
        lines = [
            msgspec.to_builtins(
                disclose(
                    self.entries[index],
                    part=self.parts[index],
                    sight=Sight(postings=postings(self.entries[index]), personal=personal),
                )
            )
            for index in indexes
        ]
        adds_up = kind in {"everything", "account"}
        return Draft(
            lines=lines,
            hidden=[base64.b64encode(hash_from(self.tiles, each)).decode() for each in hidden],
            balances=self.balances(int(name) if name.isdigit() else None) if adds_up else None,
            checkpoint=self.checkpoint(),
            manifest={
                "entries": str(len(lines)),
                "format": FORMAT,
                "origin": self.origin,
                "scope": scope,
                "since": None if since is None else str(since),
                "size": str(self.size),
            },
        )


@dataclass(kw_only=True)
class Draft:
    """A bundle in its parts; ``raw`` replaces or adds whole files before the manifest is made."""

    lines: list[Any]
    hidden: list[str]
    balances: list[dict[str, str]] | None
    checkpoint: str
    manifest: dict[str, Any]
    raw: dict[str, bytes] = field(default_factory=dict)

    def copy(self, **changes: Any) -> "Draft":
        """A draft of its own that may be changed."""
        own: dict[str, Any] = {
            "lines": [each if isinstance(each, bytes) else dict(each) for each in self.lines],
            "hidden": list(self.hidden),
            "balances": None if self.balances is None else [dict(each) for each in self.balances],
            "manifest": dict(self.manifest),
            "raw": dict(self.raw),
        }
        return replace(self, **(own | changes))

    def files(self) -> dict[str, bytes]:
        """All files but the manifest."""
        found = {
            "checkpoint": self.checkpoint.encode(),
            "policy": b"log x\n",
            "VERIFY.md": b"# words\n",
            "hidden.txt": "".join(f"{each}\n" for each in self.hidden).encode(),
        }
        if self.balances is not None:
            found["balances.jsonl"] = b"".join(canonical(row) + b"\n" for row in self.balances)
        parts: dict[int, list[bytes]] = defaultdict(list)
        for line in self.lines:
            raw = line if isinstance(line, bytes) else msgspec.json.encode(line) + b"\n"
            index = 0 if isinstance(line, bytes) else int(line["index"])
            parts[index // ENTRIES_PER_FILE].append(raw)
        for number, rows in parts.items():
            found[f"entries/{number}.jsonl"] = b"".join(rows)
        return found | self.raw

    def write(self, path: Path) -> Path:
        """Put it together, with a manifest that fits."""
        files = self.files()
        listed = [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ]
        manifest = {"files": listed} | self.manifest
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
            archive.writestr("manifest.json", json.dumps(manifest))
        return path
