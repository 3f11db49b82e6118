"""The whole import: plan, drive, then compare, check and look back, each for the summary."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.cli.verify import replay_database, verify_database
from gateway.imports.eu_ets.compliance import Comparison, compare
from gateway.imports.eu_ets.data import EuEtsFiles
from gateway.imports.eu_ets.driver import REQUESTS_AT_ONCE, Driver, Tally
from gateway.imports.eu_ets.people import KEPT, People
from gateway.imports.eu_ets.plan import Plan, first_settlement
from gateway.imports.eu_ets.steps import INSTRUMENT
from gateway.keys import ensure_keys, keys_file
from gateway.memory import peak_of_all_mib
from gateway.service import Service
from gateway.settings import Settings

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """What to import: the folder of the data set, and its first and last year."""

    folder: Path
    first: int
    last: int

    def plan(self) -> Plan:
        """Return the plan for these years; every file has been read once.

        Raises:
            EuEtsRefused: the files do not allow a plan.
        """
        files = EuEtsFiles(self.folder)
        plan = Plan(files=files, first_year=self.first, last_year=self.last)
        first_settlement(plan)
        return plan


async def run_import(
    service: Service, settings: Settings, years: Years, *, tell: Tell
) -> dict[str, Any]:
    """Import the years into a running venue and return the machine-readable result.

    Raises:
        EuEtsRefused: the files do not allow a plan, or the service's figures are not the plan's.
        Refused: the service refused a request.
    """
    plan = years.plan()
    files = plan.files
    secrets = ensure_keys(keys_file(settings.home, settings.venue), KEPT)
    limits = httpx.Limits(max_connections=REQUESTS_AT_ONCE)
    async with httpx.AsyncClient(base_url=service.url, limits=limits) as http:
        people = People(http, secrets)
        driver = Driver(people, tell=tell)
        await driver.run(plan.steps())
        supply = await people.regulator.get(f"/instruments/{INSTRUMENT}/supply")
    tally = driver.tally
    found = compare(tally.codes, files.compliance(), first_year=years.first, last_year=years.last)
    _tell_market(tally, tell=tell)
    _tell_agreement(found, tell=tell)
    conserved = is_conserved(supply)
    tell(f"Units {'conserved' if conserved else 'NOT conserved'}: {_words(supply)}")
    checked = await _check(service, tell=tell)
    seconds = tally.trading_seconds
    return {
        "ok": conserved and checked["verified"] and checked["replayed"],
        "accounts": tally.accounts,
        "entries": checked["entries"],
        "orders": tally.orders,
        "trades": tally.trades,
        "lots_between_firms": tally.between_firms,
        "lots_from_regulator": tally.from_regulator,
        "widest_price_miss_percent": round(tally.widest_miss_percent, 2),
        "compared": found.compared,
        "agreement": round(found.agreement, 6),
        "disagreements": {cause.value: count for cause, count in found.by_cause.items()},
        "conserved": conserved,
        "verified": checked["verified"],
        "replayed": checked["replayed"],
        "orders_per_second": round(tally.orders / seconds) if seconds else 0,
        "peak_rss_mb": peak_of_all_mib(_processes(service)),
    }


def is_conserved(supply: dict[str, Any]) -> bool:
    """Tell whether every issued unit is in circulation or accounted for."""
    parts = ("surrendered", "retired", "cancelled", "in_circulation")
    return int(supply["issued"]) == sum(int(supply[name]) for name in parts)


async def _check(service: Service, *, tell: Tell) -> dict[str, Any]:
    """Verify and replay as a stranger would: from the database alone."""
    audit = await verify_database(service.database_url)
    tell(f"Verified {audit.entries:,} entries: {audit.first_bad or 'everything agrees'}")
    folded = await replay_database(service.database_url)
    tell(f"Folded {folded.entries:,} entries: {folded.first_bad or 'the same state'}")
    decided = await replay_database(service.database_url, decide=True)
    tell(f"Decided {decided.entries:,} entries again: {decided.first_bad or 'the same bytes'}")
    return {
        "entries": audit.entries,
        "verified": audit.ok,
        "replayed": folded.ok and decided.ok,
    }


def _tell_market(tally: Tally, *, tell: Tell) -> None:
    tell(
        f"{tally.orders:,} orders, {tally.trades:,} trades on {tally.trading_days:,} days: "
        f"{tally.between_firms:,} t between firms, {tally.from_regulator:,} t from the regulator; "
        f"a day's average price at most {tally.widest_miss_percent:.1f} % off the settlement"
    )


def _tell_agreement(found: Comparison, *, tell: Tell) -> None:
    causes = ", ".join(f"{count} {cause.value}" for cause, count in found.by_cause.items())
    tell(
        f"{found.agreed:,} of {found.compared:,} published codes agree "
        f"({found.agreement * 100:.2f} %); the others: {causes or 'none'}"
    )


def _words(supply: dict[str, Any]) -> str:
    names = ("issued", "surrendered", "in_circulation")
    return ", ".join(f"{int(supply[name]):,} {name.replace('_', ' ')}" for name in names)


def _processes(service: Service) -> list[int]:
    return [os.getpid(), *service.supervisor.pids]
