"""The rights of subjects on the command line: what is listed, what is done, and done once."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.archives import EVIDENCE, fact, open_archives, report
from tests.gateway.api.house import House, digest_of, furnish, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights

pytestmark = pytest.mark.asyncio(loop_scope="module")
LOAN = {"subject": "F1", "purpose": "eco_credit_loan"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, template_database: str) -> AsyncIterator[House]:
    """A venue in which a bank was told of a fact that was revoked, and another fact is old."""
    async with serving(cluster, template_database) as house:
        await furnish(house)
        await open_archives(house)
        await house.do("/keys", key("F1", "subject", "F1-2"))
        await house.do("/parties", {"party": "B7", "party_kind": "bank", "name": "B7"})
        await house.do("/keys", key("B7", "bank_officer", "B7-1"))
        period = {"kind": "credit_set_months", "term": "enterprise_kept", "months": 6}
        await house.propose(period | {"basis": "L-3"}, maker="R-1", checker="R-2")
        await report(house, fact("2026/17"), fact("2026/18", on="2025-09-01"))
        await house.do("/clock", {"to": "2026-03-16T10:01:00Z"})
        days = {"day_from": "2026-03-16", "day_to": "2026-06-30", "evidence": EVIDENCE}
        await house.do("/credit/consents", LOAN | days | {"grantee": "B7"}, "F1-2")
        await house.do("/credit/queries", LOAN, "B7-1")
        await house.do("/clock", {"to": "2026-03-16T10:02:00Z"})
        revoked = {"source": "D1", "reference": "2026/17", "evidence": EVIDENCE}
        await house.do("/credit/revocations", revoked, "D1-1")
        async with listening(house) as url:
            house.names["url"] = url
            yield house


def key(party: str, role: str, actor: str) -> dict[str, object]:
    return {"actor": actor, "party": party, "roles": [role], "digest": digest_of(actor)}


async def run(house: House, *words: str, actor: str = "X-1") -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(
        ecorights, "credit", "rights", *words, *more, ECORIGHTS_KEY=secret_of(actor)
    )


async def test_a_correction_is_told_once(served: House) -> None:
    first = await run(served, "corrections", "--tell")
    again = await run(served, "corrections", "--tell")
    heard = await run(served, "notices", actor="B7-1")

    assert "D1/2026/17 revoked  F1, 1 told\n1 corrections" in first.stdout
    assert again.stdout == first.stdout
    assert "to B7  F1: A -> AA  D1/2026/17 revoked\n1 notices" in heard.stdout


async def test_what_is_due_is_erased_once(served: House) -> None:
    listed = await run(served, "retention", "--kind", "enterprise")
    erased = await run(served, "retention", "--kind", "enterprise", "--erase")
    again = await run(served, "retention", "--kind", "enterprise", "--erase")

    assert "2026-03-01  F1  D1/2026/18  due\n1 listed, 0 erased" in listed.stdout
    assert "1 listed, 1 erased" in erased.stdout
    assert again.stdout == "0 listed, 0 erased\n"


async def test_what_is_overdue_is_an_alarm_and_noted_once(served: House) -> None:
    words = ("--as-of", "2026-03-16", "--rule-set", "0.1-draft", "--evidence", EVIDENCE)
    asked = await run(served, "request", "F1", *words, actor="F1-2")
    quiet = await run(served, "overdue")
    ahead = await run(served, "overdue", "--day", "2026-04-02")
    await served.do("/clock", {"to": "2026-04-01T02:00:00Z"})
    late = await run(served, "overdue", "--note")
    again = await run(served, "overdue", "--note")
    shown = await run(served, "reviews", "--state", "overdue", actor="F1-2")

    assert asked.stdout == "review 1, due 2026-03-31\n"
    assert (quiet.returncode, quiet.stdout) == (0, "0 overdue, 0 noted\n")
    assert (ahead.returncode, late.returncode) == (1, 1)
    assert "review 1  F1  due 2026-03-31, 1 days over\n1 overdue, 1 noted" in late.stdout
    assert "alarm: 1 answers" in late.stderr
    assert "1 overdue, 0 noted" in again.stdout
    assert "1  F1 as of 2026-03-16  overdue, due 2026-03-31\n1 reviews" in shown.stdout
