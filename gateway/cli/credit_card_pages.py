"""How `./ecorights credit card` shows what it found; each page begins with the statement."""

import csv
from collections.abc import Iterator, Sequence
from typing import IO, Any

import numpy as np

from credit_scoring.cards.batch import SLICE, reasons_of, score_batch
from credit_scoring.cards.card import Card, Table
from credit_scoring.cards.loans_file import LOAN, Loans
from credit_scoring.cards.scoring import REASONS_MAX, Explained, Line

REASONS = [f"reason_{number}" for number in range(1, REASONS_MAX + 1)]
SCORED_HEADER = [LOAN, "score", *REASONS, "card_hash", "statement"]


def card_json(card: Card) -> dict[str, Any]:
    """Return what every answer says of the card that gave it."""
    form = card.form
    return {
        "statement": form.statement,
        "statement_zh": form.statement_zh,
        "card": form.name,
        "version": form.version,
        "hash": form.hash,
    }


def statement_lines(card: Card) -> Iterator[str]:
    """Iterate what every page begins with."""
    yield card.form.statement
    yield card.form.statement_zh
    yield ""


def card_lines(card: Card) -> Iterator[str]:
    """Iterate the lines of a whole card."""
    form = card.form
    scale, from_ = form.scale, form.provenance
    yield from statement_lines(card)
    yield f"card {form.name}, version {form.version}, made on {form.made_on}"
    yield f"SHA-256 {form.hash}"
    yield f"scale: {scale.score0} points at {scale.odds0}:1, {scale.pdo} points double the odds"
    yield f"       factor {scale.factor}, offset {scale.offset}, intercept {scale.intercept}"
    yield f"WoE: {form.woe_sign}"
    yield f"rounding: {scale.rounding}; in steps of 10^-{card.point_decimals} points"
    yield f"sample: {from_.sample}, by {from_.program}; bad: {from_.outcome}"
    yield (
        f"fitted on {from_.loans} loans, {from_.bad_loans} bad;"
        f" holdout {from_.holdout_loans}, {from_.holdout_bad_loans} bad, AUC {from_.holdout_auc}"
    )
    for table, feature in zip(card.tables, form.features, strict=True):
        yield ""
        yield (
            f"{table.name} ({table.title}, {table.title_zh}{_unit(table)}):"
            f" coefficient {feature.coefficient}, information value {feature.information_value}"
        )
        for row, made in zip(feature.rows, table.rows, strict=True):
            weight = row.woe if row.woe is not None else f"{row.basis} bin"
            points = card.points_text(made.points)
            yield f"  {made.text:<44} WoE {weight:>10}  points {points:>6}"


def score_json(card: Card, explained: Explained) -> dict[str, Any]:
    """Return a score with its lines and reasons."""
    return card_json(card) | {
        "score": card.points_text(explained.score),
        "lines": [_line_json(card, line) for line in explained.lines],
        "reasons": [line.feature for line in explained.reasons],
    }


def score_lines(card: Card, explained: Explained) -> Iterator[str]:
    """Iterate the lines of a score."""
    yield from statement_lines(card)
    yield f"score {card.points_text(explained.score)} by card {card.label}"
    for line in explained.lines:
        value = "" if line.value is None else str(line.value)
        lost = f"  lost {card.points_text(line.lost)}" if line.lost else ""
        yield (
            f"  {line.feature:<22} {value:>16}  {line.row:<30}"
            f" {card.points_text(line.points):>6}{lost}"
        ).rstrip()
    for number, line in enumerate(explained.reasons, 1):
        yield f"reason {number}: {_reason(card, line)}"


def write_scores(card: Card, loans: Loans, out: IO[str]) -> int:
    """Write the scores of a file of loans as CSV and return how many they are."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SCORED_HEADER)
    batch = score_batch(card, loans.columns)
    names = [*(table.name for table in card.tables), ""]  # -1 is the last one: no reason
    reasons = np.array(names, dtype=object)[reasons_of(card, batch)]
    scores = batch.scores.tolist()
    for start in range(0, len(scores), SLICE):
        part = slice(start, start + SLICE)
        writer.writerows(
            [loan, card.points_text(score), *why, card.form.hash, card.form.statement]
            for loan, score, why in zip(
                loans.names[part], scores[part], reasons[part].tolist(), strict=True
            )
        )
    return len(scores)


def bad_lines(found: Sequence[Any], count: int) -> Iterator[str]:
    """Iterate what is wrong in a file."""
    for each in found:
        yield f"line {each.line}, {each.field}: expected {each.expected}, found {each.found!r}"
    if count > len(found):
        yield f"and {count - len(found)} more"


def _reason(card: Card, line: Line) -> str:
    lost, best = card.points_text(line.lost), card.points_text(line.best)
    return f"{line.table.title} ({line.table.title_zh}): {line.row}, {lost} of {best} points lost"


def _line_json(card: Card, line: Line) -> dict[str, Any]:
    return {
        "feature": line.feature,
        "title": line.table.title,
        "title_zh": line.table.title_zh,
        "value": None if line.value is None else str(line.value),
        "row": line.row,
        "kind": line.kind,
        "points": card.points_text(line.points),
        "best": card.points_text(line.best),
        "lost": card.points_text(line.lost),
    }


def _unit(table: Table) -> str:
    return f", {table.unit}" if table.unit else ""
