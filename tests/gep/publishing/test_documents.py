"""What is no whole account is refused by name and place, and changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gep.accounts.stored import plan_text, read_account
from gep.document import read_document
from gep.publishing import commands as g
from gep.publishing.decisions import digest
from gep.publishing.refusals import Reject
from kernel.canonical import canonical
from ledger.state_hash import state_hash
from tests.gep.publishing.books import Books, draft, made, opened_books, plan_of

PAGES = Path(__file__).resolve().parents[3] / "docs" / "gep"
SHIPPED = [each for each in sorted(PAGES.glob("*-20??.json")) if each.stem != "ganzi-2010-printed"]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def books() -> Books:
    return opened_books()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_stored_account_is_read_back_whole(path: Path) -> None:
    account = made(plan_text(read_document(path.read_bytes())))
    text = canonical(account.document()).decode()

    found = read_account(text)

    assert canonical(found.document()).decode() == text
    assert (found.hash, found.total) == (account.hash, account.total)
    assert [each.source for each in found.lines[0].used] == [
        each.source for each in account.lines[0].used
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_plan_as_text_gives_the_same_account(path: Path) -> None:
    text = plan_text(read_document(path.read_bytes()))

    assert plan_text(read_document(text.encode())) == text
    assert made(text).hash == made(path.read_text(encoding="utf-8")).hash


def _of_line(index: int, **changes: Any) -> Change:
    return lambda found: found["lines"][index].update(changes)


def _set(**changes: Any) -> Change:
    return lambda found: found.update(changes)


TAMPERED: dict[str, tuple[Change, str]] = {
    "value": (_of_line(1, value_yuan="16770000.01"), "document.lines[1].value_yuan"),
    "quantity": (_of_line(1, quantity="195001.000000"), "document.lines[1].value_yuan"),
    "given": (_of_line(0, value_yuan="3209500.01"), "document.subtotals_yuan"),
    "negative": (_of_line(0, value_yuan="-1.00"), "document.lines[0].value_yuan"),
    "huge": (
        _of_line(1, quantity="1e60", price_yuan="1e60"),
        "document.lines[1].quantity",
    ),
    "uncounted": (_of_line(0, counted=False), "document.subtotals_yuan"),
    "half": (_of_line(1, price_yuan=None), "document.lines[1]"),
    "total": (_set(total_yuan="19979500.01"), "document.total_yuan"),
    "deduction": (_set(inflow_deduction_yuan="1.00"), "document.total_yuan"),
    "writing": (_set(inflow_deduction_yuan="0"), "document.inflow_deduction_yuan"),
    "spaces": (_set(price_year="2023.0"), "document"),
    "unchecked": (_set(unchecked=["soil.density"]), "document.unchecked"),
    "basis": (_set(price_basis="CAPITAL"), "document.price_basis"),
    "key": (_set(more="1"), "document.more"),
    "area": (lambda found: found["area"].update(id="云溪"), "document.area.id"),
    "edition": (_set(edition="x" * 65), "document.edition"),
    "profile": (_set(profile="OURS"), "document.profile"),
    "lines": (_set(lines="none"), "document.lines"),
    "override": (
        lambda found: found["lines"][1]["used"][0].update(overridden=True),
        "document.lines[1].used[0]",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_account_is_refused_even_under_its_own_hash(books: Books, name: str) -> None:
    change, place = TAMPERED[name]
    document = json.loads(draft().document)
    change(document)
    text = canonical(document).decode()
    before = state_hash(books.machine)

    refusal = books.not_drafted(document=text, account=digest(text))

    assert (refusal.code, refusal.field) == (Reject.ACCOUNT_UNFIT, place)
    assert refusal.expected
    assert state_hash(books.machine) == before


@pytest.mark.parametrize("member", ['"id":["\\ud800"]', '"\\ud800":1'])
def test_what_cannot_be_written_is_refused_in_words_that_can(books: Books, member: str) -> None:
    refusal = books.not_drafted(document=f"{{{member}}}")

    assert refusal.code == Reject.ACCOUNT_UNFIT
    assert f"{refusal.field} {refusal.found}".encode()


def test_an_account_under_another_hash_is_refused(books: Books) -> None:
    refusal = books.not_drafted(account="00" * 32)

    assert (refusal.code, refusal.field) == (Reject.ACCOUNT_HASH_UNFIT, "account")
    assert refusal.expected == draft().account


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (plan_of(year=2024), "id, area and year yunxi-2025 990101 2025"),
        ("{}", "the key id"),
        ("[]", "an object"),
        ('{"id":"a","id":"b"}', "each key once"),
        ("not json", "JSON"),
    ],
)
def test_a_plan_of_another_account_is_refused(books: Books, plan: str, expected: str) -> None:
    unfit = msgspec.structs.replace(draft(), plan=plan)

    refusal = books.refused(unfit, actor="M-1")

    assert (refusal.code, refusal.expected) == (Reject.PLAN_UNFIT, expected)


@pytest.mark.parametrize("member", ["plan", "document"])
def test_a_document_that_would_hold_the_writer_is_refused(books: Books, member: str) -> None:
    large = msgspec.structs.replace(draft(), **{member: "x" * (g.DOCUMENT_BYTES_MAX + 1)})

    refusal = books.refused(large, actor="M-1")

    assert (refusal.code, refusal.field) == (Reject.ACCOUNT_TOO_LARGE, member)


@pytest.mark.parametrize("kind", ["project", "parcel"])
def test_an_account_of_no_region_says_what_it_is_of(books: Books, kind: str) -> None:
    area = {"id": "E11-EGRET", "name": "白鹭湿地", "km2": "6"}
    region = draft(plan_of(area=area | {"kind": "region"}))
    other = draft(plan_of(area=area | {"kind": kind}))

    books.must(other, actor="M-1")

    assert region.account == draft(plan_of(area=area)).account
    assert f'"kind":"{kind}"' in other.document
    assert '"kind"' not in region.document
