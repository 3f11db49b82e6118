"""Valuations on their course: judged exactly, reviewed twice if large, resting on what counts."""

import json
from typing import Any

import pytest

from gep.publishing import commands as g
from gep.publishing.refusals import Reject
from gep.publishing.valuations import commands as v
from ledger.journal import undo
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.gep.publishing.appraising import (
    Appraisers,
    accepted,
    account,
    appraised,
    changed,
    small,
)
from tests.gep.publishing.books import Books, opened_books

HERE, THERE = "E11-EGRET", "E11-EGRET.without"


@pytest.fixture
def books() -> Books:
    return opened_books()


@pytest.fixture
def appraisers(books: Books) -> Appraisers:
    return Appraisers(books)


def on_accounts(books: Books, **changes: Any) -> dict[str, str]:
    """Publish the accounts of both scenarios, and return their hashes."""
    return {
        "with": books.published(account(HERE, "4000000")),
        "without": books.published(account(THERE, "3400000", **changes)),
    }


def test_a_small_valuation_takes_one_review_and_counts(
    books: Books, appraisers: Appraisers
) -> None:
    name = appraisers.published(small())

    found = appraisers.valuation(name)
    # 4,200,000 / 1.042 = 4,030,710.17.
    assert (found.status, found.gain, found.market) == ("published", 403_071_017, 0)
    assert (found.drafted_by, found.reviewed_by, found.approved_by) == ("M-1", "M-2", "R-2")
    assert (found.valued_on, found.years, found.right_years) == ("2026-01-18", 1, 18)
    counting = books.state.valued.get("egret-wetland")
    assert counting is not None
    assert (counting.valuation, counting.entry) == (name, found.published_in)


def test_a_large_valuation_takes_two_reviewers_of_two_parties(
    books: Books, appraisers: Appraisers
) -> None:
    name = appraisers.drafted(appraised())
    appraisers.reviewed(name, actor="M-2")

    alone = books.refused(appraisers.approval(name), actor="R-2")
    same_party = books.refused(accepted(name), actor="M-1")
    appraisers.reviewed(name, actor="X-1")
    third = books.refused(accepted(name), actor="R-1")
    books.must(appraisers.approval(name), actor="R-2")

    assert (alone.code, alone.found) == (Reject.SECOND_REVIEW_AWAITED, "M-2")
    assert same_party.code == Reject.SAME_PERSON
    assert (third.code, third.found) == (Reject.SECOND_REVIEW_UNFIT, "X-1")
    found = appraisers.valuation(name)
    assert (found.reviewed_by, found.second_reviewed_by) == ("M-2", "X-1")
    assert found.status == "approved"


def test_the_second_reviewer_is_of_another_party(books: Books, appraisers: Appraisers) -> None:
    name = appraisers.drafted(appraised(), actor="X-1")
    appraisers.reviewed(name, actor="M-1")

    refusal = books.refused(accepted(name), actor="M-2")

    assert (refusal.code, refusal.found) == (
        Reject.SECOND_REVIEW_UNFIT,
        "a person of M, as the first",
    )


def test_the_second_reviewer_returns_what_the_first_found_good(
    books: Books, appraisers: Appraisers
) -> None:
    name = appraisers.drafted(appraised())
    appraisers.reviewed(name)
    returned = v.ReviewGepValuation(
        valuation=name, outcome=g.ReviewOutcome.RETURNED, note="无客流数据"
    )

    books.must(returned, actor="X-1")

    found = appraisers.valuation(name)
    assert (found.status, found.second_note) == ("returned", "无客流数据")
    appraisers.drafted(appraised())
    assert appraisers.valuation(name).second_reviewed_by == ""


@pytest.mark.parametrize(
    ("drafter", "reviewer", "second", "checker"),
    [("R-2", "M-1", "X-1", "R-2"), ("M-1", "R-2", "X-1", "R-2"), ("M-1", "X-1", "R-2", "R-2")],
)
def test_no_drafter_or_reviewer_approves(
    books: Books, appraisers: Appraisers, drafter: str, reviewer: str, second: str, checker: str
) -> None:
    name = appraisers.drafted(appraised(), actor=drafter)
    appraisers.reviewed(name, actor=reviewer)
    appraisers.reviewed(name, actor=second)

    refusal = books.refused(appraisers.approval(name), actor=checker)

    assert refusal.code == Reject.SAME_PERSON


