"""Whole entries: taken away, put in, exchanged, set back in time."""

from gateway.drills.definition import (
    OWNER,
    WRITER_ROLE,
    Change,
    Day,
    Drill,
    Line,
    Plain,
    Reseal,
)

# Far beyond every number of an entry: where entries stand while their numbers change.
_ASIDE = 1_000_000_000_000
_COLUMNS = "header, postings, postings_key, empty_personal_key"
_DELETE = 'DELETE FROM entry WHERE "index" = {middle}'
_DELETE_LAST = 'DELETE FROM entry WHERE "index" = {head}'
_TRUNCATE = 'DELETE FROM entry WHERE "index" >= {before_last}'
_COPY = f'INSERT INTO entry SELECT {{middle}}, {_COLUMNS} FROM entry WHERE "index" = {{last}}'
_INSERT = (
    f'UPDATE entry SET "index" = "index" + {_ASIDE} WHERE "index" > {{middle}}',
    f'UPDATE entry SET "index" = "index" - {_ASIDE} + 1 WHERE "index" > {_ASIDE}',
    f'INSERT INTO entry SELECT {{middle}} + 1, {_COLUMNS} FROM entry WHERE "index" = {{middle}}',
)
_SWAP = 'UPDATE entry SET "index" = 2 * {middle} + 1 - "index" WHERE "index" = {middle}'
_REORDER = (
    f'UPDATE entry SET "index" = {_ASIDE} WHERE "index" = {{middle}}',
    'UPDATE entry SET "index" = {middle} WHERE "index" = {middle} + 1',
    f'UPDATE entry SET "index" = {{middle}} + 1 WHERE "index" = {_ASIDE}',
)
_EARLIER = (
    "UPDATE entry SET postings = overlay(postings placing '2001'::bytea "
    'from position(\'"at":"\'::bytea in postings) + 6 for 4) WHERE "index" = {head}'
)
_APPEND_ONLY = {WRITER_ROLE: Line.GRANT, OWNER: Line.TRIGGER}
_TAKEN = {WRITER_ROLE: Line.CONSTRAINT, OWNER: Line.CONSTRAINT}
_EVERYBODY = frozenset({Line.VERIFY, Line.REPLAY, Line.READER, Line.KEEPER, Line.HOLDER})

DRILLS = (
    Drill(
        name="delete",
        what="an entry in the middle taken away",
        steps=(Change((_DELETE,)),),
        plain=Plain(sql=_DELETE, by=_APPEND_ONLY),
        found_by=_EVERYBODY,
    ),
    Drill(
        name="delete-last",
        what="the newest entry taken away before it is published, under a running writer",
        steps=(Change((_DELETE_LAST,)),),
        plain=Plain(sql=_DELETE_LAST, by=_APPEND_ONLY),
        found_by=frozenset({Line.PUBLISHER, Line.VERIFY, Line.REPLAY}),
    ),
    Drill(
        name="truncate",
        what="the end of the log cut off, published entries too, and the writer's row made to fit",
        steps=(Change((_TRUNCATE,)), Reseal("before_last")),
        plain=Plain(sql=_TRUNCATE, by=_APPEND_ONLY),
        found_by=frozenset({Line.PUBLISHER, Line.VERIFY, Line.READER, Line.KEEPER, Line.HOLDER}),
        day=Day.STOPPED,
        entry="last",
    ),
    Drill(
        name="insert",
        what="an entry put into the middle, those behind it moved on by one",
        steps=(Change(_INSERT),),
        plain=Plain(sql=_COPY, by=_TAKEN),
        found_by=_EVERYBODY | {Line.FENCE},
        entry="last",
    ),
    Drill(
        name="reorder",
        what="two entries in the middle exchanged",
        steps=(Change(_REORDER),),
        plain=Plain(sql=_SWAP, by=_APPEND_ONLY),
        found_by=_EVERYBODY,
    ),
    Drill(
        name="time",
        what="the newest entry set back to 2001 and sealed again, while the writer is away",
        steps=(Change((_EARLIER,)), Reseal("head")),
        plain=Plain(sql=_EARLIER, by=_APPEND_ONLY),
        found_by=frozenset({Line.VERIFY}),
        day=Day.STOPPED,
    ),
)
