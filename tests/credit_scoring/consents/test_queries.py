"""A bank's queries: answered under a live consent only, and each of them logged."""

from typing import Any

import pytest

from credit_scoring.consents import commands as k
from credit_scoring.consents.answer import answer_hash
from credit_scoring.consents.refusals import QueryRefusal, Reject
from kernel.errors import InvariantBroken
from ledger import commands as c
from ledger.refusals import Reject as LedgerReject
from tests.credit_scoring.consents.branch import GUARANTEE, LOAN, Branch, day, opened


@pytest.fixture
def branch() -> Branch:
    return opened()


def test_the_citizens_consent_of_the_scenario(branch: Branch) -> None:
    consent = branch.grant(day_from=day(4, 1), day_to=day(6, 30))

    branch.go_to(6, 15)
    answered = branch.ask(as_of=day(6, 15))
    other = branch.ask(purpose=GUARANTEE)
    branch.go_to(7, 1)
    late = branch.ask(as_of=day(7, 1))

    assert (answered.query, answered.consent, answered.refusal) == (1, consent, None)
    assert other.refusal is QueryRefusal.CONSENT_OTHER_PURPOSE
    assert (late.query, late.refusal) == (3, QueryRefusal.CONSENT_EXPIRED)


@pytest.mark.parametrize(
    ("month", "number", "hours", "refusal"),
    [
        (5, 1, 0, None),
        (4, 30, 23, QueryRefusal.CONSENT_NOT_YET),
        (5, 31, 23, None),
        (6, 1, 0, QueryRefusal.CONSENT_EXPIRED),
    ],
)
def test_a_consent_counts_from_its_first_midnight_to_its_last(
    branch: Branch, month: int, number: int, hours: int, refusal: QueryRefusal | None
) -> None:
    branch.grant(day_from=day(5, 1), day_to=day(5, 31))
    branch.go_to(month, number, hours=hours)

    assert branch.ask().refusal is refusal


def test_nothing_is_answered_without_consent(branch: Branch) -> None:
    assert branch.ask().refusal is QueryRefusal.CONSENT_ABSENT
    branch.grant(grantee="B2")
    branch.grant(subject="P2")
    assert branch.ask().refusal is QueryRefusal.CONSENT_ABSENT
    assert branch.ask(subject="P2").refusal is None
    assert branch.ask(bank="B2").refusal is None


def test_a_consent_counts_until_it_is_revoked(branch: Branch) -> None:
    number = branch.grant()
    assert branch.ask().consent == number
    branch.revoke(number)

    assert branch.ask().refusal is QueryRefusal.CONSENT_REVOKED

    again = branch.grant()
    assert branch.ask().consent == again


def test_an_answer_may_have_what_the_consent_covers_and_no_more(branch: Branch) -> None:
    branch.grant(scope=[k.ScopeItem.INDEX, k.ScopeItem.GRADE])

    assert branch.ask(scope=[k.ScopeItem.GRADE]).refusal is None
    assert branch.ask(scope=[k.ScopeItem.GRADE, k.ScopeItem.INDEX]).refusal is None
    assert branch.ask().refusal is QueryRefusal.CONSENT_OTHER_SCOPE


def test_what_stands_for_the_purpose_is_said_before_another_purpose(branch: Branch) -> None:
    branch.grant(purpose=GUARANTEE)
    number = branch.grant()
    branch.revoke(number)

    assert branch.ask().refusal is QueryRefusal.CONSENT_REVOKED
    assert branch.ask(purpose=LOAN, bank="B2").refusal is QueryRefusal.CONSENT_ABSENT


def test_a_consent_that_is_to_come_is_said_before_one_that_is_over(branch: Branch) -> None:
    branch.grant(day_to=day(4, 2))
    branch.grant(day_from=day(5, 1))
    branch.go_to(4, 20)

    assert branch.ask().refusal is QueryRefusal.CONSENT_NOT_YET


@pytest.mark.parametrize(
    ("actor", "changes", "code", "field"),
    [
        ("B1-1", {"subject": "P9"}, LedgerReject.PARTY_UNKNOWN, "subject"),
        ("B1-1", {"subject": "B2"}, Reject.CONSENTER_UNFIT, "subject"),
        ("B2-1", {}, LedgerReject.NOT_THE_OWNER, "bank"),
        ("P1-1", {}, LedgerReject.ROLE_MISSING, None),
        ("X-1", {}, LedgerReject.ROLE_MISSING, None),
        ("B1-1", {"scope": []}, Reject.SCOPE_UNFIT, "scope"),
        ("B1-1", {"rule_set": "a b"}, Reject.DIGEST_UNFIT, "rule_set"),
        ("B1-1", {"rule_set_hash": "x"}, Reject.DIGEST_UNFIT, "rule_set_hash"),
        ("B1-1", {"answer_hash": ""}, Reject.DIGEST_UNFIT, "answer_hash"),
        ("B1-1", {"as_of": day(4, 2)}, Reject.QUERY_AHEAD, "as_of"),
        ("B1-1", {"as_of": 2**62}, Reject.QUERY_AHEAD, "as_of"),
        ("B1-1", {"known_at": 2**62}, Reject.QUERY_AHEAD, "known_at"),
    ],
)
def test_what_is_no_query_is_refused_by_name(
    branch: Branch, actor: str, changes: dict[str, Any], code: str, field: str | None
) -> None:
    branch.grant()

    refusal = branch.refused(branch.query(**changes), actor=actor)

    assert (refusal.code, refusal.field) == (code, field)


def test_a_query_hides_in_no_list(branch: Branch) -> None:
    branch.grant()
    listed = c.Linked(commands=(branch.query(),))

    assert branch.refused(listed, actor="B1-1").code == LedgerReject.NOT_LINKABLE


def test_an_answers_hash_depends_on_its_nonce_and_on_every_word() -> None:
    answer = {"subject": "P1", "grade": "AA", "reasons": ["P-LIVE-01"], "as_of": "2026-06-15"}
    nonce = b"n" * 32

    found = answer_hash(answer, nonce=nonce)

    assert found == answer_hash(dict(reversed(answer.items())), nonce=nonce)
    assert found != answer_hash(answer | {"grade": "A"}, nonce=nonce)
    assert found != answer_hash(answer, nonce=b"m" * 32)
    with pytest.raises(InvariantBroken, match="nonce"):
        answer_hash(answer, nonce=b"")
