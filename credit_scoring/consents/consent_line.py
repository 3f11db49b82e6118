"""What one subject lets one bank read for one purpose, and whether a query may be answered.

Invariants
1. The spans of a line that are not revoked do not overlap; so at most one is live at an instant.
2. A revoked span ended at its revocation. What is over stays over.
   Nobody consents to what was: a span begins at its grant at the earliest.
3. A line keeps every span that is not over and the one that ended last: what a query needs to know.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import ClassVar

import msgspec

from credit_scoring.consents.commands import QueryPurpose, ScopeItem
from credit_scoring.consents.refusals import QueryRefusal
from kernel.errors import ensure
from ledger.shelf import Key
from ledger.state import Row


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One consent on its line: live from instant ``begins`` on and before ``ends``."""

    consent: int
    begins: int
    ends: int
    scope: tuple[ScopeItem, ...]
    revoked: bool = False

    def is_live(self, at: int) -> bool:
        """Tell whether a query at this instant may rely on it."""
        return self.begins <= at < self.ends

    def is_over(self, at: int) -> bool:
        """Tell whether it can never be live again."""
        return self.ends <= at


class ConsentLine(msgspec.Struct, frozen=True, kw_only=True):
    """The consents of a subject to a bank for one purpose that can still matter."""

    TABLE: ClassVar[str] = "credit_consent_line"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("subject", "text"),
        ("grantee", "text"),
        ("purpose", "text"),
    )

    subject: str
    grantee: str
    purpose: str
    spans: tuple[Span, ...] = ()

    @property
    def key(self) -> Key:
        """Return subject, grantee and purpose."""
        return (self.subject, self.grantee, self.purpose)

    def row(self) -> Row:
        """Return the columns of table ``credit_consent_line`` in their order."""
        return (
            *self.key,
            [span.consent for span in self.spans],
            [span.begins for span in self.spans],
            [span.ends for span in self.spans],
            [",".join(span.scope) for span in self.spans],
            [span.consent for span in self.spans if span.revoked],
        )

    def live(self, at: int) -> Span | None:
        """Return the consent that is live at an instant."""
        return next((span for span in self.spans if span.is_live(at)), None)

    def ahead(self, at: int) -> tuple[Span, ...]:
        """Return the consents that are live at an instant or begin later."""
        return tuple(span for span in self.spans if not span.is_over(at))

    def last_over(self, at: int) -> Span | None:
        """Return the consent that ended last before an instant."""
        over = [span for span in self.spans if span.is_over(at)]
        return max(over, key=lambda span: (span.ends, span.consent), default=None)

    def overlapped(self, *, begins: int, ends: int, at: int) -> Span | None:
        """Return a consent that is not over and shares an instant with a period."""
        for span in self.ahead(at):
            if span.begins < ends and begins < span.ends:
                return span
        return None

    def granted(self, span: Span, *, at: int) -> "ConsentLine":
        """Return the line with one more consent."""
        return self._with((*self.spans, span), at=at)

    def revoked(self, consent: int, *, at: int) -> "ConsentLine":
        """Return the line with one of its consents ended now."""
        spans = [
            msgspec.structs.replace(span, ends=at, revoked=True)
            if span.consent == consent
            else span
            for span in self.spans
        ]
        return self._with(spans, at=at)

    def _with(self, spans: Iterable[Span], *, at: int) -> "ConsentLine":
        whole = msgspec.structs.replace(self, spans=tuple(spans))
        last = whole.last_over(at)
        kept = [span for span in whole.spans if span is last or not span.is_over(at)]
        return msgspec.structs.replace(self, spans=tuple(kept))

    def check(self) -> None:
        """Prove invariant 1.

        Raises:
            InvariantBroken: two consents are live at one instant.
        """
        standing = sorted((s.begins, s.ends) for s in self.spans if not s.revoked)
        for (_, ends), (begins, _) in pairwise(standing):
            ensure(ends <= begins, f"{self.key}: two consents overlap")


def line_of(*row: object) -> ConsentLine:
    """Return the line that a row is."""
    subject, grantee, purpose, consents, begins, ends, scopes, revoked = row
    spans = [
        {
            "consent": consent,
            "begins": first,
            "ends": end,
            "scope": scope.split(","),
            "revoked": consent in revoked,  # type: ignore[operator]  # an array of the row
        }
        for consent, first, end, scope in zip(consents, begins, ends, scopes, strict=True)  # type: ignore[call-overload]  # arrays of the row
    ]
    named = {"subject": subject, "grantee": grantee, "purpose": purpose, "spans": spans}
    return msgspec.convert(named, ConsentLine)


def answerable(
    lines: Mapping[QueryPurpose, ConsentLine], purpose: QueryPurpose, *, scope: set[str], at: int
) -> int | QueryRefusal:
    """Return the consent under which a query may be answered, or why it may not.

    ``lines`` are those of one subject and one bank, by purpose. What stands for the very purpose
    is said before what stands for another one.
    """
    line = lines[purpose]
    live = line.live(at)
    if live is not None:
        return live.consent if scope <= set(live.scope) else QueryRefusal.CONSENT_OTHER_SCOPE
    if line.ahead(at):
        return QueryRefusal.CONSENT_NOT_YET
    last = line.last_over(at)
    if last is not None:
        return QueryRefusal.CONSENT_REVOKED if last.revoked else QueryRefusal.CONSENT_EXPIRED
    if any(lines[each].live(at) is not None for each in QueryPurpose):
        return QueryRefusal.CONSENT_OTHER_PURPOSE
    return QueryRefusal.CONSENT_ABSENT
