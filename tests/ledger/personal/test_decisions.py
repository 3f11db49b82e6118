"""Who may erase whom and when, and who may disclose what to whom."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger import commands as c
from ledger.effects import InstrumentDefined, ProposalClosed
from ledger.machine import Machine, Outcome
from ledger.part import ledger_part
from ledger.personal import commands as p
from ledger.personal.fetched import ENTRIES_PER_PERSON_MAX, PersonalEntries
from ledger.refusals import Reject
from ledger.roles import AccountKind, PartyKind, Purpose, Role
from ledger.state import Ledger

FETCHED = PersonalEntries(known=True, entries=[5])
ERASE = p.ErasePerson(party="P", basis=p.ErasureBasis.CONSENT_WITHDRAWN)
KEYS: tuple[tuple[str, str, list[Role]], ...] = (
    ("x-2", "X", [Role.OPERATOR]),
    ("p-1", "P", [Role.SUBJECT, Role.TRADER]),
    ("p-2", "P", [Role.SUBJECT, Role.APPROVER]),
    ("q-1", "Q", [Role.SUBJECT]),
    ("b-1", "B", [Role.SETTLEMENT_BANK]),
    ("a-1", "A", [Role.AUDITOR]),
    ("r-1", "R", [Role.REGULATOR]),
)


class Office:
    """A venue with an operator, a bank, an auditor, a regulator and two citizens."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.machine = Machine(self.ledger, [ledger_part(self.ledger)])
        self.index = -1
        opening = c.OpenVenue(
            venue="t",
            origin="ledger.example/t",
            clock="scenario",
            start=0,
            operator="X",
            actor="x-1",
            digest="0" * 64,
        )
        self.must(opening, "system")
        for party, kind in (
            ("P", PartyKind.PERSON),
            ("Q", PartyKind.PERSON),
            ("B", PartyKind.BANK),
            ("A", PartyKind.AUTHORITY),
            ("R", PartyKind.AUTHORITY),
        ):
            self.must(c.RegisterParty(party=party, party_kind=kind, scheme="", identifier=""))
        for actor, party, roles in KEYS:
            digest = actor.encode().hex().ljust(64, "0")
            self.must(c.RegisterActor(actor=actor, party=party, roles=roles, digest=digest))
        self.must(c.OpenAccount(party="P", account_kind=AccountKind.TRADING))
        cash: dict[str, Any] = {
            "substance": "",
            "unit": "yuan",
            "lot": "0.01",
            "zone": "",
            "vintage": None,
        }
        money = InstrumentDefined(
            instrument="CNY", right="CASH", valid_from=None, valid_until=None, **cash
        )
        self.machine.fold([money], index=self.index, at=self.index)

    def send(self, command: c.Command, actor: str = "x-1", *, fetched: object = None) -> Outcome:
        self.index += 1
        at = 1_000 + self.index
        outcome = self.machine.apply(command, actor=actor, index=self.index, at=at, fetched=fetched)
        self.machine.check()
        return outcome

    def must(self, command: c.Command, actor: str = "x-1", *, fetched: object = None) -> Outcome:
        outcome = self.send(command, actor, fetched=fetched)
        assert outcome.refusal is None, outcome.refusal
        return outcome

    def approve(
        self, command: c.Command, *, maker: str, checker: str, fetched: object = FETCHED
    ) -> Outcome:
        self.must(c.Propose(command=command), maker)
        approval = c.Approve(proposal=self.ledger.next_proposal - 1)
        return self.send(approval, checker, fetched=fetched)

    def erase(self, **more: Any) -> Outcome:
        given: dict[str, Any] = {"maker": "x-1", "checker": "x-2"}
        return self.approve(ERASE, **(given | more))


@pytest.fixture
def office() -> Office:
    return Office()


def code(outcome: Outcome) -> str | None:
    return None if outcome.refusal is None else outcome.refusal.code


@pytest.mark.parametrize(("maker", "checker"), [("x-1", "x-2"), ("p-1", "x-1"), ("p-2", "x-2")])
def test_two_people_erase_a_person_and_end_all_that_was_its(
    office: Office, maker: str, checker: str
) -> None:
    outcome = office.erase(maker=maker, checker=checker)

    assert code(outcome) is None
    names = [type(effect).__name__ for effect in outcome.effects]
    assert names == [
        "ProposalClosed",
        "ActorRevoked",
        "ActorRevoked",
        "AccountClosed",
        "PersonErased",
    ]
    erasure = office.ledger.privacy.erasures["P"]
    assert erasure.row() == ("P", office.index, "consent_withdrawn")
    assert not office.ledger.actors["p-1"].live
    assert [a.open for a in office.ledger.accounts.values() if a.party == "P"] == [False]


