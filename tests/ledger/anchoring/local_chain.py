"""A chain of this test's own: py-evm behind JSON-RPC over HTTP, and what can befall a node.

The adapter under test reaches it as it reaches any node; errors take the shape that Geth gives.
"""

import ast
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import TransactionFailed, TransactionNotFound
from web3 import EthereumTesterProvider, Web3
from web3.types import Wei

from ledger.anchoring.evm import Artifact, new_secret

ETHER = 10**18
HANG_SECONDS_MAX = 60


def new_tester() -> EthereumTester:
    """Return a fresh chain in this process.

    py-evm lets Python recurse a hundred times deeper; what other tests of this process show of
    endless nesting must not depend on that.
    """
    limit = sys.getrecursionlimit()
    try:
        return EthereumTester(PyEVMBackend())
    finally:
        sys.setrecursionlimit(limit)


class LocalChain:
    """The chain, its accounts, and its moods: it may hang, break off, or lose an answer."""

    def __init__(self) -> None:
        self.tester = new_tester()
        self.web3 = Web3(EthereumTesterProvider(self.tester))
        self.url = ""
        self.calls: list[str] = []
        self.lose_answer_of: str | None = None
        self.is_silent = False
        self.go_on = threading.Event()
        self._lock = threading.Lock()
        self._request = self.web3.provider.request_func(self.web3, self.web3.middleware_onion)

    def funded(self) -> tuple[str, str]:
        """Return the key and the address of a new account with ether."""
        secret, address = new_secret()
        giver = self.web3.eth.accounts[0]
        self.web3.eth.send_transaction(
            {"from": giver, "to": Web3.to_checksum_address(address), "value": Wei(ETHER)}
        )
        return secret, address

    def mine(self, blocks: int) -> None:
        """Put blocks on top."""
        with self._lock:
            self.tester.mine_blocks(blocks)

    def wait_for_blocks(self, *, wait: bool) -> None:
        """Let transactions wait until ``mine``, or give each its block at once."""
        with self._lock:
            if wait:
                self.tester.disable_auto_mine_transactions()
            else:
                self.tester.enable_auto_mine_transactions()

    def sent(self) -> int:
        """Return how many transactions were handed in over JSON-RPC."""
        return self.calls.count("eth_sendRawTransaction")

    def answer(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Answer one JSON-RPC request."""
        self.calls.append(method)
        if self.is_silent:
            self.go_on.wait(HANG_SECONDS_MAX)
        with self._lock:
            try:
                found = self._request(method, params)
            except TransactionFailed as error:
                return {"error": _reverted(error)}
            except TransactionNotFound:
                return {"result": None}
            except Exception as error:  # noqa: BLE001  a node answers with words, whatever went wrong
                return {"error": {"code": -32000, "message": str(error)}}
        if "error" in found:
            told = found["error"]
            words = told.get("message") if hasattr(told, "get") else told
            return {"error": {"code": -32000, "message": str(words)}}
        return {"result": _plain(found.get("result"))}


def _reverted(error: TransactionFailed) -> dict[str, Any]:
    _, _, written = str(error.args[0]).partition("execution reverted: ")
    data = ast.literal_eval(written) if written.startswith("b") else b""
    return {"code": 3, "message": "execution reverted", "data": f"0x{data.hex()}"}


def _plain(value: Any) -> Any:
    """Return a result as JSON-RPC spells it: numbers and bytes as hex."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return hex(value)
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "items"):
        return {key: _plain(each) for key, each in value.items()}
    return value


@contextmanager
def local_chain() -> Iterator[LocalChain]:
    """Serve a fresh chain on a free port of this machine."""
    chain = LocalChain()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = json.loads(body)
            answer = chain.answer(asked["method"], asked.get("params") or [])
            if chain.lose_answer_of == asked["method"]:
                self.close_connection = True
                self.connection.close()
                return
            told = json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    chain.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield chain
    finally:
        chain.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


def artifact_of(compiled: dict[str, Any]) -> Artifact:
    return Artifact(abi=compiled["abi"], bytecode=compiled["bytecode"])
