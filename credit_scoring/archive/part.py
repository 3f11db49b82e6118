"""The archives' part of the machine, and how what is resident of them comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.archive import commands, decisions, intake, later, signing
from credit_scoring.archive import effects as of_facts
from credit_scoring.archive import intake_effects as of_intakes
from credit_scoring.archive.state import (
    Archive,
    Department,
    Objection,
    SetMonthsPeriod,
    SetPeriod,
)
from credit_scoring.archive.taking_in import DepartmentKey, Intake
from ledger.loading import rows_of
from ledger.machine import ANYONE, Part, Rule
from ledger.roles import Role

_SUPERVISES = frozenset({Role.OPERATOR, Role.REGULATOR})
_REPORTS = frozenset({Role.INTAKE, Role.REGULATOR})


def archive_part(state: Archive) -> Part:
    """Return what the archives register with the machine."""
    return Part(
        state=state,
        rules={
            commands.RegisterSubject: Rule(
                decide=decisions.register_subject,
                roles=_SUPERVISES,
                reads=decisions.reads_subject,
            ),
            commands.AuthoriseDepartment: _decided(decisions.authorise_department),
            commands.SetTerm: _decided(decisions.set_term),
            commands.SetMonths: _decided(decisions.set_months),
            commands.RecordFacts: Rule(
                decide=decisions.record_facts, roles=_REPORTS, reads=decisions.reads_facts
            ),
            commands.RegisterDepartmentKey: _decided(signing.register_key),
            commands.RetireDepartmentKey: _decided(signing.retire_key),
            commands.RecordSignedFacts: Rule(
                decide=signing.record_signed_facts,
                roles=_REPORTS,
                reads=signing.reads_signed_facts,
            ),
            commands.OpenIntake: Rule(decide=intake.open_intake, roles=_REPORTS, linkable=False),
            commands.RecordIntakeFacts: Rule(
                decide=intake.record_chunk,
                roles=_REPORTS,
                reads=intake.reads_chunk,
                linkable=False,
            ),
            commands.AdoptIntake: Rule(decide=intake.adopt_intake, roles=_REPORTS),
            commands.DropIntake: Rule(decide=intake.drop_intake, roles=_REPORTS | _SUPERVISES),
            commands.RepairFact: Rule(
                decide=later.repair_fact, roles=_REPORTS, reads=later.reads_fact
            ),
            commands.RevokeFact: Rule(
                decide=later.revoke_fact, roles=_REPORTS, reads=later.reads_fact
            ),
            commands.OpenObjection: Rule(
                decide=later.open_objection, roles=ANYONE, reads=later.reads_fact
            ),
            commands.DecideObjection: Rule(
                decide=later.decide_objection, roles=_REPORTS, reads=later.reads_objection
            ),
        },
        folds={**of_facts.FOLDS, **of_intakes.FOLDS},
        rows=_rows,
        check=Archive.check,
        shelves=(state.subjects, state.facts, state.standings, state.batches),
    )


def _decided(decide: Any) -> Rule:
    """Return the rule of what two people of the supervision decide."""
    return Rule(decide=decide, roles=_SUPERVISES, four_eyes=decisions.always)


def _rows(state: Archive) -> Iterable[Any]:
    yield from (state.departments[key] for key in sorted(state.departments))
    yield from (state.terms[key] for key in sorted(state.terms))
    yield from (state.months_set[key] for key in sorted(state.months_set))
    yield from (state.objections[number] for number in sorted(state.objections))
    yield from (state.keys[name] for name in sorted(state.keys))
    yield from (state.intakes[number] for number in sorted(state.intakes))


async def load_archive(state: Archive, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its ledger, with what is committed and resident."""
    for row in await rows_of(connection, "SELECT * FROM credit_department"):
        state.departments[row["party"]] = Department(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM credit_term"):
        state.terms[row["term"]] = SetPeriod(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM credit_months"):
        state.months_set[row["term"]] = SetMonthsPeriod(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM credit_objection WHERE state = 'open'"):
        state.objections[row["id"]] = Objection(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM credit_department_key"):
        state.keys[row["department"], row["key_id"]] = DepartmentKey(**dict(row))
    hidden = "SELECT * FROM credit_intake WHERE state <> 'adopted'"
    for row in await rows_of(connection, hidden):
        state.intakes[row["id"]] = Intake(**dict(row))
    last = await connection.fetchval("SELECT max(id) FROM credit_objection")
    state.next.objection = (last or 0) + 1
    last = await connection.fetchval("SELECT max(id) FROM credit_intake")
    state.next.intake = (last or 0) + 1
