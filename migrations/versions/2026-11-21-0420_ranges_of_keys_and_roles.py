"""Cut idempotency keys into ranges of entries, fence more values, and make the roles.

Ranges: an index over random keys of a whole log writes twice the bytes at four million keys, so
each range of 4,000,000 entries has its own. Ranges ahead of the log are made here; past them rows
fall into a default one, and nothing stops.

Roles belong to the whole cluster and to every venue in it, so they are made where they are
missing, granted here, and never dropped. Who may not make them is told what to ask for.

Revision: 0002, after 0001, 2026-11-21 04:20:00+00:00.
"""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ENTRIES_PER_RANGE = 4_000_000
RANGES_AHEAD = 16
ROLES = ("ecorights_eraser", "ecorights_reader", "ecorights_writer")
READER_TIMEOUTS = ("statement_timeout", "idle_in_transaction_session_timeout")

APPENDED = ("entry", "entry_personal", "movement", "trade", "idempotency", "quarantine")
CHANGED = (
    "account",
    "actor",
    "attempt",
    "book",
    "calendar_day",
    "compliance_rule",
    "control_group",
    "hold",
    "holding",
    "instrument",
    "market",
    "obligation",
    "party",
    "phase",
    "proposal",
    "timer",
    "trading_order",
    "venue",
    "writer",
)
PERSONAL = ("entry_personal", "quarantine")

log = logging.getLogger("ecorights.migrations")


def upgrade() -> None:
    """Make the change."""
    # Making a role waits for a venue beside this one that makes the same at the same moment.
    op.execute("SET LOCAL lock_timeout = '5s'")
    _cut_into_ranges()
    op.create_index(
        "uq_party_scheme_identifier",
        "party",
        ["scheme", "identifier"],
        unique=True,
        postgresql_where=sa.text("identifier <> ''"),
    )
    op.create_check_constraint(op.f("ck_entry_index_not_negative"), "entry", '"index" >= 0')
    if _make_roles():
        for statement in _grants():
            op.execute(statement)


def downgrade() -> None:
    """Take the change back; the roles stay, other venues may use them."""
    for role in _present_roles():
        op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
        op.execute(f"REVOKE ALL ON SCHEMA public FROM {role}")
    op.drop_constraint(op.f("ck_entry_index_not_negative"), "entry")
    op.drop_index("uq_party_scheme_identifier", table_name="party")
    op.execute("ALTER TABLE idempotency RENAME TO idempotency_in_ranges")
    op.execute("ALTER INDEX ix_idempotency_key_hash RENAME TO ix_idempotency_in_ranges")
    op.execute('CREATE TABLE idempotency (key_hash bigint NOT NULL, "index" bigint NOT NULL)')
    op.execute("INSERT INTO idempotency SELECT * FROM idempotency_in_ranges")
    op.execute("DROP TABLE idempotency_in_ranges")
    op.create_index("ix_idempotency_key_hash", "idempotency", ["key_hash"])


def _cut_into_ranges() -> None:
    op.execute("ALTER TABLE idempotency RENAME TO idempotency_whole")
    op.execute("ALTER INDEX ix_idempotency_key_hash RENAME TO ix_idempotency_whole")
    op.execute(
        'CREATE TABLE idempotency (key_hash bigint NOT NULL, "index" bigint NOT NULL) '
        'PARTITION BY RANGE ("index")'
    )
    for number in range(RANGES_AHEAD):
        start = number * ENTRIES_PER_RANGE
        op.execute(
            f"CREATE TABLE idempotency_{number} PARTITION OF idempotency "
            f"FOR VALUES FROM ({start}) TO ({start + ENTRIES_PER_RANGE})"
        )
    op.execute("CREATE TABLE idempotency_rest PARTITION OF idempotency DEFAULT")
    op.execute("INSERT INTO idempotency SELECT * FROM idempotency_whole")
    op.execute("DROP TABLE idempotency_whole")
    op.create_index("ix_idempotency_key_hash", "idempotency", ["key_hash"])


def _make_roles() -> bool:
    """Make the roles that are missing; tell whether all are there."""
    missing = set(ROLES) - set(_present_roles())
    if not missing:
        return True
    may = op.get_bind().scalar(
        sa.text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    )
    if not may:
        log.warning(
            "This database user may not make the roles %s. Everything works without them, with "
            "the rights of this user. To have them, run as a user with CREATEROLE: %s; then "
            "migrate down to 0001 and up again.",
            ", ".join(sorted(missing)),
            "; ".join(f"CREATE ROLE {role} LOGIN" for role in sorted(missing)),
        )
        return False
    for role in sorted(missing):
        _make_role(role)
    return True


def _make_role(role: str) -> None:
    """Make a role without a password: who may log in as it, the cluster's own rules say."""
    settings = ["SET timezone = 'UTC'"]
    if role == "ecorights_reader":
        settings += [f"SET {name} = '5s'" for name in READER_TIMEOUTS]
        settings.append("SET default_transaction_read_only = on")
    if role == "ecorights_writer":
        settings.append("SET synchronous_commit = on")
    changes = " ".join(f"ALTER ROLE {role} {setting};" for setting in settings)
    # Another venue's migration may have made it since we looked.
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {role} LOGIN; {changes} "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )


def _present_roles() -> list[str]:
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles) ORDER BY 1")
    return list(op.get_bind().scalars(query, {"roles": list(ROLES)}))


def _grants() -> list[str]:
    """Return who may do what: nobody may change an entry, and only the eraser may delete."""
    readable = sorted({*APPENDED, *CHANGED} - {*PERSONAL})
    return [
        "GRANT USAGE ON SCHEMA public TO ecorights_writer, ecorights_reader, ecorights_eraser",
        f"GRANT SELECT, INSERT ON {', '.join(APPENDED)} TO ecorights_writer",
        f"GRANT SELECT, INSERT, UPDATE ON {', '.join(CHANGED)} TO ecorights_writer",
        "GRANT DELETE ON attempt TO ecorights_writer",
        f"GRANT SELECT ON {', '.join(readable)} TO ecorights_reader",
        "GRANT SELECT, DELETE ON entry_personal TO ecorights_eraser",
    ]
