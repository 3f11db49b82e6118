"""A venue with a coin, holders, a source and a merchant; every change is proved undone and redone.

Nothing is committed: tests of rows tell the same story on a database (``tests/ledger/rows``).
"""

import hashlib
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.rewards import commands as w
from credit_scoring.rewards.days import begin_of, day_of
from credit_scoring.rewards.slips import message
from credit_scoring.rewards.state import Rewards
from gateway import wiring
from ledger import commands as c
from ledger.journal import undo
from ledger.machine import Outcome
from ledger.roles import AccountKind, PartyKind, Role
from ledger.state_hash import state_hash
from tests.ledger.rows.scribe import HOUR, Scribe

COIN = "GREEN-COIN"
BEGIN = date(2026, 4, 10).toordinal()
SECRET = Ed25519PrivateKey.from_private_bytes(b"\5" * 32)
PUBLIC = SECRET.public_key().public_bytes_raw().hex()
ACTS = ("clean_plate", "sorted_waste")


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def digest(bill: str) -> str:
    return hashlib.sha256(bill.encode()).hexdigest()


class RewardDesk(Scribe):
    """A scribe whose commits go nowhere."""

    def __init__(self) -> None:
        super().__init__(None, machine=wiring.new_machine())  # type: ignore[arg-type]  # no rows
        self.proves = True

    @property
    def state(self) -> Rewards:
        return next(part.state for part in self.machine.parts if isinstance(part.state, Rewards))

    def _apply(self, command: c.Command, **more: Any) -> Outcome:
        if not self.proves:
            return super()._apply(command, **more)
        journal = self.ledger.journal
        mark, before = len(journal), self._everything()
        stamp = {"actor": more["actor"], "index": self.index + 1, "at": self.at}
        first = self.machine.apply(command, **stamp, fetched=more.get("fetched"))
        after = self._everything()
        undo(journal, mark=mark)
        assert self._everything() == before
        again = super()._apply(command, **more)
        assert again == first
        assert self._everything() == after
        self.machine.check()
        return again

    def _everything(self) -> tuple[Any, ...]:
        state = self.state
        indexes = (
            dict(state.account_of),
            {number: holder.months for number, holder in state.holders.items()},
        )
        numbers = (state.next.act, state.next.bill, state.next.credit)
        return state_hash(self.machine), indexes, numbers

    def code_of(self, command: c.Command, *, actor: str = "x") -> str:
        refusal = self.send(command, actor=actor).refusal
        assert refusal is not None, command
        return refusal.code

    def by_two(self, command: c.Command) -> Outcome:
        self.must(c.Propose(command=command))
        return self.must(c.Approve(proposal=self.ledger.next_proposal - 1), actor="x-2")

    def refused_by_two(self, command: c.Command) -> str:
        self.must(c.Propose(command=command))
        code = self.code_of(c.Approve(proposal=self.ledger.next_proposal - 1), actor="x-2")
        self.must(c.RejectProposal(proposal=self.ledger.next_proposal - 1))
        return code

    def until(self, ordinal: int, *, hours: int = 10) -> None:
        """Move the clock to an hour of a day in Beijing."""
        self.move(begin_of(ordinal) + hours * HOUR)

    def holder(self, party: str) -> int:
        return self.account(party, AccountKind.COIN_HOLDER)

    @property
    def merchant(self) -> int:
        return self.account("SHOP", AccountKind.COIN_MERCHANT)

    def coins(self, account: int) -> int:
        return int(self.ledger.accounts[account].available(COIN))

    def spendable(self, account: int) -> int:
        return self.state.spendable(account, day_of(self.at))

    def lefts(self) -> dict[str, int]:
        """Return what is left of each act, by its source's reference."""
        months = [lot for month in self.state.months.rows() for lot in month.lots]
        left = {lot.act: lot.left for lot in months}
        return {act.reference: left[act.id] for act in self.state.acts.rows()}

    def balances(self) -> dict[str, int]:
        """Return what each kind of account holds of the coin."""
        found: dict[str, int] = {}
        for account in self.ledger.accounts.values():
            kind = account.kind.value
            found[kind] = found.get(kind, 0) + account.available(COIN)
        return {kind: coins for kind, coins in found.items() if coins}

    def earn(self, reference: str, **more: Any) -> w.EarnCoins:
        made: dict[str, Any] = {
            "source": "BAGS",
            "reference": reference,
            "account": self.holder("P1"),
            "act": "sorted_waste",
            "quantity": 1,
            "day": BEGIN,
        }
        return w.EarnCoins(**(made | more))

    def redeem(self, bill: str, coins: int, **more: Any) -> w.RedeemCoins:
        made: dict[str, Any] = {
            "account": self.holder("P1"),
            "merchant": self.merchant,
            "coins": coins,
        }
        return w.RedeemCoins(bill=digest(bill), **(made | more))


