"""The rights' part of the machine, and how what is resident of them comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.rights import commands, erasing, notices, reviews
from credit_scoring.rights.effects import FOLDS
from credit_scoring.rights.state import REQUESTED, NotedOverdue, Review, Rights
from ledger.loading import rows_of
from ledger.machine import ANYONE, Part, Rule
from ledger.roles import Role

_SUPERVISES = frozenset({Role.OPERATOR, Role.REGULATOR})
_RECEIVES = frozenset({Role.BANK_OFFICER, Role.BANK_APPROVER})


def rights_part(state: Rights) -> Part:
    """Return what the rights register with the machine."""
    return Part(
        state=state,
        rules={
            commands.RequestReview: Rule(
                decide=reviews.request_review, roles=ANYONE, reads=reviews.reads_subject
            ),
            commands.AnswerReview: Rule(
                decide=reviews.answer_review, roles=_SUPERVISES, reads=reviews.reads_named
            ),
            commands.NoteOverdue: Rule(decide=reviews.note_overdue, roles=_SUPERVISES),
            commands.RaiseNotices: Rule(
                decide=notices.raise_notices,
                roles=_SUPERVISES,
                linkable=False,
                reads=notices.reads_notices,
            ),
            commands.AcknowledgeNotice: Rule(
                decide=notices.acknowledge_notice, roles=_RECEIVES, reads=notices.reads_notice
            ),
            commands.EraseFacts: Rule(
                decide=erasing.erase_facts, roles=_SUPERVISES, reads=erasing.reads_erased
            ),
        },
        folds=FOLDS,
        rows=_rows,
        check=Rights.check,
        shelves=(state.notices,),
    )


def _rows(state: Rights) -> Iterable[Any]:
    yield from (state.reviews[number] for number in sorted(state.reviews))
    yield from (state.overdue[key] for key in sorted(state.overdue))


async def load_rights(state: Rights, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its archive, with what is committed and resident."""
    open_reviews = f"SELECT * FROM credit_review WHERE state = '{REQUESTED}'"  # noqa: S608
    for row in await rows_of(connection, open_reviews):
        state.reviews[row["id"]] = Review(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM credit_overdue"):
        noted = NotedOverdue(**dict(row))
        state.overdue[noted.clock, noted.number] = noted
    last = await connection.fetchval("SELECT max(id) FROM credit_review")
    state.next.review = (last or 0) + 1
