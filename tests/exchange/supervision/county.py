"""Yunxi county's regulator, verifier and firms, whose archives a test scores."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from credit_scoring.archive import commands as a
from credit_scoring.archive.effects import FactRecorded, FactRevoked
from credit_scoring.records import Fact, Record, Revocation, SubjectKind
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.scoring.answer import Score
from credit_scoring.scoring.score import score
from exchange.supervision import commands as s
from exchange.supervision.state import Supervision
from ledger import commands as c
from ledger.effects import Effect
from ledger.machine import SYSTEM, Outcome
from ledger.refusals import Refusal
from ledger.roles import PartyKind, Role
from tests.credit_scoring.archive.office import EVIDENCE, Office, adopting, day

DOCUMENT = "d0" * 32
CODES = {
    "E01": "91990101E00000010Q",
    "E02": "91990101E00000029M",
    "E07": "91990101E0000007XQ",
    "E08": "91990101E00000088Q",
}
NO_ARCHIVE = "E99"
BY_DECISION = ["E-COMP-02", "E-COMP-06", "E-COMP-07", "E-COMP-08"]
PLAIN = ["E-MGMT-01", "E-MGMT-02", "E-MGMT-03", "E-MGMT-04", "E-PERF-02"]
FROM_REPORTS = ["E-MGMT-11", "E-MGMT-12", "E-PERF-01", "E-PERF-05", "E-SOC-11"]
RULES = [*BY_DECISION, *PLAIN, *FROM_REPORTS, "E-COMP-31", "P-LIVE-01", "V-LIVE-01"]
OPENED = (2026, 1, 5)
_EPOCH = date(1970, 1, 1).toordinal()
_MICROSECONDS_A_DAY = 86_400_000_000


class County(Office):
    """Sends commands as the people of the county, and scores its firms by what happened."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[tuple[int, Effect]] = []

    def move(self, *parts: int) -> None:
        """Go on to eight o'clock in the evening of a day in Shanghai."""
        noon = _MICROSECONDS_A_DAY // 2
        self.at = (day(*parts) - _EPOCH) * _MICROSECONDS_A_DAY + noon

    def send(self, command: c.Command, *, actor: str = "R-1") -> Outcome:
        outcome = super().send(command, actor=actor)
        self.happened += [(self.at, each) for each in outcome.effects]
        while self.machine.ledger.phases:
            slice_ = super().send(self.machine.next_slice(lambda: b"7" * 32), actor=SYSTEM)
            self.happened += [(self.at, each) for each in slice_.effects]
        return outcome

    def must(self, command: c.Command, *, actor: str = "R-1") -> Outcome:
        return super().must(command, actor=actor)

    def refused(self, command: c.Command, *, actor: str = "R-1") -> Refusal:
        return super().refused(command, actor=actor)

    @property
    def supervision(self) -> Supervision:
        found = self.machine.parts[-1].state
        assert isinstance(found, Supervision)
        return found

    def draft(self, command: c.Command, *, actor: str = "R-1") -> c.Approve:
        """Propose a command, and return the approval that it waits for."""
        self.must(c.Propose(command=command), actor=actor)
        return c.Approve(proposal=self.machine.ledger.next_proposal - 1)

    def not_approved(self, command: c.Command, *, maker: str = "R-1", by: str = "R-2") -> Refusal:
        return self.refused(self.draft(command, actor=maker), actor=by)

    def plain(self, party: str, rule: str, reference: str, **more: Any) -> None:
        """Let the regulator report a fact that no decision is behind."""
        values: dict[str, Any] = {"on": self.today, "evidence": EVIDENCE, "quantity": 1}
        reported = a.ReportedFact(subject=party, rule=rule, reference=reference, **(values | more))
        self.must(a.RecordFacts(source="R", facts=[reported]))

    @property
    def today(self) -> int:
        return self.at // _MICROSECONDS_A_DAY + _EPOCH

    def facts(self, party: str) -> list[FactRecorded]:
        return [
            each
            for _, each in self.happened
            if isinstance(each, FactRecorded) and each.subject == party
        ]

    def score(self, party: str, *, known_at: int | None = None) -> Score:
        """Score a firm as of today, by what was known at an instant or is known now."""
        return score(
            SubjectKind.ENTERPRISE,
            self._records(party),
            as_of=date.fromordinal(self.today),
            known_at=instant(self.at if known_at is None else known_at),
            rule_set=self.supervision.archive.adopted()[-1],
        )

    def graded(self, party: str) -> tuple[int, str, bool]:
        """Return a firm's index and grade, and whether it is rated."""
        found = self.score(party)
        return found.credit_index, found.grade, found.rated

    def _records(self, party: str) -> list[Record]:
        found: list[Record] = []
        for at, each in self.happened:
            if isinstance(each, FactRecorded) and each.subject == party:
                fact = Fact(
                    id=f"{each.source}/{each.reference}",
                    rule=each.rule,
                    on=date.fromordinal(each.on),
                    recorded_at=instant(at),
                )
                found.append(fact)
            elif isinstance(each, FactRevoked) and each.subject == party:
                revoked = f"{each.source}/{each.reference}"
                found.append(Revocation(fact=revoked, recorded_at=instant(at)))
        return found


