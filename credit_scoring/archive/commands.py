"""What can be asked of the archives, as plain data. Days are ordinals, digests SHA-256 in hex.

A fact is named by its source, the party of the department that reported it, and that department's
own reference: so a source's reference is never used twice.
"""

from enum import StrEnum

import msgspec

from credit_scoring.records import SubjectKind
from ledger.commands import Command

# One entry takes this many facts; each is one effect and two rows to fetch, and no command may hold
# the writer for more than 50 ms.
FACTS_MAX = 500
# A chunk of a large file: half of it, since chunk follows chunk without a pause.
CHUNK_FACTS_MAX = 250
INTAKE_LINES_MAX = 200_000
KEYS_PER_DEPARTMENT_MAX = 100
BATCH_MAX = 2**53 - 1
RULES_PER_DEPARTMENT_MAX = 1_000
QUANTITY_MAX = 10**9
TERM_DAYS_MAX = 366
MONTHS_MAX = 600
REFERENCE_LENGTH_MAX = 64


class Term(StrEnum):
    """Periods in days that are data.

    How long the answer to an objection (异议处理期限) and to a review (人工复核期限) may take, and
    how long before its erasure a fact stands in the list of what will be erased.
    """

    OBJECTION_DAYS = "objection_days"
    REVIEW_DAYS = "review_days"
    ERASURE_LIST_DAYS = "erasure_list_days"


class Months(StrEnum):
    """Periods in months that are data.

    The longest consent, how long ago an answer may be whose recipient is told of a correction, and
    how long a fact that deducts is kept after its day, by kind of subject; 0 keeps it for good.
    """

    CONSENT = "consent"
    TOLD = "told"
    ENTERPRISE_KEPT = "enterprise_kept"
    VILLAGE_KEPT = "village_kept"
    PERSON_KEPT = "person_kept"


class Ground(StrEnum):
    """Why a subject objects to a fact; its words are in the document behind the evidence."""

    NOT_OURS = "not_ours"
    DID_NOT_HAPPEN = "did_not_happen"
    WRONG_DATE = "wrong_date"
    WRONG_QUANTITY = "wrong_quantity"
    WRONG_RULE = "wrong_rule"
    DOCUMENT_ANNULLED = "document_annulled"


class ObjectionOutcome(StrEnum):
    """How an objection ends: the fact is revoked, stays, or is replaced by a right one."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    CORRECTED = "corrected"


class ReportedFact(msgspec.Struct, frozen=True, kw_only=True):
    """One act or state as a department reports it; ``reference`` is its own and used once."""

    subject: str
    rule: str
    on: int
    reference: str
    evidence: str
    quantity: int = 1
    incident: str = ""


class RegisterSubject(Command, frozen=True, kw_only=True, tag="credit_register_subject"):
    """Open the archive of a party.

    ``code`` is an enterprise's credit code or a village's region code, as its party has it, and
    empty for a person, whose party is a pseudonym; ``division`` is an enterprise's (GB/T 4754);
    ``region`` is the county.
    """

    party: str
    subject_kind: SubjectKind
    code: str = ""
    division: str = ""
    region: str


class AuthoriseDepartment(Command, frozen=True, kw_only=True, tag="credit_authorise_department"):
    """Say which rules a department may report from now on; none ends it."""

    department: str
    rules: list[str]
    decision: str


class SetTerm(Command, frozen=True, kw_only=True, tag="credit_set_term"):
    """Set a period, in calendar days, with the law that it follows from."""

    term: Term
    days: int
    basis: str


class SetMonths(Command, frozen=True, kw_only=True, tag="credit_set_months"):
    """Set a period in months, with the law that it follows from."""

    term: Months
    months: int
    basis: str


class RecordFacts(Command, frozen=True, kw_only=True, tag="credit_record_facts"):
    """Record facts of a department, all of them or none.

    ``source`` is its party, ``file`` the digest of the file that they came in.
    """

    source: str
    facts: list[ReportedFact]
    file: str = ""


class RepairFact(Command, frozen=True, kw_only=True, tag="credit_repair_fact"):
    """Repair a fact's credit (信用修复) from a day on."""

    source: str
    reference: str
    on: int
    evidence: str


class RevokeFact(Command, frozen=True, kw_only=True, tag="credit_revoke_fact"):
    """Say that a fact never held (撤销)."""

    source: str
    reference: str
    evidence: str


class OpenObjection(Command, frozen=True, kw_only=True, tag="credit_open_objection"):
    """Object to a fact about oneself (异议)."""

    source: str
    reference: str
    ground: Ground
    evidence: str


class DecideObjection(Command, frozen=True, kw_only=True, tag="credit_decide_objection"):
    """Answer an objection; ``corrected_by`` is the reference of the fact that is right."""

    objection: int
    outcome: ObjectionOutcome
    evidence: str
    corrected_by: str = ""


class RegisterDepartmentKey(
    Command, frozen=True, kw_only=True, tag="credit_register_department_key"
):
    """Let a department sign its batches with a key (Ed25519, 64 hexadecimal digits)."""

    department: str
    key_id: str
    public_key: str
    decision: str


class RetireDepartmentKey(Command, frozen=True, kw_only=True, tag="credit_retire_department_key"):
    """End a department's key; what it signed stays."""

    department: str
    key_id: str
    decision: str


class RecordSignedFacts(Command, frozen=True, kw_only=True, tag="credit_record_signed_facts"):
    """Record a batch of facts that the department signed; ``signed_batch`` makes the bytes.

    A source uses each batch number once; ``signature`` has 128 hexadecimal digits.
    """

    source: str
    key_id: str
    batch: int
    facts: list[ReportedFact]
    signature: str


class OpenIntake(Command, frozen=True, kw_only=True, tag="credit_open_intake"):
    """Begin to take in a large file: its SHA-256, its lines, the digest of each chunk of facts."""

    source: str
    file: str
    lines: int
    chunks: list[str]


class RecordIntakeFacts(Command, frozen=True, kw_only=True, tag="credit_record_intake_facts"):
    """Record the next chunk of an intake; nobody sees its facts before the intake is adopted."""

    intake: int
    chunk: int
    facts: list[ReportedFact]


class AdoptIntake(Command, frozen=True, kw_only=True, tag="credit_adopt_intake"):
    """Let all facts of an intake count from now on; all of its chunks are there."""

    intake: int


class DropIntake(Command, frozen=True, kw_only=True, tag="credit_drop_intake"):
    """End an intake whose facts shall never count; the references it recorded stay used."""

    intake: int