@pytest.mark.parametrize(
    ("maker", "checker", "expected"),
    [
        ("x-1", "x-1", Reject.CHECKER_IS_MAKER),
        ("p-1", "p-2", Reject.ROLE_MISSING),
        ("p-1", "q-1", Reject.CHECKER_OF_OTHER_PARTY),
        ("x-1", "p-1", Reject.CHECKER_OF_OTHER_PARTY),
        ("q-1", "x-1", Reject.NOT_THE_OWNER),
        ("r-1", "x-1", Reject.NOT_THE_OWNER),
    ],
)
def test_others_do_not(office: Office, maker: str, checker: str, expected: Reject) -> None:
    assert code(office.send(ERASE, maker, fetched=FETCHED)) == Reject.FOUR_EYES_REQUIRED
    assert code(office.erase(maker=maker, checker=checker)) == expected
    assert "P" not in office.ledger.privacy.erasures


def test_the_operator_may_turn_a_persons_wish_down(office: Office) -> None:
    office.must(c.Propose(command=ERASE), "p-1")
    reject = c.RejectProposal(proposal=office.ledger.next_proposal - 1)

    assert code(office.send(reject, "r-1")) == Reject.CHECKER_OF_OTHER_PARTY
    assert code(office.send(reject, "x-2")) is None


def with_cash(office: Office) -> str:
    cash = c.CashIn(account=100, currency="CNY", amount=500, reference="")
    office.must(cash, "b-1")
    return "5.00 yuan of CNY in account 100"


def with_a_hold(office: Office) -> str:
    with_cash(office)
    deposit: dict[str, Any] = {"instrument": "CNY", "quantity": 5, "purpose": Purpose.DEPOSIT}
    office.must(c.PlaceHold(account=100, reference="", **deposit), "p-1")
    return "hold 1"


def test_the_persons_other_proposals_are_turned_down(office: Office) -> None:
    office.must(c.Propose(command=c.RevokeActor(actor="p-2")), "p-1")
    office.must(c.Propose(command=c.RevokeActor(actor="b-1")), "x-1")

    outcome = office.erase()

    closed = [each for each in outcome.effects if isinstance(each, ProposalClosed)]
    assert [(each.proposal, each.status, each.checker) for each in closed] == [
        (3, "approved", "x-2"),
        (1, "rejected", "x-2"),
    ]
    assert sorted(office.ledger.proposals) == [2]


@pytest.mark.parametrize("still_open", [with_cash, with_a_hold])
def test_what_is_still_open_stands_in_the_way_by_name(
    office: Office, still_open: Callable[[Office], str]
) -> None:
    words = still_open(office)

    refusal = office.erase().refusal

    assert refusal is not None
    assert (refusal.code, refusal.found) == (Reject.PARTY_ENGAGED, words)


def test_refusals_come_in_the_order_of_their_precedence(office: Office) -> None:
    approve = {"maker": "x-1", "checker": "x-2"}
    nobody = p.ErasePerson(party="NOBODY", basis=p.ErasureBasis.SERVICE_ENDED)
    bank = p.ErasePerson(party="B", basis=p.ErasureBasis.SERVICE_ENDED)
    retain = {"party": "P", "source": "ECL-2018-31"}
    with_cash(office)
    office.must(p.RetainRecords(until=2_000, **retain))

    assert code(office.approve(nobody, **approve)) == Reject.PARTY_UNKNOWN
    assert code(office.approve(bank, **approve)) == Reject.NOT_A_PERSON
    assert code(office.erase(fetched=None)) == Reject.RETENTION_RUNS
    office.must(p.RetainRecords(until=0, **retain))
    assert code(office.erase(fetched=None)) == Reject.PARTY_ENGAGED
    office.must(c.CashOut(account=100, currency="CNY", amount=500, reference=""), "b-1")
    assert code(office.erase(fetched=None)) == Reject.ENTRY_NOT_COMMITTED
    unknown = PersonalEntries(known=False, entries=[])
    assert code(office.erase(fetched=unknown)) == Reject.ENTRY_NOT_COMMITTED
    many = PersonalEntries(known=True, entries=[1] * (ENTRIES_PER_PERSON_MAX + 1))
    assert code(office.erase(fetched=many)) == Reject.RANGE_TOO_LONG
    assert code(office.erase()) is None
    assert code(office.erase()) == Reject.PARTY_ERASED


