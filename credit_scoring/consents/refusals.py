"""Why a command about consents is refused, and why a query gets no answer."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of the consents, by descending precedence."""

    CONSENTER_UNFIT = "credit.consenter_unfit"
    GRANTEE_UNFIT = "credit.grantee_unfit"
    SCOPE_UNFIT = "credit.scope_unfit"
    DIGEST_UNFIT = "credit.digest_unfit"
    CONSENT_PERIOD_UNFIT = "credit.consent_period_unfit"
    CONSENTS_TOO_MANY = "credit.consents_too_many"
    CONSENT_OVERLAPS = "credit.consent_overlaps"
    CONSENT_UNKNOWN = "credit.consent_unknown"
    CONSENT_OVER = "credit.consent_over"
    QUERY_AHEAD = "credit.query_ahead"


class QueryRefusal(StrEnum):
    """Why a query that was logged got no answer, by descending precedence.

    These are no refusals of a command: the query is applied, and its row says so.
    """

    CONSENT_OTHER_SCOPE = "credit.consent_other_scope"
    CONSENT_NOT_YET = "credit.consent_not_yet"
    CONSENT_REVOKED = "credit.consent_revoked"
    CONSENT_EXPIRED = "credit.consent_expired"
    CONSENT_OTHER_PURPOSE = "credit.consent_other_purpose"
    CONSENT_ABSENT = "credit.consent_absent"
