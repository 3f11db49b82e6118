"""A repayment card of 20 numeric features: a million rows at once, and one row explained.

Values are whole steps with three decimals, one in fifty missing, from a fixed seed. Measured are
the batch from columns of steps, with and without the reasons of every row; the batch from texts,
which are read first; and single rows from texts to the explanation. Where optbinning is installed
(the extra `fit`) a card is fitted first, both score the same rows in the same run, and the scores
must be equal; else the card's bins are made up. The digest of the scores shows a faster wrong
answer.
Run ``python -m benchmarks.credit_card``.
"""

import gc
import importlib.util
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from time import perf_counter_ns
from typing import Any

import numpy as np

from credit_scoring.cards.batch import Column, Steps, column_of, reasons_of, score_batch
from credit_scoring.cards.card import Card
from credit_scoring.cards.exact import text_of_steps
from credit_scoring.cards.fitted_bins import Counted, Weighing, feature_of
from credit_scoring.cards.fitting import SCALE, Words, fit, scale_form
from credit_scoring.cards.form import (
    FORMAT,
    BandForm,
    CardForm,
    MissingRow,
    NumberBin,
    Provenance,
    Row,
    UnseenRow,
)
from credit_scoring.cards.points import WOE_SIGN
from credit_scoring.cards.reading import read_card
from credit_scoring.cards.sample import Sample, Variable
from credit_scoring.cards.scoring import score
from credit_scoring.cards.sealing import file_of, sealed

