"""How a write goes: one operation becomes one submission, its answer one response.

Acknowledged means committed: the writer answers after its transaction, and a repeated key gets the
answer of the first time. What the machine refuses is a problem detail that names its entry.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Request

from gateway.api.authentication import Caller
from gateway.api.problems import Problem, refused
from kernel.canonical import to_builtins_with_decimal_strings, utc_text
from kernel.errors import DomainError
from ledger.commands import Command
from ledger.effects import Effect
from ledger.sequencer.submission import Answer, Submission

KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
_CREATED = {
    "account_opened": "account",
    "hold_placed": "hold",
    "proposed": "proposal",
    "order_accepted": "order",
    "personal_disclosed": "disclosure",
    "credit_consent_granted": "consent",
    "credit_queried": "query",
    "credit_review_requested": "review",
    "credit_list_entered": "listing",
    "decision_served": "decision",
}


class Writer(Protocol):
    """The way to the venue's writer."""

    async def submit_each(self, submissions: list[Submission]) -> list[Answer | DomainError]:
        """Return for each submission its answer after its commit, or why it was not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One command with the caller and key it is sent under; ``deadline`` in microseconds."""

    caller: Caller
    key: str
    command: Command
    deadline: int
    dry_run: bool = False

    def submission(self) -> Submission:
        """Return what goes to the writer."""
        return Submission(
            actor=self.caller.actor,
            key=self.key,
            command=self.command,
            deadline=self.deadline,
            dry_run=self.dry_run,
        )


def key_of(request: Request) -> str:
    """Return the idempotency key of a write.

    Raises:
        Problem: 400, the header is missing, malformed or there twice.
    """
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        raise Problem(status=400, code="request.header_missing", field="Idempotency-Key")
    (key, *others) = keys
    if others or KEY.match(key) is None:
        raise Problem(
            status=400,
            code="request.key_invalid",
            field="Idempotency-Key",
            expected="one key, 1 to 64 of A-Z a-z 0-9 _ . : -",
        )
    return key


def head_of(answers: Sequence[Answer]) -> str:
    """Return the newest entry that answers reflect: what the caller's next read must show."""
    return str(max(max(each.head, -1 if each.index is None else each.index) for each in answers))


def shown(answer: Answer) -> dict[str, Any]:
    """Return the body that answers an applied command.

    Raises:
        Problem: the machine refused it.
    """
    if answer.refusal is not None:
        raise refused(answer.refusal, entry=answer.index)
    body: dict[str, Any] = {
        "outcome": "dry_run" if answer.index is None else "applied",
        "at": utc_text(answer.at, digits=6),
        "effects": [to_builtins_with_decimal_strings(effect) for effect in answer.effects],
    }
    if answer.index is not None:
        body["receipt"] = {"entry": str(answer.index)}
    body.update(_named(answer.effects))
    return body


def _named(effects: list[Effect]) -> dict[str, str]:
    """Return what a single command created, by its name."""
    found: dict[str, str] = {}
    for effect in effects:
        plain = to_builtins_with_decimal_strings(effect)
        name = _CREATED.get(plain["effect"])
        if name is not None and name not in found:
            found[name] = plain[name]
    return found
