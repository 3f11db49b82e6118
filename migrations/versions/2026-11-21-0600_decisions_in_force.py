"""Rows for what was decided: the terms that each entry put in force.

A venue that was opened before has its decisions in its entries; they become rows here.

Revision: 0003, after 0002, 2026-11-21 06:00:00+00:00.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What an effect decides: its kind, and the member that names the subject.
DECIDES = {
    "venue_opened": ("machine", None),
    "machine_activated": ("machine", None),
    "instrument_defined": ("instrument", "instrument"),
    "book_opened": ("book_terms", "instrument"),
    "book_terms_set": ("book_terms", "instrument"),
    "control_group_set": ("control_group", "party"),
    "compliance_rule_set": ("compliance_rule", "right"),
    "trading_days_declared": ("trading_day", "calendar"),
}
COLUMNS = ("entry", "number", "at", "kind", "subject", "terms")
ROWS_PER_FETCH = 500
GRANTS = {"ecorights_writer": "SELECT, INSERT", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "decision",
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_subject", "decision", ["kind", "subject", "entry"], unique=False)
    _fill()
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON decision TO {role}")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_decision_subject", table_name="decision")
    op.drop_table("decision")


def _fill() -> None:
    """Write the rows of the entries that are there."""
    wanted = " OR ".join(
        f'position(\'"effect":"{kind}"\'::bytea in postings) > 0' for kind in DECIDES
    )
    query = sa.text(f'SELECT "index", postings FROM entry WHERE {wanted} ORDER BY "index"')  # noqa: S608
    table = sa.table("decision", *map(sa.column, COLUMNS))
    connection = op.get_bind()
    for chunk in connection.execute(query).partitions(ROWS_PER_FETCH):
        rows = [row for index, postings in chunk for row in _decisions(index, bytes(postings))]
        if rows:
            op.bulk_insert(table, rows)


def _decisions(index: int, postings: bytes) -> Iterator[dict[str, Any]]:
    body = json.loads(postings)
    moment = datetime.strptime(body["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    at = int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond
    terms = [each for effect in body["effects"] for each in _terms(effect)]
    for number, (kind, subject, said) in enumerate(terms):
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        yield {
            "entry": index,
            "number": number,
            "at": at,
            "kind": kind,
            "subject": subject,
            "terms": text,
        }


def _terms(effect: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    kind, member = DECIDES.get(effect["effect"], ("", None))
    subject = "" if member is None else effect[member]
    if kind == "trading_day":
        for day in effect["days"]:
            yield kind, f"{subject}/{date.fromordinal(int(day['day'])).isoformat()}", day
    elif kind:
        yield kind, subject, effect
