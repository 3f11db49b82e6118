"""From draft to publication by three persons; what counts, what takes its place, what is kept."""

from typing import Any

import pytest

from gep.publishing import commands as g
from gep.publishing.refusals import Reject
from ledger import commands as c
from ledger.journal import undo
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.gep.publishing.books import Books, draft, opened_books, plan_of


@pytest.fixture
def books() -> Books:
    return opened_books()


def withdrawn(name: str) -> g.WithdrawGepAccount:
    return g.WithdrawGepAccount(account=name)


def corrected(name: str, **changes: Any) -> g.DraftGepAccount:
    """Return the draft of an account of the same place with another quantity of timber."""
    lines = [
        {"id": "timber", "service": "M1", "given_yuan": "3209400", "source": "yearbook, corrected"}
    ]
    return draft(plan_of(lines=lines, **changes), supersedes=name)


def test_an_account_is_drafted_reviewed_approved_and_published(books: Books) -> None:
    name = books.published()

    found = books.account(name)
    assert (found.status, found.total) == ("published", 1_997_950_000)
    assert (found.drafted_by, found.reviewed_by, found.approved_by) == ("M-1", "M-2", "R-2")
    assert found.entry < (found.reviewed_in or 0) < (found.approved_in or 0)
    assert (found.approved_in or 0) < (found.published_in or 0)
    counting = books.state.counting.get("990101", 2025, 2023, "GEP")
    assert counting is not None
    assert counting.account == name


def test_nobody_reviews_a_draft_of_their_own(books: Books) -> None:
    name = books.drafted()

    accepted = g.ReviewGepAccount(account=name, outcome=g.ReviewOutcome.ACCEPTED)

    assert books.refused(accepted, actor="M-1").code == Reject.SAME_PERSON
    assert books.account(name).status == "draft"


@pytest.mark.parametrize(
    ("drafter", "reviewer", "maker", "checker", "code"),
    [
        ("R-1", "M-1", "R-1", "R-2", Reject.SAME_PERSON),
        ("R-2", "M-1", "R-1", "R-2", Reject.SAME_PERSON),
        ("M-1", "R-2", "R-1", "R-2", Reject.SAME_PERSON),
        ("M-1", "M-2", "R-1", "R-1", LedgerReject.CHECKER_IS_MAKER),
    ],
)
def test_no_two_of_drafter_reviewer_and_approver_are_one_person(
    books: Books, drafter: str, reviewer: str, maker: str, checker: str, code: str
) -> None:
    name = books.drafted(actor=drafter)
    books.reviewed(name, actor=reviewer)

    assert books.refused(books.approval(name, maker=maker), actor=checker).code == code
    assert books.account(name).status == "reviewed"


def test_the_reviewer_may_propose_what_another_approves(books: Books) -> None:
    name = books.drafted()
    books.reviewed(name, actor="R-1")

    books.must(books.approval(name, maker="R-1"), actor="R-2")

    assert books.account(name).status == "approved"


def test_one_person_approves_nothing(books: Books) -> None:
    name = books.drafted()
    books.reviewed(name)

    alone = g.ApproveGepAccount(account=name, decision="2026/17")

    assert books.refused(alone, actor="R-1").code == LedgerReject.FOUR_EYES_REQUIRED


def test_a_bank_drafts_nothing_and_a_verifier_publishes_nothing(books: Books) -> None:
    assert books.refused(draft(), actor="B-1").code == LedgerReject.ROLE_MISSING
    name = books.drafted()
    published = g.PublishGepAccount(account=name)

    assert books.refused(published, actor="M-1").code == LedgerReject.ROLE_MISSING


@pytest.mark.parametrize(
    "command",
    [
        g.ReviewGepAccount(account="00" * 32, outcome=g.ReviewOutcome.ACCEPTED),
        g.PublishGepAccount(account="00" * 32),
        withdrawn("00" * 32),
    ],
)
def test_no_step_is_taken_of_an_account_that_nobody_drafted(
    books: Books, command: c.Command
) -> None:
    assert books.refused(command, actor="R-1").code == Reject.ACCOUNT_UNKNOWN


def test_no_step_is_taken_twice_or_too_early(books: Books) -> None:
    name = books.drafted()
    early = books.refused(g.PublishGepAccount(account=name), actor="R-1")
    books.reviewed(name)
    again = g.ReviewGepAccount(account=name, outcome=g.ReviewOutcome.ACCEPTED)

    assert (early.code, early.expected, early.found) == (Reject.STATUS_UNFIT, "approved", "draft")
    assert books.refused(again, actor="R-1").code == Reject.STATUS_UNFIT


def test_a_returned_draft_says_why_and_may_be_drafted_again(books: Books) -> None:
    name = books.drafted()
    silent = g.ReviewGepAccount(account=name, outcome=g.ReviewOutcome.RETURNED)
    assert books.refused(silent, actor="M-2").code == Reject.NOTE_UNFIT

    books.must(
        g.ReviewGepAccount(account=name, outcome=g.ReviewOutcome.RETURNED, note="无监测数据"),
        actor="M-2",
    )

    assert (books.account(name).status, books.account(name).note) == ("returned", "无监测数据")
    books.drafted(actor="M-2")
    assert (books.account(name).drafted_by, books.account(name).reviewed_by) == ("M-2", "")


