"""The contract in an EVM of this process: who may write, what grows, which proofs it accepts."""

import ast
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_tester.exceptions import TransactionFailed
from web3 import EthereumTesterProvider, Web3

from ledger.anchoring.anchor import hash_origin
from tests.ledger.anchoring.local_chain import new_tester
from tests.ledger.transparency.trees import entry, leaves, naive_inclusion, naive_root
from tests.ledger.transparency.vectors import hashes, vectors

CONTRACTS = Path(__file__).parents[2] / "contracts"
COMMITTED = json.loads((CONTRACTS / "CheckpointAnchor.json").read_text(encoding="utf-8"))
SOURCE = CONTRACTS / "CheckpointAnchor.sol"
ORIGIN = hashlib.sha256(b"ledger.example/test").digest()
ROOT, OTHER_ROOT, NOTE = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
SIZE_LARGEST = 2**64 - 1


class Bench:
    """One chain with one contract: its owner, a publisher, and a stranger who may nothing."""

    def __init__(self) -> None:
        self.tester = new_tester()
        self.web3 = Web3(EthereumTesterProvider(self.tester))
        accounts: Any = self.web3.eth.accounts
        self.owner, self.publisher, self.stranger, *_ = accounts
        made = self.web3.eth.contract(abi=COMMITTED["abi"], bytecode=COMMITTED["bytecode"])
        ref = made.constructor().transact({"from": self.owner})
        receipt = self.web3.eth.wait_for_transaction_receipt(ref)
        self.deploy_gas = receipt["gasUsed"]
        self.contract: Any = self.web3.eth.contract(
            address=receipt["contractAddress"], abi=COMMITTED["abi"]
        )
        self.functions = self.contract.functions
        self.send(self.functions.addPublisher(self.publisher), self.owner)

    def send(self, call: Any, account: str) -> Any:
        ref = call.transact({"from": account})
        return self.web3.eth.wait_for_transaction_receipt(ref)

    def anchor(self, size: int, root: bytes = ROOT, *, origin: bytes = ORIGIN) -> Any:
        return self.send(self.functions.anchor(origin, size, root, NOTE), self.publisher)

    def refused(self, call: Any, account: str) -> bytes:
        """Return the data of the error with which the contract reverts."""
        with pytest.raises(TransactionFailed) as caught:
            call.transact({"from": account})
        written = str(caught.value.args[0]).partition("execution reverted: ")[2]
        data: bytes = ast.literal_eval(written)  # the EVM of this test prints bytes as Python does
        return data

    def events(self, receipt: Any, name: str) -> list[dict[str, Any]]:
        found = getattr(self.contract.events, name)().process_receipt(receipt)
        return [dict(each["args"]) for each in found]

    def includes(self, proof: list[bytes], *, leaf: bytes, index: int, size: int) -> bool:
        return bool(self.functions.verifyInclusion(ORIGIN, size, index, leaf, proof).call())


@pytest.fixture(scope="module")
def shared() -> Bench:
    return Bench()


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    """The bench as it was made, whatever the test before did."""
    snapshot = shared.tester.take_snapshot()
    yield shared
    shared.tester.revert_to_snapshot(snapshot)


def selector(signature: str) -> str:
    return Web3.keccak(text=signature)[:4].hex()


def test_the_committed_code_is_of_the_committed_source() -> None:
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()

    assert COMMITTED["source_sha256"] == digest


def test_the_compiler_makes_the_committed_code_again(tmp_path: Path) -> None:
    node = shutil.which("node")
    folder = solc_folder()
    if node is None or folder is None:
        pytest.skip("needs node and npm's solc 0.8.37: npm install -g solc@0.8.37")
    target = tmp_path / "made.json"

    subprocess.run([node, CONTRACTS / "compile.mjs", target], check=True, cwd=folder)

    assert json.loads(target.read_text(encoding="utf-8")) == COMMITTED


