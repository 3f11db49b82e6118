"""Who may do what: the roles of the glossary, as machine state checks them at apply."""

from enum import StrEnum


class Role(StrEnum):
    """What an actor may do (角色). Granted by entries, checked again at every ``apply``."""

    TRADER = "trader"
    APPROVER = "approver"
    BANK_OFFICER = "bank_officer"
    BANK_APPROVER = "bank_approver"
    SETTLEMENT_BANK = "settlement_bank"
    VERIFIER = "verifier"
    ASSESSOR = "assessor"
    REGULATOR = "regulator"
    COURT = "court"
    INTAKE = "intake"
    MERCHANT = "merchant"
    SUBJECT = "subject"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    PUBLIC = "public"


class PartyKind(StrEnum):
    """What a party (主体) is."""

    ENTERPRISE = "enterprise"
    VILLAGE = "village"
    PERSON = "person"
    BANK = "bank"
    AUTHORITY = "authority"
    VERIFIER = "verifier"
    OPERATOR = "operator"


class AccountKind(StrEnum):
    """What an account (账户) is for; glossary 8 says who may move what."""

    TRADING = "trading"
    COMPLIANCE = "compliance"
    RESERVE = "reserve"
    BANK_LENDING = "bank_lending"
    ISSUANCE = "issuance"
    CASH_IN_TRANSIT = "cash_in_transit"
    SURRENDERED = "surrendered"
    RETIRED = "retired"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FEES = "fees"
    RISK_RESERVE = "risk_reserve"
    ENFORCEMENT = "enforcement"
    COIN_ISSUER = "coin_issuer"
    COIN_HOLDER = "coin_holder"
    COIN_MERCHANT = "coin_merchant"
    COIN_EXPIRED = "coin_expired"
    COIN_CLAWBACK = "coin_clawback"
    CARBON = "carbon"


class Purpose(StrEnum):
    """Why a quantity is set apart; an order's hold is the order's own row."""

    ORDER = "order"
    DEPOSIT = "deposit"
    BLOCK = "block"
    AUCTION = "auction"
    PLEDGE = "pledge"
    FREEZE = "freeze"
    SURRENDER = "surrender"
    LEASE = "lease"


# Numbers of the accounts that every venue has from its first entry on. The first two are the
# system side of issue and of cash in, and are the only ones whose balance is below zero.
ISSUANCE = 1
CASH_IN_TRANSIT = 2
SURRENDERED = 3
RETIRED = 4
CANCELLED = 5
EXPIRED = 6
FEES = 7
RISK_RESERVE = 8
ENFORCEMENT = 9
LAST_CONTRA_ACCOUNT = CASH_IN_TRANSIT
FIRST_PARTY_ACCOUNT = 100

SYSTEM_ACCOUNTS: dict[int, AccountKind] = {
    ISSUANCE: AccountKind.ISSUANCE,
    CASH_IN_TRANSIT: AccountKind.CASH_IN_TRANSIT,
    SURRENDERED: AccountKind.SURRENDERED,
    RETIRED: AccountKind.RETIRED,
    CANCELLED: AccountKind.CANCELLED,
    EXPIRED: AccountKind.EXPIRED,
    FEES: AccountKind.FEES,
    RISK_RESERVE: AccountKind.RISK_RESERVE,
    ENFORCEMENT: AccountKind.ENFORCEMENT,
}
# Coins and carbon: only the commands of rewards move what is in these accounts and of these rights.
REWARD_KINDS = frozenset(
    {
        AccountKind.COIN_ISSUER,
        AccountKind.COIN_HOLDER,
        AccountKind.COIN_MERCHANT,
        AccountKind.COIN_EXPIRED,
        AccountKind.COIN_CLAWBACK,
        AccountKind.CARBON,
    }
)
COIN = "COIN"
REDUCTION = "REDUCTION"
EMITTED = "EMITTED"
REWARD_RIGHTS = frozenset({COIN, REDUCTION, EMITTED})
