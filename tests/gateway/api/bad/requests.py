"""The table of malformed and unlawful requests: what each is answered with.

``{E01}`` and the like in paths and bodies stand for the accounts, orders and holds of the
furnished market.
"""

import json
from dataclasses import dataclass
from typing import Any

JSON = {"Content-Type": "application/json"}
ORDER = {
    "account": "{E01}",
    "instrument": "CEA25",
    "side": "sell",
    "quantity": "1",
    "price": "75.00",
}
CASH = {"account": "{E01}", "amount": "1.00"}
PARTY = {"party": "NEW", "party_kind": "enterprise", "name": "New"}
CARBON = {
    "instrument": "NEW",
    "right": "CARBON",
    "unit": "t",
    "lot": "1",
    "tick": "0.01",
    "currency": "CNY",
    "reference_price": "70.00",
}
HOLD = {"account": "{E01}", "instrument": "CNY", "quantity": "1.00", "purpose": "deposit"}
TRANSFER = {
    "source": "{E01}",
    "target": "{E02}",
    "instrument": "CEA25",
    "quantity": "1",
    "cause": "gift",
}
SURRENDER = {
    "account": "{E01}",
    "instrument": "CEA25",
    "right": "CARBON",
    "year": 2025,
    "quantity": "1",
}
NFD = "Zu\u0308rich"


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A request and its answer; ``recorded`` where the machine refuses it in an entry."""

    name: str
    status: int
    code: str
    field: str | None = None
    method: str = "POST"
    path: str = "/orders"
    body: Any = None
    raw: bytes | None = None
    actor: str | None = "E01-1"
    key: str | None = "fresh"
    headers: tuple[tuple[str, str], ...] = ()
    recorded: bool = False
    leg: int | None = None

    def content(self) -> bytes | None:
        if self.raw is not None:
            return self.raw
        return None if self.body is None else json.dumps(self.body).encode()


def refused(name: str, status: int, code: str, **more: Any) -> Bad:
    """A request that the machine refuses, so that one entry records it."""
    return Bad(name=name, status=status, code=code, recorded=True, **more)


def get(name: str, status: int, code: str, path: str, **more: Any) -> Bad:
    return Bad(name=name, status=status, code=code, method="GET", path=path, key=None, **more)


def order(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (ORDER | changes).items() if value is not None}


def raw_order(**texts: str) -> bytes:
    """An order whose values are JSON texts as they are."""
    values = {key: json.dumps(value) for key, value in ORDER.items()} | texts
    return ("{" + ",".join(f'"{key}": {text}' for key, text in values.items()) + "}").encode()
