"""The state that the ledger's part of the machine owns: parties, actors, accounts, holds.

All of it is resident in the writer and is rebuilt from the committed rows. Every class here names
the table of its rows, gives its row as a tuple in the order of that table's columns, and can take
its old values back from the journal.

Invariants
1. Only the contra accounts (issuance, cash in transit) have a balance below zero.
2. ``available`` and ``held`` of every other holding are never negative.
3. Per instrument the balances of all accounts, holds included, sum to zero.
4. ``held`` of a holding is the sum of the holds and order holds on it.
"""

from decimal import Decimal
from typing import ClassVar

from kernel.errors import InvariantBroken
from kernel.money import format_decimal
from ledger.journal import Created, Journal
from ledger.personal.state import Privacy
from ledger.roles import LAST_CONTRA_ACCOUNT, AccountKind, PartyKind, Purpose, Role
from ledger.timers import Timers

RowValue = str | int | bytes | bool | list[str] | list[int] | None
Row = tuple[RowValue, ...]


class Party:
    """A legal or natural person known to the service (主体); its names are no machine state."""

    TABLE: ClassVar[str] = "party"
    __slots__ = ("id", "identifier", "kind", "scheme")

    def __init__(self, *, id: str, kind: PartyKind, scheme: str, identifier: str) -> None:  # noqa: A002  the glossary's word
        self.id = id
        self.kind = kind
        self.scheme = scheme
        self.identifier = identifier

    def row(self) -> Row:
        """Return (id, kind, scheme, identifier)."""
        return (self.id, self.kind.value, self.scheme, self.identifier)


class Actor:
    """The user or key that sends commands (操作者); only the digest of its secret is known."""

    TABLE: ClassVar[str] = "actor"
    __slots__ = ("digest", "id", "live", "party", "roles")

    def __init__(
        self,
        *,
        id: str,  # noqa: A002
        party: str,
        roles: frozenset[Role],
        digest: str,
        live: bool = True,
    ) -> None:
        self.id = id
        self.party = party
        self.roles = roles
        self.digest = digest
        self.live = live

    def row(self) -> Row:
        """Return (id, party, roles, digest, live)."""
        roles = [role.value for role in sorted(self.roles)]
        return (self.id, self.party, roles, self.digest, self.live)

    def restore(self, live: bool) -> None:  # noqa: FBT001  a journal record's shape
        """Take an old liveness back."""
        self.live = live


class Holding:
    """Quantity of one instrument in one account: available + held (持有).

    ``fresh`` of the available lots were bought for resale from day ``fresh_from`` on only; until
    then they may not be sold or transferred, but may be surrendered and pledged.
    """

    TABLE: ClassVar[str] = "holding"
    __slots__ = ("account", "available", "fresh", "fresh_from", "held", "instrument")

    def __init__(
        self,
        *,
        account: int,
        instrument: str,
        available: int = 0,
        held: int = 0,
        fresh: int = 0,
        fresh_from: int = 0,
    ) -> None:
        self.account = account
        self.instrument = instrument
        self.available = available
        self.held = held
        self.fresh = fresh
        self.fresh_from = fresh_from

    def row(self) -> Row:
        """Return (account, instrument, available, held, fresh, fresh_from)."""
        return (
            self.account,
            self.instrument,
            self.available,
            self.held,
            self.fresh,
            self.fresh_from,
        )

    def restore(self, *old: int) -> None:
        """Take an old balance back."""
        self.available, self.held, self.fresh, self.fresh_from = old

    def note(self, journal: Journal) -> None:
        """Push the balance as it is, before a change."""
        journal.append((self, self.available, self.held, self.fresh, self.fresh_from))

    def sellable(self, *, day: int) -> int:
        """Return the lots that may be sold or transferred on trading day ``day`` (an ordinal)."""
        if self.fresh == 0 or self.fresh_from <= day:
            return self.available
        return max(0, self.available - self.fresh)

    def check(self) -> None:
        """Prove invariants 1 and 2.

        Raises:
            InvariantBroken: a balance is below zero.
        """
        # Called several times for each order, so the words are made only when they are needed.
        if self.held < 0 or (self.available < 0 and self.account > LAST_CONTRA_ACCOUNT):
            raise InvariantBroken(
                f"holding {self.account}/{self.instrument}: "
                f"{self.available} available, {self.held} held"
            )


