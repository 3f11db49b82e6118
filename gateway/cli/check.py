"""What ``up --check`` does: load, trade once through the API, verify."""

from collections.abc import Callable
from typing import Any

from gateway.cli.verify import verify_database
from gateway.demonstration.carbon_year import BEST_OFFER, INSTRUMENT
from gateway.demonstration.running import clients_of, load_demonstration
from gateway.service import Service
from gateway.settings import Settings


async def run(
    service: Service, settings: Settings, *, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Trade once as a newcomer would and verify the ledger."""
    await load_demonstration(service, settings, tell=tell)
    async with clients_of(service, settings) as clients:
        buyer = clients["E05-1"]
        account = (await buyer.get("/accounts"))["accounts"][0]["account"]
        order = {
            "account": account,
            "instrument": INSTRUMENT,
            "side": "buy",
            "quantity": "100",
            "price": BEST_OFFER,
        }
        answer = await buyer.post("/orders", order)
        trades = sum(effect["effect"] == "filled" for effect in answer["effects"])
    tell(f"Traded {trades} time(s) through the API")
    report = await verify_database(service.database_url, vault=settings.vault_file)
    tell(f"Verified {report.entries} entries")
    ok = trades > 0 and report.ok
    return {"ok": ok, "trades": trades, "verified": report.ok, "first_bad": report.first_bad}