def instant(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)


def founded() -> County:
    """Return the county with parties, archives and rules, and nothing that happened."""
    county = County()
    county.move(*OPENED)
    opening = c.OpenVenue(
        venue="t",
        origin="ledger.example/t",
        clock="system",
        start=county.at,
        operator="X",
        actor="X-1",
        digest="0" * 64,
    )
    county.must(opening, actor=SYSTEM)
    firms = [(party, PartyKind.ENTERPRISE, [Role.TRADER]) for party in (*CODES, NO_ARCHIVE)]
    authority = PartyKind.AUTHORITY
    for party, kind, roles in (
        *firms,
        ("R", authority, [Role.REGULATOR]),
        ("Q", authority, [Role.REGULATOR]),
        ("M", PartyKind.VERIFIER, [Role.VERIFIER]),
    ):
        code = CODES.get(party, "")
        scheme = "code" if code else ""
        register = c.RegisterParty(party=party, party_kind=kind, scheme=scheme, identifier=code)
        county.must(register, actor="X-1")
        for number in "12":
            digest = (number + party).encode().hex().ljust(64, "0")
            actor = f"{party}-{number}"
            key = c.RegisterActor(actor=actor, party=party, roles=roles, digest=digest)
            county.must(key, actor="X-1")
    for each in reversed(shipped()):
        county.approved(adopting(each))
    county.approved(a.AuthoriseDepartment(department="R", rules=RULES, decision="2026-2"))
    county.approved(a.AuthoriseDepartment(department="Q", rules=BY_DECISION, decision="2026-2"))
    for party, code in CODES.items():
        subject = a.RegisterSubject(
            party=party,
            subject_kind=SubjectKind.ENTERPRISE,
            code=code,
            division="D44",
            region="331102",
        )
        county.must(subject, actor="X-1")
    return county


def origin(name: s.Origin, *rules: str, department: str = "R", **more: Any) -> s.SetFactOrigin:
    return s.SetFactOrigin(
        origin=name, department=department, rules=list(rules), basis="2026/3", **more
    )


def deciding() -> County:
    """Return the county whose regulator may serve decisions."""
    county = founded()
    county.approved(origin(s.Origin.DECISION, *BY_DECISION))
    return county


def decision(**more: Any) -> s.ServeDecision:
    values: dict[str, Any] = {
        "authority": "R",
        "case_number": "示环罚〔2026〕15号",
        "rule": "E-COMP-06",
        "subjects": ["E02"],
        "served_on": day(2026, 12, 15),
        "document": DOCUMENT,
        "fine": 405_000_000,
    }
    return s.ServeDecision(**values | more)
