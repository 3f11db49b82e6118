"""Rule sets are adopted by two people of the regulator, by hash, and never for a day gone by."""

import json
from datetime import date
from typing import Any

import pytest

from credit_scoring.rule_sets.adopting.commands import (
    CHALLENGERS_MAX,
    DOCUMENT_BYTES_MAX,
    AdoptRuleSet,
    AppointChallenger,
    DropChallenger,
)
from credit_scoring.rule_sets.adopting.effects import ChallengerDropped, RuleSetAdopted
from credit_scoring.rule_sets.adopting.refusals import Reject
from credit_scoring.rule_sets.adopting.state import RuleSets, read
from credit_scoring.rule_sets.errors import RuleSetMissing
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import shipped
from ledger import commands as c
from ledger.journal import undo
from ledger.machine import Outcome
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.credit_scoring.archive.office import TODAY, Office, adopting, opened

OLDER, NEWER = shipped()


def state_of(office: Office) -> RuleSets:
    return next(part.state for part in office.machine.parts if isinstance(part.state, RuleSets))


def draft(**more: Any) -> RuleSet:
    """Return the newer set with other members."""
    document = json.loads(NEWER.canonical) | {"version": "0.2", "effective_from": "2030-01-01"}
    return read(json.dumps(document | more))


def challenging(rule_set: RuleSet) -> AppointChallenger:
    document = rule_set.canonical.decode()
    return AppointChallenger(document=document, rule_set_hash=rule_set.hash, decision="2026-9")


STORY: tuple[c.Command, ...] = (
    adopting(OLDER),
    challenging(draft()),
    challenging(NEWER),
    adopting(draft()),
    DropChallenger(version=NEWER.version, decision="3"),
)


def decided(office: Office, command: c.Command) -> Outcome:
    """Let one person propose and another approve, whatever comes of it."""
    office.must(c.Propose(command=command), actor="R-1")
    return office.send(c.Approve(proposal=office.machine.ledger.next_proposal - 1), actor="R-2")


def refusal(office: Office, command: c.Command) -> Refusal:
    before = state_of(office).adopted.copy(), state_of(office).challengers.copy()
    outcome = decided(office, command)
    assert outcome.refusal is not None, outcome.effects
    assert (state_of(office).adopted, state_of(office).challengers) == before
    return outcome.refusal


@pytest.fixture
def office() -> Office:
    """Return a venue that adopted the newer shipped set, in force since 2026-04-01."""
    office = opened()
    office.approved(adopting(NEWER))
    return office


def test_a_venue_without_an_adopted_set_has_none_in_force() -> None:
    state = state_of(opened())

    with pytest.raises(RuleSetMissing):
        state.in_force(TODAY)
    assert state.sets() == []


def test_the_entry_that_adopts_a_set_holds_its_hash_and_its_whole_document() -> None:
    office = opened()

    outcome = decided(office, adopting(NEWER))

    effect = outcome.effects[-1]
    assert isinstance(effect, RuleSetAdopted)
    assert (effect.version, effect.rule_set_hash) == (NEWER.version, NEWER.hash)
    assert effect.document.encode() == NEWER.canonical
    assert state_of(office).in_force(TODAY) == NEWER


def test_a_document_in_another_form_is_kept_in_its_canonical_one() -> None:
    office = opened()
    spread = json.dumps(json.loads(NEWER.canonical), indent=2)

    office.approved(AdoptRuleSet(document=spread, rule_set_hash=NEWER.hash, decision="1"))

    assert state_of(office).adopted[NEWER.version].document.encode() == NEWER.canonical


@pytest.mark.parametrize(
    "command",
    [adopting(NEWER), challenging(NEWER), DropChallenger(version="0.2", decision="1")],
    ids=["adopt", "appoint", "drop"],
)
def test_one_person_alone_decides_nothing_about_rule_sets(command: c.Command) -> None:
    office = opened()

    assert office.refused(command, actor="R-1").code == LedgerReject.FOUR_EYES_REQUIRED
    assert office.refused(c.Propose(command=command), actor="X-1").code == LedgerReject.ROLE_MISSING
    office.must(c.Propose(command=command), actor="R-1")
    approve = c.Approve(proposal=office.machine.ledger.next_proposal - 1)
    assert office.refused(approve, actor="R-1").code == LedgerReject.CHECKER_IS_MAKER


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("2026-04-02", Reject.RULE_SET_DAY_PAST),
        (TODAY.isoformat(), Reject.RULE_SET_DAY_PAST),
        ("2026-04-01", Reject.RULE_SET_DAY_TAKEN),
    ],
)
def test_a_day_that_a_set_was_in_force_on_keeps_it(
    office: Office, first: str, reason: Reject
) -> None:
    found = refusal(office, adopting(draft(effective_from=first)))

    assert (found.code, found.field) == (reason, "document.effective_from")


