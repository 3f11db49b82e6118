"""Credentials in the machine: who may, what is refused, where they stand; all undone and redone."""

from collections.abc import Iterator
from typing import Any

import pytest

from credit_scoring.credentials import commands as k
from credit_scoring.credentials.decisions import free_place
from credit_scoring.credentials.grade import issue
from credit_scoring.credentials.making import credential_of, list_of
from credit_scoring.credentials.refusals import Reject
from credit_scoring.credentials.state import Credentials, Given
from credit_scoring.credentials.status_list import BITS
from credit_scoring.records import SubjectKind
from gateway import wiring
from ledger import commands as c
from ledger.journal import undo
from ledger.machine import Outcome
from ledger.refusals import Reject as LedgerReject
from ledger.roles import PartyKind, Role
from ledger.state_hash import state_hash
from tests.credit_scoring.credentials.making import AT, ISSUER
from tests.ledger.rows.crediting import BASE, ORDINAL_OF_EPOCH, claims, name_of
from tests.ledger.rows.scribe import DAY, START, Scribe, found_venue

DEFINED = k.DefineCredentialIssuer(issuer=ISSUER.id, base=BASE)
REVOKED = k.RevokeCredential(credential=name_of(1), reason=k.RevocationReason.ISSUED_IN_ERROR)


class Desk(Scribe):
    """A scribe whose commits go nowhere; every command is applied, undone, and applied again."""

    def __init__(self) -> None:
        super().__init__(None, machine=wiring.new_machine())  # type: ignore[arg-type]  # no rows
        found_venue(self)
        self.at = START + DAY

    @property
    def state(self) -> Credentials:
        return next(p.state for p in self.machine.parts if isinstance(p.state, Credentials))

    def _apply(self, command: c.Command, **more: Any) -> Outcome:
        journal = self.ledger.journal
        mark, before = len(journal), self._everything()
        stamp = {"actor": more["actor"], "index": self.index + 1, "at": self.at}
        first = self.machine.apply(command, **stamp)
        after = self._everything()
        undo(journal, mark=mark)
        assert self._everything() == before
        again = super()._apply(command, **more)
        assert (again, self._everything()) == (first, after)
        self.machine.check()
        return again

    def _everything(self) -> tuple[Any, ...]:
        state, last = self.state, self.state.last
        figures = (last.list, last.count, last.issuer, last.base, bytes(last.taken))
        return state_hash(self.machine), list(state.given.rows()), figures

    def given(self, number: int) -> Given:
        found = self.state.given.get(name_of(number))
        assert found is not None
        return found

    def code_of(self, command: c.Command, *, actor: str = "x") -> str:
        refusal = self.send(command, actor=actor).refusal
        assert refusal is not None, command
        return refusal.code


@pytest.fixture(scope="module")
def furnished() -> Desk:
    desk = Desk()
    desk.must(DEFINED)
    desk.must(claims(desk, 1))
    desk.must(claims(desk, 2, suspendable=True))
    return desk


@pytest.fixture
def desk(furnished: Desk) -> Iterator[Desk]:
    mark = len(furnished.ledger.journal)
    kept = (furnished.index, furnished.at, furnished.chain.previous)
    yield furnished
    undo(furnished.ledger.journal, mark=mark)
    furnished.index, furnished.at, furnished.chain.previous = kept


def test_a_credential_is_issued_as_it_was_asked_for_in_a_place_of_its_own(desk: Desk) -> None:
    desk.must(claims(desk, 3, score_entry=7))

    given = desk.given(3)
    document = issue(credential_of(given))
    assert (given.list, given.issuer, given.base) == (1, ISSUER.id, BASE)
    assert document["credentialSubject"]["entry"] == "7"
    assert document["credentialStatus"][0]["id"] == f"{BASE}/revocation-1#{given.place}"
    assert len({each.place for each in desk.state.given.rows()}) == 3


def test_a_place_follows_from_the_id_and_nothing_else(desk: Desk) -> None:
    alone = Credentials(desk.ledger)

    places = {number: desk.given(number).place for number in (1, 2)}

    assert places == {number: free_place(alone, name_of(number), number=1) for number in (1, 2)}


