"""The audit: every line from its inputs, every sum from its parts, one finding for one cause.

Figures agree where some number is rounded to what is printed on both sides. A line's quantity is
compared with the product of its factors, its value with quantity by price; a slip in one is not
reported again where it was carried on. Sums are compared with what was printed of their parts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from gep.audit.finding import Finding, Rule
from gep.audit.printed import (
    TOTAL,
    Printed,
    PrintedAccount,
    PrintedSum,
    Span,
    values_of,
)
from gep.audit.ratios import findings_of_ratios
from gep.audit.rows import doubled, finding_at, findings_of, middle
from gep.audit.slips import slip_between

NOTHING = Span(low=Decimal(0), high=Decimal(0))
# A part explains a gap of its own size; a gap of rounding beside a small part is none.
PART_NEAR = Decimal("0.05")
WRONG_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """An account's findings, in the order of its lines and sums.

    ``settled`` are the places of findings that the sum above them did not follow: the printed sum
    is that of the right figure.
    """

    account: str
    findings: tuple[Finding, ...]
    settled: frozenset[str]
    printed_total_yuan: Decimal | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are errors."""
        return tuple(each for each in self.findings if each.is_error)

    @property
    def corrected_total_yuan(self) -> Decimal | None:
        """The printed total with the difference of every error that went into it."""
        if self.printed_total_yuan is None:
            return None
        carried = (each for each in self.errors if each.place not in self.settled)
        return self.printed_total_yuan + sum(map(_change, carried), Decimal(0))


def audit(account: PrintedAccount, *, known: Iterable[Finding] = ()) -> Audit:
    """Audit a printed account; ``known`` was found of its lines before, by their own inputs."""
    before = tuple(known)
    told = {each.place for each in before if each.rule is not Rule.PARAMETER_DIFFERS}
    found_here = (each for line in account.lines for each in findings_of(line))
    findings = [*before, *(each for each in found_here if each.place not in told)]
    findings.extend(doubled(account.lines))
    values = dict(values_of(account))
    settled: set[str] = set()
    for each in account.sums:
        found, mended = _of_sum(each, values, changes=_changes(findings))
        findings.extend(found)
        settled |= mended
    findings.extend(findings_of_ratios(account, values, wrong=_wrong(findings, account)))
    total = next((each for each in account.sums if each.id == TOTAL), None)
    return Audit(
        account=account.id,
        findings=tuple(findings),
        settled=frozenset(settled),
        printed_total_yuan=None if total is None else total.printed.value,
    )


def _wrong(findings: Iterable[Finding], account: PrintedAccount) -> frozenset[str]:
    """Return the places of errors, and of the sums that they went into."""
    wrong = {each.place for each in findings if each.is_error}
    for each in account.sums:
        if wrong.intersection(each.parts):
            wrong.add(each.id)
    return frozenset(wrong)


def _change(finding: Finding) -> Decimal:
    return finding.difference_yuan or Decimal(0)


def _changes(findings: Iterable[Finding]) -> dict[str, Decimal]:
    """Return by how much each place would change, where its errors change it."""
    found: dict[str, Decimal] = {}
    for each in findings:
        if each.is_error and _change(each):
            found[each.place] = found.get(each.place, Decimal(0)) + _change(each)
    return found


def _of_sum(
    each: PrintedSum, values: Mapping[str, Printed], *, changes: Mapping[str, Decimal]
) -> tuple[list[Finding], set[str]]:
    """Return a sum's findings, and the parts whose errors it did not follow."""
    parts = {part: values[part] for part in each.parts if part in values}
    added = _added(part.span for part in parts.values())
    whole = added.less(Span(low=each.deducted_yuan, high=each.deducted_yuan))
    if len(parts) < len(each.parts) or whole.meets(each.printed.span):
        return [], set()
    for wrong in _some_of([part for part in parts if part in changes]):
        mended = sum((changes[part] for part in wrong), Decimal(0))
        if mended and whole.plus(Span(low=mended, high=mended)).meets(each.printed.span):
            return [], set(wrong)
    return [_gap_of(each, parts, whole)], set()


def _some_of(parts: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield all wrong parts, then fewer of them: a sum may have followed some and not others."""
    yield tuple(parts)
    for count in range(len(parts) - 1, 0, -1) if len(parts) <= WRONG_MAX else ():
        yield from combinations(parts, count)


def _gap_of(each: PrintedSum, parts: Mapping[str, Printed], whole: Span) -> Finding:
    """Return what explains a sum that its parts do not add up to."""
    printed, found = each.printed, middle(whole)
    gap = abs(found - printed.value)
    for part, value in parts.items():
        if not value.value or abs(gap - value.value) > PART_NEAR * value.value:
            continue
        for rule, span, sign in (
            (Rule.MISSING_ADDEND, whole.less(value.span), 1),
            (Rule.ADDEND_TWICE, whole.plus(value.span), -1),
        ):
            if span.meets(printed.span):
                return finding_at(
                    rule,
                    each.id,
                    printed=printed,
                    recomputed=found,
                    difference=sign * value.value,
                    detail=part,
                )
    return finding_at(
        slip_between(printed, whole, service="") or Rule.SUM_DIFFERS,
        each.id,
        printed=printed,
        recomputed=found,
        difference=found - printed.value,
    )


def _added(spans: Iterable[Span]) -> Span:
    total = NOTHING
    for span in spans:
        total = total.plus(span)
    return total
