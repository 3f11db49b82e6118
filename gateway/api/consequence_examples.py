"""An example of what follows from a grade."""

from typing import Any

NULLABLE = frozenset({"list", "region", "until"})
READ: dict[str, dict[str, Any]] = {
    "/v1/credit/consequences": {
        "head": "812",
        "on": "2026-07-20",
        "consequences": [
            {
                "id": "JS12-POWER-RED",
                "state": "applies",
                "reasons": ["other_grade"],
                "kind": "prices",
                "effect": "penalty",
                "what": "power price +0.05 yuan/kWh",
                "zh": "电价每千瓦时加价0.05元",
                "basis": "JSP",
                "region": "32",
                "until": "2026-12-31",
                "by_list": True,
            }
        ],
        "list": {"as_of": "2026-06-30", "sent_by": "2026-07-07"},
    }
}
