"""What can be asked about personal parts: erase, keep, disclose, withdraw. No free text."""

from enum import StrEnum

from ledger.commands import Command

DISCLOSED_ENTRIES_MAX = 100


class ErasureBasis(StrEnum):
    """Why a person is erased: the items of PIPL (个人信息保护法) art. 47, paragraph 1, in order.

    ``PURPOSE_ENDED`` 1: the purpose is achieved, cannot be, or the data are needed no more;
    ``SERVICE_ENDED`` 2: the service has stopped, or the retention period is over;
    ``CONSENT_WITHDRAWN`` 3: the person withdraws consent;
    ``UNLAWFUL_PROCESSING`` 4: the processing breaks a law, a regulation or an agreement;
    ``OTHER_LAW`` 5: another case that a law or administrative regulation names.
    """

    PURPOSE_ENDED = "purpose_ended"
    SERVICE_ENDED = "service_ended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    UNLAWFUL_PROCESSING = "unlawful_processing"
    OTHER_LAW = "other_law"


class DisclosurePurpose(StrEnum):
    """What a disclosure is for."""

    AUDIT = "audit"
    SUPERVISION = "supervision"
    DISPUTE = "dispute"
    COURT_ORDER = "court_order"
    SUBJECT_REQUEST = "subject_request"


class ErasePerson(Command, frozen=True, kw_only=True, tag="erase_person"):
    """Destroy the personal parts of a natural person, and end its keys and accounts.

    Always under four eyes: two people of the operator, or the person and the operator.
    """

    party: str
    basis: ErasureBasis


class RetainRecords(Command, frozen=True, kw_only=True, tag="retain_records"):
    """Say until when the law wants a party's records kept; ``source`` names the law's clause."""

    party: str
    until: int
    source: str


class DisclosePersonal(Command, frozen=True, kw_only=True, tag="disclose_personal"):
    """Let ``recipient`` see personal parts of ``party``: of these entries, or all, where none."""

    party: str
    recipient: str
    purpose: DisclosurePurpose
    until: int
    entries: list[int] = []  # noqa: RUF012  msgspec copies an empty list


class UseDisclosure(Command, frozen=True, kw_only=True, tag="use_disclosure"):
    """Record a reading under a disclosure before it is shown: of an entry's part, or of names."""

    disclosure: int
    target: int | None = None


class WithdrawDisclosure(Command, frozen=True, kw_only=True, tag="withdraw_disclosure"):
    """End a disclosure before its time."""

    disclosure: int
