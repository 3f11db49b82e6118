"""Why the machine refuses: a refusal is a value, recorded in the entry with its stable code."""

from enum import StrEnum

import msgspec


class Refusal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """The first reason for which a command was refused (拒绝).

    ``code`` is stable and shown to the user; ``field`` names the part of the command that is
    wrong, where one is; ``expected`` and ``found`` make the message; ``rule`` is the dated rule
    or parameter that refused, where it is data; ``leg`` is the place in a linked list.
    """

    code: str
    field: str | None = None
    expected: str | None = None
    found: str | None = None
    rule: str | None = None
    leg: int | None = None


class Reject(StrEnum):
    """Refusals that the ledger itself gives, by descending precedence."""

    KEY_REUSED = "ledger.key_reused"
    QUARANTINED = "ledger.quarantined"
    MACHINE_FAULT = "ledger.machine_fault"
    VENUE_ALREADY_OPEN = "ledger.venue_already_open"
    ACTOR_UNKNOWN = "ledger.actor_unknown"
    ACTOR_REVOKED = "ledger.actor_revoked"
    ROLE_MISSING = "ledger.role_missing"
    SYSTEM_ONLY = "ledger.system_only"
    FOUR_EYES_REQUIRED = "ledger.four_eyes_required"
    LINKED_COUNT_UNFIT = "ledger.linked_count_unfit"
    NOT_LINKABLE = "ledger.not_linkable"
    PROPOSAL_UNKNOWN = "ledger.proposal_unknown"
    CHECKER_IS_MAKER = "ledger.checker_is_maker"
    CHECKER_OF_OTHER_PARTY = "ledger.checker_of_other_party"
    PARTY_EXISTS = "ledger.party_exists"
    PARTY_UNKNOWN = "ledger.party_unknown"
    PARTY_ERASED = "ledger.party_erased"
    NOT_A_PERSON = "ledger.not_a_person"
    RETENTION_RUNS = "ledger.retention_runs"
    PARTY_ENGAGED = "ledger.party_engaged"
    DISCLOSURE_UNKNOWN = "ledger.disclosure_unknown"
    IDENTIFIER_TAKEN = "ledger.identifier_taken"
    ACTOR_EXISTS = "ledger.actor_exists"
    ACCOUNT_UNKNOWN = "ledger.account_unknown"
    ACCOUNT_CLOSED = "ledger.account_closed"
    ACCOUNT_NOT_EMPTY = "ledger.account_not_empty"
    ACCOUNT_KIND_UNFIT = "ledger.account_kind_unfit"
    NOT_THE_OWNER = "ledger.not_the_owner"
    INSTRUMENT_UNKNOWN = "ledger.instrument_unknown"
    NOT_A_CURRENCY = "ledger.not_a_currency"
    QUANTITY_NOT_POSITIVE = "ledger.quantity_not_positive"
    QUANTITY_TOO_LARGE = "ledger.quantity_too_large"
    AVAILABLE_TOO_SMALL = "ledger.available_too_small"
    HOLD_UNKNOWN = "ledger.hold_unknown"
    HOLD_TOO_SMALL = "ledger.hold_too_small"
    PURPOSE_UNFIT = "ledger.purpose_unfit"
    TIME_NOT_AHEAD = "ledger.time_not_ahead"
    NOT_A_SCENARIO_VENUE = "ledger.not_a_scenario_venue"
    MACHINE_UNKNOWN = "ledger.machine_unknown"
    ENTRY_NOT_COMMITTED = "ledger.entry_not_committed"
    LOG_NAME_USED = "ledger.log_name_used"
    OLD_CHECKPOINT_UNFIT = "ledger.old_checkpoint_unfit"
    LOG_KEY_UNFIT = "ledger.log_key_unfit"
    RANGE_TOO_LONG = "ledger.range_too_long"