def test_one_person_approves_nothing_and_a_bank_drafts_nothing(
    books: Books, appraisers: Appraisers
) -> None:
    name = appraisers.drafted(small())
    appraisers.reviewed(name)
    alone = v.ApproveGepValuation(valuation=name, decision="2026/18")

    assert books.refused(alone, actor="R-1").code == LedgerReject.FOUR_EYES_REQUIRED
    assert books.refused(small(years=2), actor="B-1").code == LedgerReject.ROLE_MISSING


def test_a_draft_is_withdrawn_by_its_party_or_the_regulator(
    books: Books, appraisers: Appraisers
) -> None:
    name = appraisers.drafted(small())
    withdrawn = v.WithdrawGepValuation(valuation=name)

    other = books.refused(withdrawn, actor="X-1")
    books.must(withdrawn, actor="R-1")

    assert other.code == LedgerReject.NOT_THE_OWNER
    assert appraisers.valuation(name).status == "withdrawn"
    assert books.refused(accepted(name), actor="M-2").code == Reject.STATUS_UNFIT
    none = v.PublishGepValuation(valuation="00" * 32)
    assert books.refused(none, actor="R-1").code == Reject.VALUATION_UNKNOWN


def test_a_newer_valuation_takes_the_place_of_the_one_that_counts(
    books: Books, appraisers: Appraisers
) -> None:
    old = appraisers.published(small())
    stray = appraisers.drafted(small(rate="0.05"))
    appraisers.reviewed(stray)
    books.must(appraisers.approval(stray), actor="R-2")
    refusal = books.refused(v.PublishGepValuation(valuation=stray), actor="R-1")

    new = appraisers.published(small(rate="0.035", supersedes=old))

    assert (refusal.code, refusal.expected) == (
        Reject.NOT_THE_SUPERSEDED,
        f"a valuation that supersedes {old}",
    )
    assert appraisers.valuation(old).superseded_by == new
    assert appraisers.valuation(new).supersedes == old
    again = appraisers.not_drafted(small(rate="0.04", supersedes=old))
    other = appraisers.not_drafted(small(id="heron-wetland", supersedes=new))
    twice = appraisers.not_drafted(small(rate="0.035"))
    assert (again.code, again.found) == (Reject.SUPERSEDED_UNFIT, new)
    assert other.code == Reject.SUPERSEDED_UNFIT
    assert twice.code == Reject.VALUATION_DOUBLED


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"vep_gain_yuan": "1.00"}, Reject.VALUATION_UNFIT, "document.vep_gain_yuan"),
        ({"warnings": []}, Reject.VALUATION_UNFIT, "document.warnings"),
        ({"years": "19"}, Reject.VALUATION_UNFIT, "years"),
        ({"valued_on": "2026-01-17"}, Reject.PROJECT_UNFIT, "project"),
    ],
)
def test_the_machine_judges_what_follows_from_the_years(
    appraisers: Appraisers, changes: dict[str, Any], code: Reject, field: str
) -> None:
    refusal = appraisers.not_drafted(changed(small(), **changes))

    assert (refusal.code, refusal.field) == (code, field)


def test_another_hash_a_file_too_large_and_no_project_are_refused(appraisers: Appraisers) -> None:
    hashed = appraisers.not_drafted(small(also={"valuation": "00" * 32}))
    large = appraisers.not_drafted(small(also={"project": "x" * 100_001}))
    none = appraisers.not_drafted(small(also={"project": "{"}))
    empty = appraisers.not_drafted(small(also={"project": "{}"}))

    assert hashed.code == Reject.VALUATION_HASH_UNFIT
    assert (large.code, large.field) == (Reject.VALUATION_TOO_LARGE, "project")
    assert (none.code, empty.code) == (Reject.PROJECT_UNFIT, Reject.PROJECT_UNFIT)


def test_a_name_that_fits_no_row_is_refused(appraisers: Appraisers) -> None:
    refusal = appraisers.not_drafted(small(id="a wetland"))

    assert (refusal.code, refusal.field) == (Reject.VALUATION_UNFIT, "document.id")


def test_no_valuation_is_of_a_day_to_come(appraisers: Appraisers) -> None:
    refusal = appraisers.not_drafted(small(valued_on="2126-01-18"))

    assert (refusal.code, refusal.field) == (Reject.VALUATION_UNFIT, "document.valued_on")


