"""Looks up what a problem code says in a language; a code without a message is a defect."""

from gateway.api.catalogue import exchange, ledger, request

_MESSAGES = {**ledger.MESSAGES, **exchange.MESSAGES, **request.MESSAGES}
_VALIDATION = ("请求字段不符合要求", "A field of the request is not as expected")


def message(code: str, *, language: str) -> str:
    """Return the title of a code in ``zh`` or ``en``.

    Codes ``request.<kind>`` for kinds of the validation library share one title; the problem's
    ``expected`` says more.
    """
    found = _MESSAGES.get(code)
    if found is None:
        found = _VALIDATION if code.startswith("request.") else (code, code)
    return found[0] if language == "zh" else found[1]


def known_codes() -> frozenset[str]:
    """Return every code that has a message of its own."""
    return frozenset(_MESSAGES)
