"""Which runs are recorded, and which of them may stand behind a snapshot."""

from typing import Any

import msgspec
import pytest

from credit_scoring.credentials.commands import DefineCredentialIssuer, IssueCredential
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.adopting.commands import AppointChallenger, DropChallenger
from credit_scoring.rule_sets.adopting.state import read
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.runs.commands import (
    DesignateSnapshot,
    GradeCount,
    RecordCreditRun,
    RunPurpose,
    ScoredUnder,
)
from credit_scoring.runs.effects import CreditRunRecorded
from credit_scoring.runs.refusals import Reject
from credit_scoring.runs.state import Runs
from ledger import commands as c
from tests.credit_scoring.archive.office import NOON, TODAY, Office, day, working

IN_FORCE = rule_set_in_force(shipped(), TODAY)
ANOTHER = next(each for each in shipped() if each is not IN_FORCE)
TODAYS = TODAY.toordinal()


@pytest.fixture
def office() -> Office:
    return working()


def runs(office: Office) -> Runs:
    [found] = [part.state for part in office.machine.parts if isinstance(part.state, Runs)]
    return found


def counted(kind: str, subjects: int) -> GradeCount:
    return GradeCount(subject_kind=kind, grade="A", subjects=subjects)


def under(rule_set: RuleSet, **changes: Any) -> ScoredUnder:
    given: dict[str, Any] = {
        "version": rule_set.version,
        "rule_set_hash": rule_set.hash,
        "root": "7a" * 32,
        "rated": 2,
        "complete": 3,
        "grades": [counted("person", 2)],
    }
    return ScoredUnder(**given | changes)


def ran(office: Office, number: int = 1, **changes: Any) -> RecordCreditRun:
    given: dict[str, Any] = {
        "job": f"0197f2c1-8b7a-7c11-9d63-{number:012x}",
        "purpose": RunPurpose.PRICE_LIST,
        "as_of": TODAYS,
        "known_at": office.at,
        "position": office.index,
        "subjects": 3,
        "scored": [under(IN_FORCE)],
    }
    return RecordCreditRun(**given | changes)


def recorded(office: Office, number: int = 1, **changes: Any) -> int:
    outcome = office.must(ran(office, number, **changes), actor="R-1")
    [effect] = outcome.effects
    assert isinstance(effect, CreditRunRecorded)
    return effect.run


def designated(run: int, **changes: Any) -> DesignateSnapshot:
    given: dict[str, Any] = {
        "run": run,
        "valid_from": day(2026, 7, 1),
        "valid_until": day(2026, 12, 31),
        "decision": "2026-31",
    }
    return DesignateSnapshot(**given | changes)


def refused_by_two(office: Office, command: DesignateSnapshot) -> tuple[str, str | None]:
    office.must(c.Propose(command=command), actor="R-1")
    proposal = office.machine.ledger.next_proposal - 1
    refusal = office.refused(c.Approve(proposal=proposal), actor="R-2")
    return refusal.code, refusal.field


def test_a_run_is_recorded_with_everything_that_it_commits_to(office: Office) -> None:
    command = ran(office)
    number = recorded(office)

    run = runs(office).runs[number]
    assert (run.number, run.entry, run.at) == (1, office.index, NOON)
    assert (run.as_of, run.position, run.subjects) == (TODAYS, command.position, 3)
    assert run.under() == command.scored
    assert recorded(office, 2) == 2


def test_a_job_is_recorded_once(office: Office) -> None:
    recorded(office)

    refusal = office.refused(ran(office), actor="R-1")

    assert (refusal.code, refusal.found) == (Reject.RUN_RECORDED, "1")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"job": "mine"}, "job"),
        ({"known_at": NOON + 1}, "known_at"),
        ({"as_of": TODAYS + 1}, "as_of"),
        ({"as_of": 1}, "as_of"),
        ({"known_at": NOON - 86_400_000_000}, "as_of"),
        ({"position": 10_000}, "position"),
        ({"position": -1}, "position"),
        ({"subjects": 0}, "subjects"),
        ({"scored": []}, "scored"),
        ({"scored": [under(IN_FORCE)] * 2}, "scored"),
        ({"scored": [under(IN_FORCE, root="7A" * 32)]}, "scored"),
        ({"scored": [under(IN_FORCE, rated=3)]}, "scored"),
        ({"scored": [under(IN_FORCE, complete=4)]}, "scored"),
        ({"subjects": 1}, "scored"),
        (
            {"scored": [under(IN_FORCE, grades=[counted("cat", 2)])]},
            "scored",
        ),
        (
            {"scored": [under(IN_FORCE, rated=0, grades=[counted("person", 0)])]},
            "scored",
        ),
    ],
)
def test_what_contradicts_itself_is_no_run(
    office: Office, changes: dict[str, Any], field: str
) -> None:
    refusal = office.refused(ran(office, **changes), actor="R-1")

    assert (refusal.code, refusal.field) == (Reject.RUN_UNFIT, field)
    assert runs(office).runs == {}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"scored": [under(ANOTHER)]}, ANOTHER.version),
        ({"scored": [under(IN_FORCE, rule_set_hash="5d" * 32)]}, IN_FORCE.version),
        (
            {"scored": [under(IN_FORCE), under(ANOTHER, rule_set_hash="5d" * 32)]},
            ANOTHER.version,
        ),
        ({"as_of": day(1995, 1, 1)}, IN_FORCE.version),
        ({"position": 0}, IN_FORCE.version),
    ],
)
def test_only_the_set_in_force_on_the_day_scores(
    office: Office, changes: dict[str, Any], found: str
) -> None:
    refusal = office.refused(ran(office, **changes), actor="R-1")

    assert (refusal.code, refusal.found) == (Reject.RUN_RULE_SET_UNFIT, found)


