"""The ledger's tables. A row's columns stand in the order of its class's ``row()``.

Tables that the sequencer writes have no foreign keys and no row triggers: there is one writer, and
``CHECK`` constraints, the machine and the audit are their fences. ``entry``, ``decision``,
``disclosure_use``, ``movement`` and ``trade`` refuse UPDATE, DELETE and TRUNCATE (the migrations'
triggers).
``idempotency`` is cut into ranges of entries, whose tables the migrations alone know.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy import text as sql

from kernel.db.base import metadata

# A table of work that no entry determines, so that no audit compares it: its ``info`` says so.
OPERATIONAL = {"operational": True}


def text(name: str, *, key: bool = False, optional: bool = False) -> Column[str]:
    """Return a column of text."""
    return Column(name, Text, primary_key=key, nullable=optional)


def number(name: str, *, key: bool = False, optional: bool = False) -> Column[int]:
    """Return a column of 64-bit whole numbers."""
    return Column(name, BigInteger, primary_key=key, nullable=optional, autoincrement=False)


def flag(name: str) -> Column[bool]:
    """Return a column of truth values."""
    return Column(name, Boolean, nullable=False)


entry = Table(
    "entry",
    metadata,
    number("index", key=True),
    Column("header", LargeBinary, nullable=False),
    Column("postings", LargeBinary, nullable=False),
    Column("postings_key", LargeBinary, nullable=False),
    Column("empty_personal_key", LargeBinary, nullable=True),
    CheckConstraint('"index" >= 0', name="index_not_negative"),
)
entry_personal = Table(
    "entry_personal",
    metadata,
    number("index", key=True),
    text("subject", key=True),
    Column("key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_entry_personal_subject", "subject"),
)
idempotency = Table(
    "idempotency",
    metadata,
    number("key_hash"),
    number("index"),
    Index("ix_idempotency_key_hash", "key_hash"),
    postgresql_partition_by='RANGE ("index")',
)
writer = Table(
    "writer",
    metadata,
    text("venue", key=True),
    number("epoch"),
    number("head"),
    text("head_hash"),
    text("holder"),
    Column("backend_pid", Integer, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    postgresql_with={"fillfactor": 10},
)
tile = Table(
    "tile",
    metadata,
    number("level", key=True),
    number("number", key=True),
    Column("hashes", LargeBinary, nullable=False),
    number("shard", key=True),
    CheckConstraint("length(hashes) BETWEEN 32 AND 8192", name="hashes_fit"),
)
checkpoint = Table(
    "checkpoint",
    metadata,
    number("size", key=True),
    Column("root", LargeBinary, nullable=False),
    text("note"),
    number("shard", key=True),
)
anchor = Table(
    "anchor",
    metadata,
    text("kind", key=True),
    text("origin", key=True),
    number("size", key=True),
    Column("root", LargeBinary, nullable=False),
    text("note"),
    Column("note_hash", LargeBinary, nullable=False),
    text("state"),
    text("place"),
    text("ref"),
    Column("token", LargeBinary, nullable=True),
    number("attempts"),
    text("error"),
    number("planned_at"),
    number("submitted_at", optional=True),
    number("confirmed_at", optional=True),
    number("stated_at", optional=True),
    CheckConstraint("kind IN ('chain', 'timestamp')", name="kind_known"),
    CheckConstraint("state IN ('pending', 'submitted', 'confirmed', 'failed')", name="state_known"),
    CheckConstraint("length(root) = 32 AND length(note_hash) = 32", name="hashes_fit"),
    Index("ix_anchor_size_kind", "size", "kind"),
)
attempt = Table(
    "attempt",
    metadata,
    number("key_hash", key=True),
    Column("deaths", SmallInteger, nullable=False),
)
quarantine = Table(
    "quarantine",
    metadata,
    text("digest", key=True),
    Column("command", LargeBinary, nullable=False),
    text("cause"),
    Column("actor", Text, nullable=False, server_default=""),
)
venue = Table(
    "venue",
    metadata,
    text("name", key=True),
    text("origin"),
    text("clock"),
    number("machine_version"),
    number("at"),
    number("next_account"),
    number("next_hold"),
    number("next_proposal"),
    number("next_phase"),
)
party = Table(
    "party",
    metadata,
    text("id", key=True),
    text("kind"),
    text("scheme"),
    text("identifier"),
    Index(
        "uq_party_scheme_identifier",
        "scheme",
        "identifier",
        unique=True,
        postgresql_where=sql("identifier <> ''"),
    ),
)
actor = Table(
    "actor",
    metadata,
    text("id", key=True),
    text("party"),
    Column("roles", ARRAY(Text), nullable=False),
    text("digest"),
    flag("live"),
    Index("ix_actor_digest", "digest"),
)
account = Table(
    "account",
    metadata,
    number("number", key=True),
    text("party"),
    text("kind"),
    flag("open"),
    Index("ix_account_party", "party"),
)
holding = Table(
    "holding",
    metadata,
    number("account", key=True),
    text("instrument", key=True),
    number("available"),
    number("held"),
    number("fresh"),
    number("fresh_from"),
    CheckConstraint("available >= 0 OR account <= 2", name="available_not_negative"),
    CheckConstraint("held >= 0", name="held_not_negative"),
    CheckConstraint("fresh >= 0", name="fresh_not_negative"),
    postgresql_with={"fillfactor": 80},
)
hold = Table(
    "hold",
    metadata,
    number("id", key=True),
    number("account"),
    text("instrument"),
    number("quantity"),
    text("purpose"),
    text("reference"),
    text("beneficiary", optional=True),
    number("until", optional=True),
    CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    Index("ix_hold_account", "account"),
)
instrument = Table(
    "instrument",
    metadata,
    text("code", key=True),
    text("right"),
    text("substance"),
    text("unit"),
    text("lot"),
    text("zone"),
    number("vintage", optional=True),
    number("valid_from", optional=True),
    number("valid_until", optional=True),
)
proposal = Table(
    "proposal",
    metadata,
    number("id", key=True),
    text("maker"),
    text("command"),
    text("status"),
    text("checker", optional=True),
)
phase = Table(
    "phase",
    metadata,
    number("id", key=True),
    text("kind"),
    text("subject"),
    text("cursor"),
    flag("done"),
)
timer = Table(
    "timer",
    metadata,
    text("kind", key=True),
    text("subject", key=True),
    number("due"),
    flag("live"),
)
erasure = Table(
    "erasure",
    metadata,
    text("party", key=True),
    number("entry"),
    text("basis"),
)
retention = Table(
    "retention",
    metadata,
    text("party", key=True),
    number("until"),
    text("source"),
)
disclosure = Table(
    "disclosure",
    metadata,
    number("id", key=True),
    text("party"),
    text("recipient"),
    text("purpose"),
    Column("entries", ARRAY(BigInteger), nullable=False),
    text("granted_by"),
    number("until"),
    flag("live"),
    Index("ix_disclosure_party", "party"),
    Index("ix_disclosure_recipient", "recipient"),
)
disclosure_use = Table(
    "disclosure_use",
    metadata,
    number("entry", key=True),
    number("disclosure"),
    text("party"),
    text("actor"),
    number("target", optional=True),
    Index("ix_disclosure_use_disclosure", "disclosure"),
)
shelf = Table(
    "shelf",
    metadata,
    text("name", key=True),
    number("rows"),
    text("digest"),
    CheckConstraint("rows > 0", name="rows_positive"),
    CheckConstraint("length(digest) >= 1024", name="digest_of_512_bytes"),
)
decision = Table(
    "decision",
    metadata,
    number("entry", key=True),
    number("number", key=True),
    number("at"),
    text("kind"),
    text("subject"),
    text("terms"),
    Index("ix_decision_subject", "kind", "subject", "entry"),
)
shard = Table(
    "shard",
    metadata,
    number("number", key=True),
    text("origin"),
    number("first"),
    text("reason"),
    text("old_origin"),
    number("old_size"),
    text("old_root"),
    number("lost_from", optional=True),
    number("lost_to", optional=True),
)
state_root = Table(
    "state_root",
    metadata,
    number("entry", key=True),
    number("number", key=True),
    number("phase"),
    number("as_of"),
    number("at"),
    text("instrument"),
    number("leaves"),
    number("total"),
    number("issued"),
    number("ended"),
    text("root"),
    Index("ix_state_root_instrument", "instrument", "entry"),
)
movement = Table(
    "movement",
    metadata,
    number("entry", key=True),
    number("number", key=True),
    number("source"),
    number("target"),
    text("instrument"),
    number("quantity"),
    text("cause"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    Index("ix_movement_source", "source", "entry"),
    Index("ix_movement_target", "target", "entry"),
)
