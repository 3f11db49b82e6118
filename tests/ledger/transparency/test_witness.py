"""A witness: every answer of the protocol, its memory, and many requests at once."""

import hashlib
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.checkpoint import Checkpoint, cosigned_at
from ledger.transparency.note import COSIGNATURE, SecretKey, parse_note, sign_note
from ledger.transparency.proofs import consistency_path
from ledger.transparency.tiles import hash_from
from ledger.transparency.witness import SIZE_TYPE, AddCheckpoint, Witness
from tests.ledger.transparency.trees import leaves, naive_root, tiled
from tests.ledger.transparency.vectors import vectors

ORIGIN = "ledger.example/one"
LOG = SecretKey(ORIGIN, bytes(32))
KEY = SecretKey("witness.example/city", bytes(range(32)), algorithm=COSIGNATURE)
AT = 1_795_000_000
TREE = leaves(300)
TILES = tiled(300)


def witness(folder: Path) -> Witness:
    return Witness(KEY, {ORIGIN: [LOG.public]}, folder, clock=lambda: AT)


def request(
    new: int, old: int, *, root: bytes = b"", key: SecretKey = LOG, origin: str = ORIGIN
) -> str:
    nodes = consistency_path(old, new) if 0 < old < new else []
    proof = tuple(hash_from(TILES, each) for each in nodes)
    checkpoint = Checkpoint(origin, new, root or naive_root(TREE[:new]))
    return AddCheckpoint(old, proof, sign_note(checkpoint.text, [key])).text


def test_the_published_request_is_read_and_answered(tmp_path: Path) -> None:
    found = vectors("own_log")
    log = SecretKey("ledger.example/eco-test", bytes.fromhex(found["log_seed_hex"]))
    key = SecretKey(
        "witness.example/regulator-test",
        bytes.fromhex(found["witness_seed_hex"]),
        algorithm=COSIGNATURE,
    )
    one = Witness(key, {log.public.name: [log.public]}, tmp_path, clock=lambda: AT)
    first = AddCheckpoint(0, (), parse_note(found["checkpoint_700"])).text
    text = found["add_checkpoint_request_700_to_1000"]

    assert one.add_checkpoint(first).status == 200
    answer = one.add_checkpoint(text)

    assert AddCheckpoint.parse(text).text == text
    assert answer.status == 200
    assert answer.body in found["checkpoint_1000_cosigned"]
    path, _ = found["witness_origin_hash_path"].split("/")
    assert one.newest(path) == found["checkpoint_1000_cosigned"]


def test_a_growing_log_is_cosigned_and_remembered(tmp_path: Path) -> None:
    old = 0
    for new in (1, 2, 100, 256, 257, 257, 300):
        answer = witness(tmp_path).add_checkpoint(request(new, old))
        assert answer.status == 200, answer.body
        note = sign_note(Checkpoint(ORIGIN, new, naive_root(TREE[:new])).text, [LOG])
        whole = note.whole + answer.body
        assert cosigned_at(parse_note(whole), KEY.public) == AT
        assert witness(tmp_path).newest(hashlib.sha256(ORIGIN.encode()).hexdigest()) == whole
        old = new


STRANGER = SecretKey("ledger.example/one", b"x" * 32)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("old\n\n", 400),
        ("old 01\n\n" + request(100, 100).partition("\n\n")[2], 400),
        ("old 100\nAA\n\n" + request(100, 100).partition("\n\n")[2], 400),
        (request(150, 100).replace("\n150\n", "\nx\n"), 400),
        (request(150, 200), 400),
        (request(150, 100, origin="ledger.example/two"), 404),
        (request(150, 100, key=STRANGER), 403),
        (request(150, 100).replace("\n150\n", "\n151\n"), 403),
        (request(150, 0), 409),
        (request(150, 99), 409),
        (request(100, 100, root=naive_root(TREE[1:101])), 422),
        (request(150, 100, root=naive_root(TREE[1:151])), 422),
        (request(150, 100).replace("old 100\n", "old 100\n" + "A" * 43 + "=\n"), 422),
    ],
)
def test_what_does_not_continue_is_answered_as_the_protocol_says(
    tmp_path: Path, body: str, status: int
) -> None:
    one = witness(tmp_path)
    assert one.add_checkpoint(request(100, 0)).status == 200

    answer = one.add_checkpoint(body)

    assert answer.status == status, answer.body
    if status == 409:
        assert (answer.body, answer.media_type) == ("100\n", SIZE_TYPE)
    assert one.add_checkpoint(request(150, 100)).status == 200


def test_from_an_empty_tree_no_proof_is_taken(tmp_path: Path) -> None:
    body = request(150, 0).replace("old 0\n", "old 0\n" + "A" * 43 + "=\n")
    assert witness(tmp_path).add_checkpoint(body).status == 422


def test_of_many_forks_at_once_one_is_cosigned(tmp_path: Path) -> None:
    assert witness(tmp_path).add_checkpoint(request(1, 0)).status == 200
    forks = [leaves(1) + leaves(40)[each:] for each in range(1, 9)]
    answers = []
    barrier = threading.Barrier(len(forks))

    def ask(tree: list[bytes]) -> None:
        size = len(tree)
        proof = (naive_root(tree[1:]),) if size == 2 else _proof(tree)
        note = sign_note(Checkpoint(ORIGIN, size, naive_root(tree)).text, [LOG])
        body = AddCheckpoint(1, proof, note).text
        barrier.wait()
        answers.append(witness(tmp_path).add_checkpoint(body).status)

    threads = [threading.Thread(target=ask, args=(tree,)) for tree in forks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, *[409] * (len(forks) - 1)]


def _proof(tree: list[bytes]) -> tuple[bytes, ...]:
    return tuple(naive_root(tree[each.start : each.end]) for each in consistency_path(1, len(tree)))


@given(st.text(max_size=300))
def test_any_body_gets_an_answer(tmp_path_factory: pytest.TempPathFactory, body: str) -> None:
    one = witness(tmp_path_factory.mktemp("witness"))
    assert one.add_checkpoint(body).status == 400
    assert one.add_checkpoint(request(1, 0) + body).status in {200, 400}
