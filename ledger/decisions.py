"""How the ledger's own commands are decided: authority over things first, then amounts.

Each function looks at state, returns the first refusal or emits the effects, and returns ``None``.
"""

from ledger.commands import (
    CashIn,
    CashOut,
    CloseAccount,
    ConsumeHold,
    OpenAccount,
    OpenVenue,
    PlaceHold,
    RegisterActor,
    RegisterParty,
    ReleaseHold,
    RevokeActor,
)
from ledger.effects import (
    AccountClosed,
    AccountOpened,
    ActorRegistered,
    ActorRevoked,
    HoldConsumed,
    HoldPlaced,
    HoldReleased,
    Moved,
    PartyRegistered,
    VenueOpened,
)
from ledger.machine import SYSTEM_ACTOR, Context
from ledger.refusals import Refusal, Reject
from ledger.roles import (
    CASH_IN_TRANSIT,
    FIRST_PARTY_ACCOUNT,
    REWARD_KINDS,
    SYSTEM_ACCOUNTS,
    AccountKind,
    PartyKind,
    Purpose,
    Role,
)
from ledger.state import Account, Hold, Instrument, Ledger

QUANTITY_MAX = 10**18 - 1
MACHINE_VERSIONS = (1, 2, 3)
CURRENCY = "CASH"

# Who may put what apart (markets.md 8). An order's hold is made by the order alone.
PLACERS: dict[Purpose, frozenset[Role]] = {
    Purpose.DEPOSIT: frozenset({Role.TRADER}),
    Purpose.PLEDGE: frozenset({Role.TRADER, Role.APPROVER}),
    Purpose.FREEZE: frozenset({Role.COURT, Role.REGULATOR}),
    Purpose.LEASE: frozenset({Role.TRADER}),
}
_AUTHORITY_PURPOSES = frozenset({Purpose.FREEZE})


def open_venue(ledger: Ledger, command: OpenVenue, context: Context) -> Refusal | None:
    """Open an empty log: system accounts, the operator and its first key."""
    if ledger.name:
        return Refusal(code=Reject.VENUE_ALREADY_OPEN, found=ledger.name)
    if command.machine not in MACHINE_VERSIONS:
        return Refusal(code=Reject.MACHINE_UNKNOWN, field="machine", found=str(command.machine))
    context.emit(
        VenueOpened(
            venue=command.venue,
            origin=command.origin,
            clock=command.clock,
            machine=command.machine,
        )
    )
    context.emit(
        PartyRegistered(
            party=command.operator, party_kind=PartyKind.OPERATOR, scheme="", identifier=""
        )
    )
    context.emit(
        ActorRegistered(
            actor=command.actor,
            party=command.operator,
            roles=[Role.OPERATOR],
            digest=command.digest,
        )
    )
    for number, kind in SYSTEM_ACCOUNTS.items():
        context.emit(AccountOpened(account=number, party=command.operator, account_kind=kind))
    return None


def register_party(ledger: Ledger, command: RegisterParty, context: Context) -> Refusal | None:
    """Make a party known; its id and its public identifier must be free."""
    if command.party in ledger.parties:
        return Refusal(code=Reject.PARTY_EXISTS, field="party", found=command.party)
    if command.identifier and (command.scheme, command.identifier) in ledger.identifiers:
        return Refusal(code=Reject.IDENTIFIER_TAKEN, field="identifier", found=command.identifier)
    context.emit(
        PartyRegistered(
            party=command.party,
            party_kind=command.party_kind,
            scheme=command.scheme,
            identifier=command.identifier,
        )
    )
    return None


def register_actor(ledger: Ledger, command: RegisterActor, context: Context) -> Refusal | None:
    """Register a key of a known party."""
    if command.party not in ledger.parties:
        return Refusal(code=Reject.PARTY_UNKNOWN, field="party", found=command.party)
    if command.party in ledger.privacy.erasures:
        return Refusal(code=Reject.PARTY_ERASED, field="party", found=command.party)
    if command.actor in ledger.actors or command.actor == SYSTEM_ACTOR.id:
        return Refusal(code=Reject.ACTOR_EXISTS, field="actor", found=command.actor)
    context.emit(
        ActorRegistered(
            actor=command.actor,
            party=command.party,
            roles=sorted(set(command.roles)),
            digest=command.digest,
        )
    )
    return None


def revoke_actor(ledger: Ledger, command: RevokeActor, context: Context) -> Refusal | None:
    """End a key of one's own party, or, as the operator, any key."""
    actor = ledger.actors.get(command.actor)
    if actor is None:
        return Refusal(code=Reject.ACTOR_UNKNOWN, field="actor", found=command.actor)
    if Role.OPERATOR not in context.actor.roles and actor.party != context.actor.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="actor")
    if not actor.live:
        return Refusal(code=Reject.ACTOR_REVOKED, field="actor", found=command.actor)
    context.emit(ActorRevoked(actor=command.actor))
    return None


