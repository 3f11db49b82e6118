"""Coins on the command line: a device signs, a team uploads, a holder reads, an issuer owes."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, House, secret_of, serving
from tests.gateway.api.rewarding import COIN, SOURCE
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEADER = "source,slip,reward,account,act,quantity,day"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, furnished) as house:
        more = {"kind": "issue_coins", "instrument": COIN, "coins": "100", "decision": "2026-5"}
        await house.propose(more, maker="X-1", checker="X-2")
        async with listening(house) as url:
            house.names["url"] = url
            yield house


async def run(house: House, *words: str, actor: str = "X-1") -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(
        ecorights, "coins", *words, *more, ECORIGHTS_KEY=secret_of(actor)
    )


async def offline(*words: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(ecorights, "coins", *words)


async def test_slips_are_signed_offline_tried_and_counted_once(
    served: House, tmp_path: Path
) -> None:
    key, rows, slips = (tmp_path / name for name in ("device.key", "bags.csv", "slips.jsonl"))
    made = await offline("make-slip-key", str(key))
    source = SOURCE | {"public_key": made.stdout.strip()}
    await served.propose(source, maker="X-1", checker="X-2")
    account, carbon = served.accounts["P8-coins"], served.accounts["P7-carbon"]
    lines = [
        f"BAGS,S-1,coins,{account},sorted_waste,1,2026-03-10",
        f"BAGS,S-2,carbon,{carbon},bus_ride,2.5,{DAY}",
        f"BAGS,S-3,coins,{account},planting,1,2026-03-11",
    ]
    rows.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    signed = await offline("sign-slips", str(rows), "--key", str(key))
    slips.write_text(signed.stdout + "{}\nnonsense\n", encoding="utf-8")

    tried = await run(served, "upload-slips", str(slips), "--dry-run", actor="OTHER-1")
    counted = await run(served, "upload-slips", str(slips), "--json", actor="OTHER-1")
    again = await run(served, "upload-slips", str(slips), "--json", actor="OTHER-1")
    found = await run(served, "balance", account, "--json", actor="P8-1")

    assert key.stat().st_mode & 0o777 == 0o600
    assert (tried.returncode, counted.returncode, again.returncode) == (1, 1, 1)
    assert "2 slips would count: 2 coins, 200000 mg of CO2; 3 refused" in tried.stdout
    assert "line 3: The rules do not know the act" in tried.stderr
    assert "line 4: source: Field required" in tried.stderr
    assert "line 5: expected one JSON object" in tried.stderr
    first = result_of(counted)
    assert (first["ok"], first["counted"], first["coins"]) == (False, 2, "2")
    assert [each["line"] for each in first["refusals"]] == [3, 4, 5]
    assert result_of(again) == first
    assert result_of(found)["balance"] == "2"


async def test_a_holder_reads_its_statement(served: House) -> None:
    account = served.accounts["P7-coins"]
    words = await run(served, "statement", account, actor="P7-1")
    shown = await run(served, "balance", account, actor="P7-1")
    other = await run(served, "balance", account, actor="P8-1")

    assert words.returncode == 0, words.stderr
    assert f"account {account}, {COIN}: 7 coins" in words.stdout
    assert f"{DAY} sorted_waste x 5: +10; 7 left until 2028-03-16, earned" in words.stdout
    assert ": -3\n" in words.stdout
    assert "next expiry 2028-03-16" in shown.stdout
    assert other.returncode == 1
    assert "[request.forbidden]" in other.stderr


async def test_an_issuer_reads_what_it_owes(served: House) -> None:
    words = await run(served, "liability", COIN)
    as_json = await run(served, "liability", COIN, "--json")
    unknown = await run(served, "liability", "NONE", "--json")

    owed = result_of(as_json)
    assert f"{COIN}: X owes {owed['liability']} coins" in words.stdout
    assert "expire in 2028-03" in words.stdout
    assert "0 expired (0 of them not posted yet)" in words.stdout
    assert f"SHOP: {owed['unsettled']} redeemed, {owed['unsettled']} not settled" in words.stdout
    assert result_of(unknown)["code"] == "rewards.scheme_unknown"


async def test_a_carbon_account_says_what_it_saved(served: House) -> None:
    shown = await run(served, "carbon", served.accounts["P7-carbon"], actor="P7-1")
    none = await run(served, "carbon", "1")

    assert shown.returncode == 0, shown.stderr
    assert "person: " in shown.stdout
    assert "bus_ride: " in shown.stdout
    assert "[ledger.account_unknown]" in none.stderr


async def test_a_bad_file_is_told_in_words(served: House, tmp_path: Path) -> None:
    key, rows = tmp_path / "device.key", tmp_path / "bags.csv"
    await offline("make-slip-key", str(key))
    rows.write_text(f"{HEADER}\nBAGS,S-1,coins,x,sorted_waste,1,2026-03-10\n", encoding="utf-8")
    bad_row = await offline("sign-slips", str(rows), "--key", str(key))
    rows.write_text("slip\n", encoding="utf-8")
    bad_columns = await offline("sign-slips", str(rows), "--key", str(key))
    no_key = await offline("sign-slips", str(rows), "--key", str(rows))
    twice = await offline("make-slip-key", str(key))
    missing = await run(served, "upload-slips", str(tmp_path / "none"))

    assert "line 2, account:" in bad_row.stderr
    assert f"expected the columns {HEADER}" in bad_columns.stderr
    assert "holds no key" in no_key.stderr
    assert "cannot be written" in twice.stderr
    assert "cannot be read" in missing.stderr
    codes = {each.returncode for each in (bad_row, bad_columns, no_key, twice, missing)}
    assert codes == {1}
