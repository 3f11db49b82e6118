"""An export checked by whoever trusts nobody: its hash, its sums to the fen, every cell.

1. Cells that are not as they were sealed are named.
2. Values are recomputed from quantity and price, sums from lines, by decimals.
3. The account is read back whole, and its hash is that of the export, and the one expected.
4. What follows from the account is written again, and every cell compared.

What the ledger says of it, and whether quantities follow from their inputs, is not judged here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from gep.accounts.account import Account
from gep.accounts.stored import read_account
from gep.document import Place
from gep.errors import AccountRefused, Malformed
from gep.exchange.boundary import Boundary, boundary_of, zones_at
from gep.exchange.course import course_at
from gep.exchange.exporting import Form, content_of
from gep.exchange.opening import opened
from gep.exchange.recounting import recounted
from gep.exchange.sealing import METADATA, broken_seals, cell_of
from gep.exchange.tree import Export, document_in, tree_of
from gep.exchange.written import Written
from kernel.canonical import NotCanonical, canonical
from kernel.errors import DomainError


class Fault(StrEnum):
    """What is wrong with an export."""

    CELL_CHANGED = "cell_changed"
    ROW_CHANGED = "row_changed"
    NOT_A_NUMBER = "not_a_number"
    VALUE_DIFFERS = "value_differs"
    SUM_DIFFERS = "sum_differs"
    ACCOUNT_UNFIT = "account_unfit"
    HASH_DIFFERS = "hash_differs"
    ANOTHER_ACCOUNT = "another_account"
    BOUNDARY_UNFIT = "boundary_unfit"
    NOT_AS_COMPUTED = "not_as_computed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One fault: where, what stands there, what should if that is known, its worth in money."""

    fault: Fault
    place: str
    printed: str = ""
    expected: str = ""
    difference_yuan: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of a check; ``account`` is None where no account could be read."""

    form: Form
    hash: str
    account: Account | None
    is_published: bool
    found: tuple[Found, ...]


def check(form: Form, written: Written, *, expected: str | None = None) -> Checked:
    """Check an export; ``expected`` is the hash that its account is known by.

    A file in which everything was changed alike fits itself: only a hash had from elsewhere, the
    ledger or a citation, says that it is the account.
    """
    tree = written.tree
    account, unfit = _account(tree)
    computed = _hash(tree)
    found = [
        *_broken(written),
        *(
            Found(
                fault=Fault(each.fault),
                place=each.place,
                printed=each.printed,
                expected=each.expected,
                difference_yuan=each.difference_yuan,
            )
            for each in recounted(tree)
        ),
        *_hashes(tree, computed, expected),
    ]
    if unfit is not None and not found:
        found.append(unfit)
    if account is not None:
        found.extend(_again(form, written, account, known={each.place for each in found}))
    return Checked(
        form=form,
        hash=computed,
        account=account,
        is_published=isinstance(tree.get("course"), Mapping)
        and tree["course"].get("status") == "published",
        found=tuple(found),
    )


def checked(content: bytes, *, expected: str | None = None) -> Checked:
    """Open an export of any format and check it.

    Raises:
        Malformed: it is no export, or its form is broken.
    """
    return check(*opened(content), expected=expected)


def _account(tree: Mapping[str, Any]) -> tuple[Account | None, Found | None]:
    try:
        text = canonical(document_in(tree)).decode()
        return read_account(text), None
    except NotCanonical as error:
        return None, _unfit("account", str(error))
    except DomainError as error:
        return None, _unfit(error.field or "account", str(error))


def _unfit(place: str, expected: str) -> Found:
    return Found(
        fault=Fault.ACCOUNT_UNFIT,
        place=place.removeprefix("document."),
        expected=expected,
    )


def _hash(tree: Mapping[str, Any]) -> str:
    try:
        return sha256(canonical(document_in(tree))).hexdigest()
    except NotCanonical:
        return ""


def _broken(written: Written) -> Iterator[Found]:
    for place, key in broken_seals(written.rows, written.seals):
        if key is None:
            yield Found(fault=Fault.ROW_CHANGED, place=place)
        else:
            yield Found(
                fault=Fault.CELL_CHANGED,
                place=cell_of(place, key),
                printed=written.rows[place][key],
            )


def _hashes(tree: Mapping[str, Any], computed: str, expected: str | None) -> Iterator[Found]:
    said = str(tree.get("account_hash"))
    if said != computed:
        yield Found(fault=Fault.HASH_DIFFERS, place="account_hash", printed=said, expected=computed)
    if expected is not None and expected != computed:
        yield Found(
            fault=Fault.ANOTHER_ACCOUNT, place="account", printed=computed, expected=expected
        )


def _again(form: Form, written: Written, account: Account, *, known: set[str]) -> Iterator[Found]:
    """Yield the cells that are not what the account, its course and its boundary give."""
    try:
        again = _rewritten(form, written, account)
    except (Malformed, AccountRefused) as error:
        yield Found(
            fault=Fault.BOUNDARY_UNFIT
            if isinstance(error, AccountRefused)
            else Fault.ACCOUNT_UNFIT,
            place=error.field or "",
            printed=str((error.data or {}).get("found", "")),
            expected=error.expected or "",
        )
        return
    for place in sorted(written.rows.keys() | again.rows.keys()):
        mine, theirs = again.rows.get(place, {}), written.rows.get(place, {})
        if place in known or (place.startswith(METADATA) and not theirs):
            continue
        if not mine or not theirs:
            yield Found(fault=Fault.ROW_CHANGED, place=place)
            continue
        for key in sorted(mine.keys() | theirs.keys()):
            cell = cell_of(place, key)
            if mine.get(key) != theirs.get(key) and cell not in known:
                yield _other(cell, theirs.get(key, ""), mine.get(key, ""))


def _other(place: str, printed: str, expected: str) -> Found:
    return Found(fault=Fault.NOT_AS_COMPUTED, place=place, printed=printed, expected=expected)


def _rewritten(form: Form, written: Written, account: Account) -> Written:
    tree = written.tree
    course, boundary = tree.get("course"), tree.get("boundary")
    export = Export(
        account=account,
        course=None if course is None else course_at(Place(course, "course")),
        boundary=None if boundary is None else _boundary(Place(boundary, "boundary"), account),
    )
    again = {**tree_of(export), "account_hash": str(tree.get("account_hash"))}
    return opened(content_of(again, form))[1]


def _boundary(place: Place, account: Account) -> Boundary:
    area, zones = zones_at(place)
    return boundary_of((*zones, *(() if area is None else (area,))), account)
