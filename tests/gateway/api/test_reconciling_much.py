"""A statement of a hundred thousand movements, through the door, against as many bookings."""

import resource
import time
from typing import Any

import pytest

from gateway.database_server import DatabaseServer
from ledger.commands import CashIn, Linked
from ledger.sequencer.submission import Answer, Submission
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, House, serving

LINKED = 50
HEADER = "record,account,currency,direction,amount,reference,value_date"


async def _book(house: House, count: int) -> None:
    """Book cash in linked lists of fifty, each movement with a reference of its own."""
    account = int(house.accounts["E01"])
    submissions = []
    for start in range(0, count, LINKED):
        legs = tuple(
            CashIn(account=account, currency="CNY", amount=100 + number, reference=f"N-{number}")
            for number in range(start, start + LINKED)
        )
        submissions.append(
            Submission(actor="B-1", key=f"many-{start}", command=Linked(commands=legs))
        )
    for reply in await house.client.submit_each(submissions):
        assert isinstance(reply, Answer)
        assert reply.refusal is None


def _lines(house: House, count: int) -> list[str]:
    account = house.accounts["E01"]
    amounts = [100 + number for number in range(count)]
    return [
        f"movement,{account},CNY,in,{fen // 100}.{fen % 100:02},N-{number},{DAY}"
        for number, fen in enumerate(amounts)
    ]


async def _upload(house: House, count: int) -> tuple[dict[str, Any], float, int]:
    """Return the answer, the seconds, and the MiB by which this process grew at most."""
    content = "\n".join((HEADER, *_lines(house, count)[:-10], ""))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    response = await house.upload(content)
    seconds = time.perf_counter() - begin
    assert response.status_code == 201, response.text
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    return response.json(), seconds, grown


@pytest.mark.parametrize(
    "count", [5_000, pytest.param(100_000, marks=pytest.mark.heavy)], ids=["some", "many"]
)
async def test_a_large_statement_is_matched_whole(
    cluster: DatabaseServer,
    furnished: Furnished,
    capsys: pytest.CaptureFixture[str],
    count: int,
) -> None:
    async with serving(cluster, furnished) as house:
        await _book(house, count)

        answer, seconds, grown = await _upload(house, count)

        with capsys.disabled():
            print(f"\n{count} movements: {seconds:.1f} s, {grown} MiB more")  # noqa: T201
        # Ten are missing there, and the two of the opening cash.
        assert (answer["lines"], answer["matched"]) == (count - 10, count - 10)
        assert {each["difference"] for each in answer["found"]} == {"missing_there"}
        assert answer["opened"] == 12
        assert seconds < 60
        assert grown < 600