def solc_folder() -> Path | None:
    """Return the folder from which node finds solc of the wanted version."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    asked = subprocess.run([npm, "root", "-g"], capture_output=True, check=False, text=True)
    package = Path(asked.stdout.strip()) / "solc" / "package.json"
    if asked.returncode != 0 or not package.exists():
        return None
    version = json.loads(package.read_text(encoding="utf-8"))["version"]
    return package.parents[2] if COMMITTED["compiler"].startswith(version) else None


def test_names_and_numbers_are_those_of_the_proposal() -> None:
    expected = vectors("evm_anchor_proposal")

    assert selector("anchor(bytes32,uint64,bytes32,bytes32)") == expected["anchor_selector"]
    topic = Web3.keccak(text="Anchored(bytes32,uint64,bytes32,bytes32,uint64)").hex()
    assert topic == expected["Anchored_topic0"]
    declared = {
        f"{each['name']}({','.join(part['type'] for part in each['inputs'])})"
        for each in COMMITTED["abi"]
        if each["type"] == "error"
    }
    assert declared == set(expected["error_selectors"]) | {"NotPendingOwner()"}
    for signature, digits in expected["error_selectors"].items():
        assert selector(signature) == digits
    assert Web3.keccak(b"").hex() == expected["keccak256_of_empty"]
    own = hash_origin(vectors("own_log")["checkpoint_0"].partition("\n")[0]).hex()
    assert own == expected["origin_hash_of_own_log_sha256"]


def test_an_anchor_is_stored_and_told(bench: Bench) -> None:
    receipt = bench.anchor(8)

    time = bench.web3.eth.get_block(receipt["blockNumber"])["timestamp"]
    assert bench.functions.newest(ORIGIN).call() == [ROOT, NOTE, 8, time]
    assert bench.functions.rootAt(ORIGIN, 8).call() == ROOT
    assert bench.events(receipt, "Anchored") == [
        {"originHash": ORIGIN, "treeSize": 8, "rootHash": ROOT, "noteHash": NOTE, "time": time}
    ]


def test_older_roots_stay_and_logs_are_apart(bench: Bench) -> None:
    other = hashlib.sha256(b"another log").digest()
    bench.anchor(8)
    bench.anchor(9, OTHER_ROOT)
    bench.anchor(3, OTHER_ROOT, origin=other)

    assert bench.functions.rootAt(ORIGIN, 8).call() == ROOT
    assert bench.functions.rootAt(ORIGIN, 9).call() == OTHER_ROOT
    assert bench.functions.rootAt(other, 3).call() == OTHER_ROOT
    assert bench.functions.rootAt(other, 8).call() == bytes(32)


@pytest.mark.parametrize(("size", "root"), [(7, ROOT), (8, ROOT), (8, OTHER_ROOT), (0, ROOT)])
def test_a_size_that_does_not_grow_is_refused(bench: Bench, size: int, root: bytes) -> None:
    bench.anchor(8)

    data = bench.refused(bench.functions.anchor(ORIGIN, size, root, NOTE), bench.publisher)

    assert data[:4].hex() == selector("SizeNotGrowing(uint64,uint64)")
    assert [int.from_bytes(data[4:36]), int.from_bytes(data[36:68])] == [8, size]
    assert bench.functions.rootAt(ORIGIN, 8).call() == ROOT


@pytest.mark.parametrize(
    ("account", "root", "error"),
    [
        ("stranger", ROOT, "NotPublisher()"),
        ("owner", ROOT, "NotPublisher()"),
        ("stranger", bytes(32), "NotPublisher()"),
        ("publisher", bytes(32), "EmptyRoot()"),
    ],
)
def test_only_publishers_anchor_and_no_empty_root(
    bench: Bench, account: str, root: bytes, error: str
) -> None:
    call = bench.functions.anchor(ORIGIN, 8, root, NOTE)

    assert bench.refused(call, getattr(bench, account)).hex() == selector(error)


def test_the_owner_names_and_removes_publishers(bench: Bench) -> None:
    added = bench.send(bench.functions.addPublisher(bench.stranger), bench.owner)
    bench.send(bench.functions.anchor(ORIGIN, 1, ROOT, NOTE), bench.stranger)
    removed = bench.send(bench.functions.removePublisher(bench.stranger), bench.owner)

    assert bench.events(added, "PublisherAdded") == [{"publisher": bench.stranger}]
    assert bench.events(removed, "PublisherRemoved") == [{"publisher": bench.stranger}]
    call = bench.functions.anchor(ORIGIN, 2, ROOT, NOTE)
    assert bench.refused(call, bench.stranger).hex() == selector("NotPublisher()")


@pytest.mark.parametrize("name", ["addPublisher", "removePublisher", "offerOwnership"])
def test_nobody_else_does_what_the_owner_does(bench: Bench, name: str) -> None:
    call = getattr(bench.functions, name)(bench.stranger)

    assert bench.refused(call, bench.stranger).hex() == selector("NotOwner()")
    assert bench.refused(call, bench.publisher).hex() == selector("NotOwner()")


def test_ownership_passes_in_two_steps(bench: Bench) -> None:
    early = bench.refused(bench.functions.takeOwnership(), bench.stranger)
    offered = bench.send(bench.functions.offerOwnership(bench.stranger), bench.owner)
    still = bench.functions.owner().call()
    wrong = bench.refused(bench.functions.takeOwnership(), bench.publisher)
    taken = bench.send(bench.functions.takeOwnership(), bench.stranger)
    again = bench.refused(bench.functions.takeOwnership(), bench.stranger)

    assert {each.hex() for each in (early, wrong, again)} == {selector("NotPendingOwner()")}
    assert still == bench.owner
    assert bench.functions.owner().call() == bench.stranger
    parties = {"owner": bench.owner, "pendingOwner": bench.stranger}
    assert bench.events(offered, "OwnershipOffered") == [parties]
    parties = {"formerOwner": bench.owner, "owner": bench.stranger}
    assert bench.events(taken, "OwnershipTaken") == [parties]
    call = bench.functions.addPublisher(bench.owner)
    assert bench.refused(call, bench.owner).hex() == selector("NotOwner()")


def test_an_offer_is_taken_back_by_offering_to_nobody(bench: Bench) -> None:
    bench.send(bench.functions.offerOwnership(bench.stranger), bench.owner)
    bench.send(bench.functions.offerOwnership("0x" + "00" * 20), bench.owner)

    refusal = bench.refused(bench.functions.takeOwnership(), bench.stranger)

    assert refusal.hex() == selector("NotPendingOwner()")


def test_no_ether_comes_in(bench: Bench) -> None:
    payment = {"from": bench.owner, "to": bench.contract.address, "value": 1}

    with pytest.raises(TransactionFailed):
        bench.web3.eth.send_transaction(payment)  # type: ignore[arg-type]


def test_every_published_inclusion_proof_is_accepted_and_no_other_place(bench: Bench) -> None:
    reference = vectors("rfc6962_ct_reference")
    roots, found = hashes(reference["roots_by_size_0_to_8"]), hashes(reference["leaf_hashes"])
    for size in range(1, 9):
        bench.anchor(size, roots[size])
    accepted = 0
    for each in reference["inclusion"]:
        index, size, proof = each["index"], each["size"], hashes(each["proof"])
        assert bench.includes(proof, leaf=found[index], index=index, size=size), each
        accepted += 1
        for other in range(size + 1):
            wrong = bench.includes(proof, leaf=found[index], index=other, size=size)
            assert wrong is (other == index), (each, other)

    assert accepted == 36


def test_every_proof_that_must_fail_fails(bench: Bench) -> None:
    cases = [each for each in vectors("must_fail") if each["kind"] == "inclusion"]
    tried = 0
    for each in cases:
        numbers = (each["size"], each["index"])
        nodes = hashes([each["leaf_hash"], each["root"], *each["proof"]])
        if not all(0 <= number < 2**64 for number in numbers) or {len(n) for n in nodes} != {32}:
            continue  # no such value can be passed: the types of the contract refuse it
        leaf, root, *proof = nodes
        assert not bench.functions.isIncluded(*numbers, leaf, proof, root).call(), each["why"]
        tried += 1

    assert tried >= 40


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 65, 100, 255, 256, 257])
def test_proofs_of_larger_trees_agree_with_the_slow_reference(bench: Bench, size: int) -> None:
    tree = leaves(size)
    bench.anchor(size, naive_root(tree))
    for index in sorted({0, 1 % size, size // 2, size - 1}):
        proof = naive_inclusion(index, tree)

        assert bench.includes(proof, leaf=tree[index], index=index, size=size)
        assert not bench.includes([*proof, NOTE], leaf=tree[index], index=index, size=size)
        assert not bench.includes(proof, leaf=NOTE, index=index, size=size)
        header = bench.functions.verifyHeader(ORIGIN, size, index, entry(index), proof)
        assert header.call()
        forged = bench.functions.verifyHeader(ORIGIN, size, index, entry(index) + b"x", proof)
        assert not forged.call()


def test_a_proof_against_what_is_not_anchored_proves_nothing(bench: Bench) -> None:
    tree = leaves(3)
    bench.anchor(3, naive_root(tree))
    proof = naive_inclusion(1, tree)

    assert bench.includes(proof, leaf=tree[1], index=1, size=3)
    assert not bench.includes(proof, leaf=tree[1], index=1, size=4)
    assert not bench.includes([], leaf=bytes(32), index=0, size=1)
    assert not bench.includes([], leaf=proof[-1], index=0, size=3)


def test_sizes_to_the_largest_and_long_proofs_end(bench: Bench) -> None:
    included = bench.functions.isIncluded

    assert not included(SIZE_LARGEST, SIZE_LARGEST - 1, ROOT, [NOTE] * 63, ROOT).call()
    assert not included(SIZE_LARGEST, 0, ROOT, [NOTE] * 64, ROOT).call()
    assert not included(0, 0, ROOT, [], ROOT).call()
    assert included(1, 0, ROOT, [], ROOT).call()


def test_what_it_costs(bench: Bench, record_property: pytest.FixtureRequest) -> None:
    first, later = bench.anchor(1)["gasUsed"], bench.anchor(2)["gasUsed"]
    tree = leaves(1024)
    bench.anchor(1024, naive_root(tree))
    call = bench.functions.verifyInclusion(ORIGIN, 1024, 5, tree[5], naive_inclusion(5, tree))
    proof = call.estimate_gas()
    gas = {"deploy": bench.deploy_gas, "first": first, "later": later, "proof of 1024": proof}
    print(f"gas: {gas}")  # noqa: T201  the figures of docs/anchors.md
    record_property("gas", gas)  # type: ignore[operator]

    # A further anchor must stay cheap: one slot for its root, two that change, one event.
    assert later < first < 200_000
    assert bench.deploy_gas < 2_000_000
