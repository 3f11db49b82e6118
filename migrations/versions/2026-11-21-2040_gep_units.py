"""Units with their boundaries and geometries; thresholds, warnings and their events.

Revision: 0024, after 0022, 2026-11-21 20:40:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

UNIT, BOUNDARY, GEOMETRY = "gep_unit", "gep_boundary", "gep_geometry"
THRESHOLD, WARNING, EVENT = "gep_threshold", "gep_warning", "gep_warning_event"
CHANGED = (UNIT, THRESHOLD, WARNING)
KEPT = (BOUNDARY, GEOMETRY, EVENT)
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}


def upgrade() -> None:
    """Make the change."""
    _make_units()
    _make_warnings()
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        changed, appended = GRANTS[role]
        op.execute(f"GRANT {changed} ON {', '.join(CHANGED)} TO {role}")
        op.execute(f"GRANT {appended} ON {', '.join(KEPT)} TO {role}")


def _make_units() -> None:
    op.create_table(
        UNIT,
        _text("area"),
        _number("version"),
        _text("parent"),
        sa.CheckConstraint("version > 0", name=op.f("ck_gep_unit_version_positive")),
        sa.CheckConstraint("parent <> area", name=op.f("ck_gep_unit_not_above_itself")),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_gep_unit")),
    )
    op.create_table(
        BOUNDARY,
        _text("area"),
        _number("version"),
        *(_text(name) for name in ("name", "unit_kind", "parent")),
        _number("valid_from"),
        _text("geometry_hash"),
        *(_number(name) for name in ("longitude", "latitude")),
        *(_text(name) for name in ("entered_by", "entered_for")),
        _number("entry"),
        sa.CheckConstraint("length(geometry_hash) >= 64", name=op.f("ck_gep_boundary_hash_of_64")),
        sa.PrimaryKeyConstraint("area", "version", name=op.f("pk_gep_boundary")),
    )
    op.create_index("ix_gep_boundary_parent", BOUNDARY, ["parent", "area"])
    op.create_index("ix_gep_boundary_geometry", BOUNDARY, ["geometry_hash"])
    op.create_table(
        GEOMETRY,
        *(_text(name) for name in ("geometry_hash", "geometry")),
        sa.CheckConstraint("length(geometry_hash) >= 64", name=op.f("ck_gep_geometry_hash_of_64")),
        sa.PrimaryKeyConstraint("geometry_hash", name=op.f("pk_gep_geometry")),
    )


def _make_warnings() -> None:
    op.create_table(
        THRESHOLD,
        _text("rule"),
        _number("limit_ppm"),
        *(_text(name) for name in ("author", "party", "reason")),
        _number("entry"),
        sa.CheckConstraint(
            "limit_ppm BETWEEN 1 AND 999999", name=op.f("ck_gep_threshold_limit_is_a_share")
        ),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_gep_threshold")),
    )
    op.create_table(
        WARNING,
        *(_text(name) for name in ("warning", "rule", "area")),
        _number("year"),
        *(_text(name) for name in ("account", "base", "service")),
        *(_number(name) for name in ("before", "after", "measured_ppm", "limit_ppm")),
        *(_text(name) for name in ("severity", "raised_by")),
        *(_number(name) for name in ("entry", "events")),
        *(_text(name) for name in ("state", "party", "owner")),
        _number("deadline", optional=True),
        *(_text(name) for name in ("answered_by", "answer_account", "closed_by")),
        _number("closed_in", optional=True),
        sa.CheckConstraint("events > 0", name=op.f("ck_gep_warning_events_positive")),
        sa.CheckConstraint(
            "closed_by = '' OR closed_by <> answered_by",
            name=op.f("ck_gep_warning_another_closer"),
        ),
        sa.PrimaryKeyConstraint("warning", name=op.f("pk_gep_warning")),
    )
    op.create_index("ix_gep_warning_area", WARNING, ["area", "year"])
    op.create_index("ix_gep_warning_party", WARNING, ["party", "warning"])
    op.create_table(
        EVENT,
        _text("warning"),
        _number("number"),
        *(_text(name) for name in ("event", "actor")),
        *(_number(name) for name in ("entry", "at")),
        *(_text(name) for name in ("party", "owner")),
        _number("deadline", optional=True),
        *(_text(name) for name in ("words", "account")),
        sa.PrimaryKeyConstraint("warning", "number", name=op.f("pk_gep_warning_event")),
    )


def downgrade() -> None:
    """Take the change back."""
    for table in (*CHANGED, *KEPT):
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