def rules(version: str = "2026-1", **changes: Any) -> w.SetCoinRules:
    """The rules of the sheet, as one version."""
    made: dict[str, Any] = {
        "instrument": COIN,
        "version": version,
        "effective_from": day("2026-01-01"),
        "acts": [w.ActRule(act=act, coins=2, source="XJ22") for act in ACTS],
        "day_max": 10,
        "month_max": 70,
        "expiry_months": 24,
        "bill_max": 10,
        "late_days": 30,
        "decision": "2026-4",
    }
    return w.SetCoinRules(**(made | changes))


def source(**changes: Any) -> w.SetRewardSource:
    made: dict[str, Any] = {
        "source": "BAGS",
        "party": "TEAM",
        "acts": list(ACTS),
        "behaviours": ["bus_ride", "walking", "online_bill"],
        "public_key": PUBLIC,
    }
    return w.SetRewardSource(**(made | changes))


def signed(desk: RewardDesk, slip: str, *, secret: Any = SECRET, **changes: Any) -> w.PresentSlip:
    """A slip of the source's, signed."""
    made: dict[str, Any] = {
        "source": "BAGS",
        "slip": slip,
        "reward": w.Reward.COINS,
        "account": desk.holder("P1"),
        "act": "sorted_waste",
        "quantity": 1_000,
        "day": BEGIN,
    }
    unsigned = w.PresentSlip(**(made | changes), signature="")
    return w.PresentSlip(**(made | changes), signature=secret.sign(message(unsigned)).hex())


def open_venue(desk: Scribe, *, start: int) -> None:
    opening = c.OpenVenue(
        venue="t",
        origin="ledger.example/t",
        clock="scenario",
        start=start,
        operator="X",
        actor="x",
        digest="0" * 64,
    )
    desk.must(opening, actor="system")
    desk.must(c.RegisterActor(actor="x-2", party="X", roles=[Role.OPERATOR], digest="1" * 64))


def enrol(desk: Scribe) -> None:
    """Register the parties of the story, each with a key, and open the coin's accounts."""
    people = [(party, PartyKind.PERSON, Role.SUBJECT) for party in ("P1", "P2")]
    members = [
        *people,
        ("TEAM", PartyKind.VILLAGE, Role.INTAKE),
        ("OTHER", PartyKind.VILLAGE, Role.INTAKE),
        ("SHOP", PartyKind.ENTERPRISE, Role.MERCHANT),
        ("VER", PartyKind.VERIFIER, Role.VERIFIER),
    ]
    for number, (party, kind, role) in enumerate(members):
        desk.must(c.RegisterParty(party=party, party_kind=kind, scheme="", identifier=""))
        key: dict[str, Any] = {"party": party, "roles": [role], "digest": f"{number + 2:064x}"}
        desk.must(c.RegisterActor(actor=f"{party}-1", **key))


def furnish(desk: RewardDesk, *, terms: w.SetCoinRules | None = None) -> RewardDesk:
    """Open the coin with its rules, a budget, holders, a source and a merchant."""
    desk.at = begin_of(BEGIN)
    open_venue(desk, start=desk.at)
    enrol(desk)
    desk.by_two(w.OpenCoinScheme(instrument=COIN, issuer="X"))
    desk.by_two(rules() if terms is None else terms)
    desk.by_two(w.IssueCoins(instrument=COIN, coins=1_000, decision="2026-4"))
    desk.by_two(source())
    for party in ("P1", "P2"):
        desk.must(w.OpenCoinAccount(instrument=COIN, party=party), actor="TEAM-1")
        desk.must(w.OpenCarbonAccount(party=party))
    desk.must(w.SetCoinMerchant(instrument=COIN, party="SHOP", live=True))
    desk.until(BEGIN)
    return desk
