"""Who else would write: behind the writer's back, with an old lease, with a wrong clock."""

from gateway.drills.definition import (
    OWNER,
    WRITER_ROLE,
    Change,
    Day,
    Drill,
    Forge,
    Line,
    Plain,
    Reseal,
    SetClock,
    TakeOver,
)

_BEHIND = (
    "INSERT INTO entry SELECT {next}, header, postings, postings_key, empty_personal_key "
    'FROM entry WHERE "index" = {head}'
)
_LET_THROUGH = {WRITER_ROLE: None, OWNER: None}
HOUR_SECONDS = 3_600

DRILLS = (
    Drill(
        name="behind-the-writer",
        what="an entry added behind the running writer's back, rightly sealed",
        steps=(Change((_BEHIND,)), Reseal("next", writer=False)),
        plain=Plain(sql=_BEHIND, by=_LET_THROUGH),
        found_by=frozenset({Line.FENCE, Line.WRITER, Line.VERIFY}),
    ),
    Drill(
        name="forged-payment",
        what="a payment nobody made: entry, movement and balances added and sealed while the "
        "writer is away",
        steps=(Forge(), Reseal("next")),
        plain=Plain(sql=_BEHIND, by=_LET_THROUGH),
        found_by=frozenset({Line.REPLAY}),
        day=Day.STOPPED,
        entry="cash_in",
    ),
    Drill(
        name="old-epoch",
        what="a writer goes on after another one took its lease over",
        steps=(TakeOver(),),
        found_by=frozenset({Line.FENCE}),
    ),
    Drill(
        name="clock",
        what="the writer's machine starts with a clock an hour behind",
        steps=(SetClock(-HOUR_SECONDS),),
        found_by=frozenset({Line.WRITER}),
        day=Day.STOPPED,
    ),
)
