"""A credential is believed only if everything of it holds; each forgery is refused by name."""

from datetime import timedelta
from typing import Any

import pytest

from credit_scoring.credentials.canonical_json import read_json
from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.issuers import (
    controller_document,
    issuer_of_controller,
    issuer_of_did_key,
)
from credit_scoring.credentials.proof import sign
from credit_scoring.credentials.verifying import Verdict, verify
from tests.credit_scoring.credentials import forgeries
from tests.credit_scoring.credentials.forgeries import Forgery, changed
from tests.credit_scoring.credentials.making import (
    AT,
    CREDENTIAL,
    INDEX,
    ISSUED,
    ISSUER,
    KEY,
    SUSPENSION,
    SUSPENSIONS,
    UNTIL,
    credential,
    status_list,
)


def believe(forgery: Forgery) -> Verdict:
    """Verify what a bank is handed."""
    return verify(
        read_json(forgery.credential),
        issuers=[issuer_of_did_key(forgery.issuer)],
        at=forgery.at,
        lists=[read_json(each) for each in forgery.lists],
    )


def test_a_true_credential_is_believed_and_its_status_looked_up() -> None:
    found = verify(credential(), issuers=[ISSUER], at=AT, lists=[status_list([INDEX - 1])])

    assert (found.credential, found.looked_up) == (CREDENTIAL, ("revocation",))


def test_without_lists_nothing_is_known_of_revocation() -> None:
    found = verify(credential(), issuers=[ISSUER], at=AT, lists=None)

    assert found.looked_up == ()


def test_both_purposes_are_looked_up_where_a_credential_has_both() -> None:
    both = credential(statuses=(*CREDENTIAL.statuses, SUSPENSION))
    lists = [status_list(), status_list(url=SUSPENSIONS, purpose="suspension")]

    found = verify(both, issuers=[ISSUER], at=AT, lists=lists)

    assert found.looked_up == ("revocation", "suspension")


@pytest.mark.parametrize("at", [ISSUED, UNTIL - timedelta(seconds=1)])
def test_it_is_valid_from_its_first_second_to_its_last(at: Any) -> None:
    found = verify(credential(), issuers=[ISSUER], at=at, lists=None)

    assert found.credential == CREDENTIAL


def test_an_issuer_that_is_a_url_is_believed_by_its_document() -> None:
    url = "https://credit.example/v1/credential-issuer"
    issuer = issuer_of_controller(controller_document(url, [KEY.public_key()]))
    unsigned = changed(credential(issuer=url), "proof", ...)
    method = next(iter(issuer.methods))
    secured = sign(unsigned, key=KEY, method=method, created=ISSUED)

    found = verify(secured, issuers=[ISSUER, issuer], at=AT, lists=None)

    assert found.credential.issuer == url


@pytest.mark.parametrize("forgery", list(forgeries.every()), ids=lambda each: each.name)
def test_a_forgery_is_refused_by_name(forgery: Forgery) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        believe(forgery)

    assert refusal.value.failure == forgery.failure
    assert refusal.value.code == f"credit_scoring.credential_{forgery.failure}"


def test_the_forgeries_show_every_failure() -> None:
    shown = {forgery.failure for forgery in forgeries.every()}

    assert shown == set(Failure)


def test_each_bit_of_the_signature_matters() -> None:
    secured = credential()
    value = secured["proof"]["proofValue"]
    others = [value[:place] + digit + value[place + 1 :] for place in (1, 40, 80) for digit in "23"]

    for other in (each for each in others if each != value):
        forged = changed(secured, "proof/proofValue", other)
        with pytest.raises(CredentialRefused):
            verify(forged, issuers=[ISSUER], at=AT, lists=None)
