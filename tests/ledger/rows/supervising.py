"""A regulator's year, told to a scribe: decisions, a closed year, reports, and their facts."""

from typing import Any

from credit_scoring.archive import commands as a
from credit_scoring.archive.decisions import day_at
from exchange.registry import commands as r
from exchange.supervision import commands as s
from exchange.supervision.state import decision_reference
from ledger import commands as c
from ledger.roles import AccountKind
from tests.ledger.rows.archives import EVIDENCE, FIRM
from tests.ledger.rows.scribe import Scribe

AUTHORITY = "R"
YEAR = 2027
CASE = "示环罚〔2026〕15号"
RULES = ["E-COMP-02", "E-COMP-31", "E-MGMT-11", "E-PERF-02", "E-SOC-11"]
LOTS = 5


def supervise(scribe: Scribe) -> None:
    """Tell it all in a venue whose archives are open."""
    scribe.approved(a.AuthoriseDepartment(department=AUTHORITY, rules=RULES, decision="2026-4"))
    for origin, rule in (
        (s.Origin.DECISION, "E-MGMT-11"),
        (s.Origin.DECISION, "E-COMP-02"),
        (s.Origin.SURRENDERED_IN_FULL, "E-COMP-31"),
        (s.Origin.CARBON_REPORT_MISSING, "E-MGMT-11"),
        (s.Origin.CARBON_LEVEL_2, "E-PERF-02"),
        (s.Origin.CARBON_INTENSITY_REDUCED, "E-SOC-11"),
    ):
        scribe.approved(
            s.SetFactOrigin(origin=origin, department=AUTHORITY, rules=[rule], basis="2026/3")
        )
    _decide(scribe)
    _settle(scribe)
    _check_reports(scribe)


def _decide(scribe: Scribe) -> None:
    """Serve a decision, which is disputed and annulled."""
    served = s.ServeDecision(
        authority=AUTHORITY,
        case_number=CASE,
        rule="E-COMP-02",
        subjects=[FIRM],
        served_on=day_at(scribe.at),
        document=EVIDENCE,
        fine=405_000_000,
        incident="I-2",
        personal=s.DecisionPersonal(reason="超标排放,责任人林溪"),
    )
    scribe.approved(served)
    objection = a.OpenObjection(
        source=AUTHORITY,
        reference=decision_reference(CASE, 1),
        ground=a.Ground.DOCUMENT_ANNULLED,
        evidence=EVIDENCE,
    )
    scribe.must(objection, actor=f"{FIRM}-1")
    annulled = s.AnnulDecision(
        authority=AUTHORITY, case_number=CASE, ground=s.AnnulmentGround.COURT, document=EVIDENCE
    )
    scribe.approved(annulled)


def _settle(scribe: Scribe) -> None:
    """Close a year in which a firm with an archive and one without surrendered in full.

    What follows is recorded for one right and waits for another.
    """
    scribe.must(c.OpenAccount(party=FIRM, account_kind=AccountKind.TRADING))
    _close(scribe, "CARBON", "CEA25", FIRM, "E02")
    settle = s.RecordSettlements(right="CARBON", year=YEAR)
    scribe.must(settle, actor="R-1")
    assert scribe.send(settle, actor="R-2").refusal is not None
    _close(scribe, "EMISSION", "NOX", FIRM)


def _close(scribe: Scribe, right: str, instrument: str, *parties: str) -> None:
    """Let parties surrender what a year owes, and another one be short, and close it."""
    mode = r.ComplianceMode.PER_YEAR
    rule = r.SetComplianceRule(right=right, mode=mode, first_year=YEAR - 2)
    scribe.must(rule, actor="R-1")
    status = r.VerifiedStatus.REPORTED
    lines = [r.VerifiedLine(party=each, status=status, lots=LOTS) for each in (*parties, "E03")]
    scribe.must(r.RecordVerifiedEmissions(right=right, year=YEAR, lines=lines), actor="R-1")
    for party in parties:
        units: dict[str, Any] = {"account": scribe.account(party), "instrument": instrument}
        scribe.approved(r.Issue(lots=LOTS, decision="2026-5", **units))
        given = r.Surrender(right=right, year=YEAR, lots=LOTS, **units)
        scribe.must(given, actor=f"{party}-1")
    scribe.must(r.CloseComplianceYear(right=right, year=YEAR), actor="R-1")


def _check_reports(scribe: Scribe) -> None:
    """Find a report of one year missing, and those of two years good and better."""
    today = day_at(scribe.at)
    line: dict[str, Any] = {"party": FIRM, "evidence": EVIDENCE}
    ratio: dict[str, Any] = {"value_added": 100, "industry_quantity": 100}
    ratio |= {"industry_value_added": 100, "filed_on": today}
    for year, lines in (
        (YEAR - 1, [s.ReportLine(quantity=120, **line, **ratio)]),
        (YEAR, [s.ReportLine(quantity=70, **line, **ratio)]),
        (YEAR + 1, [s.ReportLine(filed_on=None, **line)]),
    ):
        results = s.RecordReportResults(
            report=s.ReportKind.CARBON, year=year, due_on=today - 1, lines=lines
        )
        scribe.must(results, actor="R-1")
