"""The contract as an operator's commands reach it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from gateway.anchoring.configuration import INSTALL, read_artifact
from gateway.errors import CannotRun
from gateway.settings import Settings
from ledger.anchoring.anchor import AnchorTrouble

if TYPE_CHECKING:
    from ledger.anchoring.evm import EvmContract


def adapter() -> ModuleType:
    """Return the module that knows web3, which is optional.

    Raises:
        CannotRun: it is not installed.
    """
    try:
        from ledger.anchoring import evm
    except ModuleNotFoundError as error:
        raise CannotRun(f"{error.name} is not installed: {INSTALL}") from error
    return evm


@asynccontextmanager
async def contract_of(
    settings: Settings, *, address: str | None, secret: str | None
) -> AsyncIterator["EvmContract"]:
    """Use the contract on the configured node; what goes wrong is told in words.

    Raises:
        CannotRun: the library is not installed, or the node or the contract refuses.
    """
    evm = adapter()
    assert settings.anchor_rpc is not None
    compiled = read_artifact()
    artifact = evm.Artifact(abi=compiled["abi"], bytecode=compiled["bytecode"])
    url = settings.anchor_rpc.get_secret_value()
    try:
        async with evm.opened(url, artifact, address=address, secret=secret) as contract:
            yield contract
    except AnchorTrouble as error:
        raise CannotRun(f"{error.code}: {error}") from error