def test_a_valuation_rests_on_published_accounts_of_both_scenarios(
    books: Books, appraisers: Appraisers
) -> None:
    accounts = on_accounts(books)

    name = appraisers.published(small(accounts=accounts))

    found = appraisers.valuation(name)
    assert (found.account_with, found.account_without) == tuple(accounts.values())
    document = json.loads(small(accounts=accounts).document)
    assert "without_accounts" not in {each["code"] for each in document["warnings"]}


FLOW = {"service": "R1", "with": {"first": "28000000"}, "without": {"first": "23800000"}}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"flows": [FLOW | {"with": {"first": "28000000.01"}}]}, "document.accounts.with"),
        ({"flows": [FLOW | {"without": {"first": "23799999.99"}}]}, "document.accounts.without"),
        (
            {"area": {"id": "E11-HERON", "name": "湿地", "km2": "6"}},
            "document.accounts.with",
        ),
        (
            {
                "basis": {
                    "edition": "DB33/T 2274-2020",
                    "parameters": "zhejiang-0.1",
                    "price_year": 2024,
                }
            },
            "document.accounts.with",
        ),
    ],
)
def test_what_does_not_fit_its_accounts_is_refused(
    books: Books, appraisers: Appraisers, changes: dict[str, Any], field: str
) -> None:
    refusal = appraisers.not_drafted(small(accounts=on_accounts(books), **changes))

    assert (refusal.code, refusal.field) == (Reject.VALUATION_BASIS_UNFIT, field)


def test_both_scenarios_are_of_one_year_and_counted_alike(
    books: Books, appraisers: Appraisers
) -> None:
    accounts = on_accounts(books, year=2024)

    refusal = appraisers.not_drafted(small(accounts=accounts))

    assert (refusal.field, refusal.found) == ("document.accounts.without", "2024 GEP")


def test_no_valuation_rests_on_a_draft_or_on_what_was_superseded(
    books: Books, appraisers: Appraisers
) -> None:
    accounts = on_accounts(books)
    unpublished = books.drafted(account(HERE, "4000000", year=2024))
    waiting = appraisers.drafted(small(accounts=accounts))
    appraisers.reviewed(waiting)
    books.must(appraisers.approval(waiting), actor="R-2")
    newer = account(THERE, "3300000")
    newest = books.published(
        g.DraftGepAccount(
            plan=newer.plan,
            document=newer.document,
            account=newer.account,
            supersedes=accounts["without"],
        )
    )

    draft = appraisers.not_drafted(small(accounts=accounts | {"with": unpublished}))
    none = appraisers.not_drafted(small(accounts=accounts | {"with": "00" * 32}))
    late = books.refused(v.PublishGepValuation(valuation=waiting), actor="R-1")

    assert (draft.field, draft.found) == ("document.accounts.with", "draft")
    assert none.found == "none"
    assert (late.code, late.found) == (Reject.VALUATION_BASIS_UNFIT, newest)


def test_a_bank_cites_a_valuation_and_reviews_its_citation_when_a_newer_one_counts(
    books: Books, appraisers: Appraisers
) -> None:
    old = appraisers.published(small())
    books.cited(old, "LOAN/20")
    new = appraisers.published(small(rate="0.035", supersedes=old))
    kept = g.SettleGepCitation(
        account=old, party="B", reference="LOAN/20", outcome=g.CitationOutcome.KEPT
    )

    again = g.CiteGepAccount(account=old, party="B", purpose=g.CitedFor.LOAN, reference="LOAN/21")
    refusal = books.refused(again, actor="B-1")
    books.must(kept, actor="B-1")

    citation = books.state.citations.get(old, "B", "LOAN/20")
    assert citation is not None
    assert citation.seen == new
    assert (refusal.code, refusal.expected) == (
        Reject.STATUS_UNFIT,
        "the valuation that counts now",
    )


def test_every_step_is_undone_to_the_byte(books: Books) -> None:
    machine = books.machine
    command = small()
    before, mark = state_hash(machine), len(machine.ledger.journal)

    books.must(command, actor="M-1")
    books.must(accepted(command.valuation), actor="M-2")
    undo(machine.ledger.journal, mark=mark)

    assert state_hash(machine) == before