def test_a_challenger_that_left_while_the_run_went_on_is_recorded(office: Office) -> None:
    text = IN_FORCE.canonical.decode().replace(f'"{IN_FORCE.version}"', '"9.9"')
    challenger = read(text)
    appoint = AppointChallenger(document=text, rule_set_hash=challenger.hash, decision="2026-4")
    office.approved(appoint)
    wrong = under(challenger, rule_set_hash="5d" * 32)
    refusal = office.refused(ran(office, scored=[under(IN_FORCE), wrong]), actor="R-1")
    office.approved(DropChallenger(version="9.9", decision="2026-5"))

    assert refusal.code == Reject.RUN_RULE_SET_UNFIT
    assert recorded(office, scored=[under(IN_FORCE), under(challenger)]) == 1


def test_only_who_runs_a_venue_records(office: Office) -> None:
    assert office.refused(ran(office), actor="D-1").code == "ledger.role_missing"
    assert office.must(ran(office), actor="X-1").refusal is None


def test_a_snapshot_needs_two_people_of_the_regulator(office: Office) -> None:
    command = designated(recorded(office))

    assert office.refused(command, actor="R-1").code == "ledger.four_eyes_required"
    assert office.refused(command, actor="X-1").code == "ledger.role_missing"


def test_a_half_year_has_one_list_until_another_corrects_it(office: Office) -> None:
    first, second = recorded(office, 1), recorded(office, 2)
    office.approved(designated(first))

    overlapping = refused_by_two(office, designated(second))
    office.approved(designated(second, replaces=1))
    again = refused_by_two(office, designated(first, replaces=1))
    office.approved(designated(first, valid_from=day(2027, 1, 1), valid_until=day(2027, 6, 30)))

    assert overlapping == (Reject.SNAPSHOT_OVERLAPS, "valid_from")
    assert again == (Reject.SNAPSHOT_REPLACED, "replaces")
    assert runs(office).replaced == {1: 2}
    assert sorted(runs(office).snapshots) == [1, 2, 3]


def test_another_purpose_has_its_own_days(office: Office) -> None:
    office.approved(designated(recorded(office, 1)))
    banks = recorded(office, 2, purpose=RunPurpose.BANKS)

    office.approved(designated(banks))
    crossing = refused_by_two(office, designated(banks, replaces=1))

    assert crossing == (Reject.SNAPSHOT_UNKNOWN, "replaces")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"run": 7}, Reject.RUN_UNKNOWN, "run"),
        ({"run": 2}, Reject.RUN_FOR_REVIEW, "run"),
        ({"replaces": 7}, Reject.SNAPSHOT_UNKNOWN, "replaces"),
        ({"valid_from": 0}, Reject.SNAPSHOT_UNFIT, "valid_from"),
        ({"valid_until": day(2026, 6, 30)}, Reject.SNAPSHOT_UNFIT, "valid_until"),
        ({"valid_until": day(2027, 7, 2)}, Reject.SNAPSHOT_UNFIT, "valid_until"),
        ({"valid_until": 10**7}, Reject.SNAPSHOT_UNFIT, "valid_until"),
    ],
)
def test_a_snapshot_without_a_run_or_without_days_is_refused(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    first = recorded(office, 1)
    recorded(office, 2, purpose=RunPurpose.REVIEW)

    command = msgspec.structs.replace(designated(first), **changes)

    assert refused_by_two(office, command) == (code, field)
    assert runs(office).snapshots == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"as_of": TODAYS - 1}, "as_of"),
        ({"rule_set_version": ANOTHER.version}, "rule_set_version"),
        ({"rule_set_hash": ANOTHER.hash}, "rule_set_hash"),
        ({"grade": "AAA", "colour": "green"}, "grade"),
        ({"subject_kind": SubjectKind.VILLAGE}, "grade"),
    ],
)
def test_a_credential_that_names_a_run_says_what_the_run_says(
    office: Office, changes: dict[str, Any], field: str | None
) -> None:
    for number in (1, 2, 3):
        recorded(office, number)
    base = "https://credit.example/v1/credential-status"
    defined = DefineCredentialIssuer(issuer="https://credit.example/v1/issuer", base=base)
    office.must(defined, actor="X-1")
    given: dict[str, Any] = {
        "credential": "0197f2c1-8b7a-7c11-9d63-000000000001",
        "subject": "urn:ecorights:subject:zhuwu-1",
        "subject_kind": SubjectKind.PERSON,
        "grade": "A",
        "colour": "blue",
        "as_of": TODAYS,
        "rule_set_version": IN_FORCE.version,
        "rule_set_hash": IN_FORCE.hash,
        "records_hash": "2e" * 32,
        "valid_until": NOON + 86_400_000_000,
        "score_entry": runs(office).runs[2].entry,
    }

    outcome = office.send(IssueCredential(**given | changes), actor="R-1")

    found = None if outcome.refusal is None else outcome.refusal.field
    assert found == field


def test_a_run_is_found_by_its_entry_and_by_no_other(office: Office) -> None:
    for number in (1, 2):
        recorded(office, number)
    state = runs(office)
    entries = {each.entry: each for each in state.runs.values()}

    found = {entry: state.of_entry(entry) for entry in range(office.index + 2)}

    assert {entry: run for entry, run in found.items() if run is not None} == entries
