"""The operator who rewrites everything, step by step with more in his hands."""

from gateway.drills.definition import (
    OWNER,
    WRITER_ROLE,
    Day,
    Drill,
    ForgetSigned,
    Inflate,
    Inside,
    Line,
    Plain,
    Reseal,
    Resign,
    Retile,
    ShowFork,
)

AMOUNT = 1_000_000_000
_REWRITE: tuple[Inside, ...] = (Inflate(AMOUNT), Reseal("cash_in"))
_WITH_TILES: tuple[Inside, ...] = (*_REWRITE, Retile())
_WITH_KEY: tuple[Inside, ...] = (*_WITH_TILES, Resign())
_PLAIN = Plain(
    sql='UPDATE entry SET postings = postings WHERE "index" = {cash_in}',
    by={WRITER_ROLE: Line.GRANT, OWNER: Line.TRIGGER},
)
_OUTSIDE = frozenset({Line.WITNESS, Line.KEEPER, Line.HOLDER})
# The state roots of the closes since then are not those of the forged balances.
_HOUSE = frozenset({Line.REPLAY})

DRILLS = (
    Drill(
        name="rewrite-chain",
        what="a payment of long ago made larger: its balances, and the whole chain behind it",
        steps=_REWRITE,
        plain=_PLAIN,
        found_by=_HOUSE | {Line.PUBLISHER, Line.VERIFY, Line.READER, Line.KEEPER, Line.HOLDER},
        day=Day.STOPPED,
        entry="cash_in",
    ),
    Drill(
        name="rewrite-tiles",
        what="the same, and all tiles and roots above the chain",
        steps=_WITH_TILES,
        plain=_PLAIN,
        found_by=_HOUSE | {Line.SIGNER, Line.VERIFY, Line.READER, Line.KEEPER, Line.HOLDER},
        day=Day.STOPPED,
        entry="cash_in",
    ),
    Drill(
        name="stolen-key",
        what="the same, and all checkpoints signed anew with the log's stolen key",
        steps=_WITH_KEY,
        plain=_PLAIN,
        found_by=_HOUSE | _OUTSIDE | {Line.SIGNER},
        day=Day.STOPPED,
        entry="cash_in",
    ),
    Drill(
        name="stolen-signer",
        what="the same, and the signer's memory too: nothing in the house remembers",
        steps=(*_WITH_KEY, ForgetSigned()),
        plain=_PLAIN,
        found_by=_HOUSE | _OUTSIDE,
        day=Day.STOPPED,
        entry="cash_in",
    ),
    Drill(
        name="split-view",
        what="two histories shown to two people: the fork is signed with the stolen key",
        steps=(ShowFork(_WITH_KEY),),
        found_by=_OUTSIDE,
        entry="cash_in",
    ),
)
