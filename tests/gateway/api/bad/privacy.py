"""What is refused about personal parts."""

from tests.gateway.api.bad.requests import Bad, refused


def _approval(name: str, status: int, code: str, *, proposal: str) -> Bad:
    return refused(
        name,
        status,
        code,
        path="/proposals/approvals",
        actor="X-2",
        body={"proposal": f"{{{proposal}}}"},
        field="party",
    )


PRIVACY: tuple[Bad, ...] = (
    refused(
        "a_key_for_somebody_erased",
        410,
        "ledger.party_erased",
        path="/keys",
        actor="X-1",
        body={"actor": "P00-2", "party": "P00", "roles": ["subject"], "digest": "0" * 64},
        field="party",
    ),
    refused(
        "a_disclosure_of_somebody_erased",
        410,
        "ledger.party_erased",
        path="/disclosures",
        actor="X-1",
        body={
            "party": "P00",
            "recipient": "A",
            "purpose": "audit",
            "until": "2027-01-01T00:00:00Z",
        },
        field="party",
    ),
    _approval("an_enterprise_erased", 409, "ledger.not_a_person", proposal="erase_E01"),
    _approval("somebody_with_cash_erased", 409, "ledger.party_engaged", proposal="erase_P02"),
    _approval("records_erased_too_early", 409, "ledger.retention_runs", proposal="erase_P03"),
    refused(
        "a_disclosure_that_is_none_withdrawn",
        404,
        "ledger.disclosure_unknown",
        path="/disclosures/withdrawals",
        actor="X-1",
        body={"disclosure": "3"},
        field="disclosure",
    ),
    Bad(
        name="a_person_with_a_public_identifier",
        status=422,
        code="request.identifier_of_person",
        path="/parties",
        actor="X-1",
        body={
            "party": "P9",
            "party_kind": "person",
            "name": "N",
            "scheme": "idcard",
            "identifier": "330101199001011234",
        },
        field="identifier",
    ),
)
