"""A card as SQL: a view that gives the same points as the other two ways to score.

Only CASE, comparisons, IN and addition, so that any database can run it. Columns of numbers must
be of an exact type (integer, numeric, decimal), for a float has forgotten which side of an edge it
was on. NULL and, for categories, empty text are missing. PostgreSQL's NaN and infinities lie
outside all bins and are unseen.
"""

import re

from credit_scoring.cards.card import Card, Table
from credit_scoring.cards.errors import CardUnreadable
from credit_scoring.cards.form import CategoryBin, NumberBin, Row, SpecialRow

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}\Z", re.ASCII)
_LINE = re.compile(r"[\r\n]+")
POINTS_PREFIX = "points_"


def case_of(card: Card, index: int) -> str:
    """Return the points of the feature of that index as one CASE expression."""
    table, feature = card.tables[index], card.form.features[index]
    name = f'"{table.name}"'
    absent = f"{name} IS NULL" + (f" OR {name} = ''" if table.kind == "category" else "")
    lines = [f"CASE WHEN {absent} THEN {table.rows[table.missing].points}"]
    own = list(zip(feature.rows, table.rows, strict=True))[:-2]
    # Special values go before bins; the sort keeps the order among equals.
    for row, made in sorted(own, key=lambda each: not isinstance(each[0], SpecialRow)):
        condition = _condition(table, row)
        lines.append(f"     WHEN {condition} THEN {made.points}")
    lines.append(f"     ELSE {table.rows[table.unseen].points} END")
    return "\n    ".join(lines)


def view_of(card: Card, *, view: str, source: str, key: str) -> str:
    """Return a view of the points of each feature, the score and the statement.

    ``source`` is the table with a column for each feature and a column ``key`` that names the row.

    Raises:
        CardUnreadable: one of the three names is no plain identifier.
    """
    for field, name in (("view", view), ("source", source), ("key", key)):
        if _IDENTIFIER.match(name) is None:
            expected = "letters a to z, digits, underscores, at most 63"
            raise CardUnreadable(f"{field} {name!r}", field=field, expected=expected)
    form = card.form
    cases = ",\n".join(
        f'    {case_of(card, index)} AS "{POINTS_PREFIX}{table.name}"'
        for index, table in enumerate(card.tables)
    )
    total = " + ".join(f'"{POINTS_PREFIX}{table.name}"' for table in card.tables)
    names = ", ".join(f'"{POINTS_PREFIX}{table.name}"' for table in card.tables)
    comments = (
        f"Repayment card {form.name}, version {form.version}, SHA-256 {form.hash}.",
        form.statement,
        f"WoE: {form.woe_sign}. Points are whole steps of 10^-{card.point_decimals}.",
        "Columns of numbers must be of an exact type: integer, numeric, decimal.",
    )
    columns = [
        f'"{key}", {names}',
        f'{total} AS "score"',
        f'{_text(form.hash)} AS "card_hash"',
        f'{_text(form.statement)} AS "statement"',
    ]
    lines = [
        *(f"-- {_LINE.sub(' ', each)}" for each in comments),
        f'CREATE VIEW "{view}" AS',
        "SELECT " + ",\n  ".join(columns),
        "FROM (",
        f'  SELECT "{key}",',
        cases,
        f'  FROM "{source}"',
        ') AS "points";',
    ]
    return "\n".join(lines) + "\n"


def _condition(table: Table, row: Row) -> str:
    name = f'"{table.name}"'
    if isinstance(row, NumberBin):
        low, high = ">=" if row.low_in else ">", "<=" if row.high_in else "<"
        return f"{name} {low} {row.low} AND {name} {high} {row.high}"
    assert isinstance(row, CategoryBin | SpecialRow)  # missing and unseen have words of their own
    literals = [_text(value) if table.kind == "category" else value for value in row.values]
    return f"{name} IN ({', '.join(literals)})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
