"""Whose archives the demonstration keeps, which departments report to them, and what they report.

Every figure of the scenario's section 4 follows from the facts of this page. Days are of 2026; a
fact without a day of its own lies on 10 April.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from credit_scoring.rule_sets.shipped import shipped, table
from gateway.demonstration.county import MEMBERS, Member

FACTS_DAY = date(2026, 4, 10)
ECOLOGY, REFORM, AGRICULTURE = "R", "D1", "D2"
ECOLOGY_CLERK = "R-3"
# A conviction is sensitive: off, and nobody's to report.
NOT_REPORTED = frozenset({"P-PROT-14"})
_PREFIXES = {
    REFORM: ("E-PERF-", "E-MGMT-", "E-ECO-", "E-SOC-"),
    AGRICULTURE: ("V-", "P-"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a subject is registered, and an enterprise's division (GB/T 4754)."""

    party: str
    kind: str
    code: str = ""
    division: str = ""
    region: str = "990101"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A fact as its department reports it; the day is 10 April unless said."""

    source: str
    subject: str
    rule: str
    number: int = 1
    on: date = FACTS_DAY

    @property
    def reference(self) -> str:
        """The department's own name for it."""
        return f"{self.on:%Y}/{self.subject}/{self.rule}/{self.number}"

    @property
    def name(self) -> str:
        """How the service names it."""
        return f"{self.source}/{self.reference}"

    @property
    def key(self) -> str:
        """What an idempotency key is named after; it has no slash."""
        return f"{self.source}:{self.subject}:{self.rule}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision of the ecology department as it is served; the fine in yuan."""

    case_number: str
    rule: str
    subjects: tuple[str, ...]
    on: date
    reason: str
    fine: str | None = None


DEPARTMENTS: tuple[Member, ...] = (
    Member(
        party=REFORM,
        kind="authority",
        name="云汐县发展和改革局",
        name_en="Yunxi Development and Reform Bureau",
        keys={"1": ("intake",)},
    ),
    Member(
        party=AGRICULTURE,
        kind="authority",
        name="云汐县农业农村局",
        name_en="Yunxi Agriculture and Rural Affairs Bureau",
        keys={"1": ("intake",)},
    ),
)
VILLAGES: tuple[Member, ...] = tuple(
    Member(
        party=f"V{number}",
        kind="village",
        region_code=f"9901011012{number:02}",
        name=name,
        name_en=name_en,
        # The team at the bins reports coins, the committee consents.
        keys={"1": ("intake",), "2": ("subject",)} if number == 1 else {"1": ("subject",)},
    )
    for number, (name, name_en) in enumerate(
        (
            ("竹坞", "Zhuwu"),
            ("梅源", "Meiyuan"),
            ("柳塘", "Liutang"),
            ("石桥", "Shiqiao"),
            ("松岭", "Songling"),
        ),
        start=1,
    )
)
PERSONS: tuple[Member, ...] = tuple(
    Member(party=f"P{number}", kind="person", name=name, name_en=name_en, keys={"1": ("subject",)})
    for number, (name, name_en) in enumerate(
        (("林甲", "Lin Jia"), ("陈乙", "Chen Yi"), ("周丙", "Zhou Bing"), ("吴丁", "Wu Ding")),
        start=1,
    )
)
DIVISIONS = {
    "E01": "D44",
    "E02": "C30",
    "E03": "C22",
    "E04": "C17",
    "E05": "C26",
    "E06": "C33",
    "E07": "C30",
    "E08": "F51",
    "E09": "A02",
    "E10": "D44",
    "E11": "N78",
    "E12": "J67",
}
# E05 lies in Xikou, everybody else in Yunxi.
_REGIONS = {"E05": "990103"}
PLACES: tuple[Place, ...] = (
    *(
        Place(
            party=member.party,
            kind="enterprise",
            code=member.credit_code,
            division=DIVISIONS[member.party],
            region=_REGIONS.get(member.party, "990101"),
        )
        for member in MEMBERS
        if member.party in DIVISIONS
    ),
    *(Place(party=each.party, kind="village", code=each.region_code) for each in VILLAGES),
    *(Place(party=each.party, kind="person") for each in PERSONS),
)
SORTINGS: tuple[Reported, ...] = tuple(
    Reported(
        source=AGRICULTURE,
        subject="P1",
        rule="P-LIVE-01",
        number=number + 1,
        on=FACTS_DAY + timedelta(days=number),
    )
    for number in range(15)
)
DISCHARGE = Reported(source=AGRICULTURE, subject="P2", rule="P-PROT-11", on=date(2026, 5, 6))

FINE = Decision(
    case_number="示环罚〔2026〕8号",
    rule="E-COMP-02",
    subjects=("E02",),
    on=date(2026, 5, 12),
    reason="颗粒物超标排放,责令改正并处罚款",
    fine="80000.00",
)
MANIPULATION = Decision(
    case_number="示环罚〔2026〕12号",
    rule="E-COMP-07",
    subjects=("E07", "E08"),
    on=date(2026, 7, 15),
    reason="在自己控制的账户之间交易,操纵碳排放配额的交易量",
)
SHORTFALL = Decision(
    case_number="示环罚〔2026〕15号",
    rule="E-COMP-06",
    subjects=("E02",),
    on=date(2026, 12, 15),
    reason="未按时足额清缴2025年度碳排放配额",
    fine="4050000.00",
)
DECIDED = sorted(each.rule for each in (FINE, MANIPULATION, SHORTFALL))
SETTLED = "E-COMP-31"


def _facts(source: str, subject: str, *rules: str) -> list[Reported]:
    """Return facts of 10 April; a rule that stands twice has happened twice."""
    return [
        Reported(source=source, subject=subject, rule=rule, number=rules[: place + 1].count(rule))
        for place, rule in enumerate(rules)
    ]


_MANAGEMENT = ("E-MGMT-01", "E-MGMT-02", "E-MGMT-03", "E-MGMT-04")
_ZHUWU = ("V-PROT-01", "V-PROT-02", "V-PROT-03", "V-LIVE-01", "V-LIVE-04", "V-CULT-01", "V-GOV-01")
APRIL: tuple[Reported, ...] = (
    *_facts(REFORM, "E01", "E-PERF-02", *_MANAGEMENT),
    *_facts(REFORM, "E02", "E-MGMT-02"),
    *_facts(REFORM, "E06", "E-MGMT-02"),
    *_facts(REFORM, "E11", "E-ECO-01", "E-SOC-11"),
    *_facts(AGRICULTURE, "V1", *_ZHUWU, *("V-OPER-01",) * 3),
    Reported(source=AGRICULTURE, subject="V4", rule="V-PROT-12", on=date(2026, 4, 5)),
    *_facts(AGRICULTURE, "P1", "P-OPER-0C", *("P-PROT-01",) * 5),
    *_facts(AGRICULTURE, "P2", "P-CULT-01"),
)


def rules_of(department: str) -> list[str]:
    """Return the rules that a department may report."""
    if department == ECOLOGY:
        [row] = table("departments").value["rows"]
        return list(row["rules"])
    newest = shipped()[-1]
    return sorted(
        rule
        for rule in newest.rules
        if rule.startswith(_PREFIXES[department])
        if rule not in NOT_REPORTED
    )
