"""The lists' part of the machine, and how what is resident of them comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.archive.decisions import always
from credit_scoring.lists import commands, decisions
from credit_scoring.lists.effects import FOLDS
from credit_scoring.lists.state import Listing, Lists, SubjectList
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import Role

_SUPERVISES = frozenset({Role.OPERATOR, Role.REGULATOR})
# A stay that another came after is no longer resident.
_NEWEST = (
    "SELECT DISTINCT ON (list_name, subject) * FROM credit_listing "
    "ORDER BY list_name, subject, id DESC"
)


def lists_part(state: Lists) -> Part:
    """Return what the lists register with the machine."""
    return Part(
        state=state,
        rules={
            commands.DefineList: _decided(decisions.define_list),
            commands.EnterOnList: _decided(decisions.enter_on_list, decisions.reads_entering),
            commands.LeaveList: _decided(decisions.leave_list, decisions.reads_leaving),
        },
        folds=FOLDS,
        rows=_rows,
        check=Lists.check,
    )


def _decided(decide: Any, reads: Any = None) -> Rule:
    """Return the rule of what two people of the supervision decide."""
    return Rule(decide=decide, roles=_SUPERVISES, four_eyes=always, reads=reads)


def _rows(state: Lists) -> Iterable[Any]:
    yield from (state.lists[name] for name in sorted(state.lists))
    yield from (state.listings[key] for key in sorted(state.listings))


async def load_lists(state: Lists, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its archive, with what is committed and resident."""
    for row in await rows_of(connection, "SELECT * FROM credit_list"):
        state.lists[row["list_name"]] = SubjectList(**dict(row))
    for row in await rows_of(connection, _NEWEST):
        listing = Listing(**dict(row))
        state.listings[listing.list_name, listing.subject] = listing
    last = await connection.fetchval("SELECT max(id) FROM credit_listing")
    state.next.listing = (last or 0) + 1
