"""The guards themselves taken down: triggers, their functions, rights."""

from gateway.drills.definition import OWNER, WRITER_ROLE, Alter, Change, Drill, Line, Plain
from gateway.drills.single_bytes import HEADER

_DROP = "DROP TRIGGER append_only ON entry"
_DISABLE = "ALTER TABLE movement DISABLE TRIGGER append_only"
_EMPTY = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NULL; END $$"
)
_RIGHT = f"GRANT UPDATE, DELETE ON entry TO {WRITER_ROLE}"
_BY_GRANT = {WRITER_ROLE: Line.GRANT, OWNER: None}

DRILLS = (
    Drill(
        name="trigger-dropped",
        what="the owner drops the trigger that keeps entries, and changes nothing yet",
        steps=(Alter((_DROP,)),),
        plain=Plain(sql=_DROP, by=_BY_GRANT),
        found_by=frozenset({Line.GUARDS}),
    ),
    Drill(
        name="trigger-dropped-and-used",
        what="the owner drops the trigger and changes one byte of a header",
        steps=(Alter((_DROP,)), Change((HEADER,))),
        plain=Plain(sql=_DROP, by=_BY_GRANT),
        found_by=frozenset({Line.VERIFY, Line.READER, Line.KEEPER, Line.HOLDER, Line.GUARDS}),
    ),
    Drill(
        name="trigger-off",
        what="the trigger that keeps movements switched off",
        steps=(Alter((_DISABLE,)),),
        plain=Plain(sql=_DISABLE, by=_BY_GRANT),
        found_by=frozenset({Line.GUARDS}),
    ),
    Drill(
        name="trigger-hollow",
        what="the function behind all append-only triggers made to refuse nothing",
        steps=(Alter((_EMPTY,)),),
        plain=Plain(sql=_EMPTY, by=_BY_GRANT),
        found_by=frozenset({Line.GUARDS}),
    ),
    Drill(
        name="right",
        what="the writer's role is granted to change and delete entries",
        steps=(Alter((_RIGHT,)),),
        # Whoever may not grant is warned only, and nothing is granted.
        plain=Plain(sql=_RIGHT, by={OWNER: None}),
        found_by=frozenset({Line.GUARDS}),
    ),
)
