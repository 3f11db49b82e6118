"""The card that is shipped: fitted on loans that never were, it decides nothing."""

from datetime import date
from functools import cache
from importlib.resources import files

from credit_scoring.cards.card import Card
from credit_scoring.cards.fitting import Words
from credit_scoring.cards.generating import LOANS, SEED
from credit_scoring.cards.reading import read_card

FILE = "green_loan-1.json"
WORDS = Words(
    name="green_loan",
    version="1",
    made_on=date(2026, 11, 21),
    statement=(
        "This card was fitted on generated data. It shows how a repayment scorecard is kept and "
        "used; it decides nothing, and no loan may be granted, priced or refused by it."
    ),
    statement_zh=(
        "本评分卡由模拟数据拟合，仅用于演示评分卡的保存与使用，不作任何决定，不得据以发放、定价或拒绝贷款。"
    ),
    sample=f"credit_scoring.cards.generating.generated_loans({LOANS}, seed={SEED})",
    outcome="generated: bad stands for 90 days in arrears within 24 months",
    seed=str(SEED),
    generated=True,
)


@cache
def shipped_card() -> Card:
    """Return the shipped card."""
    return read_card(files("credit_scoring.cards").joinpath("data", FILE).read_bytes())
