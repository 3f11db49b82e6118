"""Why a credential is not believed; each reason has one name, in the order of the checks."""

from enum import StrEnum

from kernel.errors import DomainError, Kind


class Failure(StrEnum):
    """What is wrong with a credential, by descending precedence."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    DOUBLED_NAME = "doubled_name"
    NUMBER_REFUSED = "number_refused"
    TEXT_REFUSED = "text_refused"
    FIELD_MISSING = "field_missing"
    FIELD_UNKNOWN = "field_unknown"
    FIELD_INVALID = "field_invalid"
    CONTEXT_WRONG = "context_wrong"
    TYPE_WRONG = "type_wrong"
    ISSUER_UNKNOWN = "issuer_unknown"
    PROOF_MISSING = "proof_missing"
    PROOF_TYPE_WRONG = "proof_type_wrong"
    CRYPTOSUITE_UNKNOWN = "cryptosuite_unknown"
    PROOF_PURPOSE_WRONG = "proof_purpose_wrong"
    PROOF_CONTEXT_WRONG = "proof_context_wrong"
    METHOD_UNKNOWN = "method_unknown"
    KEY_TYPE_WRONG = "key_type_wrong"
    PROOF_VALUE_INVALID = "proof_value_invalid"
    SIGNATURE_WRONG = "signature_wrong"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    STATUS_LIST_MISSING = "status_list_missing"
    STATUS_LIST_WRONG = "status_list_wrong"
    STATUS_LIST_TOO_SHORT = "status_list_too_short"
    STATUS_LIST_OUT_OF_DATE = "status_list_out_of_date"
    STATUS_INDEX_OUT_OF_RANGE = "status_index_out_of_range"
    REVOKED = "revoked"
    SUSPENDED = "suspended"


class CredentialRefused(DomainError):
    """A credential that is not believed, or cannot be issued; ``failure`` says why."""

    kind = Kind.MALFORMED

    def __init__(self, failure: Failure, *, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{field}: expected {expected}, found {found[:200]}",
            code=f"credit_scoring.credential_{failure.value}",
            field=field,
            expected=expected,
            data={"found": found[:200]},
        )
        self.failure = failure
