"""What can be asked of the registry, as plain data in lots."""

from enum import StrEnum

import msgspec

from ledger.commands import Command

LINES_MAX = 2_000


class TransferCause(StrEnum):
    """Why units move without a trade (markets.md 8)."""

    INHERITANCE = "inheritance"
    MERGER = "merger"
    COURT = "court"
    GIFT = "gift"
    OWN_ACCOUNTS = "own_accounts"


class CancelCause(StrEnum):
    """Why units are removed for good without a claim."""

    OFFSET = "offset"
    REPLACEMENT = "replacement"
    FORCED = "forced"
    ERROR = "error"


class VerifiedStatus(StrEnum):
    """What a verifier found for a party and year."""

    REPORTED = "reported"
    NOT_REPORTED = "not_reported"
    EXCLUDED = "excluded"


class ComplianceMode(StrEnum):
    """How obligations of a right are settled."""

    PER_YEAR = "per_year"
    CUMULATIVE = "cumulative"


class Issue(Command, frozen=True, kw_only=True, tag="issue"):
    """Create units in a reserve or a party's account, by a decision (初始登记)."""

    account: int
    instrument: str
    lots: int
    decision: str


class AllocationLine(msgspec.Struct, frozen=True, kw_only=True):
    """One account's share of an allocation."""

    account: int
    lots: int


class Allocate(Command, frozen=True, kw_only=True, tag="allocate"):
    """Give units of a reserve to participants (分配); always under four eyes."""

    instrument: str
    year: int
    scope: str
    source: int
    lines: list[AllocationLine]
    decision: str


class Transfer(Command, frozen=True, kw_only=True, tag="transfer"):
    """Move units without a trade, with a legal cause (划转)."""

    source: int
    target: int
    instrument: str
    lots: int
    cause: TransferCause
    reference: str


class Surrender(Command, frozen=True, kw_only=True, tag="surrender"):
    """Give units against a year's obligation (清缴); irreversible."""

    account: int
    instrument: str
    right: str
    year: int
    lots: int


class CancelUnits(Command, frozen=True, kw_only=True, tag="cancel_units"):
    """Remove units for good, with a cause (注销); under four eyes."""

    account: int
    instrument: str
    lots: int
    cause: CancelCause
    decision: str


class Retire(Command, frozen=True, kw_only=True, tag="retire"):
    """Give units up for ever, as a claim of their holder (自愿注销)."""

    account: int
    instrument: str
    lots: int
    beneficiary: str
    claim: str


class CarryOver(Command, frozen=True, kw_only=True, tag="carry_over"):
    """Cancel units of a vintage and issue as many of the next (结转); under four eyes."""

    account: int
    instrument: str
    next_instrument: str
    lots: int
    decision: str


class VerifiedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One party's verified emissions of a year; no lots where nothing was reported."""

    party: str
    status: VerifiedStatus
    lots: int | None = None


class RecordVerifiedEmissions(Command, frozen=True, kw_only=True, tag="record_verified_emissions"):
    """Enter what verification found for a right and year."""

    right: str
    year: int
    lines: list[VerifiedLine]


class SetComplianceRule(Command, frozen=True, kw_only=True, tag="set_compliance_rule"):
    """Say how obligations of a right are settled, and from which year on they count."""

    right: str
    mode: ComplianceMode
    first_year: int


class CloseComplianceYear(Command, frozen=True, kw_only=True, tag="close_compliance_year"):
    """Compute the status of every obligation of a right and year."""

    right: str
    year: int
