"""Credentials and consents in the market of the tests."""

from typing import Any

from tests.gateway.api.house import DAY, House

CREDENTIAL: dict[str, Any] = {
    "subject": "urn:ecorights:subject:0197f2c1-8b7a",
    "subject_kind": "village",
    "grade": "AAA",
    "colour": "green",
    "as_of": DAY,
    "rule_set_version": "0.1-draft",
    "rule_set_hash": "1f" * 32,
    "records_hash": "2e" * 32,
    "valid_until": "2026-12-31T16:00:00Z",
}


async def give_credentials(house: House) -> None:
    """Issue two credentials, and revoke the first."""
    base = "http://testserver/v1/credential-status"
    await house.do("/credentials/issuers", {"issuer": house.issuer, "base": base})
    for number in (1, 2):
        body = CREDENTIAL | {"credential": credential_id(number), "suspendable": number > 1}
        await house.do("/credentials", body, "R-1")
    revoked = {"credential": credential_id(1), "reason": "grade_changed"}
    await house.do("/credentials/revocations", revoked, "R-1")


def credential_id(number: int) -> str:
    return f"0197f2c1-8b7a-7c11-9d63-{number:012x}"


async def consent(house: House) -> None:
    """Let a citizen consent to its bank, and take an earlier consent back."""
    on = {"subject": "P01", "grantee": "B", "purpose": "eco_credit_loan"}
    days = {"day_from": DAY, "day_to": "2026-06-30", "evidence": "5d" * 32}
    for name in ("revoked_consent", "consent"):
        granted = await house.do("/credit/consents", on | days, "P01-1")
        house.names[name] = granted["consent"]
        if name == "revoked_consent":
            revocation = on | {"consent": granted["consent"]}
            await house.do("/credit/consents/revocations", revocation, "P01-1")
