"""Who may consent to what, and every reason to refuse a consent or its end."""

from typing import Any

import pytest

from credit_scoring.consents import commands as k
from credit_scoring.consents.refusals import Reject
from ledger.refusals import Reject as LedgerReject
from tests.credit_scoring.consents.branch import (
    GUARANTEE,
    Branch,
    consent,
    day,
    opened,
    revocation,
)


@pytest.fixture
def branch() -> Branch:
    return opened()


@pytest.mark.parametrize("subject", ["E1", "V1", "P1"])
def test_enterprises_villages_and_persons_consent_for_themselves(
    branch: Branch, subject: str
) -> None:
    first = branch.grant(subject=subject)
    second = branch.grant(subject=subject, grantee="B2")

    assert (first, second) == (1, 2)


@pytest.mark.parametrize(
    ("actor", "changes", "code", "field"),
    [
        ("P1-1", {"subject": "P9"}, LedgerReject.PARTY_UNKNOWN, "subject"),
        ("P2-1", {}, LedgerReject.NOT_THE_OWNER, "subject"),
        ("B1-1", {}, LedgerReject.ROLE_MISSING, None),
        ("X-1", {}, LedgerReject.ROLE_MISSING, None),
        ("A-1", {"subject": "A"}, Reject.CONSENTER_UNFIT, "subject"),
        ("P1-1", {"grantee": "B9"}, LedgerReject.PARTY_UNKNOWN, "grantee"),
        ("P1-1", {"grantee": "E1"}, Reject.GRANTEE_UNFIT, "grantee"),
        ("P1-1", {"scope": []}, Reject.SCOPE_UNFIT, "scope"),
        ("P1-1", {"scope": [k.ScopeItem.GRADE] * 2}, Reject.SCOPE_UNFIT, "scope"),
        ("P1-1", {"evidence": "E6" * 32}, Reject.DIGEST_UNFIT, "evidence"),
        ("P1-1", {"evidence": "e6" * 31}, Reject.DIGEST_UNFIT, "evidence"),
    ],
)
def test_what_is_no_consent_is_refused_by_name(
    branch: Branch, actor: str, changes: dict[str, Any], code: str, field: str | None
) -> None:
    refusal = branch.refused(consent(**changes), actor=actor)

    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [
        ((2026, 4, 1), (2027, 3, 31), None),
        ((2026, 4, 1), (2027, 4, 1), "day_to"),
        ((2026, 4, 1), (2026, 4, 1), None),
        ((2026, 4, 2), (2026, 4, 1), "day_to"),
        ((2026, 3, 1), (2026, 3, 31), "day_to"),
        ((2025, 4, 2), (2026, 4, 1), None),
        ((2025, 4, 1), (2026, 4, 1), "day_to"),
        ((2027, 4, 1), (2027, 5, 1), None),
        ((2027, 4, 2), (2027, 5, 1), "day_from"),
        ((1989, 12, 31), (2026, 4, 1), "day_from"),
        ((9999, 12, 31), (9999, 12, 31), "day_from"),
    ],
)
def test_a_consent_is_not_over_and_at_most_twelve_months_long(
    branch: Branch,
    begin: tuple[int, int, int],
    end: tuple[int, int, int],
    field: str | None,
) -> None:
    (first, *begins), (last, *ends) = begin, end
    command = consent(day_from=day(*begins, year=first), day_to=day(*ends, year=last))

    outcome = branch.send(command, actor="P1-1")

    found = None if outcome.refusal is None else (outcome.refusal.code, outcome.refusal.field)
    assert found == (None if field is None else (Reject.CONSENT_PERIOD_UNFIT, field))


@pytest.mark.parametrize("extreme", [0, -(2**62), 2**62, 3_652_060])
def test_days_that_no_calendar_has_are_refused(branch: Branch, extreme: int) -> None:
    for changes in ({"day_from": extreme}, {"day_to": extreme}):
        assert branch.refused(consent(**changes), actor="P1-1").code == Reject.CONSENT_PERIOD_UNFIT


@pytest.mark.parametrize(
    ("begin", "end", "overlaps"),
    [
        ((5, 1), (5, 31), True),
        ((6, 30), (7, 31), True),
        ((7, 1), (7, 31), False),
        ((3, 1), (4, 30), True),
        ((4, 1), (6, 30), True),
    ],
)
def test_two_consents_to_a_bank_for_a_purpose_share_no_day(
    branch: Branch, begin: tuple[int, int], end: tuple[int, int], *, overlaps: bool
) -> None:
    first = branch.grant()
    command = consent(day_from=day(*begin), day_to=day(*end))

    outcome = branch.send(command, actor="P1-1")

    if overlaps:
        assert outcome.refusal is not None
        assert outcome.refusal.code == Reject.CONSENT_OVERLAPS
        assert outcome.refusal.found == f"consent {first}"
    else:
        assert outcome.refusal is None


def test_another_bank_purpose_or_subject_overlaps_nothing(branch: Branch) -> None:
    branch.grant()

    branch.grant(grantee="B2")
    branch.grant(purpose=GUARANTEE)
    branch.grant(subject="P2")


def test_a_gap_between_consents_can_be_filled(branch: Branch) -> None:
    branch.grant(day_from=day(8, 1), day_to=day(8, 31))

    branch.grant(day_from=day(4, 1), day_to=day(7, 31))


def test_what_was_revoked_or_is_over_overlaps_nothing(branch: Branch) -> None:
    number = branch.grant()
    branch.revoke(number)
    branch.grant(day_to=day(4, 10))
    branch.go_to(4, 11)

    branch.grant()


def test_a_line_holds_so_many_consents_that_are_not_over(branch: Branch) -> None:
    first = day(4, 1)
    for number in range(k.CONSENTS_AHEAD_MAX):
        branch.grant(day_from=first + number, day_to=first + number)
    one_more = consent(day_from=first + 50, day_to=first + 50)

    assert branch.refused(one_more, actor="P1-1").code == Reject.CONSENTS_TOO_MANY

    branch.go_to(4, 2)
    branch.must(one_more, actor="P1-1")


@pytest.mark.parametrize(
    ("actor", "number", "changes", "code", "field"),
    [
        ("P2-1", 1, {}, LedgerReject.NOT_THE_OWNER, "subject"),
        ("B1-1", 1, {}, LedgerReject.ROLE_MISSING, None),
        ("P1-1", 2, {}, Reject.CONSENT_UNKNOWN, "consent"),
        ("P1-1", 1, {"grantee": "B2"}, Reject.CONSENT_UNKNOWN, "consent"),
        ("P1-1", 1, {"purpose": GUARANTEE}, Reject.CONSENT_UNKNOWN, "consent"),
    ],
)
def test_only_a_consent_of_ones_own_can_be_revoked(
    branch: Branch, actor: str, number: int, changes: dict[str, Any], code: str, field: str | None
) -> None:
    branch.grant()

    refusal = branch.refused(revocation(number, **changes), actor=actor)

    assert (refusal.code, refusal.field) == (code, field)


def test_a_consent_ends_once(branch: Branch) -> None:
    first = branch.grant()
    branch.revoke(first)
    second = branch.grant()
    branch.go_to(7, 1, hours=0)

    assert branch.refused(revocation(second), actor="P1-1").code == Reject.CONSENT_OVER
    assert branch.refused(revocation(first), actor="P1-1").code == Reject.CONSENT_OVER
