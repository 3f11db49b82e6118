"""Bundles of the demonstration, of every scope, on the page that its own service serves."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from gateway.api.verify_page import HOME, POLICY
from gateway.auditing.bundle import write_bundle
from gateway.auditing.scope import parse_scope
from gateway.database_server import DatabaseServer
from gateway.demonstration.running import clients_of, load_demonstration
from gateway.service import Service, free_port, running_service
from gateway.settings import Settings, database_of
from gateway.transparency.places import public_policy
from ledger.personal.disclosure import Sight
from ledger.personal.vault import Vault
from ledger.transparency.store import current_log
from tests.verifier.making import judge, load_program, unzipped, zipped
from tests.verifier.page.visiting import Visit, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

VENUE = "verify-page"
BANK = "B2-1"
CASE = "2026-zhi-12"
SCOPES = (
    "everything",
    "account:100",
    "account:101",
    "trade:1",
    "period:2026-03-16..2026-03-16",
    f"case:{CASE}",
)


@dataclass(slots=True, kw_only=True)
class Market:
    """A served demonstration and its bundles."""

    service: Service
    key: str
    bundles: dict[str, bytes] = field(default_factory=dict)
    old: str = ""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def market(
    cluster: DatabaseServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Market]:
    """The demonstration, served, with a bundle of each scope."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, venue=VENUE, port=free_port("127.0.0.1"))
    async with running_service(
        cluster, settings, fresh=True, standby=False, tell=lambda _: None
    ) as service:
        async with httpx.AsyncClient(base_url=service.url) as http:
            early = (await http.get("/log/checkpoint")).text
        await load_demonstration(service, settings, tell=lambda _: None)
        await pay_in(service, settings)
        found = await bundles_of(service, settings, home, since=int(early.split("\n")[1]))
        found.old = early
        yield found
    await cluster.drop_database(database_of(VENUE))


async def bundles_of(service: Service, settings: Settings, home: Path, *, since: int) -> Market:
    connection = await asyncpg.connect(service.database_url)
    try:
        log = await current_log(connection)
        assert log is not None
        policy = public_policy(settings, log.origin)
        found = Market(service=service, key=policy.logs[0].text)
        for name, begin in (dict.fromkeys(SCOPES) | {"since": since}).items():
            scope = "trade:1" if name == "since" else name
            target = home / "bundle.zip"
            with target.open("wb") as file:
                await write_bundle(
                    connection,
                    file,
                    scope=parse_scope(scope),
                    sees=lambda _: Sight(postings=True, personal=True),
                    policy=policy,
                    vault=Vault(settings.vault_file),
                    since=begin,
                )
            found.bundles[name] = target.read_bytes()
        return found
    finally:
        await connection.close()


async def pay_in(service: Service, settings: Settings) -> None:
    """Pay money in under the reference of a case, and wait until the log covers it."""
    async with clients_of(service, settings) as clients:
        account = (await clients["E01-1"].get("/accounts"))["accounts"][0]["account"]
        body = {"account": account, "amount": "100.00", "reference": CASE}
        done = await clients[BANK].post("/cash/deposits", body, key="case-1")
    index = done["receipt"]["entry"]
    async with httpx.AsyncClient(base_url=service.url, timeout=30) as http:
        answer = await http.get(f"/v1/ledger/receipts/{index}", params={"await": "10"})
        assert answer.status_code == 200, answer.text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(browser: Browser, market: Market) -> AsyncIterator[Visit]:
    """The page of the market's service."""
    async with visiting(browser, f"{market.service.url}{HOME}", locale="zh-CN") as found:
        yield found


async def test_bundles_of_every_scope_hold_on_the_services_page_and_changed_ones_do_not(
    page: Visit, market: Market, tmp_path: Path
) -> None:
    """One test, because the market is a service of its own, and workers would each start it."""
    await _is_served_under_the_policy(market)
    for name in (*SCOPES, "since"):
        await _holds(page, market, tmp_path, name)
        await _is_refused_when_changed(page, market, name)


async def _is_served_under_the_policy(market: Market) -> None:
    async with httpx.AsyncClient(base_url=market.service.url, follow_redirects=True) as http:
        answer = await http.get("/verify")

    assert str(answer.url).endswith(HOME)
    assert answer.headers["content-security-policy"] == POLICY
    assert "核验审计包" in answer.text


async def _holds(page: Visit, market: Market, tmp_path: Path, name: str) -> None:
    bundle = market.bundles[name]
    (tmp_path / "bundle.zip").write_bytes(bundle)
    old = market.old if name == "since" else None
    (tmp_path / "old").write_text(market.old)

    said = await page.check(bundle, key=market.key, old=old)
    program = load_program()
    kept = str(tmp_path / "old") if old else None

    assert said.verdict == "holds", said
    assert (said.state("books") == "passed") == name.startswith(("everything", "account"))
    assert (said.state("growth") == "passed") == (name == "since")
    assert judge(program, tmp_path / "bundle.zip", key=market.key, old=kept) == (True, "")


async def _is_refused_when_changed(page: Visit, market: Market, name: str) -> None:
    """One word in one body is another: alone, and with a manifest that fits."""
    files = unzipped(market.bundles[name])
    assert files is not None
    entries = next(file for file in files if file.startswith("entries/"))
    manifest = msgspec.json.decode(files["manifest.json"])
    old = files[entries]
    new = old.replace(b'\\"actor\\":\\"', b'\\"actor\\":\\"Z', 1)
    assert new != old

    files[entries] = new
    alone = await page.check(zipped(files), key=market.key)
    for each in manifest["files"]:
        if each["name"] == entries:
            each["sha256"] = hashlib.sha256(new).hexdigest()
    files["manifest.json"] = msgspec.json.encode(manifest)
    fitted = await page.check(zipped(files), key=market.key)

    assert alone.failed.keys() == {"files", "bodies"}
    assert fitted.failed == {"bodies": "bodies.commitment"}
