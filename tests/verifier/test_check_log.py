"""The verifier that shares nothing with us: accepts a whole log, refuses every altered one."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.entry import FIRST_PREVIOUS, Chain, leaf_hash
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.edge import Edge
from ledger.transparency.hashing import HASH_SIZE, hash_leaf
from ledger.transparency.note import SecretKey, sign_note
from ledger.transparency.proofs import inclusion_path
from ledger.transparency.receipt import Receipt
from ledger.transparency.tiles import WIDTH, bundle_text, bundles_of, hash_from, tiles_of

PROGRAM = Path(__file__).parents[2] / "verifier" / "check_log.py"
ORIGIN = "ledger.example/eco"
KEY = SecretKey(ORIGIN, bytes(range(32)))
SIZE, OLD, INDEX = 600, 300, 257
LINES_MAX = 500


class Log:
    """A log in a folder, made by our own code."""

    def __init__(self, folder: Path, *, size: int = SIZE, origin: str = ORIGIN) -> None:
        self.folder = folder
        chain = Chain(origin=origin)
        self.headers = [
            chain.seal(
                index=index,
                at=index * 1_000_000,
                postings=f'{{"n":"{index}"}}'.encode(),
                personal=b"{}",
                keys=hashlib.sha512(str(index).encode()).digest(),
            ).header
            for index in range(size)
        ]
        self.write(size)

    def write(self, size: int) -> None:
        edge = Edge()
        edge.extend(map(hash_leaf, self.headers[:size]))
        self.tiles = edge.take_changed()
        for tile in tiles_of(size):
            data = self.tiles[tile.level, tile.number][: tile.width * HASH_SIZE]
            self.put(tile.path, data)
        for bundle in bundles_of(size):
            first = bundle.number * WIDTH
            self.put(bundle.path, bundle_text(self.headers[first : first + bundle.width]))
        self.put("checkpoint", self.checkpoint(size).encode())

    def checkpoint(self, size: int) -> str:
        edge = Edge()
        edge.extend(map(hash_leaf, self.headers[:size]))
        return sign_note(Checkpoint(ORIGIN, size, edge.root()).text, [KEY]).whole

    def receipt(self, index: int, size: int) -> str:
        proof = tuple(hash_from(self.tiles, each) for each in inclusion_path(index, size))
        return Receipt(index, proof, self.checkpoint(size)).text

    def put(self, path: str, data: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def run(folder: Path | str, *more: str, key: str = KEY.public.text) -> dict[str, Any]:
    command = [sys.executable, "-I", str(PROGRAM), str(folder), "--key", key, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["ok"] else 1)
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return Log(tmp_path_factory.mktemp("log"))


def test_it_is_one_short_file_that_imports_nothing_of_ours() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:import|from) ([a-z0-9_]+)", text, flags=re.MULTILINE))

    assert len(text.splitlines()) <= LINES_MAX
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_a_whole_log_is_accepted(log: Log, tmp_path: Path) -> None:
    old, receipt = tmp_path / "old", tmp_path / "receipt"
    old.write_text(log.checkpoint(OLD))
    receipt.write_text(log.receipt(INDEX, SIZE))

    found = run(log.folder, "--old", str(old), "--receipt", str(receipt))

    assert found["ok"], found
    assert (found["origin"], found["size"]) == (ORIGIN, SIZE)
    assert found["head"] == leaf_hash(log.headers[-1])


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 513])
def test_logs_of_every_shape_are_accepted(tmp_path: Path, size: int) -> None:
    Log(tmp_path, size=size)
    assert run(tmp_path)["ok"]


def test_of_another_key_nothing_is_believed(log: Log) -> None:
    stranger = SecretKey(ORIGIN, b"x" * 32).public.text
    other = SecretKey("ledger.example/other", bytes(range(32))).public.text
    assert "not signed" in run(log.folder, key=stranger)["reason"]
    assert not run(log.folder, key=other)["ok"]
    assert not run(log.folder, key="nonsense")["ok"]


def test_a_log_that_was_rewritten_is_not_the_one_that_was_kept(log: Log, tmp_path: Path) -> None:
    old, receipt = tmp_path / "old", tmp_path / "receipt"
    old.write_text(log.checkpoint(OLD))
    receipt.write_text(log.receipt(INDEX, SIZE))
    rewritten = Log(tmp_path / "log")
    chain = Chain(origin=ORIGIN, previous=FIRST_PREVIOUS)
    keys = bytes(64)
    rewritten.headers = [
        chain.seal(index=i, at=0, postings=b"{}", personal=b"{}", keys=keys).header
        for i in range(SIZE)
    ]
    rewritten.write(SIZE)

    assert run(rewritten.folder)["ok"]
    assert "another log" in run(rewritten.folder, "--old", str(old))["reason"]
    assert "receipt" in run(rewritten.folder, "--receipt", str(receipt))["reason"]


def test_a_log_that_shrank_is_refused(log: Log, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text(log.checkpoint(SIZE))
    Log(tmp_path / "log", size=OLD)
    assert "only 300" in run(tmp_path / "log", "--old", str(old))["reason"]


@pytest.mark.parametrize(
    ("index", "change"),
    [
        (5, lambda text: text.replace(b'"index":"5"', b'"index":"6"')),
        (5, lambda text: text.replace(b"ledger.example/eco", b"ledger.example/oce")),
        (5, lambda text: text.replace(b'"v":"1"', b'"v":"2"')),
        (5, lambda text: text.replace(b'"v":"1"', b'"v" :"1"')),
        (5, lambda text: text.replace(b'"v":"1"', b'"v":1')),
        (5, lambda _: b"{}"),
        (5, lambda _: b"no json"),
        (5, lambda text: re.sub(rb'"previous":"..', b'"previous":"zz', text)),
    ],
)
def test_a_bad_header_is_named_even_when_the_tree_agrees(
    tmp_path: Path, index: int, change: Any
) -> None:
    log = Log(tmp_path, size=20)
    log.headers[index] = change(log.headers[index])
    log.write(20)
    assert f"entry {index}" in run(tmp_path)["reason"]


def test_files_that_are_missing_or_cut_are_named(log: Log, tmp_path: Path) -> None:
    for path in ("checkpoint", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"):
        shutil.copytree(log.folder, tmp_path / "log", dirs_exist_ok=True)
        (tmp_path / "log" / path).unlink()
        assert path in run(tmp_path / "log")["reason"]
    shutil.copytree(log.folder, tmp_path / "log", dirs_exist_ok=True)
    bundle = tmp_path / "log" / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes()[:-1])
    assert "tile/entries/001" in run(tmp_path / "log")["reason"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_log_with_one_other_byte_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    log = Log(tmp_path_factory.mktemp("log"), size=300)
    files = sorted(path for path in log.folder.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(content))

    found = run(log.folder)

    assert not found["ok"], (path, place)
    assert found["reason"]


def test_a_line_of_an_unknown_key_or_algorithm_is_reported(log: Log) -> None:
    """Such as SM2: carried by the log, and left to those who know it."""
    note = log.checkpoint(SIZE)
    line = f"\u2014 {ORIGIN} {base64.b64encode(bytes([1, 2, 3, 4]) + bytes(71)).decode()}\n"
    log.put("checkpoint", (note + line).encode())
    try:
        found = run(log.folder)
    finally:
        log.put("checkpoint", note.encode())

    assert found["ok"]
    assert found["unknown_signatures"] == [f"{ORIGIN}+01020304"]
