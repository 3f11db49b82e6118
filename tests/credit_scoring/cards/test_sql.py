"""The view gives the points of the other two ways to score, on every row."""

import sqlite3
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from credit_scoring.cards.card import Card, Value
from credit_scoring.cards.errors import CardUnreadable
from credit_scoring.cards.scoring import score
from credit_scoring.cards.shipped import shipped_card
from credit_scoring.cards.sql import view_of
from tests.credit_scoring.cards.rows import around_edges
from tests.credit_scoring.cards.small_card import card

CARDS = pytest.mark.parametrize("of", [card(), shipped_card()], ids=["small", "shipped"])


def view(of: Card) -> str:
    return view_of(of, view="scored", source="loans", key="loan")


def table(of: Card) -> str:
    columns = [
        f'"{each.name}" {"NUMERIC" if each.kind == "number" else "TEXT"}' for each in of.tables
    ]
    return f"CREATE TABLE loans (loan INTEGER PRIMARY KEY, {', '.join(columns)})"


def points_and_score(of: Card, values: dict[str, Value]) -> list[int]:
    explained = score(of, values)
    return [*(line.points for line in explained.lines), explained.score]


@CARDS
async def test_postgresql_gives_the_same_points_around_all_edges(
    of: Card, empty_database: str
) -> None:
    rows = around_edges(of, seed=5, count=3_000)
    connection = await asyncpg.connect(empty_database)
    try:
        await connection.execute(table(of))
        await connection.copy_records_to_table("loans", records=list(records(of, rows)))
        await connection.execute(view(of))
        found = await connection.fetch("SELECT * FROM scored ORDER BY loan LIMIT 3001")
    finally:
        await connection.close()

    assert [list(row.values())[1:-2] for row in found] == [
        points_and_score(of, values) for values in rows
    ]
    assert {(row["card_hash"], row["statement"]) for row in found} == {
        (of.form.hash, of.form.statement)
    }


async def test_what_is_no_number_in_postgresql_is_unseen(empty_database: str) -> None:
    of = card()
    connection = await asyncpg.connect(empty_database)
    try:
        await connection.execute(table(of))
        await connection.execute(
            "INSERT INTO loans VALUES (1, 'NaN', 'homestay'), (2, 'Infinity', 'homestay'),"
            " (3, '-Infinity', 'homestay'), (4, 10, 'homestay')"
        )
        await connection.execute(view(of))
        found = await connection.fetch("SELECT points_ratio FROM scored LIMIT 5")
    finally:
        await connection.close()

    assert {row["points_ratio"] for row in found} == {of.tables[0].rows[-1].points}


@CARDS
def test_another_database_gives_the_same_points_on_the_grid(of: Card) -> None:
    # SQLite keeps decimals as floats, which is right for values with the card's own decimals.
    rows = [
        {
            each.name: values[each.name]
            if each.kind == "category" or values[each.name] in {None, ""}
            else str(Decimal(str(values[each.name])).quantize(Decimal(1).scaleb(-each.decimals)))
            for each in of.tables
        }
        for values in around_edges(of, seed=6, count=2_000)
    ]
    connection = sqlite3.connect(":memory:")
    connection.execute(table(of))
    marks = ", ".join("?" * (len(of.tables) + 1))
    connection.executemany(
        f"INSERT INTO loans VALUES ({marks})",
        [(number, *(row[each.name] for each in of.tables)) for number, row in enumerate(rows)],
    )
    connection.executescript(view(of))

    found = connection.execute("SELECT * FROM scored ORDER BY loan LIMIT 2001").fetchall()
    connection.close()

    assert [list(row[1:-2]) for row in found] == [points_and_score(of, row) for row in rows]


def test_the_view_says_what_it_is() -> None:
    text = view(shipped_card())

    head = [line for line in text.splitlines() if line.startswith("--")]
    assert shipped_card().form.statement in head[1]
    assert shipped_card().form.hash in head[0]


def test_a_quote_in_a_category_stays_in_its_text() -> None:
    assert "'farmer''s co-op'" in view(card())


@pytest.mark.parametrize("field", ["view", "source", "key"])
@pytest.mark.parametrize("name", ["", "Loans", 'a"; DROP TABLE loans; --', "a" * 64, "1a"])
def test_names_that_are_no_identifiers_are_refused(field: str, name: str) -> None:
    names = {"view": "v", "source": "s", "key": "k"} | {field: name}

    with pytest.raises(CardUnreadable) as caught:
        view_of(card(), **names)

    assert caught.value.field == field


def records(of: Card, rows: list[dict[str, Value]]) -> Any:
    for number, row in enumerate(rows):
        yield (number, *(stored(each.kind, row[each.name]) for each in of.tables))


def stored(kind: str, value: Value) -> Any:
    if kind == "category" or value is None:
        return value
    return Decimal(str(value))
