"""The contract ``CheckpointAnchor`` on an EVM chain, over JSON-RPC. The only module with web3.

Every call has a deadline in total, and every error of the node or the library leaves as an
``AnchorTrouble`` whose words never hold the node's address: it may contain a secret.

A transaction takes the number that follows the account's last one **in a block**, so whatever
waited under that number is replaced: of several submissions that overlap at most one gets a block.
The account must not be used for anything else.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from hexbytes import HexBytes
from web3 import AsyncHTTPProvider, AsyncWeb3
from web3.exceptions import (
    BadFunctionCallOutput,
    ContractLogicError,
    TransactionNotFound,
    Web3Exception,
    Web3RPCError,
)
from web3.middleware import ExtraDataToPOAMiddleware

from ledger.anchoring.anchor import AnchorTrouble, SizePassed

CALL_SECONDS_MAX = 10.0
RECEIPT_SECONDS_MAX = 120.0
TRACED_BLOCKS_MAX = 5_000
WORDS_MAX = 200
_EMPTY = bytes(32)
# A replacement must pay noticeably more; nodes ask for a tenth.
_RAISE_PERCENT = 25
_RAISES_MAX = 8
_KNOWN = ("already known", "known transaction", "already imported")

Result = TypeVar("Result")


class NodeSilent(AnchorTrouble):
    """The node cannot be reached, or does not answer in time."""

    code = "anchor.node_silent"


class NodeRefused(AnchorTrouble):
    """The node answers, and not with what was asked for."""

    code = "anchor.node_refused"


class ContractRefused(AnchorTrouble):
    """The contract reverts; ``error`` is the name that it gives."""

    code = "anchor.contract_refused"

    def __init__(self, error: str) -> None:
        super().__init__(f"the contract refuses: {error}", data={"error": error})
        self.error = error


class AddressRefused(AnchorTrouble):
    """A text that names no account or contract, or a key that is none."""

    code = "anchor.address_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """The compiled contract."""

    abi: list[dict[str, Any]]
    bytecode: str


def account_of(secret: str) -> LocalAccount:
    """Return the account of a private key in hexadecimal; the error never repeats it.

    Raises:
        AddressRefused: it is no private key.
    """
    try:
        account: LocalAccount = Account.from_key(secret)
    except (ValueError, TypeError):
        raise AddressRefused("not a private key", expected="32 bytes in hex") from None
    return account


def new_secret() -> tuple[str, str]:
    """Return a fresh private key and the address of its account."""
    account: LocalAccount = Account.create()
    return f"0x{bytes(account.key).hex()}", account.address


def checked_address(text: str) -> ChecksumAddress:
    """Return an address as it is written with its checksum.

    Raises:
        AddressRefused: it is none, or its checksum does not fit.
    """
    if not AsyncWeb3.is_address(text):
        raise AddressRefused(f"{text[:60]!r} is no address", expected="0x and 40 hex digits")
    return AsyncWeb3.to_checksum_address(text)


class EvmContract:
    """One contract as one account uses it; close it with ``opened``."""

    def __init__(
        self,
        web3: AsyncWeb3[AsyncHTTPProvider],
        artifact: Artifact,
        *,
        address: str | None,
        account: LocalAccount | None,
    ) -> None:
        self._web3 = web3
        self._artifact = artifact
        self._account = account
        self.address = None if address is None else checked_address(address)
        self._contract = web3.eth.contract(address=self.address, abi=artifact.abi)
        self._errors = _selectors(artifact.abi)
        self._raises = 0
        self._number: int | None = None  # under which we sent last
        self._chain_id: int | None = None

    async def place(self) -> str:
        """Return the contract's name among all chains (CAIP-10)."""
        if self._chain_id is None:
            self._chain_id = await self._asked(self._web3.eth.chain_id)
        return f"eip155:{self._chain_id}:{self.address}"

    async def submit(self, origin_hash: bytes, size: int, *, root: bytes, note_hash: bytes) -> str:
        """Send a checkpoint and return the transaction's hash, without waiting for its block.

        Raises:
            SizePassed: the contract has a tree of this size or a larger one.
            AnchorTrouble: anything else.
        """
        return await self._send(self._contract.functions.anchor(origin_hash, size, root, note_hash))

    async def lookup(self, origin_hash: bytes, size: int, *, depth: int = 0) -> bytes | None:
        """Return the root of a size as of ``depth`` blocks below the head, if there was one."""
        block: Any = "latest"
        if depth:
            block = await self._asked(self._web3.eth.block_number) - depth
            if block < 0:
                return None
        wanted = self._contract.functions.rootAt(origin_hash, size)
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX):
                found = bytes(await wanted.call(block_identifier=block))
        except BadFunctionCallOutput as error:
            if depth:  # the contract may be younger than that
                return None
            raise NodeRefused(f"there is no such contract at {self.address}") from error
        except _TROUBLES as error:
            raise self._told(error) from error
        return None if found == _EMPTY else found

    async def note_hash(self, origin_hash: bytes, size: int) -> bytes | None:
        """Return the hash of the note that was anchored with a size, if its event is found."""
        found = await self._event(origin_hash, size)
        return None if found is None else bytes(found["args"]["noteHash"])

    async def is_known(self, ref: str) -> bool:
        """Tell whether the node has the transaction, in a block or waiting."""
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX):
                await self._web3.eth.get_transaction(HexBytes(ref))
        except TransactionNotFound:
            return False
        except _TROUBLES as error:
            raise self._told(error) from error
        return True

    async def trace(self, origin_hash: bytes, size: int) -> tuple[str, int] | None:
        """Return the transaction that anchored a size and the seconds of its block.

        ``None`` where the node does not find it among the newest blocks: the root is what counts.
        """
        try:
            found = await self._event(origin_hash, size)
        except NodeRefused:
            return None
        if found is None:
            return None
        return found["transactionHash"].to_0x_hex(), int(found["args"]["time"])

    async def deploy(self) -> str:
        """Put the contract on the chain and return its address; the account owns it."""
        bare = self._web3.eth.contract(abi=self._artifact.abi, bytecode=self._artifact.bytecode)
        receipt = await self._receipt(await self._send(bare.constructor()))
        return str(receipt["contractAddress"])

    async def set_publisher(self, address: str, *, may: bool) -> None:
        """Let an account anchor, or no longer; only the owner can."""
        functions = self._contract.functions
        change = functions.addPublisher if may else functions.removePublisher
        await self._receipt(await self._send(change(checked_address(address))))

    async def is_publisher(self, address: str) -> bool:
        """Tell whether an account may anchor."""
        wanted = self._contract.functions.isPublisher(checked_address(address))
        return bool(await self._asked(wanted.call()))

    async def _send(self, call: Any) -> str:
        """Sign and send a call or a deployment and return the transaction's hash."""
        if self._account is None:
            raise AddressRefused("no account to send from", expected="ECORIGHTS_ANCHOR_KEY_FILE")
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX * 3):
                fields = await self._fields(self._account.address)
                filled = await call.build_transaction(fields)
                signed = self._account.sign_transaction(filled)
                return await self._send_raw(signed)
        except _TROUBLES as error:
            raise self._told(error) from error

    async def _send_raw(self, signed: Any) -> str:
        ref: str = signed.hash.to_0x_hex()
        try:
            await self._web3.eth.send_raw_transaction(signed.raw_transaction)
        except Web3RPCError as error:
            if not any(words in str(error).lower() for words in _KNOWN):
                raise
        return ref

    async def _fields(self, address: ChecksumAddress) -> dict[str, Any]:
        """Return number and price; a chain without a base fee gets the old kind of price."""
        eth = self._web3.eth
        number = await eth.get_transaction_count(address, "latest")
        is_taken = number == self._number
        self._raises = min(self._raises + 1, _RAISES_MAX) if is_taken else 0
        self._number = number
        fields: dict[str, Any] = {"from": address, "nonce": number}
        base = (await eth.get_block("latest")).get("baseFeePerGas")
        if base is None:
            return fields | {"gasPrice": self._raised(await eth.gas_price)}
        tip = self._raised(await eth.max_priority_fee)
        return fields | {
            "maxPriorityFeePerGas": tip,
            "maxFeePerGas": self._raised(2 * base) + tip,
        }

    def _raised(self, price: int) -> int:
        """Return a price that replaces what waits under the same number (rounded up)."""
        return -(-price * (100 + _RAISE_PERCENT * self._raises) // 100)

    async def _receipt(self, ref: str) -> Any:
        try:
            async with asyncio.timeout(RECEIPT_SECONDS_MAX):
                receipt = await self._web3.eth.wait_for_transaction_receipt(
                    HexStr(ref), timeout=RECEIPT_SECONDS_MAX
                )
        except _TROUBLES as error:
            raise self._told(error) from error
        if receipt["status"] != 1:
            raise ContractRefused("the transaction was reverted")
        return receipt

    async def _event(self, origin_hash: bytes, size: int) -> Any:
        head = await self._asked(self._web3.eth.block_number)
        found = await self._asked(
            self._contract.events.Anchored.get_logs(
                argument_filters={"originHash": origin_hash, "treeSize": size},
                from_block=max(0, head - TRACED_BLOCKS_MAX),
            )
        )
        return found[0] if found else None

    async def _asked(self, question: Awaitable[Result]) -> Result:
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX):
                return await question
        except _TROUBLES as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> AnchorTrouble:
        """Return an error of the library as one of ours, in words that hold no address."""
        if isinstance(error, TimeoutError | OSError | aiohttp.ClientError):
            return NodeSilent(type(error).__name__)
        if isinstance(error, ContractLogicError):
            name = self._errors.get(str(error.data or "")[2:10], "no reason")
            if name == "SizeNotGrowing":
                return SizePassed("the contract has a tree of this size or a larger one")
            return ContractRefused(name)
        if isinstance(error, Web3RPCError):
            told: Any = (error.rpc_response or {}).get("error")
            words = told.get("message") if isinstance(told, Mapping) else told
            return NodeRefused(str(words or type(error).__name__)[:WORDS_MAX])
        return NodeRefused(type(error).__name__)


_TROUBLES = (TimeoutError, OSError, aiohttp.ClientError, Web3Exception, ValueError)


@asynccontextmanager
async def opened(
    url: str, artifact: Artifact, *, address: str | None, secret: str | None
) -> AsyncIterator[EvmContract]:
    """Use a contract over one connection to a node, and close it at the end.

    Raises:
        AddressRefused: the address or the key is none.
    """
    account = None if secret is None else account_of(secret)
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS_MAX)
    provider = AsyncHTTPProvider(
        url, request_kwargs={"timeout": timeout}, exception_retry_configuration=None
    )
    web3 = AsyncWeb3(provider)
    # Permissioned chains put their validators into a field that is short elsewhere.
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    try:
        yield EvmContract(web3, artifact, address=address, account=account)
    finally:
        await provider.disconnect()


def _selectors(abi: list[dict[str, Any]]) -> dict[str, str]:
    """Return the names of the contract's errors by the first bytes of their data."""
    found = {}
    for each in abi:
        if each["type"] == "error":
            signature = f"{each['name']}({','.join(part['type'] for part in each['inputs'])})"
            found[AsyncWeb3.keccak(text=signature)[:4].hex()] = str(each["name"])
    return found
