"""The audit of shares and indices: percent of the total, yuan for each km2 and each head.

They are looked at where what they are made of was found right, so that one cause is one finding.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gep.audit.finding import Finding, Rule
from gep.audit.printed import Printed, PrintedAccount, PrintedRatio
from gep.audit.printed_units import conversion
from gep.audit.rows import finding_at, middle
from gep.audit.slips import slip_between


def findings_of_ratios(
    account: PrintedAccount, values: Mapping[str, Printed], *, wrong: frozenset[str]
) -> Iterator[Finding]:
    """Yield the shares and indices that are not what their figures give."""
    for each in account.ratios:
        whole = each.by if isinstance(each.by, Printed) else values.get(each.by)
        part = values.get(each.of)
        if part is None or whole is None or wrong & {each.of, each.by}:
            continue
        yield from _of_ratio(each, part, whole)


def _of_ratio(each: PrintedRatio, part: Printed, whole: Printed) -> Iterator[Finding]:
    of_unit = whole.unit if isinstance(each.by, Printed) else ""
    printed_per = each.printed.unit.partition("/")[2]
    times = conversion(of_unit, printed_per) if printed_per else Decimal(1)
    computed = part.rounded.over(whole.rounded.scaled(times or Decimal(1)))
    if computed is None or computed.meets(each.printed.rounded):
        return
    rule = Rule.INDEX_DIFFERS if isinstance(each.by, Printed) else Rule.SHARE_DIFFERS
    yield finding_at(
        slip_between(each.printed, computed, service="", rounded=True) or rule,
        each.id,
        printed=each.printed,
        recomputed=middle(computed),
        detail=f"{each.of} by {each.by if isinstance(each.by, str) else whole.unit}",
    )
