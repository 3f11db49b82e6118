"""The ledger's part of the machine: its commands, folds, timers and resident rows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kernel.errors import ensure
from ledger import commands, decisions, procedures
from ledger.effects import FOLDS
from ledger.machine import ANYONE, Part, Rule
from ledger.personal import decisions as personal
from ledger.personal.effects import FOLDS as PERSONAL_FOLDS
from ledger.roles import Role
from ledger.state import Ledger

_SYSTEM: frozenset[Role] = frozenset()
_OPERATOR = frozenset({Role.OPERATOR})
_BANK = frozenset({Role.SETTLEMENT_BANK})


def ledger_part(ledger: Ledger) -> Part:
    """Return what the ledger registers with the machine."""
    return Part(
        state=ledger,
        rules={
            commands.OpenVenue: Rule(decide=decisions.open_venue, roles=_SYSTEM, linkable=False),
            commands.RegisterParty: Rule(decide=decisions.register_party, roles=_OPERATOR),
            commands.RegisterActor: Rule(decide=decisions.register_actor, roles=_OPERATOR),
            commands.RevokeActor: Rule(decide=decisions.revoke_actor, roles=ANYONE),
            commands.OpenAccount: Rule(decide=decisions.open_account, roles=_OPERATOR),
            commands.CloseAccount: Rule(decide=decisions.close_account, roles=_OPERATOR),
            commands.CashIn: Rule(decide=decisions.cash_in, roles=_BANK),
            commands.CashOut: Rule(decide=decisions.cash_out, roles=_BANK),
            commands.PlaceHold: Rule(decide=decisions.place_hold, roles=ANYONE),
            commands.ReleaseHold: Rule(decide=decisions.release_hold, roles=ANYONE),
            commands.ConsumeHold: Rule(decide=decisions.consume_hold, roles=ANYONE),
            commands.Linked: Rule(decide=procedures.answer_only, roles=ANYONE, linkable=False),
            commands.Propose: Rule(decide=procedures.propose, roles=ANYONE),
            commands.Approve: Rule(decide=procedures.approve, roles=ANYONE, linkable=False),
            commands.RejectProposal: Rule(decide=procedures.reject_proposal, roles=ANYONE),
            commands.CertifyStatement: Rule(
                decide=procedures.certify_statement, roles=ANYONE, linkable=False
            ),
            commands.ActivateMachine: Rule(
                decide=procedures.activate_machine, roles=_OPERATOR, linkable=False
            ),
            commands.MoveClock: Rule(decide=procedures.move_clock, roles=_OPERATOR, linkable=False),
            commands.FireTimer: Rule(decide=procedures.fire_timer, roles=_SYSTEM, linkable=False),
            commands.ContinuePhase: Rule(
                decide=procedures.continue_phase, roles=_SYSTEM, linkable=False
            ),
            commands.Quarantine: Rule(decide=procedures.quarantine, roles=ANYONE, linkable=False),
            **personal.RULES,
        },
        folds={**FOLDS, **PERSONAL_FOLDS},
        timers={"hold": decisions.expire_hold, **personal.TIMERS},
        rows=_rows,
        check=_check,
    )


def _rows(ledger: Ledger) -> Iterable[Any]:
    yield ledger
    yield from (ledger.parties[k] for k in sorted(ledger.parties))
    yield from (ledger.actors[k] for k in sorted(ledger.actors))
    yield from (ledger.instruments[k] for k in sorted(ledger.instruments))
    for number in sorted(ledger.accounts):
        account = ledger.accounts[number]
        yield account
        yield from (account.holdings[k] for k in sorted(account.holdings))
    yield from (ledger.holds[k] for k in sorted(ledger.holds))
    yield from (ledger.proposals[k] for k in sorted(ledger.proposals))
    yield from (ledger.phases[k] for k in sorted(ledger.phases))
    yield from (ledger.timers.pending[k] for k in sorted(ledger.timers.pending))
    yield from ledger.privacy.rows()


def _check(ledger: Ledger) -> None:
    """Prove invariants 1 to 3 of ``ledger/state.py``; parts with orders prove the fourth."""
    totals: dict[str, int] = defaultdict(int)
    for account in ledger.accounts.values():
        for holding in account.holdings.values():
            holding.check()
            totals[holding.instrument] += holding.available + holding.held
    for instrument, total in totals.items():
        ensure(total == 0, f"{instrument}: balances sum to {total}, not 0")
