"""`./ecorights anchor` as an operator types it: from no configuration to a checked anchor."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from gateway.database_server import DatabaseServer
from gateway.settings import database_of
from ledger.anchoring.anchor import Kind, State
from ledger.anchoring.store import AnchorStore
from tests.gateway.cli.commands import ecorights, result_of
from tests.ledger.anchoring.local_authority import Authority, counter_of
from tests.ledger.anchoring.local_chain import local_chain


def test_without_configuration_status_says_so_and_how(tmp_path: Path) -> None:
    shown = ecorights("anchor", "status", ECORIGHTS_HOME=str(tmp_path))
    told = result_of(ecorights("anchor", "status", "--json", ECORIGHTS_HOME=str(tmp_path)))

    assert shown.returncode == 0
    chain, stamps = shown.stdout.splitlines()
    assert chain.startswith("chain: not configured; set ECORIGHTS_ANCHOR_RPC and ")
    assert stamps.startswith("timestamp: not configured; set ECORIGHTS_TIMESTAMP_URL and ")
    assert {each["status"] for each in told.values()} == {"not configured"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run",), "Anchoring is not configured. chain: set ECORIGHTS_ANCHOR_RPC"),
        (("deploy",), "set ECORIGHTS_ANCHOR_RPC and ECORIGHTS_ANCHOR_KEY_FILE"),
        (("publisher", "add", "0x" + "11" * 20), "ECORIGHTS_ANCHOR_CONTRACT"),
    ],
)
def test_what_needs_configuration_says_which(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    shown = ecorights("anchor", *arguments, ECORIGHTS_HOME=str(tmp_path))

    assert shown.returncode == 1
    assert words in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "owner.key"
    made = ecorights("anchor", "new-key", str(path))
    again = ecorights("anchor", "new-key", str(path))

    assert made.returncode == 0
    assert made.stdout.startswith("0x")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().strip()[2:] not in made.stdout + made.stderr
    assert (again.returncode, "File exists" in again.stderr) == (1, True)


def test_from_a_fresh_contract_to_a_checked_anchor(
    cluster: DatabaseServer, template_database: str, tmp_path: Path
) -> None:
    from tests.gateway.cli.anchored import anchored_venue

    with local_chain() as chain, counter_of(Authority(tmp_path / "authority")) as counter:
        owner, publisher = tmp_path / "owner.key", tmp_path / "publisher.key"
        addresses = {}
        for path in (owner, publisher):
            secret, addresses[path] = chain.funded()
            path.write_text(secret)
            path.chmod(0o600)
        given = {
            "ECORIGHTS_HOME": str(tmp_path / "home"),
            "ECORIGHTS_DATABASE_URL": cluster.address,
            "ECORIGHTS_VENUE": "anchor-cli",
            "ECORIGHTS_ANCHOR_RPC": chain.url,
            "ECORIGHTS_ANCHOR_KEY_FILE": str(publisher),
            "ECORIGHTS_ANCHOR_CONFIRMATIONS": "0",
            "ECORIGHTS_TIMESTAMP_URL": counter.url,
            "ECORIGHTS_TIMESTAMP_CA": str(counter.authority.trusted_file),
        }
        deployed = ecorights("anchor", "deploy", "--key-file", str(owner), **given)
        given["ECORIGHTS_ANCHOR_CONTRACT"] = deployed.stdout.strip()
        mine = addresses[publisher]
        barred = ecorights("anchor", "publisher", "add", mine, **given)
        added = ecorights("anchor", "publisher", "add", mine, "--key-file", str(owner), **given)
        with anchored_venue(cluster, template_database, "anchor-cli", given):
            status = result_of(ecorights("anchor", "status", "--json", **given))
            checked = ecorights("anchor", "verify", **given)
            other = ecorights("anchor", "verify", "--size", "99", **given)
            asyncio.run(forge(cluster))
            forged = ecorights("anchor", "verify", "--size", "2", **given)

    assert deployed.returncode == 0, deployed.stderr
    assert (barred.returncode, "NotOwner" in barred.stderr) == (1, True)
    assert added.stdout == f"{mine} may anchor\n"
    assert {each["status"] for each in status.values()} == {"ok, 2 entries"}
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("ok  ") == 7
    assert "BAD" not in checked.stdout
    assert (other.returncode, other.stdout) == (0, "Nothing is anchored. \n")
    assert forged.returncode == 1
    assert "BAD  chain of 2: note" in forged.stdout


async def forge(cluster: DatabaseServer) -> None:
    connection = await asyncpg.connect(cluster.url(database_of("anchor-cli")))
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE anchor SET root = repeat('x', 32)::bytea")
    stored = await AnchorStore(connection).find(Kind.CHAIN, 2)
    await connection.close()
    assert stored is not None
    assert stored.state is State.CONFIRMED


def test_json_is_one_line(tmp_path: Path) -> None:
    shown = ecorights("anchor", "status", "--json", ECORIGHTS_HOME=str(tmp_path))

    assert len(shown.stdout.splitlines()) == 1
    assert set(json.loads(shown.stdout)) == {"chain", "timestamp"}
