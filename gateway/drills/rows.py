"""A value of a row that entries determine, changed beside the entries."""

from gateway.drills.definition import (
    ERASER_ROLE,
    OWNER,
    WRITER_ROLE,
    Alter,
    Change,
    Drill,
    Line,
    Plain,
)

_RICH = (
    "(account, instrument) = (SELECT account, instrument FROM holding "
    "WHERE account > 2 AND available > 0 ORDER BY account, instrument LIMIT 1)"
)
_BALANCE = f"UPDATE holding SET available = available + 1000000 WHERE {_RICH}"
_BELOW_ZERO = f"UPDATE holding SET available = -1 WHERE {_RICH}"
_NO_CHECK = "ALTER TABLE holding DROP CONSTRAINT ck_holding_available_not_negative"
_TRADE = "UPDATE trade SET ticks = ticks + 1 WHERE id = (SELECT max(id) FROM trade)"
_MOVEMENT = (
    "UPDATE movement SET quantity = quantity + 1 "
    "WHERE (entry, number) = (SELECT entry, number FROM movement ORDER BY 1, 2 LIMIT 1)"
)
_ORDER = (
    "UPDATE trading_order SET lots_total = lots_total + 1 "
    "WHERE id = (SELECT max(id) FROM trading_order)"
)
_ACTOR = (
    "UPDATE actor SET roles = roles || '{regulator}'::text[] "
    "WHERE id = (SELECT min(id) FROM actor WHERE NOT 'regulator' = ANY(roles))"
)
_KEY = 'DELETE FROM idempotency WHERE "index" = (SELECT min("index") FROM idempotency)'
_ERASE = 'DELETE FROM entry_personal WHERE "index" = {personal}'
_APPEND_ONLY = {WRITER_ROLE: Line.GRANT, OWNER: Line.TRIGGER}
# The writer's own work: its role may do it, so only what looks afterwards finds it.
_LET_THROUGH = {WRITER_ROLE: None, OWNER: None}
_BY_ROWS = frozenset({Line.VERIFY, Line.REPLAY})

DRILLS = (
    Drill(
        name="balance",
        what="1,000,000 more in one balance",
        steps=(Change((_BALANCE,)),),
        plain=Plain(sql=_BALANCE, by=_LET_THROUGH),
        found_by=_BY_ROWS,
    ),
    Drill(
        name="balance-below-zero",
        what="a balance of -1, after the constraint against it was dropped",
        steps=(Alter((_NO_CHECK,)), Change((_BELOW_ZERO,))),
        plain=Plain(sql=_BELOW_ZERO, by={WRITER_ROLE: Line.CONSTRAINT, OWNER: Line.CONSTRAINT}),
        found_by=_BY_ROWS | {Line.GUARDS},
    ),
    Drill(
        name="trade",
        what="one tick more in the price of a trade",
        steps=(Change((_TRADE,)),),
        plain=Plain(sql=_TRADE, by=_APPEND_ONLY),
        found_by=_BY_ROWS,
    ),
    Drill(
        name="movement",
        what="one unit more in a movement of value",
        steps=(Change((_MOVEMENT,)),),
        plain=Plain(sql=_MOVEMENT, by=_APPEND_ONLY),
        found_by=_BY_ROWS,
    ),
    Drill(
        name="order",
        what="one lot more in an order's quantity",
        steps=(Change((_ORDER,)),),
        plain=Plain(sql=_ORDER, by=_LET_THROUGH),
        found_by=_BY_ROWS,
    ),
    Drill(
        name="rights",
        what="the regulator's role for somebody's key",
        steps=(Change((_ACTOR,)),),
        plain=Plain(sql=_ACTOR, by=_LET_THROUGH),
        found_by=_BY_ROWS,
    ),
    Drill(
        name="key",
        what="an idempotency key taken away, so that its command could run twice",
        steps=(Change((_KEY,)),),
        plain=Plain(sql=_KEY, by={WRITER_ROLE: Line.GRANT, OWNER: None}),
        found_by=frozenset({Line.VERIFY}),
    ),
    Drill(
        name="erasure",
        what="a personal part erased without an entry that says so",
        steps=(Change((_ERASE,)),),
        plain=Plain(sql=_ERASE, by={WRITER_ROLE: Line.GRANT, ERASER_ROLE: None}),
        found_by=frozenset({Line.VERIFY, Line.HOLDER}),
        entry="personal",
    ),
)
