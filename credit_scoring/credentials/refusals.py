"""Why a command about credentials is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals about credentials, by descending precedence."""

    ISSUER_UNFIT = "credentials.issuer_unfit"
    ISSUER_UNDEFINED = "credentials.issuer_undefined"
    CREDENTIAL_UNKNOWN = "credentials.credential_unknown"
    CREDENTIAL_EXISTS = "credentials.credential_exists"
    CLAIMS_UNFIT = "credentials.claims_unfit"
    STATUS_UNFIT = "credentials.status_unfit"
    LISTS_FULL = "credentials.lists_full"
