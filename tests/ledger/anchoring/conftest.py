"""A log with checkpoints, and a chain with the contract, for tests of anchoring."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from ledger.anchoring.evm import EvmContract, opened
from tests.ledger.anchoring.local_authority import Authority, Counter, counter_of
from tests.ledger.anchoring.local_chain import LocalChain, artifact_of, local_chain

COMPILED = json.loads(
    (Path(__file__).parents[3] / "contracts" / "CheckpointAnchor.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The contract on a local chain, with the publisher's key."""

    chain: LocalChain
    address: str
    secret: str
    publisher: str


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    opened_now = await asyncpg.connect(database)
    yield opened_now
    await opened_now.close()


@pytest.fixture(scope="module")
def deployed() -> Iterator[Contract]:
    """A chain on which the contract stands and one account may anchor."""
    with local_chain() as chain:
        owner, _ = chain.funded()
        secret, publisher = chain.funded()

        async def deploy() -> str:
            async with opened(chain.url, artifact_of(COMPILED), address=None, secret=owner) as bare:
                address = await bare.deploy()
            async with opened(
                chain.url, artifact_of(COMPILED), address=address, secret=owner
            ) as contract:
                await contract.set_publisher(publisher, may=True)
            return address

        address = asyncio.run(deploy())
        yield Contract(chain=chain, address=address, secret=secret, publisher=publisher)


@pytest.fixture
def contract(deployed: Contract) -> Iterator[Contract]:
    """The same, as it was at first whatever the test before did to it."""
    chain = deployed.chain
    snapshot = chain.tester.take_snapshot()
    chain.calls.clear()
    yield deployed
    chain.lose_answer_of = None
    chain.is_silent = False
    chain.go_on.set()
    chain.go_on.clear()
    chain.wait_for_blocks(wait=False)
    chain.tester.revert_to_snapshot(snapshot)


@pytest.fixture
async def adapter(contract: Contract) -> AsyncIterator[EvmContract]:
    async with opened(
        contract.chain.url,
        artifact_of(COMPILED),
        address=contract.address,
        secret=contract.secret,
    ) as found:
        yield found


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def counter(authority: Authority) -> Iterator[Counter]:
    with counter_of(authority) as found:
        yield found
