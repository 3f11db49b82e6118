"""Rows that try a card where it could go wrong."""

import random

from credit_scoring.cards.card import Card, Value


def around_edges(of: Card, *, seed: int, count: int) -> list[dict[str, Value]]:
    """Return rows of values at, just beside and far from the edges, missing, special and unseen."""
    draws = random.Random(seed)  # noqa: S311  nothing secret is drawn
    rows = []
    for _ in range(count):
        values: dict[str, Value] = {}
        for feature in of.form.features:
            if feature.kind == "category":
                own = [each for row in feature.rows for each in getattr(row, "values", ())]
                values[feature.name] = draws.choice([*own, "unheard of", "", None])
                continue
            edges = [
                *(getattr(row, side, "-1") for row in feature.rows for side in ("low", "high")),
                *(value for row in feature.rows for value in getattr(row, "values", ())),
            ]
            step = "0." + "0" * int(feature.decimals) + "1"
            edge = draws.choice(edges)
            beside = f"{edge}{'' if '.' in edge else '.'}{'0' * 8}1"
            inside = str(draws.randrange(-20, 1200))
            values[feature.name] = draws.choice([edge, beside, step, inside, "-1", None, 7])
        rows.append(values)
    return rows
