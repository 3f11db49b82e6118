"""The rights of subjects on the command line: what is listed, what is done, and done once."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.archives import EVIDENCE, fact, report
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, digest_of, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights

pytestmark = pytest.mark.asyncio(loop_scope="module")
LOAN = {"subject": "F1", "purpose": "eco_credit_loan"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, archives: Furnished) -> AsyncIterator[House]:
    """A venue in which a bank was told of a fact that was revoked, and another fact is old."""
    async with serving(cluster, archives) as house:
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


async def run(
    house: House, *words: str, actor: str = "X-1", group: str = "rights"
) -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(
        ecorights, "credit", group, *words, *more, ECORIGHTS_KEY=secret_of(actor)
    )


async def test_a_correction_is_told_and_what_is_due_is_erased(served: House) -> None:
    told = await run(served, "corrections", "--tell")
    heard = await run(served, "notices", actor="B7-1")
    erased = await run(served, "retention", "--kind", "enterprise", "--erase")
    again = await run(served, "retention", "--kind", "enterprise", "--erase")

    assert "D1/2026/17 revoked  F1, 1 told\n1 corrections" in told.stdout
    assert "to B7  F1: A -> AA  D1/2026/17 revoked\n1 notices" in heard.stdout
    assert "2026-03-01  F1  D1/2026/18  due\n1 listed, 1 erased" in erased.stdout
    assert again.stdout == "0 listed, 0 erased\n"


async def test_what_is_overdue_is_an_alarm(served: House) -> None:
    words = ("--as-of", "2026-03-16", "--rule-set", "0.1-draft", "--evidence", EVIDENCE)
    asked = await run(served, "request", "F1", *words, actor="F1-2")
    quiet = await run(served, "overdue")
    await served.do("/clock", {"to": "2026-04-01T02:00:00Z"})
    late = await run(served, "overdue", "--note")
    shown = await run(served, "reviews", "--state", "overdue", actor="F1-2")

    assert asked.stdout == "review 1, due 2026-03-31\n"
    assert (quiet.returncode, quiet.stdout) == (0, "0 overdue, 0 noted\n")
    assert late.returncode == 1
    assert "review 1  F1  due 2026-03-31, 1 days over\n1 overdue, 1 noted" in late.stdout
    assert "alarm: 1 answers" in late.stderr
    assert "1  F1 as of 2026-03-16  overdue, due 2026-03-31\n1 reviews" in shown.stdout


async def test_lists_are_read_by_day_and_by_subject(served: House) -> None:
    define = {
        "kind": "credit_define_list",
        "list_name": "BLACK",
        "sign": "negative",
        "subject_kind": "enterprise",
        "rules": ["E-COMP-01"],
        "months": 12,
        "published": True,
        "basis": "XF26",
        "decision": "2026/4",
    }
    stay = {
        "kind": "credit_enter_on_list",
        "list_name": "BLACK",
        "subject": "F1",
        "day_from": "2026-04-01",
        "day_to": "2026-12-31",
        "source": "D1",
        "reference": "2026/19",
        "decision": "2026/5",
        "evidence": EVIDENCE,
    }
    # Also where the test before, which moves the clock to this day, ran in another worker.
    await served.do("/clock", {"to": "2026-04-01T03:00:00Z"})
    await report(served, fact("2026/19"))
    for each in (define, stay):
        await served.propose(each, maker="R-1", checker="R-2")

    on = await run(served, "members", "BLACK", group="lists")
    own = await run(served, "stays", actor="F1-2", group="lists")

    assert "F1  2026-04-01 to 2026-12-31  D1/2026/19\n1 on BLACK on 2026-04-01" in on.stdout
    assert "BLACK  2026-04-01 to 2026-12-31  D1/2026/19  holds\n1 stays" in own.stdout