def open_account(ledger: Ledger, command: OpenAccount, context: Context) -> Refusal | None:
    """Open an account of a kind that parties may have."""
    if command.party not in ledger.parties:
        return Refusal(code=Reject.PARTY_UNKNOWN, field="party", found=command.party)
    if command.party in ledger.privacy.erasures:
        return Refusal(code=Reject.PARTY_ERASED, field="party", found=command.party)
    kinds = {
        AccountKind.TRADING,
        AccountKind.COMPLIANCE,
        AccountKind.RESERVE,
        AccountKind.BANK_LENDING,
    }
    if command.account_kind not in kinds:
        return Refusal(
            code=Reject.ACCOUNT_KIND_UNFIT,
            field="account_kind",
            expected=", ".join(sorted(kinds)),
            found=command.account_kind,
        )
    number = max(ledger.next_account, FIRST_PARTY_ACCOUNT)
    context.emit(
        AccountOpened(account=number, party=command.party, account_kind=command.account_kind)
    )
    return None


def close_account(ledger: Ledger, command: CloseAccount, context: Context) -> Refusal | None:
    """Close an account that holds nothing."""
    account, refusal = find_account(ledger, command.account)
    if account is None:
        return refusal
    if any(h.available or h.held for h in account.holdings.values()):
        return Refusal(code=Reject.ACCOUNT_NOT_EMPTY, field="account")
    context.emit(AccountClosed(account=account.number))
    return None


def cash_in(ledger: Ledger, command: CashIn, context: Context) -> Refusal | None:
    """Post money that reached the settlement bank."""
    refusal = _check_cash(ledger, command) or check_supply(
        ledger,
        source=CASH_IN_TRANSIT,
        instrument=command.currency,
        quantity=command.amount,
        field="amount",
    )
    if refusal is not None:
        return refusal
    context.emit(
        Moved(
            source=CASH_IN_TRANSIT,
            target=command.account,
            instrument=command.currency,
            quantity=command.amount,
            cause="cash_in",
        )
    )
    return None


def cash_out(ledger: Ledger, command: CashOut, context: Context) -> Refusal | None:
    """Post money that left through the settlement bank; only available cash may."""
    refusal = _check_cash(ledger, command)
    if refusal is not None:
        return refusal
    available = ledger.accounts[command.account].available(command.currency)
    if available < command.amount:
        currency = ledger.instruments[command.currency]
        return too_small(currency, available, command.amount, field="amount")
    context.emit(
        Moved(
            source=command.account,
            target=CASH_IN_TRANSIT,
            instrument=command.currency,
            quantity=command.amount,
            cause="cash_out",
        )
    )
    return None


def _check_cash(ledger: Ledger, command: CashIn | CashOut) -> Refusal | None:
    account, refusal = find_account(ledger, command.account)
    if account is None:
        return refusal
    if account.number in SYSTEM_ACCOUNTS or account.kind is AccountKind.COMPLIANCE:
        return Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="account", found=account.kind)
    instrument = ledger.instruments.get(command.currency)
    if instrument is None:
        return Refusal(code=Reject.INSTRUMENT_UNKNOWN, field="currency", found=command.currency)
    if instrument.right != CURRENCY:
        return Refusal(code=Reject.NOT_A_CURRENCY, field="currency", found=command.currency)
    return check_quantity(command.amount, field="amount")


def place_hold(ledger: Ledger, command: PlaceHold, context: Context) -> Refusal | None:
    """Set a quantity apart: one's own for a deposit, pledge or lease, anyone's for a freeze."""
    roles = PLACERS.get(command.purpose)
    if roles is None:
        return Refusal(code=Reject.PURPOSE_UNFIT, field="purpose", found=command.purpose)
    if roles.isdisjoint(context.actor.roles):
        return Refusal(code=Reject.ROLE_MISSING, expected=", ".join(sorted(roles)))
    account, refusal = find_account(ledger, command.account)
    if account is None:
        return refusal
    if command.purpose not in _AUTHORITY_PURPOSES and account.party != context.actor.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="account")
    refusal = check_quantity(command.quantity, field="quantity")
    if refusal is not None:
        return refusal
    if command.instrument not in ledger.instruments:
        return Refusal(code=Reject.INSTRUMENT_UNKNOWN, field="instrument", found=command.instrument)
    if command.beneficiary is not None and command.beneficiary not in ledger.parties:
        return Refusal(code=Reject.PARTY_UNKNOWN, field="beneficiary", found=command.beneficiary)
    if command.until is not None and command.until <= context.at:
        return Refusal(code=Reject.TIME_NOT_AHEAD, field="until")
    available = account.available(command.instrument)
    if available < command.quantity:
        instrument = ledger.instruments[command.instrument]
        return too_small(instrument, available, command.quantity, field="quantity")
    context.emit(
        HoldPlaced(
            hold=ledger.next_hold,
            account=command.account,
            instrument=command.instrument,
            quantity=command.quantity,
            purpose=command.purpose,
            reference=command.reference,
            beneficiary=command.beneficiary,
            until=command.until,
        )
    )
    return None


