"""One byte of each kind of record, changed where it lies."""

from gateway.drills.definition import OWNER, WRITER_ROLE, Change, Day, Drill, Line, Plain

_BYTE = "set_byte({0}, octet_length({0}) / 2, get_byte({0}, octet_length({0}) / 2) # 1)"
HEADER = f'UPDATE entry SET header = {_BYTE.format("header")} WHERE "index" = {{middle}}'
_POSTINGS = f'UPDATE entry SET postings = {_BYTE.format("postings")} WHERE "index" = {{middle}}'
_POSTINGS_KEY = (
    f'UPDATE entry SET postings_key = {_BYTE.format("postings_key")} WHERE "index" = {{middle}}'
)
_PERSONAL = f'UPDATE entry_personal SET body = {_BYTE.format("body")} WHERE "index" = {{personal}}'
_PERSONAL_KEY = (
    f'UPDATE entry_personal SET key = {_BYTE.format("key")} WHERE "index" = {{personal}}'
)
_TILE = f"UPDATE tile SET hashes = {_BYTE.format('hashes')} WHERE level = 0 AND number = 0"
_NEWEST = "WHERE size = (SELECT max(size) FROM checkpoint)"
_ROOT = f"UPDATE checkpoint SET root = {_BYTE.format('root')} {_NEWEST}"
# A letter inside the signature, ten places before the note's end.
_NOTE = (
    "UPDATE checkpoint SET note = overlay(note placing CASE substr(note, length(note) - 9, 1) "
    f"WHEN 'A' THEN 'B' ELSE 'A' END from length(note) - 9) {_NEWEST}"
)
_HEAD_HASH = "UPDATE writer SET head_hash = overlay(head_hash placing 'x' from 9)"
_HEAD = "UPDATE writer SET head = head - 1"
_APPEND_ONLY = {WRITER_ROLE: Line.GRANT, OWNER: Line.TRIGGER}
_BY_TRIGGER = {WRITER_ROLE: Line.TRIGGER, OWNER: Line.TRIGGER}
# The writer's own work: its role may do it, so only what looks afterwards finds it.
_LET_THROUGH = {WRITER_ROLE: None, OWNER: None}
_PUBLIC = frozenset({Line.VERIFY, Line.READER, Line.KEEPER})

DRILLS = (
    Drill(
        name="header",
        what="one byte of a header that was published long ago",
        steps=(Change((HEADER,)),),
        plain=Plain(sql=HEADER, by=_APPEND_ONLY),
        found_by=_PUBLIC | {Line.HOLDER},
    ),
    Drill(
        name="postings",
        what="one byte of a postings part",
        steps=(Change((_POSTINGS,)),),
        plain=Plain(sql=_POSTINGS, by=_APPEND_ONLY),
        found_by=frozenset({Line.VERIFY, Line.REPLAY, Line.HOLDER}),
    ),
    Drill(
        name="postings-key",
        what="one byte of the key of a commitment to postings",
        steps=(Change((_POSTINGS_KEY,)),),
        plain=Plain(sql=_POSTINGS_KEY, by=_APPEND_ONLY),
        found_by=frozenset({Line.VERIFY, Line.HOLDER}),
    ),
    Drill(
        name="personal",
        what="one byte of a personal part",
        steps=(Change((_PERSONAL,)),),
        plain=Plain(sql=_PERSONAL, by={WRITER_ROLE: Line.GRANT, OWNER: None}),
        found_by=frozenset({Line.VERIFY, Line.HOLDER}),
        entry="personal",
    ),
    Drill(
        name="personal-key",
        what="one byte of the key of a commitment to a personal part",
        steps=(Change((_PERSONAL_KEY,)),),
        plain=Plain(sql=_PERSONAL_KEY, by={WRITER_ROLE: Line.GRANT, OWNER: None}),
        found_by=frozenset({Line.VERIFY, Line.HOLDER}),
        entry="personal",
    ),
    Drill(
        name="tile",
        what="one byte of a hash tile that was published long ago",
        steps=(Change((_TILE,)),),
        plain=Plain(sql=_TILE, by=_BY_TRIGGER),
        found_by=_PUBLIC,
    ),
    Drill(
        name="checkpoint-root",
        what="one byte of the newest checkpoint's root, beside its note",
        steps=(Change((_ROOT,)),),
        plain=Plain(sql=_ROOT, by=_BY_TRIGGER),
        found_by=frozenset({Line.PUBLISHER, Line.VERIFY}),
    ),
    Drill(
        name="checkpoint-note",
        what="one letter of the signature below the newest checkpoint, in a quiet hour",
        steps=(Change((_NOTE,)),),
        plain=Plain(sql=_NOTE, by=_LET_THROUGH),
        found_by=frozenset({Line.WITNESS, Line.READER, Line.KEEPER}),
        day=Day.QUIET,
    ),
    Drill(
        name="head-hash",
        what="one letter of the head's hash in the writer's row, while the writer is away",
        steps=(Change((_HEAD_HASH,)),),
        plain=Plain(sql=_HEAD_HASH, by=_LET_THROUGH),
        found_by=frozenset({Line.WRITER, Line.VERIFY}),
        day=Day.STOPPED,
    ),
    Drill(
        name="head",
        what="the head in the writer's row, one less, under a running writer",
        steps=(Change((_HEAD,)),),
        plain=Plain(sql=_HEAD, by=_LET_THROUGH),
        found_by=frozenset({Line.FENCE, Line.WRITER, Line.VERIFY}),
    ),
)