class Account:
    """The place where one party holds instruments (账户); one holding for each instrument."""

    TABLE: ClassVar[str] = "account"
    __slots__ = ("holdings", "kind", "number", "open", "party")

    def __init__(
        self,
        *,
        number: int,
        party: str,
        kind: AccountKind,
        open: bool = True,  # noqa: A002  the trade's word
    ) -> None:
        self.number = number
        self.party = party
        self.kind = kind
        self.open = open
        self.holdings: dict[str, Holding] = {}

    def row(self) -> Row:
        """Return (number, party, kind, open)."""
        return (self.number, self.party, self.kind.value, self.open)

    def restore(self, open: bool) -> None:  # noqa: A002, FBT001
        """Take an old status back."""
        self.open = open

    def holding(self, journal: Journal, instrument: str) -> Holding:
        """Return the holding of an instrument; the first touch creates an empty one."""
        found = self.holdings.get(instrument)
        if found is None:
            found = Holding(account=self.number, instrument=instrument)
            journal.append((Created(self.holdings, instrument, found),))
            self.holdings[instrument] = found
        return found

    def available(self, instrument: str) -> int:
        """Return what no hold has taken, 0 where the account never held the instrument."""
        found = self.holdings.get(instrument)
        return 0 if found is None else found.available


class Hold:
    """A quantity set apart with a purpose and an end (预留); orders carry their own."""

    TABLE: ClassVar[str] = "hold"
    __slots__ = (
        "account",
        "beneficiary",
        "id",
        "instrument",
        "purpose",
        "quantity",
        "reference",
        "until",
    )

    def __init__(
        self,
        *,
        id: int,  # noqa: A002
        account: int,
        instrument: str,
        quantity: int,
        purpose: Purpose,
        reference: str,
        beneficiary: str | None,
        until: int | None,
    ) -> None:
        self.id = id
        self.account = account
        self.instrument = instrument
        self.quantity = quantity
        self.purpose = purpose
        self.reference = reference
        self.beneficiary = beneficiary
        self.until = until

    def row(self) -> Row:
        """Return the columns of table ``hold`` in their order."""
        return (
            self.id,
            self.account,
            self.instrument,
            self.quantity,
            self.purpose.value,
            self.reference,
            self.beneficiary,
            self.until,
        )

    def restore(self, quantity: int) -> None:
        """Take an old quantity back."""
        self.quantity = quantity


class Instrument:
    """What can be held (品种): a right of one type, zone, vintage and validity, or a currency.

    ``lot`` is the quantity of one lot in ``unit``, as a decimal string ("0.001" of "t").
    """

    TABLE: ClassVar[str] = "instrument"
    __slots__ = (
        "code",
        "lot",
        "right",
        "substance",
        "unit",
        "valid_from",
        "valid_until",
        "vintage",
        "zone",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        code: str,
        right: str,
        substance: str,
        unit: str,
        lot: str,
        zone: str,
        vintage: int | None,
        valid_from: int | None,
        valid_until: int | None,
    ) -> None:
        self.code = code
        self.right = right
        self.substance = substance
        self.unit = unit
        self.lot = lot
        self.zone = zone
        self.vintage = vintage
        self.valid_from = valid_from
        self.valid_until = valid_until

    def is_valid_on(self, day: int) -> bool:
        """Tell whether a day (an ordinal) lies in the validity, both ends included."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def amount(self, quantity: int) -> str:
        """Return a number of lots as people write it, such as "1.500 t"."""
        return f"{format_decimal(quantity, step=Decimal(self.lot))} {self.unit}"

    def row(self) -> Row:
        """Return the columns of table ``instrument`` in their order."""
        return (
            self.code,
            self.right,
            self.substance,
            self.unit,
            self.lot,
            self.zone,
            self.vintage,
            self.valid_from,
            self.valid_until,
        )


class Proposal:
    """A command that waits for its checker (审批); the body is the command's canonical text."""

    TABLE: ClassVar[str] = "proposal"
    __slots__ = ("checker", "command", "id", "maker", "status")

    def __init__(
        self,
        *,
        id: int,  # noqa: A002
        maker: str,
        command: str,
        status: str = "open",
        checker: str | None = None,
    ) -> None:
        self.id = id
        self.maker = maker
        self.command = command
        self.status = status
        self.checker = checker

    def row(self) -> Row:
        """Return (id, maker, command, status, checker)."""
        return (self.id, self.maker, self.command, self.status, self.checker)

    def restore(self, status: str, checker: str | None) -> None:
        """Take an old status back."""
        self.status = status
        self.checker = checker


