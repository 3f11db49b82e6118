"""The units' tables. A row's columns stand in the order of its class's ``row()``.

``gep_boundary`` and ``gep_geometry`` are append-only: a newer version stands beside the older one.
"""

from sqlalchemy import CheckConstraint, Index, Table

from kernel.db.base import metadata
from ledger.tables import number, text

gep_unit = Table(
    "gep_unit",
    metadata,
    text("area", key=True),
    number("version"),
    text("parent"),
    CheckConstraint("version > 0", name="version_positive"),
    CheckConstraint("parent <> area", name="not_above_itself"),
)
gep_boundary = Table(
    "gep_boundary",
    metadata,
    text("area", key=True),
    number("version", key=True),
    text("name"),
    text("unit_kind"),
    text("parent"),
    number("valid_from"),
    text("geometry_hash"),
    number("longitude"),
    number("latitude"),
    text("entered_by"),
    text("entered_for"),
    number("entry"),
    CheckConstraint("length(geometry_hash) >= 64", name="hash_of_64"),
    Index("ix_gep_boundary_parent", "parent", "area"),
    Index("ix_gep_boundary_geometry", "geometry_hash"),
)
gep_geometry = Table(
    "gep_geometry",
    metadata,
    text("geometry_hash", key=True),
    text("geometry"),
    CheckConstraint("length(geometry_hash) >= 64", name="hash_of_64"),
)
