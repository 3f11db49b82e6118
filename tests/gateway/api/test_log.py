"""The public log as anybody reads it: tiles, checkpoints, proofs and receipts over HTTP."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from gateway.transparency.export import export_log
from ledger.transparency.checkpoint import Checkpoint, open_checkpoint
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.policy import Policy
from ledger.transparency.proofs import verify_consistency, verify_inclusion
from ledger.transparency.receipt import Receipt
from ledger.transparency.tiles import bundles_of, cut, read_bundle, tiles_of
from tests.gateway.api.house import House, serving
from tests.gateway.api.office import ORIGIN, Office, dsn_of
from tests.ledger.transparency.trees import naive_root

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """The one publisher of the module's log."""
    connection = await asyncpg.connect(dsn_of(house))
    yield Office(connection, tmp_path_factory.mktemp("signer"))
    await connection.close()


async def checkpoint_of(house: House, office: Office) -> Checkpoint:
    answer = await house.http.get("/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=1"
    checkpoint, _ = open_checkpoint(answer.text, origin=ORIGIN, keys=[office.key])
    return checkpoint


async def grow(house: House, count: int) -> None:
    for number in range(count):
        body = {"party": f"G{await house.head()}-{number}", "party_kind": "bank", "name": "G"}
        await house.do("/parties", body)


async def test_tiles_bundles_and_checkpoint_are_one_tree(house: House, office: Office) -> None:
    await office.publish()
    first = await checkpoint_of(house, office)
    await grow(house, 3)
    assert await checkpoint_of(house, office) == first
    await office.publish()
    second = await checkpoint_of(house, office)

    assert second.size == first.size + 3
    leaves: list[bytes] = []
    headers: list[bytes] = []
    for tile in tiles_of(second.size):
        answer = await house.http.get(f"/log/{tile.path}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "immutable" in answer.headers["cache-control"]
        leaves += cut(answer.content)
    for bundle in bundles_of(second.size):
        headers += read_bundle((await house.http.get(f"/log/{bundle.path}")).content)
    assert leaves == [hash_leaf(each) for each in headers]
    assert naive_root(leaves) == second.root
    assert naive_root(leaves[: first.size]) == first.root
    partial = await house.http.get(f"/log/tile/0/000.p/{first.size}")
    assert cut(partial.content) == leaves[: first.size]


@pytest.mark.parametrize(
    "path",
    ["tile/0/000", "tile/1/000", "tile/0/000.p/200", "tile/0/0", "tile/x", "tile/entries/001"],
)
async def test_what_no_checkpoint_covers_is_not_there(
    house: House, office: Office, path: str
) -> None:
    await office.publish()
    answer = await house.http.get(f"/log/{path}")
    assert answer.status_code == 404
    assert "cache-control" not in answer.headers


async def test_before_the_first_checkpoint_there_is_nothing(
    cluster: DatabaseServer, template_database: str
) -> None:
    async with serving(cluster, template_database) as found:
        for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
            assert (await found.http.get(f"/log/{path}")).status_code == 404
        early = await found.get("/ledger/receipts/0")
        headers = found.headers("X-1", key="k") | {"Ecorights-Await-Receipt": "0.1"}
        body = {"party": "E02", "party_kind": "bank", "name": "G"}
        answer = await found.http.post("/v1/parties", json=body, headers=headers)
    assert (early.status_code, early.json()["code"]) == (503, "log.not_covered_yet")
    assert list(answer.json()["receipt"]) == ["entry"]


async def test_a_write_may_wait_for_its_receipt(house: House, office: Office) -> None:
    publishing = asyncio.create_task(office.soon(0.3))
    headers = house.headers("X-1", key=house.new_key()) | {"Ecorights-Await-Receipt": "5"}
    answer = await house.http.post("/v1/accounts", json={"party": "E02"}, headers=headers)
    await publishing

    receipt = Receipt.parse(answer.json()["receipt"]["tlog_proof"])
    index = int(answer.json()["receipt"]["entry"])
    header = await house.pool.fetchval('SELECT header FROM entry WHERE "index" = $1', index)
    checkpoint = receipt.verify(hash_leaf(header), origin=ORIGIN, policy=Policy(logs=(office.key,)))
    assert receipt.index == index < checkpoint.size
    again = await house.get(f"/ledger/receipts/{index}")
    assert again.text == receipt.text
    assert again.headers["content-type"].startswith("text/plain")


async def test_a_receipt_that_is_not_there_yet_says_when_to_come_again(
    house: House, office: Office
) -> None:
    await office.publish()
    await grow(house, 1)
    head = await house.head()
    early = await house.get(f"/ledger/receipts/{head}")
    publishing = asyncio.create_task(office.soon(0.2))
    awaited = await house.http.get(f"/v1/ledger/receipts/{head}", params={"await": "5"})
    await publishing
    unknown = await house.get(f"/ledger/receipts/{head + 1}")
    assert (early.status_code, early.json()["code"]) == (503, "log.not_covered_yet")
    assert int(early.headers["retry-after"]) >= 1
    assert awaited.status_code == 200
    assert (unknown.status_code, unknown.json()["code"]) == (404, "entry.not_found")


@pytest.mark.parametrize("seconds", ["", "x", "-1", "11", "1e1", "nan"])
async def test_a_wait_that_is_none_is_refused_before_anything_happens(
    house: House, seconds: str
) -> None:
    head = await house.head()
    headers = house.headers("X-1", key=house.new_key()) | {"Ecorights-Await-Receipt": seconds}
    answer = await house.http.post("/v1/accounts", json={"party": "E02"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.header_invalid")
    assert await house.head() == head


async def test_proofs_for_those_who_do_not_make_them_themselves(
    house: House, office: Office
) -> None:
    await office.publish()
    old = await checkpoint_of(house, office)
    await grow(house, 5)
    await office.publish()
    new = await checkpoint_of(house, office)
    header = await house.pool.fetchval('SELECT header FROM entry WHERE "index" = 3')
    inclusion = (await house.get("/ledger/proofs/inclusion", index="3", size=str(old.size))).json()
    consistency = (
        await house.get("/ledger/proofs/consistency", old=str(old.size), new=str(new.size))
    ).json()

    verify_inclusion(
        index=3,
        size=old.size,
        leaf=hash_leaf(header),
        proof=[base64.b64decode(node) for node in inclusion["proof"]],
        root=old.root,
    )
    verify_consistency(
        old_size=old.size,
        new_size=new.size,
        old_root=old.root,
        new_root=new.root,
        proof=[base64.b64decode(node) for node in consistency["proof"]],
    )
    backwards = await house.get("/ledger/proofs/consistency", old=str(new.size), new=str(old.size))
    assert (backwards.status_code, backwards.json()["code"]) == (422, "log.proof_refused")


async def test_the_export_is_what_the_service_serves(
    house: House, office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    await office.publish()
    await grow(house, 2)
    await office.publish()
    dsn = dsn_of(house)
    size, files = await export_log(dsn, folder)
    await export_log(dsn, folder)
    paths = [path for path in folder.rglob("*") if path.is_file()]
    assert len(paths) == files
    for path in paths:
        name = path.relative_to(folder).as_posix()
        assert path.read_bytes() == (await house.http.get(f"/log/{name}")).content
    assert f"\n{size}\n" in (folder / "checkpoint").read_text()