class Phase:
    """Long work cut into slices (阶段): decided by one entry, carried on by those after it.

    ``cursor`` says how far it has come; its meaning belongs to the phase's kind.
    """

    TABLE: ClassVar[str] = "phase"
    __slots__ = ("cursor", "done", "id", "kind", "subject")

    def __init__(
        self,
        *,
        id: int,  # noqa: A002
        kind: str,
        subject: str,
        cursor: str = "",
        done: bool = False,
    ) -> None:
        self.id = id
        self.kind = kind
        self.subject = subject
        self.cursor = cursor
        self.done = done

    def row(self) -> Row:
        """Return (id, kind, subject, cursor, done)."""
        return (self.id, self.kind, self.subject, self.cursor, self.done)

    def restore(self, cursor: str, done: bool) -> None:  # noqa: FBT001
        """Take an old cursor back."""
        self.cursor = cursor
        self.done = done


class Ledger:
    """The ledger's whole resident state, and the counters that number new things.

    ``origin`` names the public log, ``log_first`` is its first entry, ``first_origin`` names the
    venue's first log. ``entry`` and ``at`` are the
    index and the stamp of the entry being applied or folded; ``ordinal`` numbers the movements of
    one entry, ``decided`` its decisions.
    """

    TABLE: ClassVar[str] = "venue"
    __slots__ = (
        "accounts",
        "actors",
        "at",
        "clock",
        "decided",
        "entry",
        "first_origin",
        "holds",
        "identifiers",
        "instruments",
        "journal",
        "log_first",
        "machine_version",
        "name",
        "next_account",
        "next_hold",
        "next_phase",
        "next_proposal",
        "ordinal",
        "origin",
        "parties",
        "phases",
        "privacy",
        "proposals",
        "timers",
    )

    def __init__(self) -> None:
        self.journal: Journal = []
        self.name = ""
        self.origin = ""
        self.log_first = 0
        self.first_origin = ""
        self.clock = ""
        self.machine_version = 0
        self.entry = -1
        self.at = 0
        self.ordinal = 0
        self.decided = 0
        self.next_account = 0
        self.next_hold = 1
        self.next_proposal = 1
        self.next_phase = 1
        self.parties: dict[str, Party] = {}
        self.identifiers: dict[tuple[str, str], Party] = {}
        self.actors: dict[str, Actor] = {}
        self.accounts: dict[int, Account] = {}
        self.instruments: dict[str, Instrument] = {}
        self.holds: dict[int, Hold] = {}
        self.proposals: dict[int, Proposal] = {}
        self.phases: dict[int, Phase] = {}
        self.privacy = Privacy()
        self.timers = Timers()

    def row(self) -> Row:
        """Return the columns of table ``venue`` in their order."""
        return (
            self.name,
            self.origin,
            self.clock,
            self.machine_version,
            self.at,
            self.next_account,
            self.next_hold,
            self.next_proposal,
            self.next_phase,
        )

    def note(self) -> None:
        """Push the counters as they are, before one of them changes."""
        self.journal.append(
            (
                self,
                self.name,
                self.origin,
                self.log_first,
                self.first_origin,
                self.clock,
                self.machine_version,
                self.entry,
                self.at,
                self.ordinal,
                self.decided,
                self.next_account,
                self.next_hold,
                self.next_proposal,
                self.next_phase,
            )
        )

    def restore(self, *old: object) -> None:
        """Take old counters back."""
        names = (
            "name",
            "origin",
            "log_first",
            "first_origin",
            "clock",
            "machine_version",
            "entry",
            "at",
            "ordinal",
            "decided",
            "next_account",
            "next_hold",
            "next_proposal",
            "next_phase",
        )
        for name, value in zip(names, old, strict=True):
            setattr(self, name, value)
