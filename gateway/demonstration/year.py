"""The whole year in the order of its days: market, archives, coins, grades, the compliance year.

It is a user of the public API like any other. Every write has a key of its own, so loading again
after a crash does nothing twice. At the end the scenario clock stands at 10:00 of 2026-12-15.
"""

from collections.abc import Coroutine
from datetime import date
from typing import Any

from gateway.demonstration.archives import DEPARTMENTS
from gateway.demonstration.carbon_year import CarbonYear
from gateway.demonstration.cast import Cast
from gateway.demonstration.county import YEAR
from gateway.demonstration.eco_credit import EcoCredit
from gateway.demonstration.egret_wetland import EgretWetland
from gateway.demonstration.green_coins import GreenCoins
from gateway.demonstration.loading import Story

WITH_INDEX = ("grade", "reasons", "index")
Chapter = Coroutine[Any, Any, None]


class Year:
    """Tells all parts of the story, each on its days."""

    def __init__(
        self,
        cast: Cast,
        *,
        market: Story,
        carbon: CarbonYear,
        coins: GreenCoins,
        credit: EcoCredit,
    ) -> None:
        self._cast = cast
        self._market = market
        self._carbon = carbon
        self._coins = coins
        self._credit = credit

    async def load(self) -> None:
        """Load the year.

        Raises:
            UnexpectedFigure: a figure or a refusal is not the story's.
        """
        # First of all: where they are and the end is not, somebody stopped in between.
        await self._cast.register(DEPARTMENTS)
        await self._market.load()
        await self._april()
        await self._may()
        await self._june()
        await self._second_half()

    async def _april(self) -> None:
        carbon, credit = self._carbon, self._credit
        loan = credit.consent("P1-1", first=date(YEAR, 4, 1), last=date(YEAR, 6, 30))
        await self._on(4, 1, credit.open_archives(), loan, carbon.set_rule())
        await self._on(4, 8, carbon.trade(4, 8))
        await self._on(4, 10, credit.facts_of_april())
        await self._on(4, 15, carbon.trade(4, 15))
        await self._on(4, 27, self._coins.load(), credit.sortings())

    async def _may(self) -> None:
        credit = self._credit
        loan = credit.consent(
            "P2-1", first=date(YEAR, 5, 6), last=date(YEAR, 10, 31), scope=WITH_INDEX
        )
        await self._on(5, 6, credit.discharge(), loan)
        await self._on(5, 8, credit.ask("P2", scope=WITH_INDEX))
        await self._on(5, 12, credit.fine(), credit.object_to_discharge())
        await self._on(5, 18, EgretWetland(self._cast.part("egret")).load())
        await self._on(5, 20, credit.object_to_fine(), credit.uphold_objection())

    async def _june(self) -> None:
        credit = self._credit
        loans = [
            credit.consent(actor, first=date(YEAR, 6, 15), last=date(YEAR, 12, 31))
            for actor in ("E07-3", "E08-3")
        ]
        await self._on(6, 5, credit.reject_objection())
        await self._on(6, 10, self._carbon.trade(6, 10))
        await self._on(6, 15, *loans, credit.ask("P1"), credit.ask("E07"))
        await self._on(
            6,
            15,
            credit.ask_in_vain("P1", purpose="guarantee", code="credit.consent_other_purpose"),
            credit.issue_credential(),
        )
        await self._on(6, 16, self._carbon.trade(6, 16))

    async def _second_half(self) -> None:
        carbon, credit = self._carbon, self._credit
        await self._on(7, 1, credit.ask_in_vain("P1", code="credit.consent_expired"))
        await self._on(7, 15, credit.decide_manipulation())
        await self._on(7, 16, credit.ask("E07"))
        await self._on(9, 1, credit.repair())
        await self._on(9, 30, credit.revoke_credential())
        await self._on(10, 12, carbon.trade(10, 12))
        await self._on(10, 21, carbon.trade(10, 21))
        await self._on(11, 20, carbon.settle())
        await self._on(11, 30, carbon.close())
        await self._on(12, 15, carbon.rest(), credit.decide_shortfall())

    async def _on(self, month: int, day: int, *chapters: Chapter) -> None:
        """Move the clock to 10:00 of a day, and tell what happens then."""
        today = date(YEAR, month, day)
        try:
            await self._cast.move(today)
            for chapter in chapters:
                await chapter
        finally:
            # Interrupted, the rest of the day is not told, and nobody need be warned of it.
            for chapter in chapters:
                chapter.close()
