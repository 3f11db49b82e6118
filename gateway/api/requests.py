"""An example request for every operation, made from the examples that its fields carry."""

from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

# What no field can say of itself alone: an example that is also lawful as a whole.
_CHOSEN: dict[str, Any] = {
    "DefineInstrument": {
        "instrument": "CEA27",
        "currency": "CNY",
        "tick": "0.01",
        "reference_price": "74.00",
        "band_percent": "10",
    },
    "PlaceOrder": {"quantity": "100", "price": "75.20"},
    "AmendOrder": {"quantity": "50"},
    "TradingSession": {"opens": "2026-03-16T01:30:00Z", "closes": "2026-03-16T03:30:00Z"},
    "RegisterParty": {"scheme": "uscc", "identifier": "91990101E00000010Q"},
    "SetBookTerms": {"band_percent": "10"},
    "SetControlGroup": {"group": "G1"},
    "ActivateMachine": {"machine": 2},
    "PlaceHold": {"purpose": "deposit"},
    "CarryOver": {"instrument": "CEA25", "next_instrument": "CEA26"},
    "SetReconciliationTerms": {
        "counterparty": "B2",
        "file_kind": "bank",
        "instruments": ["CNY"],
        "decision": "2026-12",
    },
    "AssignTask": {"assignee": "X-1"},
    "GrantConsent": {
        "subject": "P1",
        "grantee": "B1",
        "day_from": "2026-04-01",
        "day_to": "2026-06-30",
    },
    "CreditQuery": {"subject": "P1"},
    "RevokeConsent": {"subject": "P1", "grantee": "B1", "consent": "3"},
    "Transfer": {"source": "100", "target": "101"},
}


def example_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return a request that the model takes: its required fields, and what makes it whole."""
    chosen = _CHOSEN.get(model.__name__, {})
    found = {}
    for name, field in model.model_fields.items():
        if name in chosen:
            found[name] = chosen[name]
        elif field.is_required():
            found[name] = _value(field)
    return found


def _value(field: FieldInfo) -> Any:
    return field.examples[0] if field.examples else _of_type(field.annotation)


def _of_type(kind: Any) -> Any:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *metadata = get_args(kind)
        examples = [each.examples for each in metadata if getattr(each, "examples", None)]
        return examples[0][0] if examples else _of_type(inner)
    if origin is Literal:
        return get_args(kind)[0]
    if origin is list:
        return [_of_type(get_args(kind)[0])]
    if origin in {Union, UnionType}:
        return _of_union(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return example_of(kind)
    raise TypeError(f"no example of {kind}")


def _of_union(kinds: tuple[Any, ...]) -> Any:
    """Return an example of an operation with its kind, which the union is told apart by."""
    model = next(each for each in kinds if each.__name__ == "PlaceOrder")
    return {"kind": model.model_fields["kind"].default, **example_of(model)}
