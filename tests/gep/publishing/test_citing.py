"""Who relies on an account, and what a newer one asks of them."""

import pytest

from gep.publishing import commands as g
from gep.publishing.refusals import Reject
from gep.publishing.state import Citation
from ledger.refusals import Reject as LedgerReject
from tests.gep.publishing.books import Books, draft, opened_books, plan_of


@pytest.fixture(scope="module")
def books() -> Books:
    return opened_books()


@pytest.fixture(scope="module")
def old(books: Books) -> str:
    """An account with two citations, which a newer one supersedes."""
    name = books.published()
    for reference in ("LOAN/1", "LOAN/2"):
        books.cited(name, reference)
    return name


@pytest.fixture(scope="module")
def new(books: Books, old: str) -> str:
    return books.published(draft(plan_of(edition="DB33/T 2274-2025"), supersedes=old))


def settle(account: str, outcome: str, **changes: str) -> g.SettleGepCitation:
    named = {"party": "B", "reference": "LOAN/1"} | changes
    return g.SettleGepCitation(account=account, outcome=g.CitationOutcome(outcome), **named)


def cite(account: str, **changes: str) -> g.CiteGepAccount:
    named = {"party": "B", "reference": "LOAN/3"} | changes
    return g.CiteGepAccount(account=account, purpose=g.CitedFor.LOAN, **named)


def citation(books: Books, account: str, reference: str = "LOAN/1") -> Citation:
    found = books.state.citations.get(account, "B", reference)
    assert found is not None
    return found


def test_nothing_waits_for_a_review_while_its_account_counts(books: Books, old: str) -> None:
    refusal = books.refused(settle(old, "kept"), actor="B-1")

    assert refusal.code == Reject.NOTHING_TO_REVIEW
    assert citation(books, old).seen == old


def test_a_citation_is_made_once_by_its_own_party_under_a_plain_reference(
    books: Books, old: str
) -> None:
    twice = books.refused(cite(old, reference="LOAN/1"), actor="B-1")
    foreign = books.refused(cite(old), actor="R-1")
    unplain = books.refused(cite(old, reference="贷款"), actor="B-1")

    assert twice.code == Reject.CITATION_DOUBLED
    assert (foreign.code, foreign.field) == (LedgerReject.NOT_THE_OWNER, "party")
    assert unplain.code == Reject.REFERENCE_UNFIT


def test_a_superseded_account_is_cited_no_more(books: Books, old: str, new: str) -> None:
    refusal = books.refused(cite(old), actor="B-1")

    assert (refusal.code, refusal.found) == (Reject.STATUS_UNFIT, f"superseded by {new}")


def test_a_citation_is_kept_beside_the_newer_account_or_ended(
    books: Books, old: str, new: str
) -> None:
    assert citation(books, old).seen == old

    books.must(settle(old, "kept"), actor="B-1")
    books.must(settle(old, "ended", reference="LOAN/2"), actor="B-2")

    assert (citation(books, old).seen, citation(books, old).ended_in) == (new, None)
    assert citation(books, old, "LOAN/2").ended_in == books.index
    again = books.refused(settle(old, "kept"), actor="B-1")
    ended = books.refused(settle(old, "ended", reference="LOAN/2"), actor="B-1")
    none = books.refused(settle(old, "ended", reference="LOAN/9"), actor="B-1")
    assert (again.code, ended.code) == (Reject.NOTHING_TO_REVIEW, Reject.CITATION_ENDED)
    assert none.code == Reject.CITATION_UNKNOWN


def test_a_draft_is_not_cited(books: Books) -> None:
    name = books.drafted(draft(plan_of(year=2024)))

    assert books.refused(cite(name), actor="B-1").code == Reject.STATUS_UNFIT
