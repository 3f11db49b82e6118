"""The whole venue as it was before: from a backup, by mistake or on purpose."""

from gateway.drills.definition import Day, Drill, Line, RestoreDatabase, RestoreSigner

DRILLS = (
    Drill(
        name="rollback",
        what="the whole database rolled back to an older state; the signer keeps its memory",
        steps=(RestoreDatabase(),),
        found_by=frozenset({Line.SIGNER, Line.WITNESS, Line.KEEPER, Line.HOLDER}),
        day=Day.STOPPED,
        entry="last",
    ),
    Drill(
        name="rollback-with-signer",
        what="the database and the signer's memory rolled back together",
        steps=(RestoreDatabase(), RestoreSigner()),
        found_by=frozenset({Line.WITNESS, Line.KEEPER, Line.HOLDER}),
        day=Day.STOPPED,
        entry="last",
    ),
)
