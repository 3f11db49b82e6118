"""A person is erased through the API, and everything else stands as it stood."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from gateway import wiring
from gateway.database_server import DatabaseServer
from ledger.replay import Replay
from ledger.state_hash import state_hash
from ledger.verification.audit import Audit
from tests.gateway.api.check_disclosure import check_disclosure
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, digest_of, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "沈知微"
BASIS = {"kind": "erase_person", "basis": "consent_withdrawn", "party": "C01"}
MONTHS_AHEAD = "2026-12-31T16:00:00Z"


@pytest_asyncio.fixture(loop_scope="module")
async def home(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    """A furnished venue with a citizen who has traded, and holds nothing any more."""
    async with serving(cluster, furnished) as found:
        await live(found)
        yield found


async def live(house: House) -> None:
    """Let a citizen come, buy, sell, and take its money out."""
    await house.do("/parties", {"party": "C01", "party_kind": "person", "name": NAME})
    key = {"actor": "C01-1", "party": "C01", "roles": ["subject", "trader"]}
    await house.do("/keys", key | {"digest": digest_of("C01-1")})
    account = (await house.do("/accounts", {"party": "C01"}))["account"]
    house.accounts["C01"] = account
    cash = {"account": account, "amount": "1000.00"}
    await house.do("/cash/deposits", cash, "B-1")
    await house.order("C01-1", "buy", "2", price="75.00")
    held = await house.get(f"/accounts/{account}/holdings", "C01-1")
    left = {row["instrument"]: row["available"] for row in held.json()["holdings"]}
    give = {"source": account, "target": house.accounts["E01"], "instrument": "CEA25"}
    await house.do("/clock", {"to": "2026-03-17T10:00:00Z"})
    await house.do("/rights/transfers", give | {"quantity": "2", "cause": "gift"}, "C01-1")
    await house.do("/cash/withdrawals", {"account": account, "amount": left["CNY"]}, "B-1")


async def erase(house: House, *, maker: str = "C01-1") -> int:
    """Erase the citizen and return the index of the entry that does."""
    proposed = await house.do("/proposals", {"operation": BASIS}, maker)
    approval = {"proposal": proposed["proposal"]}
    answer = await house.do("/proposals/approvals", approval, "X-2")
    assert await house.erase() == 1
    return int(answer["receipt"]["entry"])


async def entry_of(house: House) -> int:
    """Return the entry that registered the citizen."""
    found = await house.pool.fetchval(
        'SELECT "index" FROM entry WHERE position($1::bytea in postings) > 0 ORDER BY 1 LIMIT 1',
        b'"kind":"register_party","party":"C01"',
    )
    return int(found)


async def disclosure(house: House, index: int, actor: str | None) -> dict[str, Any]:
    response = await house.get(f"/ledger/entries/{index}/disclosure", actor)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def leaf(house: House, index: int) -> str:
    """Return an entry's leaf hash from where the log names it: the header that follows."""
    follows = await house.get(f"/ledger/entries/{index + 1}")
    return str(follows.json()["header"]["previous"])


async def verified(house: House) -> str:
    """Audit and replay the whole log, and return its state hash."""
    async with house.pool.acquire() as lent:
        connection: asyncpg.Connection = lent  # type: ignore[assignment]  # a proxy of its shape
        audit = await Audit(connection, wiring.new_machine, vault=house.vault).run()
        assert audit.findings == []
        for decide in (False, True):
            replay = Replay(
                connection,
                new_machine=wiring.new_machine,
                load=wiring.load_machine,
                certify=wiring.certify,
            )
            report = await replay.run(decide=decide)
            assert report.findings == []
    return report.state_hash


async def test_after_an_erasure_chain_audit_replay_and_balances_stand(home: House) -> None:
    index = await entry_of(home)
    before = await home.get("/ledger/entries", limit="1000")
    supply = (await home.get("/instruments/CEA25/supply")).json()["in_circulation"]

    await erase(home)

    assert await verified(home) == state_hash(home.machine)
    after = await home.get("/ledger/entries", limit="1000")
    assert after.json()["headers"][: len(before.json()["headers"])] == before.json()["headers"]
    assert (await home.get("/instruments/CEA25/supply")).json()["in_circulation"] == supply
    gone = await disclosure(home, index, "X-1")
    assert (gone["personal_state"], gone["personal"], gone["personal_key"]) == (
        "erased",
        None,
        None,
    )
    assert check_disclosure(gone, leaf_hash=await leaf(home, index)) == []
    assert home.vault.keys("ecorights.example/test", ["C01"]) == {}
    assert await home.pool.fetchval("SELECT count(*) FROM entry_personal WHERE subject='C01'") == 0