@pytest.mark.parametrize("first", ["2026-06-02", "2019-01-01", "2026-03-31"])
def test_a_set_begins_tomorrow_or_on_days_that_scored_nothing(office: Office, first: str) -> None:
    office.approved(adopting(draft(effective_from=first)))

    state = state_of(office)
    assert state.in_force(date.fromisoformat(first)).version == "0.2"
    assert state.in_force(TODAY) == NEWER


def test_the_day_of_approval_counts_and_not_that_of_the_proposal(office: Office) -> None:
    office.must(c.Propose(command=adopting(draft(effective_from="2026-06-02"))), actor="R-1")
    office.at += 86_400_000_000

    approve = c.Approve(proposal=office.machine.ledger.next_proposal - 1)

    assert office.refused(approve, actor="R-2").code == Reject.RULE_SET_DAY_PAST


def test_a_set_in_force_stays_so_until_the_next_one_begins(office: Office) -> None:
    office.approved(adopting(OLDER))
    office.approved(adopting(draft()))
    state = state_of(office)

    assert [each.version for each in state.sets()] == [OLDER.version, NEWER.version, "0.2"]
    assert state.in_force(date(2026, 3, 31)) == OLDER
    assert state.in_force(date(2029, 12, 31)) == NEWER
    assert state.in_force(date(2030, 1, 1)).version == "0.2"


def test_a_set_is_refused_for_the_first_of_its_faults(office: Office) -> None:
    whole = draft()
    caps = json.loads(whole.canonical)
    caps["subjects"]["person"]["base"] = "601"
    by_hash: dict[str, Any] = {"rule_set_hash": whole.hash, "decision": "1"}

    cases = [
        (AdoptRuleSet(document="{", **by_hash), Reject.RULE_SET_UNFIT, "document.line 1, column 2"),
        (AdoptRuleSet(document="[]", **by_hash), Reject.RULE_SET_UNFIT, "document"),
        (
            AdoptRuleSet(document=json.dumps(caps), **by_hash),
            Reject.RULE_SET_UNFIT,
            "document.subjects.person",
        ),
        (adopting(draft(version="0/2")), Reject.RULE_SET_UNFIT, "document.version"),
        (
            AdoptRuleSet(document=" " * (DOCUMENT_BYTES_MAX + 1), **by_hash),
            Reject.RULE_SET_TOO_LARGE,
            "document",
        ),
        (
            AdoptRuleSet(document=NEWER.canonical.decode(), **by_hash),
            Reject.RULE_SET_HASH_UNFIT,
            "rule_set_hash",
        ),
        (adopting(NEWER), Reject.RULE_SET_ADOPTED, "document.version"),
        (challenging(NEWER), Reject.RULE_SET_ADOPTED, "document.version"),
        (
            adopting(draft(version=NEWER.version, reason="changed")),
            Reject.RULE_SET_ADOPTED,
            "document.version",
        ),
        (DropChallenger(version="0.2", decision="1"), Reject.CHALLENGER_UNKNOWN, "version"),
    ]
    for command, code, field in cases:
        found = refusal(office, command)
        assert (found.code, found.field) == (code, field)


def test_a_challenger_stands_beside_the_set_in_force_and_changes_nothing(office: Office) -> None:
    office.approved(challenging(draft(effective_from="2020-01-01")))
    state = state_of(office)

    assert list(state.challengers) == ["0.2"]
    assert state.in_force(TODAY) == NEWER
    again = refusal(office, challenging(draft()))
    assert again.code == Reject.CHALLENGER_APPOINTED
    office.approved(DropChallenger(version="0.2", decision="3"))
    assert state.challengers == {}


def test_a_challenger_is_adopted_as_it_was_evaluated_and_is_one_no_more(office: Office) -> None:
    office.approved(challenging(draft()))

    changed = refusal(office, adopting(draft(reason="changed meanwhile")))
    outcome = decided(office, adopting(draft()))

    assert changed.code == Reject.RULE_SET_HASH_UNFIT
    assert [type(each) for each in outcome.effects[1:]] == [ChallengerDropped, RuleSetAdopted]
    assert state_of(office).challengers == {}


def test_there_are_only_so_many_challengers(office: Office) -> None:
    for number in range(CHALLENGERS_MAX):
        office.approved(challenging(draft(version=f"1.{number}")))

    found = refusal(office, challenging(draft()))

    assert found.code == Reject.CHALLENGERS_TOO_MANY


def test_every_decision_is_taken_back_whole() -> None:
    office = opened()
    machine = office.machine
    before = state_hash(machine)
    mark = len(machine.ledger.journal)
    for command in STORY:
        office.approved(command)

    undo(machine.ledger.journal, mark=mark)

    assert state_hash(machine) == before
    assert state_of(office).adopted == {}
    machine.check()


def test_effects_alone_give_the_same_rule_sets() -> None:
    office, replayed = opened(), opened()
    for command in STORY:
        outcome = decided(office, command)
        assert outcome.refusal is None
        for effect in outcome.effects[1:]:
            replayed.machine.fold([effect], index=office.index, at=office.at)

    assert state_of(replayed).adopted == state_of(office).adopted
    assert state_of(replayed).challengers == state_of(office).challengers
