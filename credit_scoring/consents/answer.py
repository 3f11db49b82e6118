"""What a bank is answered, and the hash that commits to it before it is known whether it goes out.

Grades are few: who has only the hash of an answer could try them all. So the hash covers a nonce
that leaves with the answer and stands nowhere else. Who was answered can prove what it was told;
who was refused learns nothing from the log.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from credit_scoring.archive.store import microseconds_of
from credit_scoring.consents.commands import ScopeItem
from credit_scoring.scoring.answer import Score
from kernel.canonical import canonical, utc_text
from kernel.errors import ensure

NONCE_BYTES = 32


def answer_of(score: Score, *, subject: str, scope: Collection[ScopeItem]) -> dict[str, Any]:
    """Return what a bank reads of a score: the parts that it asked for, the others ``None``.

    Facts are named in none of them. What is not rated has no grade and no index. Numbers are
    decimal strings, so that the answer is canonical as it stands.
    """
    shown: dict[ScopeItem, dict[str, Any]] = {
        ScopeItem.GRADE: {"grade": score.grade, "colour": score.colour},
        ScopeItem.INDEX: {"credit_index": str(score.credit_index)},
        ScopeItem.SUB_INDICES: {"sub_indices": _sub_indices(score)},
        ScopeItem.REASONS: {"reasons": list(score.reasons)},
        ScopeItem.IMPROVE: {"improve": _improve(score)},
    }
    needs_rating = {ScopeItem.GRADE, ScopeItem.INDEX, ScopeItem.SUB_INDICES}
    answer: dict[str, Any] = {
        "subject": subject,
        "as_of": score.as_of.isoformat(),
        "known_at": utc_text(microseconds_of(score.known_at), digits=6),
        "rule_set_version": score.rule_set_version,
        "rule_set_hash": score.rule_set_hash,
        "records_hash": score.records_hash,
        "rated": score.rated,
        "complete": score.complete,
        "disputed": bool(score.disputed),
    }
    for item, part in shown.items():
        is_shown = item in scope and (score.rated or item not in needs_rating)
        answer |= part if is_shown else dict.fromkeys(part)
    return answer


def answer_hash(answer: Mapping[str, Any], *, nonce: bytes) -> str:
    """Return SHA-256 of a nonce and the canonical JSON of an answer.

    Raises:
        InvariantBroken: the nonce has another length than ``NONCE_BYTES``.
    """
    ensure(len(nonce) == NONCE_BYTES, f"a nonce of {len(nonce)} bytes")
    return hashlib.sha256(nonce + canonical(answer)).hexdigest()


def _sub_indices(score: Score) -> list[dict[str, str | None]]:
    return [
        {"name": name.value, "sub_index": None if value is None else str(value)}
        for name, value in sorted(score.sub_indices.items())
    ]


def _improve(score: Score) -> list[dict[str, str]]:
    """Return what would raise the grade; which fact it is only the subject is told."""
    return [
        {"rule": each.rule, "day": each.day.isoformat(), "grade": each.grade}
        for each in score.improve
    ]