async def test_the_persons_pages_are_gone_for_everybody_and_say_by_which_entry(
    home: House,
) -> None:
    account = home.accounts["C01"]
    orders = (await home.get("/orders", "C01-1", account=account, only_open="false")).json()
    pages = [
        ("/parties/C01", {}),
        ("/parties/C01/disclosures", {}),
        (f"/accounts/{account}/holdings", {}),
        (f"/accounts/{account}/holds", {}),
        (f"/accounts/{account}/statement", {}),
        (f"/accounts/{account}/trades", {}),
        (f"/orders/{orders['orders'][0]['order']}", {}),
        ("/orders", {"account": account}),
        ("/obligations", {"party": "C01"}),
    ]
    for path, params in pages:
        assert (await home.get(path, "X-1", **params)).status_code == 200, path

    entry = await erase(home)

    for actor in ("X-1", "R-1", "A-1", "C01-1"):
        for path, params in pages:
            response = await home.get(path, actor, **params)
            problem = response.json()
            assert response.status_code == 410, (actor, path)
            assert (problem["code"], problem["entry"]) == ("ledger.party_erased", str(entry))
    stranger = await home.get(f"/accounts/{account}/holdings", "E01-1")
    assert stranger.status_code == 403


async def test_the_persons_key_does_nothing_any_more(home: House) -> None:
    order = {"account": home.accounts["C01"], "instrument": "CEA25", "side": "buy"}
    await erase(home)

    machine = await home.post("/orders", order | {"quantity": "1", "price": "75.00"}, "C01-1")
    home.application.state.door._authentication._known.clear()
    door = await home.post("/orders", order | {"quantity": "1", "price": "75.00"}, "C01-1")

    assert machine.json()["code"] == "ledger.actor_revoked"
    assert (door.status_code, door.json()["code"]) == (410, "ledger.party_erased")


async def test_the_erasures_own_entry_names_indexes_and_no_person(home: House) -> None:
    index = await entry_of(home)

    entry = await erase(home)

    shown = await disclosure(home, entry, "A-1")
    assert '"effect":"person_erased"' in shown["postings"]
    assert f'"entries":["{index}"]' in shown["postings"]
    assert NAME not in shown["postings"]
    assert shown["personal_state"] == "empty"


async def test_the_operator_alone_may_erase_with_two_people_and_repeat_it_safely(
    home: House,
) -> None:
    alone = await home.post("/parties/erasures", BASIS, "X-1")
    assert alone.json()["code"] == "ledger.four_eyes_required"
    proposed = await home.do("/proposals", {"operation": BASIS}, "X-1")
    approval = {"proposal": proposed["proposal"]}
    tried = await home.post("/proposals/approvals", approval, "X-2", dry_run="true")
    assert tried.json()["outcome"] == "dry_run"

    first = await home.post("/proposals/approvals", approval, "X-2", key="once")
    again = await home.post("/proposals/approvals", approval, "X-2", key="once")

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


async def test_a_repeated_registration_is_compared_by_name_until_it_is_erased(
    home: House,
) -> None:
    body = {"party": "C02", "party_kind": "person", "name": "一"}
    first = await home.post("/parties", body, key="reg")
    other = await home.post("/parties", body | {"name": "二"}, key="reg")
    same = await home.post("/parties", body, key="reg")

    assert first.json() == same.json()
    assert other.json()["code"] == "ledger.key_reused"

    await home.propose(BASIS | {"party": "C02"}, maker="X-1", checker="X-2")
    await home.erase()
    assert (await home.post("/parties", body, key="reg")).json() == first.json()


async def test_a_refused_registration_keeps_no_name(home: House) -> None:
    body = {"party": "C01", "party_kind": "person", "name": "某甲"}
    refused = await home.post("/parties", body, key="twice")
    again = await home.post("/parties", body, key="twice")

    assert refused.json()["code"] == "ledger.party_exists"
    assert refused.json() == again.json()
    index = int(refused.json()["entry"])
    shown = await disclosure(home, index, "X-1")
    assert (shown["personal_state"], shown["personal"]) == ("empty", "{}")