def test_nothing_more_is_taken_about_somebody_who_was_erased(office: Office) -> None:
    office.erase()
    again = c.RegisterParty(
        party="P",
        party_kind=PartyKind.PERSON,
        scheme="",
        identifier="",
        personal=c.PartyPersonal(name="once more"),
    )
    for command in (
        again,
        c.Propose(command=again),
        c.RegisterActor(actor="p-9", party="P", roles=[Role.SUBJECT], digest="9" * 64),
        c.OpenAccount(party="P", account_kind=AccountKind.TRADING),
        p.RetainRecords(party="P", until=9_999, source="s"),
    ):
        assert code(office.send(command)) == Reject.PARTY_ERASED
    assert code(office.send(c.OpenAccount(party="Q", account_kind=AccountKind.TRADING))) is None
    assert code(office.send(ERASE, "p-1")) == Reject.ACTOR_REVOKED


def grant(party: str = "P", **more: Any) -> p.DisclosePersonal:
    given: dict[str, Any] = {"recipient": "A", "purpose": p.DisclosurePurpose.AUDIT, "until": 9_000}
    return p.DisclosePersonal(party=party, **(given | more))


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("p-1", None),
        ("x-1", None),
        ("r-1", None),
        ("q-1", Reject.NOT_THE_OWNER),
        ("a-1", Reject.NOT_THE_OWNER),
        ("b-1", Reject.NOT_THE_OWNER),
    ],
)
def test_the_subject_the_operator_and_the_regulator_disclose(
    office: Office, actor: str, expected: Reject | None
) -> None:
    assert code(office.send(grant(), actor)) == expected


def test_a_disclosure_is_of_known_parties_known_entries_and_for_a_time_ahead(
    office: Office,
) -> None:
    assert code(office.send(grant("NOBODY"))) == Reject.PARTY_UNKNOWN
    assert code(office.send(grant(recipient="NOBODY"))) == Reject.PARTY_UNKNOWN
    assert code(office.send(grant(until=1_000))) == Reject.TIME_NOT_AHEAD
    assert code(office.send(grant(entries=[10_000]))) == Reject.ENTRY_NOT_COMMITTED
    assert code(office.send(grant(entries=[3, 1, 3]))) is None
    assert office.ledger.privacy.disclosures[office.index].entries == [1, 3]


def test_only_who_a_live_disclosure_names_uses_it_and_for_its_entries(office: Office) -> None:
    office.must(grant(entries=[3]), "p-1")
    number = office.index
    for actor, target, expected in (
        ("a-1", 3, None),
        ("a-1", None, None),
        ("a-1", 4, Reject.NOT_THE_OWNER),
        ("b-1", 3, Reject.NOT_THE_OWNER),
        ("p-1", 3, Reject.NOT_THE_OWNER),
    ):
        use = p.UseDisclosure(disclosure=number, target=target)
        assert code(office.send(use, actor)) == expected
    office.must(p.WithdrawDisclosure(disclosure=number), "p-1")
    used = p.UseDisclosure(disclosure=number)
    assert code(office.send(used, "a-1")) == Reject.DISCLOSURE_UNKNOWN


def test_a_disclosure_ends_by_time_by_wish_and_by_erasure(office: Office) -> None:
    numbers = []
    for actor in ("p-1", "x-1", "p-1"):
        office.must(grant(), actor)
        numbers.append(office.index)
    live = office.ledger.privacy.disclosures
    assert sorted(live) == numbers

    timer = c.FireTimer(timer="disclosure", subject=str(numbers[0]))
    office.must(timer, "system")
    assert code(office.send(p.WithdrawDisclosure(disclosure=numbers[1]), "q-1")) == (
        Reject.NOT_THE_OWNER
    )
    office.must(p.WithdrawDisclosure(disclosure=numbers[1]), "p-1")
    assert sorted(live) == numbers[2:]
    office.erase()

    assert live == {}
    assert not [name for name in office.ledger.timers.pending if name[0] == "disclosure"]
    ended = p.WithdrawDisclosure(disclosure=numbers[2])
    assert code(office.send(ended)) == Reject.DISCLOSURE_UNKNOWN