def test_a_note_has_a_longest_form(books: Books) -> None:
    name = books.drafted()
    long = g.ReviewGepAccount(
        account=name, outcome=g.ReviewOutcome.ACCEPTED, note="x" * (g.NOTE_LENGTH_MAX + 1)
    )

    assert books.refused(long, actor="M-2").code == Reject.NOTE_UNFIT


def test_a_draft_is_withdrawn_by_its_party_or_the_regulator_until_it_is_published(
    books: Books,
) -> None:
    name = books.drafted()
    other = books.refused(withdrawn(name), actor="X-1")
    books.must(withdrawn(name), actor="M-2")
    assert (other.code, other.expected) == (LedgerReject.NOT_THE_OWNER, "M")
    assert books.account(name).status == "withdrawn"

    books.published()

    assert books.refused(withdrawn(name), actor="R-1").code == Reject.STATUS_UNFIT


def test_a_published_account_is_never_drafted_again(books: Books) -> None:
    name = books.published()

    refusal = books.refused(draft(), actor="M-1")

    assert refusal.code == Reject.ACCOUNT_DOUBLED
    assert refusal.found == f"published, of entry {books.account(name).entry}"


def test_a_recomputed_account_takes_the_place_of_the_old_one_and_stays_linked(
    books: Books,
) -> None:
    old = books.published()
    new = books.published(corrected(old))

    was = books.account(old)
    assert (was.status, was.superseded_by, was.total) == ("published", new, 1_997_950_000)
    assert (books.account(new).supersedes, books.account(new).total) == (old, 320_940_000)
    counting = books.state.counting.get(*was.place)
    assert counting is not None
    assert counting.account == new


def test_a_second_account_of_a_place_has_to_supersede_the_first(books: Books) -> None:
    old = books.published()
    other = books.drafted(corrected(""))
    books.reviewed(other)
    books.must(books.approval(other), actor="R-2")

    refusal = books.refused(g.PublishGepAccount(account=other), actor="R-1")

    assert refusal.code == Reject.NOT_THE_SUPERSEDED
    assert refusal.expected == f"an account that supersedes {old}"


def test_of_two_that_supersede_the_same_one_only_the_first_is_published(books: Books) -> None:
    old = books.published()
    late = books.drafted(corrected(old, note="another one", overrides=[override()]))
    books.reviewed(late)
    books.must(books.approval(late), actor="R-2")
    books.published(corrected(old))

    refusal = books.refused(g.PublishGepAccount(account=late), actor="R-1")

    assert refusal.code == Reject.NOT_THE_SUPERSEDED


def override() -> dict[str, Any]:
    return {
        "key": "soil.density",
        "value": "1.21",
        "unit": "t/m3",
        "author": "M-1",
        "reason": "forty cores",
        "source": "survey 2025",
    }


def test_only_what_counts_in_the_same_place_can_be_superseded(books: Books) -> None:
    draft_only = books.drafted()
    unpublished = books.refused(corrected(draft_only), actor="M-1")
    books.must(withdrawn(draft_only), actor="M-1")
    old = books.published()

    unknown = books.refused(corrected("00" * 32), actor="M-1")
    elsewhere = books.refused(corrected(old, year=2024), actor="M-1")

    codes = {each.code for each in (unpublished, unknown, elsewhere)}
    assert codes == {Reject.SUPERSEDED_UNFIT}
    assert (unpublished.found, unknown.found) == ("draft", "none")
    assert elsewhere.found == "990101 2025 2023 GEP"


def test_every_step_that_is_undone_leaves_the_state_as_it_was(books: Books) -> None:
    old = books.published()
    books.cited(old)
    new = corrected(old)
    steps: list[tuple[c.Command, str]] = [
        (new, "M-1"),
        (g.ReviewGepAccount(account=new.account, outcome=g.ReviewOutcome.ACCEPTED), "M-2"),
        (c.Propose(command=g.ApproveGepAccount(account=new.account, decision="2026/18")), "R-1"),
        (c.Approve(proposal=books.machine.ledger.next_proposal), "R-2"),
        (g.PublishGepAccount(account=new.account), "R-1"),
        (settled(old), "B-1"),
    ]
    for command, actor in steps:
        journal = books.machine.ledger.journal
        before, mark = state_hash(books.machine), len(journal)
        books.must(command, actor=actor)
        assert state_hash(books.machine) != before
        undo(journal, mark=mark)
        assert state_hash(books.machine) == before
        books.must(command, actor=actor)


def settled(name: str) -> g.SettleGepCitation:
    return g.SettleGepCitation(
        account=name, party="B", reference="LOAN/1", outcome=g.CitationOutcome.KEPT
    )
