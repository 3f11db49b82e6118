"""Examples of what the repayment card is asked, and of what it answers."""

from typing import Any

VALUES: dict[str, str | None] = {
    "credit_index": "640",
    "index_change_12m": None,
    "months_since_arrears": "-1",
    "arrears_12m": "0",
    "instalment_to_income": "0.31",
    "loan_to_income": "0.8",
    "balance_months": "2.5",
    "income_variation": None,
    "years_in_business": "6",
    "lenders_6m": "1",
    "purpose": "forestry",
    "collateral": "forest_right",
}
_SAID = {
    "statement": "This card was fitted on generated data. It decides nothing.",
    "statement_zh": "本评分卡由模拟数据拟合，不作任何决定。",
    "card": "green_loan",
    "version": "1",
    "hash": "80" * 32,
}
CARDS: dict[str, dict[str, Any]] = {
    "/v1/repayment-card": _SAID | {"document": {"format": "ecorights repayment card 1"}},
}
# Questions that store nothing: what is asked, and what is answered.
ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/v1/repayment-card/scores": (
        {"rows": [VALUES]},
        _SAID
        | {
            "scores": [
                {
                    "score": "593",
                    "lines": [
                        {
                            "feature": "credit_index",
                            "title": "eco-credit index",
                            "title_zh": "生态信用指数",
                            "row": "[576, 653)",
                            "kind": "bin",
                            "points": "50",
                            "best": "78",
                            "lost": "28",
                        }
                    ],
                    "reasons": ["credit_index"],
                }
            ]
        },
    ),
    "/v1/repayment-card/monitorings": (
        {"loans": [{"loan": "L-1", "outcome": "good", "values": VALUES}]},
        _SAID | {"document": {"loans": 1}},
    ),
}