def test_the_walk_for_a_place_meets_the_only_free_one(desk: Desk) -> None:
    full = Credentials(desk.ledger)
    full.last.taken = bytearray(b"\xff" * (BITS // 8))
    full.last.taken[77 >> 3] &= ~(1 << (77 & 7))

    assert free_place(full, name_of(9), number=1) == 77


def test_a_full_list_and_another_issuer_begin_the_next_list(desk: Desk) -> None:
    state = desk.state
    state.last.count = BITS
    full = state.next_list(state.terms[0])
    state.last.count = 2

    desk.must(k.DefineCredentialIssuer(issuer=ISSUER.id, base=f"{BASE}/2"))
    desk.must(claims(desk, 3))

    assert full == 2
    assert (desk.given(3).list, desk.given(3).base) == (2, f"{BASE}/2")
    assert desk.given(1).base == BASE


def test_a_revoked_credential_is_set_in_its_list_for_ever(desk: Desk) -> None:
    desk.must(REVOKED)

    given = desk.given(1)
    places = [each.place for each in desk.state.given.rows() if each.revoked_at is not None]
    told = list_of(
        places, issuer=given.issuer, base=given.base, purpose="revocation", number=1, at=AT
    )
    assert (given.revoked_at, given.reason) == (desk.at, "issued_in_error")
    assert told.bits.is_set(given.place)
    assert desk.code_of(REVOKED) == Reject.STATUS_UNFIT


def test_a_suspension_ends_and_is_for_those_that_have_a_list_for_it(desk: Desk) -> None:
    suspend, resume = (
        kind(credential=name_of(2)) for kind in (k.SuspendCredential, k.ResumeCredential)
    )

    assert desk.code_of(resume) == Reject.STATUS_UNFIT
    desk.must(suspend)
    assert desk.code_of(suspend) == Reject.STATUS_UNFIT
    desk.must(resume)
    assert desk.given(2).suspended_at is None
    assert desk.code_of(k.SuspendCredential(credential=name_of(1))) == Reject.STATUS_UNFIT
    desk.must(suspend)
    desk.must(k.RevokeCredential(credential=name_of(2), reason=REVOKED.reason))
    assert desk.code_of(resume) == Reject.STATUS_UNFIT


@pytest.mark.parametrize(
    "kind",
    [k.SuspendCredential, k.ResumeCredential],
)
def test_an_unknown_credential_is_named(desk: Desk, kind: Any) -> None:
    assert desk.code_of(kind(credential=name_of(9))) == Reject.CREDENTIAL_UNKNOWN


def test_a_revocation_of_an_unknown_credential_is_refused(desk: Desk) -> None:
    unknown = k.RevokeCredential(credential=name_of(9), reason=REVOKED.reason)

    assert desk.code_of(unknown) == Reject.CREDENTIAL_UNKNOWN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credential": "ZHUWU"}, "credential"),
        ({"credential": name_of(3).upper()}, "credential"),
        ({"as_of": 0}, "as_of"),
        ({"as_of": 10**9}, "as_of"),
        ({"valid_until": -1}, "valid_until"),
        ({"valid_until": START + 1}, "valid_until"),
        ({"valid_until": 10**18}, "valid_until"),
        ({"valid_until": START}, "validUntil"),
        ({"valid_until": START + 400 * DAY}, "validUntil"),
        ({"as_of": START // DAY + ORDINAL_OF_EPOCH + 5}, "asOf"),
        ({"grade": "BBB"}, "grade"),
        ({"colour": "red"}, "colour"),
        ({"subject": "91990101E00000010Q"}, "subject"),
        ({"rule_set_version": ""}, "ruleSetVersion"),
        ({"rule_set_hash": "x"}, "ruleSetHash"),
        ({"records_hash": ""}, "recordsHash"),
        ({"score_entry": -1}, "entry"),
    ],
)
def test_claims_that_no_verifier_takes_are_refused(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    refusal = desk.send(claims(desk, 3, **changes)).refusal

    assert refusal is not None
    assert (refusal.code, refusal.field) == (Reject.CLAIMS_UNFIT, field)
    assert desk.state.given.get(name_of(3)) is None


@pytest.mark.parametrize(
    "changes",
    [{"issuer": "somebody"}, {"issuer": "did:key:zDna"}, {"base": "ftp://x"}, {"base": ""}],
)
def test_an_issuer_that_no_verifier_could_believe_is_refused(
    desk: Desk, changes: dict[str, str]
) -> None:
    terms = {"issuer": ISSUER.id, "base": BASE} | changes

    assert desk.code_of(k.DefineCredentialIssuer(**terms)) == Reject.ISSUER_UNFIT


def test_before_an_issuer_is_defined_none_is_issued_and_no_id_is_used_twice(desk: Desk) -> None:
    early = Desk()

    assert early.code_of(claims(early, 1)) == Reject.ISSUER_UNDEFINED
    assert desk.code_of(claims(desk, 1)) == Reject.CREDENTIAL_EXISTS


def test_operator_and_regulator_issue_and_nobody_else(desk: Desk) -> None:
    desk.must(c.RegisterParty(party="R9", party_kind=PartyKind.AUTHORITY, scheme="", identifier=""))
    for number, role in enumerate((Role.REGULATOR, Role.AUDITOR)):
        key: dict[str, Any] = {
            "actor": role.value,
            "party": "R9",
            "roles": [role],
            "digest": f"{number + 70:064x}",
        }
        desk.must(c.RegisterActor(**key))

    desk.must(claims(desk, 3, subject_kind=SubjectKind.PERSON), actor="regulator")

    assert desk.code_of(claims(desk, 4), actor="auditor") == LedgerReject.ROLE_MISSING
    assert desk.code_of(DEFINED, actor="regulator") == LedgerReject.ROLE_MISSING
