"""The archives' part of the machine, and how what is resident of them comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.archive import commands, decisions, later
from credit_scoring.archive.effects import FOLDS
from credit_scoring.archive.state import (
    Archive,
    Department,
    Objection,
    SetMonthsPeriod,
    SetPeriod,
)
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
        folds=FOLDS,
        rows=_rows,
        check=Archive.check,
        shelves=(state.subjects, state.facts, state.standings),
    )


def _decided(decide: Any) -> Rule:
    """Return the rule of what two people of the supervision decide."""
    return Rule(decide=decide, roles=_SUPERVISES, four_eyes=decisions.always)


def _rows(state: Archive) -> Iterable[Any]:
    yield from (state.departments[key] for key in sorted(state.departments))
    yield from (state.terms[key] for key in sorted(state.terms))
    yield from (state.months_set[key] for key in sorted(state.months_set))
    yield from (state.objections[number] for number in sorted(state.objections))


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
    last = await connection.fetchval("SELECT max(id) FROM credit_objection")
    state.next.objection = (last or 0) + 1
