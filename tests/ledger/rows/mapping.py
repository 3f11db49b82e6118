"""Units of a prefecture, told to a scribe: a boundary that changes, a warning and its course."""

from datetime import date

from gep.days import beijing_day
from gep.publishing.state import Accounts
from gep.space import commands as s
from gep.space.watching import commands as w
from gep.space.watching.judging import WarningRule, warning_id
from tests.gep.space.squares import outline_text
from tests.ledger.rows.scribe import Scribe

PREFECTURE, COUNTY = "9901", "990101"
FIRST, LATER = date(2020, 1, 1).toordinal(), date(2024, 1, 1).toordinal()


def tell_units(scribe: Scribe) -> None:
    """Enter a prefecture, and two versions of one county in it."""
    land = (
        (PREFECTURE, "", FIRST, outline_text(120.0, 29.0, 2.0, 1.0)),
        (COUNTY, PREFECTURE, FIRST, outline_text(120.0, 29.0, 0.4, 0.35)),
        (COUNTY, PREFECTURE, LATER, outline_text(120.0, 29.0, 0.4, 0.36)),
    )
    for area, parent, day, geometry in land:
        scribe.must(
            s.SetGepBoundary(
                area=area,
                name=f"单元{area}",
                unit_kind=s.UnitKind.REGION,
                parent=parent,
                valid_from=day,
                geometry=geometry,
            ),
            actor="R-1",
        )


def tell_warnings(scribe: Scribe) -> None:
    """Set a threshold; raise what the county's account crosses, and bring it to its end."""
    [accounts] = [p.state for p in scribe.machine.parts if isinstance(p.state, Accounts)]
    counting = accounts.counting.get(COUNTY, 2025, 2023, "GEP")
    assert counting is not None
    wider = w.SetGepThreshold(
        rule=WarningRule.SERVICE_SHARE, limit_ppm=700_000, reason="一业为主的县"
    )
    scribe.must(wider, actor="R-1")
    share = w.RaiseGepWarning(
        rule=WarningRule.SERVICE_SHARE, account=counting.account, service="R8"
    )
    scribe.must(share, actor="R-1")
    assert scribe.send(share, actor="R-1").refusal is not None
    name = warning_id(share.rule, account=share.account, service=share.service)
    day = beijing_day(scribe.ledger.at) + 30
    owned = w.AssignGepWarning(warning=name, party="HZ", owner="HZ-1", deadline=day)
    scribe.must(owned, actor="R-1")
    for outcome, reason in (
        (w.ClosureOutcome.REJECTED, "未附材料"),
        (w.ClosureOutcome.ACCEPTED, ""),
    ):
        scribe.must(w.AnswerGepWarning(warning=name, reason="仅核算一项"), actor="HZ-1")
        scribe.must(w.CloseGepWarning(warning=name, outcome=outcome, reason=reason), actor="R-2")