def release_hold(ledger: Ledger, command: ReleaseHold, context: Context) -> Refusal | None:
    """Give held value back: who profits from the hold may, for a freeze the authorities."""
    hold, refusal = _find_hold(ledger, hold=command.hold, quantity=command.quantity)
    if hold is None:
        return refusal
    if not _may_end(ledger, hold, context):
        return Refusal(code=Reject.NOT_THE_OWNER, field="hold")
    context.emit(HoldReleased(hold=hold.id, quantity=command.quantity, cause="released"))
    return None


def consume_hold(ledger: Ledger, command: ConsumeHold, context: Context) -> Refusal | None:
    """Give held value to another account: deposits and seizures; pledges end by enforcement."""
    hold, refusal = _find_hold(ledger, hold=command.hold, quantity=command.quantity)
    if hold is None:
        return refusal
    if hold.purpose not in {Purpose.DEPOSIT, Purpose.FREEZE}:
        # Civil Code art. 428: a pledgee never takes the pledged thing itself.
        return Refusal(code=Reject.PURPOSE_UNFIT, field="hold", found=hold.purpose)
    if not _may_end(ledger, hold, context):
        return Refusal(code=Reject.NOT_THE_OWNER, field="hold")
    target, refusal = find_account(ledger, command.target, field="target")
    if target is None:
        return refusal
    if target.number in SYSTEM_ACCOUNTS or target.kind is AccountKind.COMPLIANCE:
        return Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="target", found=target.kind)
    context.emit(
        HoldConsumed(
            hold=hold.id,
            quantity=command.quantity,
            target=target.number,
            cause=f"hold_{hold.purpose}",
        )
    )
    return None


def _find_hold(ledger: Ledger, *, hold: int, quantity: int) -> tuple[Hold | None, Refusal | None]:
    found = ledger.holds.get(hold)
    if found is None:
        return None, Refusal(code=Reject.HOLD_UNKNOWN, field="hold", found=str(hold))
    refusal = check_quantity(quantity, field="quantity")
    if refusal is not None:
        return None, refusal
    if found.quantity < quantity:
        return None, Refusal(
            code=Reject.HOLD_TOO_SMALL,
            field="quantity",
            expected=f"at most {found.quantity}",
            found=str(quantity),
        )
    return found, None


def _may_end(ledger: Ledger, hold: Hold, context: Context) -> bool:
    actor = context.actor
    if hold.purpose is Purpose.FREEZE:
        return not actor.roles.isdisjoint(PLACERS[Purpose.FREEZE])
    if hold.beneficiary is not None:
        return actor.party == hold.beneficiary
    return actor.party == ledger.accounts[hold.account].party


def expire_hold(ledger: Ledger, subject: str, context: Context) -> None:
    """Timer: a hold's time has passed, what is left of it goes back."""
    hold = ledger.holds[int(subject)]
    context.emit(HoldReleased(hold=hold.id, quantity=hold.quantity, cause="expired"))


def find_account(
    ledger: Ledger, number: int, *, field: str = "account"
) -> tuple[Account | None, Refusal | None]:
    """Return an open account that commands of every part may touch, or why there is none."""
    account, refusal = find_any_account(ledger, number, field=field)
    if account is not None and account.kind in REWARD_KINDS:
        return None, Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field=field, found=account.kind)
    return account, refusal


def find_any_account(
    ledger: Ledger, number: int, *, field: str = "account"
) -> tuple[Account | None, Refusal | None]:
    """Return an open account of any kind, or why there is none."""
    account = ledger.accounts.get(number)
    if account is None:
        return None, Refusal(code=Reject.ACCOUNT_UNKNOWN, field=field, found=str(number))
    if not account.open:
        return None, Refusal(code=Reject.ACCOUNT_CLOSED, field=field, found=str(number))
    return account, None


def check_quantity(quantity: int, *, field: str) -> Refusal | None:
    """Refuse a quantity that is not positive or exceeds what a column can hold."""
    if quantity <= 0:
        return Refusal(
            code=Reject.QUANTITY_NOT_POSITIVE, field=field, expected="> 0", found=str(quantity)
        )
    if quantity > QUANTITY_MAX:
        return Refusal(
            code=Reject.QUANTITY_TOO_LARGE,
            field=field,
            expected=f"<= {QUANTITY_MAX}",
            found=str(quantity),
        )
    return None


def check_supply(
    ledger: Ledger, *, source: int, instrument: str, quantity: int, field: str
) -> Refusal | None:
    """Refuse to bring more of an instrument into the venue than a column can hold.

    What left a contra account bounds every balance and every sum of balances.
    """
    most = QUANTITY_MAX + ledger.accounts[source].available(instrument)
    if quantity > most:
        return Refusal(
            code=Reject.QUANTITY_TOO_LARGE,
            field=field,
            expected=f"<= {most}",
            found=str(quantity),
        )
    return None


def too_small(
    instrument: Instrument,
    available: int,
    wanted: int,
    *,
    field: str,
    code: str = Reject.AVAILABLE_TOO_SMALL,
) -> Refusal:
    """Return the refusal for a balance below what was asked, in the instrument's own unit."""
    return Refusal(
        code=code,
        field=field,
        expected=f"at most {instrument.amount(available)}",
        found=instrument.amount(wanted),
    )
