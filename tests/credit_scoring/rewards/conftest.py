"""A furnished desk; what a test does is taken back."""

from collections.abc import Iterator

import pytest

from ledger.journal import undo
from tests.credit_scoring.rewards.desk import RewardDesk, furnish


@pytest.fixture(scope="module")
def furnished() -> RewardDesk:
    return furnish(RewardDesk())


@pytest.fixture
def desk(furnished: RewardDesk) -> Iterator[RewardDesk]:
    mark = len(furnished.ledger.journal)
    kept = (furnished.index, furnished.at, furnished.chain.previous)
    yield furnished
    undo(furnished.ledger.journal, mark=mark)
    furnished.index, furnished.at, furnished.chain.previous = kept
