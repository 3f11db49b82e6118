"""Consents and the query log on the command line."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, House, digest_of, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
LOAN = {"subject": "P1", "purpose": "eco_credit_loan"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, archives: Furnished) -> AsyncIterator[House]:
    """A venue in which a bank asked a citizen's credit once without and once with consent."""
    async with serving(cluster, archives) as house:
        await house.do("/parties", {"party": "B7", "party_kind": "bank", "name": "B7"})
        key = {"actor": "B7-1", "party": "B7", "roles": ["bank_officer"]}
        await house.do("/keys", key | {"digest": digest_of("B7-1")})
        assert (await house.post("/credit/queries", LOAN, "B7-1")).status_code == 403
        days = {"day_from": DAY, "day_to": "2026-06-30", "evidence": "5d" * 32}
        await house.do("/credit/consents", LOAN | days | {"grantee": "B7"}, "P1-1")
        await house.do("/credit/queries", LOAN, "B7-1")
        async with listening(house) as url:
            house.names["url"] = url
            yield house


async def run(house: House, *words: str, actor: str) -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(
        ecorights, "credit", "consent", *words, *more, ECORIGHTS_KEY=secret_of(actor)
    )


async def test_a_citizen_sees_its_consents_who_asked_and_who_was_answered(served: House) -> None:
    consents = await run(served, "list", actor="P1-1")
    log = await run(served, "log", actor="P1-1")
    recipients = await run(served, "recipients", actor="P1-1")

    assert "P1 to B7  eco_credit_loan  2026-03-16 to 2026-06-30  grade, reasons" in consents.stdout
    assert "1 consents" in consents.stdout
    assert "B7 about P1  eco_credit_loan as of 2026-03-16  credit.consent_absent" in log.stdout
    assert "  consent 3\n" in log.stdout
    assert "2 queries" in log.stdout
    assert "B7  2026-03-16T10:00:00.000000Z  as of 2026-03-16, query 2" in recipients.stdout


async def test_a_bank_sees_its_own_side_and_an_auditor_all(served: House) -> None:
    own = result_of(await run(served, "list", "--json", actor="B7-1"))
    every = result_of(await run(served, "list", "--json", actor="A-1"))
    one = result_of(await run(served, "log", "--bank", "B7", "--json", actor="A-1"))
    stranger = await run(served, "log", "--subject", "P1", actor="P02-1")
    hidden = result_of(await run(served, "log", "--subject", "P1", "--json", actor="P02-1"))

    assert [each["grantee"] for each in own["consents"]] == ["B7"]
    assert {each["grantee"] for each in every["consents"]} == {"B7", "B"}
    assert len(one["queries"]) == 2
    assert stranger.returncode == 1
    assert "request.forbidden" in stranger.stderr
    assert (hidden["ok"], hidden["code"]) == (False, "request.forbidden")
