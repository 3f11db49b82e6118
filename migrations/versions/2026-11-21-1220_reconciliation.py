"""Rows of the reconciliation: terms with counterparties, files, tasks, and what happened to them.

Revision: 0009, after 0008, 2026-11-21 11:30:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHANGED = ("reconciliation", "reconciliation_task", "reconciliation_terms")
APPENDED = "reconciliation_event"
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "reconciliation_terms",
        _text("counterparty"),
        _text("file_kind"),
        sa.Column("instruments", postgresql.ARRAY(sa.Text()), nullable=False),
        _number("utc_offset_minutes"),
        _number("cut_off_minutes"),
        _number("window_days"),
        _number("due_hours"),
        _number("reopen_hours"),
        _number("lines_max"),
        sa.Column("four_eyes_instruments", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("four_eyes_quantities", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        _number("latest"),
        sa.PrimaryKeyConstraint("counterparty", "file_kind", name=op.f("pk_reconciliation_terms")),
    )
    op.create_table(
        "reconciliation",
        _number("id"),
        _text("counterparty"),
        _text("file_kind"),
        _number("day"),
        _number("as_of"),
        _text("digest"),
        _number("entry"),
        _number("at"),
        _text("actor"),
        _number("lines"),
        _number("matched"),
        _number("differences"),
        _number("left_out"),
        _number("supersedes", optional=True),
        _number("superseded_by", optional=True),
        sa.CheckConstraint(
            "matched >= 0 AND matched <= lines", name=op.f("ck_reconciliation_matched_in_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    op.create_index("ix_reconciliation_day", "reconciliation", ["counterparty", "file_kind", "day"])
    op.create_index("ix_reconciliation_digest", "reconciliation", ["digest"])
    _make_tasks()
    _make_events()
    _grant()


def _make_tasks() -> None:
    op.create_table(
        "reconciliation_task",
        _number("id"),
        _number("reconciliation"),
        _text("counterparty"),
        _text("file_kind"),
        _number("day"),
        _text("subject"),
        _text("instrument"),
        _number("seen"),
        _number("seen_day"),
        _text("kind"),
        _text("there"),
        _text("here"),
        _number("here_entry", optional=True),
        _number("here_number", optional=True),
        _number("at_stake"),
        _text("state"),
        _text("assignee"),
        _text("finding"),
        _number("due"),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        _text("outcome"),
        _number("until", optional=True),
        sa.CheckConstraint(
            "at_stake >= 0", name=op.f("ck_reconciliation_task_at_stake_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_task")),
        postgresql_with={"fillfactor": 80},
    )
    of_file = ["counterparty", "file_kind"]
    op.create_index(
        "ix_reconciliation_task_open",
        "reconciliation_task",
        [*of_file, "id"],
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index("ix_reconciliation_task_seen", "reconciliation_task", ["seen"])
    op.create_index("ix_reconciliation_task_day", "reconciliation_task", [*of_file, "day"])
    op.create_index(
        "ix_reconciliation_task_here",
        "reconciliation_task",
        ["counterparty", "here_entry"],
        postgresql_where=sa.text("here_entry IS NOT NULL"),
    )


def _make_events() -> None:
    op.create_table(
        APPENDED,
        _number("entry"),
        _number("number"),
        _number("at"),
        _number("task"),
        _text("event"),
        _text("actor"),
        _number("reconciliation", optional=True),
        _text("detail"),
        _text("there"),
        _text("here"),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_reconciliation_event")),
    )
    op.create_index("ix_reconciliation_event_task", APPENDED, ["task", "entry", "number"])
    op.create_index(
        "ix_reconciliation_event_file",
        APPENDED,
        ["reconciliation", "number"],
        postgresql_where=sa.text("reconciliation IS NOT NULL"),
    )
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {APPENDED} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _grant() -> None:
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        changed, appended = GRANTS[role]
        op.execute(f"GRANT {changed} ON {', '.join(CHANGED)} TO {role}")
        op.execute(f"GRANT {appended} ON {APPENDED} TO {role}")


def downgrade() -> None:
    """Take the change back."""
    for table in (APPENDED, *CHANGED):
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
