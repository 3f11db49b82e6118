"""The signer's memory: what it signs, what it never signs, and what it survives."""

import asyncio
from pathlib import Path

import pytest

from ledger.transparency.checkpoint import open_checkpoint
from ledger.transparency.hashing import EMPTY_ROOT
from ledger.transparency.proofs import consistency_path
from ledger.transparency.signer_socket import ask_signer, serve_signer
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret
from ledger.transparency.tiles import hash_from
from tests.ledger.transparency.trees import leaves, naive_root, tiled

ORIGIN = "ledger.example/one"
TREE = leaves(300)
TILES = tiled(300)


def request(new: int, *, old: int = 0, origin: str = ORIGIN, root: bytes = b"") -> SignRequest:
    proof = [hash_from(TILES, each) for each in consistency_path(old, new)] if 0 < old < new else []
    return SignRequest(origin, new, root or naive_root(TREE[:new]), old, proof)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    add_secret(tmp_path, ORIGIN)
    return tmp_path


def signed(answer: Signed, size: int) -> bool:
    return answer.refused == "" and answer.size == size and f"\n{size}\n" in answer.note


def test_a_growing_tree_is_signed_again_and_again(folder: Path) -> None:
    signers = Signers(folder)
    assert signed(signers.answer(SignRequest(ORIGIN, 0, EMPTY_ROOT, 0, [])), 0)
    old = 0
    for new in (1, 2, 255, 256, 257, 300):
        assert signed(signers.answer(request(new, old=old)), new)
        old = new
    assert signed(signers.answer(request(300)), 300)


def test_the_memory_outlives_the_process(folder: Path) -> None:
    first = Signers(folder).answer(request(200))
    again = Signers(folder)

    assert signed(first, 200)
    assert "log.fork_refused" in again.answer(request(100)).refused
    assert again.answer(request(100)).size == 200
    assert signed(again.answer(request(201, old=200)), 201)


@pytest.mark.parametrize(
    "forged",
    [
        request(199),
        request(200, root=naive_root(TREE[1:201])),
        request(250, old=100),
        request(250, old=0),
        SignRequest(ORIGIN, 250, naive_root(TREE[1:251]), 200, request(250, old=200).proof),
        SignRequest(ORIGIN, 250, naive_root(TREE[:250]), 200, []),
        SignRequest(ORIGIN, 250, b"short", 200, request(250, old=200).proof),
        SignRequest(ORIGIN, -1, EMPTY_ROOT, 200, []),
    ],
)
def test_what_does_not_continue_the_last_tree_is_never_signed(
    folder: Path, forged: SignRequest
) -> None:
    signers = Signers(folder)
    assert signed(signers.answer(request(200)), 200)

    answer = signers.answer(forged)

    assert answer.refused
    assert (answer.note, answer.size) == ("", 200)
    assert signed(Signers(folder).answer(request(250, old=200)), 250)


def test_a_log_without_a_key_is_not_signed(folder: Path) -> None:
    assert "no key" in Signers(folder).answer(request(1, origin="ledger.example/other")).refused


def test_a_spoilt_memory_signs_nothing(folder: Path) -> None:
    assert signed(Signers(folder).answer(request(200)), 200)
    [memory] = folder.glob("*.signed")
    memory.write_text(memory.read_text().replace("\n200\n", "\n100\n"))

    answer = Signers(folder).answer(request(250, old=200))

    assert answer.refused
    assert answer.note == ""


def test_secrets_are_for_their_owner_only(folder: Path) -> None:
    Signers(folder).answer(request(1))
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_new_key_signs_beside_the_old_one(folder: Path) -> None:
    old = Signers(folder).answer(request(1)).note
    new_key = add_secret(folder, ORIGIN)

    answer = Signers(folder).answer(request(2, old=1))

    assert answer.note.count(ORIGIN) == 3
    assert old.count(ORIGIN) == 2
    open_checkpoint(answer.note, origin=ORIGIN, keys=[new_key.public])


async def test_the_socket_answers_each_request(folder: Path) -> None:
    path = folder / "signer.sock"
    server = await serve_signer(Signers(folder), path)
    answers = await asyncio.gather(
        ask_signer(path, request(5)), ask_signer(path, request(5)), ask_signer(path, request(4))
    )
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b"GET / HTTP/1.1\r\n\r\n" * 10)
    assert await reader.read() == b""
    writer.close()
    server.close()

    assert [signed(answer, 5) for answer in answers[:2]] == [True, True]
    assert "log.fork_refused" in answers[2].refused
    assert path.stat().st_mode & 0o777 == 0o600
    await server.wait_closed()
    with pytest.raises((ConnectionError, FileNotFoundError)):
        await ask_signer(path, request(6, old=5))