FEATURES = 20
DECIMALS = 3
ROWS, ROWS_SMALL = 1_000_000, 2_000
SINGLES, SINGLES_SMALL = 20_000, 200
TEXT_ROWS = 200_000
FIT_ROWS = 50_000
THEIR_SINGLES = 50
SEED = 20_261_215
TIMES = 3
NS_A_SECOND, NS_A_MICROSECOND = 1_000_000_000, 1_000
EDGES = ("-9.000", "-1.000", "-0.400", "0.000", "0.400", "1.000", "9.000")
WORDS = Words(
    name="benchmark",
    version="1",
    made_on=date(2026, 11, 21),
    statement="Fitted on generated data for a benchmark; it decides nothing.",
    statement_zh="为性能测试由模拟数据拟合，不作任何决定，不得据以发放、定价或拒绝贷款。",
    sample="benchmarks.credit_card",
    outcome="made up",
    seed=str(SEED),
    generated=True,
)
VARIABLES = tuple(
    Variable(
        name=f"x{number}", title="x", title_zh="x", decimals=DECIMALS, low="-9.000", high="9.000"
    )
    for number in range(FEATURES)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFigures:
    """What one run measured, the best of three for batches; ``beside`` is optbinning's part."""

    rows: int
    features: int
    batch_rows_per_second: int
    with_reasons_rows_per_second: int
    from_texts_rows_per_second: int
    single_p50_us: float
    single_p99_us: float
    digest: str
    beside: dict[str, Any] | None


def measure_card(*, rows: int, singles: int) -> CardFigures:
    """Measure batches and single rows on one card."""
    values, missing = _values(rows)
    fitted = None
    if importlib.util.find_spec("optbinning") is not None:
        fitted = fit(_sample(), WORDS)
    card = made_card() if fitted is None else fitted.card
    columns = _columns(values, missing)
    seconds, batch = _best(lambda: score_batch(card, columns))
    explained, _ = _best(lambda: reasons_of(card, score_batch(card, columns)))
    texts = _texts(values[:, :TEXT_ROWS], missing[:, :TEXT_ROWS])
    read, _ = _best(lambda: score_batch(card, _columns_of(card, texts)))
    took = _singles(card, texts, count=min(singles, rows))
    beside = None
    if fitted is not None:
        beside = _beside(fitted.scorecard, values, missing, ours=batch.scores)
        beside["ours_per_theirs"] = round(rows / seconds / beside["rows_per_second"], 1)
    return CardFigures(
        rows=rows,
        features=FEATURES,
        batch_rows_per_second=int(rows / seconds),
        with_reasons_rows_per_second=int(rows / explained),
        from_texts_rows_per_second=int(min(rows, TEXT_ROWS) / read),
        single_p50_us=took[len(took) // 2] / NS_A_MICROSECOND,
        single_p99_us=took[len(took) * 99 // 100] / NS_A_MICROSECOND,
        digest=sha256(batch.scores.tobytes()).hexdigest(),
        beside=beside,
    )


def made_card() -> Card:
    """Return a card of made-up bins, for where nothing can be fitted."""
    nothing: dict[str, Any] = {
        "points": "0",
        "basis": "worst",
        "woe": None,
        "good": "0",
        "bad": "0",
    }
    rows: tuple[Row, ...] = (
        *(
            NumberBin(low=low, low_in=True, high=high, high_in=high == EDGES[-1], **nothing)
            for low, high in pairwise(EDGES)
        ),
        MissingRow(**nothing),
        UnseenRow(**nothing),
    )
    counts = Counted(
        rows=rows,
        good=(600, 700, 800, 850, 900, 950, 100, 0),
        bad=(200, 160, 130, 110, 90, 70, 20, 0),
    )
    weighing = Weighing(
        scale=SCALE, features=FEATURES, intercept=Decimal("2.5"), coefficient=Decimal("0.3")
    )
    features = tuple(feature_of(variable, counts, weighing) for variable in VARIABLES)
    return read_card(
        file_of(
            sealed(
                CardForm(
                    format=FORMAT,
                    name=WORDS.name,
                    version=WORDS.version,
                    made_on=WORDS.made_on.isoformat(),
                    statement=WORDS.statement,
                    statement_zh=WORDS.statement_zh,
                    woe_sign=WOE_SIGN,
                    provenance=_provenance(),
                    scale=scale_form(SCALE, weighing.intercept),
                    features=features,
                    bands=(BandForm(low="0", good="0", bad="0"),),
                    hash="",
                )
            )
        )
    )


def _provenance() -> Provenance:
    return Provenance(
        generated=True,
        sample=WORDS.sample,
        outcome=WORDS.outcome,
        program="by hand",
        seed=WORDS.seed,
        loans="0",
        bad_loans="0",
        holdout_loans="0",
        holdout_bad_loans="0",
        holdout_auc="0",
    )


def _values(rows: int) -> tuple[Any, Any]:
    """Draw steps by feature, normal with deviation 1, and which of them are missing."""
    random = np.random.default_rng(SEED)
    steps = np.rint(random.standard_normal((FEATURES, rows)) * 10**DECIMALS).astype(np.int64)
    return steps, random.random((FEATURES, rows)) < 1 / 50


def _sample() -> Sample:
    steps, missing = _values(FIT_ROWS)
    random = np.random.default_rng(SEED + 1)
    odds = np.where(missing, 0, steps).sum(axis=0) * 0.3 / 10**DECIMALS - 2.5
    bad = random.random(FIT_ROWS) < 1 / (1 + np.exp(-odds))
    columns: Mapping[str, Any] = _texts(steps, missing)
    return Sample(variables=VARIABLES, columns=columns, bad=bad.tolist())


def _columns(steps: Any, missing: Any) -> dict[str, Column]:
    return {
        variable.name: Steps(steps=steps[index], missing=missing[index])
        for index, variable in enumerate(VARIABLES)
    }


def _texts(steps: Any, missing: Any) -> dict[str, list[str]]:
    return {
        variable.name: [
            "" if absent else text_of_steps(value, decimals=DECIMALS)
            for value, absent in zip(steps[index].tolist(), missing[index].tolist(), strict=True)
        ]
        for index, variable in enumerate(VARIABLES)
    }


def _columns_of(card: Card, texts: Mapping[str, list[str]]) -> dict[str, Column]:
    return {table.name: column_of(table, texts[table.name]) for table in card.tables}


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    best, found = float("inf"), None
    for _ in range(TIMES):
        start = perf_counter_ns()
        found = work()
        best = min(best, (perf_counter_ns() - start) / NS_A_SECOND)
    return best, found


def _singles(card: Card, texts: Mapping[str, list[str]], *, count: int) -> list[int]:
    rows = [{name: column[number] for name, column in texts.items()} for number in range(count)]
    took = []
    gc.collect()
    for row in rows:
        start = perf_counter_ns()
        score(card, row)
        took.append(perf_counter_ns() - start)
    return sorted(took)


def _beside(scorecard: Any, steps: Any, missing: Any, *, ours: Any) -> dict[str, Any]:
    """Let optbinning score the same rows, and compare the scores."""
    import pandas as pd

    floats = np.where(missing, np.nan, steps / 10**DECIMALS)
    frame = pd.DataFrame({each.name: floats[index] for index, each in enumerate(VARIABLES)})
    seconds, theirs = _best(lambda: scorecard.score(frame))
    took = []
    for number in range(THEIR_SINGLES):
        row = frame.iloc[number : number + 1]
        start = perf_counter_ns()
        scorecard.score(row)
        took.append(perf_counter_ns() - start)
    return {
        "rows_per_second": int(len(frame) / seconds),
        "single_p50_us": sorted(took)[len(took) // 2] / NS_A_MICROSECOND,
        "equal": bool(np.array_equal(theirs.astype(np.int64), ours)),
    }


def main() -> None:
    """Measure and print the figures as JSON."""
    small = "--small" in sys.argv[1:]
    rows, singles = (ROWS_SMALL, SINGLES_SMALL) if small else (ROWS, SINGLES)
    print(json.dumps(asdict(measure_card(rows=rows, singles=singles))))


if __name__ == "__main__":
    main()
