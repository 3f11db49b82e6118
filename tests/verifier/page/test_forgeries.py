"""The page on true and forged bundles of a market: it refuses all that the program refuses."""

from pathlib import Path

import pytest

from ledger.entry import leaf_hash
from tests.verifier.bundles import BUYER, IDLE, KEY, SELLER, MarketLog
from tests.verifier.forgeries import OF_ACCOUNT, OF_EVERYTHING, SIZE
from tests.verifier.page.visiting import Visit

pytestmark = pytest.mark.asyncio(loop_scope="module")

SINCE = 20
SHOWN = [1, 3, 6, *range(11, SIZE, 2)]
TRUE = {
    "everything": range(SIZE),
    f"account:{BUYER}": [1, 3, 6, *range(10, SIZE)],
    f"account:{SELLER}": [1, 2, 5, 7, 8, 9, *range(10, SIZE)],
    f"account:{IDLE}": [4, 8, 9],
    "account:7": [1, *range(10, SIZE)],
    "account:3": [1],
    "trade:7": [1, 14, 15],
    "case:(2026)浙01号": [8, 9],
    "period:1970-01-01..1970-01-01": range(SIZE),
}


@pytest.fixture(scope="module")
def log() -> MarketLog:
    return MarketLog(SIZE)


async def test_true_bundles_of_every_scope_hold(
    visit: Visit, log: MarketLog, tmp_path: Path
) -> None:
    drafts = [log.draft(scope, shown=shown, personal=True) for scope, shown in TRUE.items()]
    bundles = [draft.write(tmp_path / "b.zip").read_bytes() for draft in drafts]

    verdicts = await visit.judge_many(bundles, key=KEY.public.text)

    assert dict(zip(TRUE, verdicts, strict=True)) == dict.fromkeys(TRUE, ("holds", []))


@pytest.mark.parametrize("of_account", [False, True])
async def test_every_forgery_that_the_program_refuses_is_refused(
    visit: Visit, log: MarketLog, tmp_path: Path, *, of_account: bool
) -> None:
    true = log.draft(personal=True)
    forgeries = OF_EVERYTHING
    if of_account:
        true = log.draft(f"account:{BUYER}", shown=SHOWN, since=SINCE)
        forgeries = OF_ACCOUNT
    bundles = []
    for change, _ in forgeries.values():
        draft = true.copy()
        change(draft)
        bundles.append(draft.write(tmp_path / "b.zip").read_bytes())

    verdicts = await visit.judge_many(bundles, key=KEY.public.text)

    others = {
        name: verdict
        for name, verdict in zip(forgeries, verdicts, strict=True)
        if verdict[0] != "refused" or not verdict[1]
    }
    assert others == {}


async def test_a_log_that_continues_another_does_not_add_up_and_says_so(
    visit: Visit, log: MarketLog, tmp_path: Path
) -> None:
    later = MarketLog(SIZE, previous=leaf_hash(log.entries[-1].header))
    draft = later.draft()
    draft.balances = None

    said = await visit.check(draft.write(tmp_path / "b.zip").read_bytes(), key=KEY.public.text)

    assert (said.verdict, said.state("books")) == ("holds", "unchecked")
    assert "continues another" in said.text("books")
