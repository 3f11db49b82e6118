"""Checks of entries by themselves: density, chain, commitments, canonical bytes, time.

Everything in a header but ``previous`` is determined by the row's index, the log's origin and the
body, and is compared with them. Of a broken link between two headers either side may be the bad
one: where the links before and behind an entry are both broken, that entry's ``previous`` was
changed; where one is, the header before it was.
"""

import re
from typing import Any

import msgspec

from kernel.canonical import NotCanonical, parse, parse_utc, utc_text
from ledger.entry import (
    FIRST_PREVIOUS,
    FORMAT,
    NO_PERSONAL,
    Header,
    commit_personal,
    commit_postings,
    leaf_hash,
)
from ledger.sequencer.submission import StoredBody
from ledger.verification.findings import Check, Finding, Report
from ledger.verification.personal import PersonalAudit
from ledger.verification.walk import RawEntry

UNREADABLE = (msgspec.MsgspecError, ValueError, TypeError, LookupError, RecursionError)
_MAY_BE_NUMBER = re.compile(rb"[:,\[]-?[0-9]")
_decode_header = msgspec.json.Decoder(Header).decode
_encode = msgspec.json.Encoder(order="sorted").encode


class EntryChecker:
    """Follows a log entry by entry."""

    def __init__(self, report: Report, personal: PersonalAudit) -> None:
        self._report = report
        self._personal = personal
        self.index = -1
        self.leaf = FIRST_PREVIOUS
        self.whole = True
        self._at = 0
        self._origin: str | None = None
        self._first_origin = ""
        self._first = 0
        self._suspect: int | None = None
        self._flagged: set[int] = set()
        self._doubted: set[int] = set()

    def check(self, entry: RawEntry) -> StoredBody | None:
        """Check the next entry; return its body, or ``None`` where it cannot be read."""
        follows = entry.index == self.index + 1
        if not follows:
            self._gap(entry)
        body = self._read_body(entry)
        header = self._read_header(entry)
        if header is not None:
            self._check_header(entry, header, body)
            if follows:
                self._follow_link(entry.index, broken=header.previous != self.leaf)
        self.index = entry.index
        self.leaf = leaf_hash(entry.header)
        return body

    def finish(self, *, head: int, head_hash: str) -> None:
        """Compare the end of the log with the writer's row."""
        self._report.head, self._report.head_hash = self.index, self.leaf
        broken = head_hash != self.leaf
        if head != self.index:
            if broken and head > self.index:
                self._missing(self.index + 1)
            else:
                self._add(Check.CHAIN, "writer", "head", expected=str(self.index), found=str(head))
        last = self.index
        if self._suspect == last:
            self._follow_link(last + 1, broken=broken)
        elif broken and last in self._doubted:
            self._blame_header(last)
        elif broken and head == last and last not in self._flagged:
            self._add(Check.CHAIN, "writer", "head_hash", expected=self.leaf, found=head_hash)

    def _gap(self, entry: RawEntry) -> None:
        self.whole = False
        self._suspect = None
        if entry.index <= self.index:
            self._blame(entry.index, "index", expected="no such entry", found="an entry")
        else:
            self._missing(self.index + 1)

    def _missing(self, index: int) -> None:
        self._blame(index, "", expected="an entry", found="no such entry")

    def _read_body(self, entry: RawEntry) -> StoredBody | None:
        try:
            body = entry.body()
            _ensure_canonical(entry.postings)
            at = parse_utc(body.at)
        except UNREADABLE as error:
            self._find(entry, Check.BODY, "postings", expected="a canonical body", found=str(error))
            return None
        if at < self._at:
            earliest = utc_text(self._at, digits=6)
            expected = f"not before {earliest}"
            self._find(entry, Check.BODY, "postings", expected=expected, found=body.at)
        self._at = max(at, self._at)
        return body

    def _read_header(self, entry: RawEntry) -> Header | None:
        try:
            header = _decode_header(entry.header)
            if _encode(header) != entry.header:
                raise NotCanonical("not the canonical form of its seven strings")
        except UNREADABLE as error:
            self._blame(entry.index, "header", expected="a header of format 1", found=str(error))
            return None
        return header

    def _check_header(self, entry: RawEntry, header: Header, body: StoredBody | None) -> None:
        if self._origin is None or (
            body is not None and header.origin != self._origin and _opens(body, header.origin)
        ):
            if self._origin is None:
                self._first_origin = header.origin
            else:
                self._first = entry.index
            self._origin = header.origin
        pairs = [
            ("v", FORMAT, header.v),
            ("index", str(entry.index - self._first), header.index),
            ("origin", self._origin, header.origin),
        ]
        if body is not None:
            pairs.append(("time", utc_text(parse_utc(body.at), digits=0), header.time))
        for name, expected, found in pairs:
            if expected != found:
                self._blame(entry.index, "header", expected=f"{name} {expected}", found=found)
        found = commit_postings(entry.postings_key, entry.postings)
        if found != header.postings:
            column = "postings or postings_key"
            self._find(entry, Check.COMMITMENT, column, expected=header.postings, found=found)
        self._check_personal(entry, header)

    def _check_personal(self, entry: RawEntry, header: Header) -> None:
        empty = entry.empty_personal_key
        if empty is None:
            origin, commitment = self._first_origin, header.personal
            if not self._personal.check(entry, origin=origin, commitment=commitment):
                self._doubted.add(entry.index)
            return
        if entry.parts:
            self._find(
                entry, Check.BODY, "", expected="no row", found="a row", table="entry_personal"
            )
        found = commit_personal(empty, NO_PERSONAL)
        if found != header.personal:
            column = "empty_personal_key"
            self._find(entry, Check.COMMITMENT, column, expected=header.personal, found=found)

    def _follow_link(self, index: int, *, broken: bool) -> None:
        """Judge the link before ``index``, and with it the one before that."""
        suspect, self._suspect = self._suspect, None
        if suspect is not None and broken:
            self._blame(suspect, "header", expected="the previous leaf hash", found="another")
        elif suspect is not None:
            self._blame_header(suspect - 1)
        elif broken:
            self._suspect = index
        if self._suspect == 0:
            self._suspect = None
            self._blame(0, "header", expected=f"previous {FIRST_PREVIOUS}", found="another")

    def _blame_header(self, index: int) -> None:
        if index not in self._flagged:
            words = "the leaf hash that the next entry names"
            self._blame(index, "header", expected=words, found="another")

    def _blame(self, index: int, column: str, *, expected: str, found: str) -> None:
        self._flagged.add(index)
        self._report.add(
            Finding(
                check=Check.CHAIN,
                table="entry",
                key=(index,),
                column=column,
                expected=expected,
                found=found,
                entry=index,
            )
        )

    def _find(
        self,
        entry: RawEntry,
        check: Check,
        column: str,
        *,
        expected: str,
        found: str,
        table: str = "entry",
    ) -> None:
        self._doubted.add(entry.index)
        self._report.add(
            Finding(
                check=check,
                table=table,
                key=(entry.index,),
                column=column,
                expected=expected,
                found=found,
                entry=entry.index,
            )
        )

    def _add(self, check: Check, table: str, column: str, *, expected: str, found: str) -> None:
        self._report.add(
            Finding(check=check, table=table, column=column, expected=expected, found=found)
        )


def _opens(body: StoredBody, origin: str) -> bool:
    """Tell whether an entry says that it is the first of the log with this name."""
    effects = msgspec.json.decode(body.effects)
    opened = [each for each in effects if each.get("effect") == "log_opened"]
    return any(each.get("origin") == origin for each in opened)


def _ensure_canonical(text: bytes) -> None:
    """Prove that bytes are canonical; only what may hold a number takes the slow way."""
    value: Any = msgspec.json.decode(text)
    if _encode(value) != text:
        raise NotCanonical("not the canonical form")
    if _MAY_BE_NUMBER.search(text) is not None:
        parse(text)
