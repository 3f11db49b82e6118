"""Decides who is long, who is short, and who sells how much in one year.

1. A firm's holding after allocation is what it held before plus what it is allocated.
2. It needs what it surrendered for the year in reality. Holding above need: long by the
   difference. Below: short by the difference. Equal: neither.
3. A short firm buys exactly what it is short of, so every surrender is possible and no firm is on
   both sides of the book in one year.
4. A long firm offers a drawn share of what it is long by, from half to all of it and never less
   than one lot; it banks the rest, which lowers what it needs to buy in later years.
5. Firms serve the demand first. Where they offer more than is needed, demand is shared out in
   proportion; the rest of each offer is sent above the market and lapses.
6. The regulator sells what is missing, and issues no more than that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.imports.eu_ets.draws import draw, draw_rank
from gateway.imports.eu_ets.rows import InstallationId, InstallationYear
from kernel.money import Lots

SHARE_OFFERED_PERCENT_MIN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSupply:
    """One year's demand and supply: lots by installation, none of them zero.

    `sold` and `lapsing` together are what long firms offer.
    """

    bought: Mapping[InstallationId, Lots]
    sold: Mapping[InstallationId, Lots]
    lapsing: Mapping[InstallationId, Lots]
    from_regulator: Lots

    @property
    def demand(self) -> int:
        """Lots that short firms buy."""
        return sum(self.bought.values())

    @property
    def between_firms(self) -> int:
        """Lots that long firms sell to short firms."""
        return sum(self.sold.values())


def plan_supply(
    rows: Iterable[InstallationYear], *, held: Mapping[InstallationId, Lots], seed: str
) -> YearSupply:
    """Return the year's supply for its rows and the holdings after allocation."""
    bought: dict[InstallationId, Lots] = {}
    offered: dict[InstallationId, Lots] = {}
    for row in rows:
        surplus = held.get(row.installation, 0) - (row.surrendered or 0)
        if surplus < 0:
            bought[row.installation] = Lots(-surplus)
        elif surplus > 0:
            offered[row.installation] = _offer(row, surplus=surplus, seed=seed)
    sold = _share_out(sum(bought.values()), offered=offered, seed=seed)
    lapsing = {firm: Lots(lots - sold.get(firm, 0)) for firm, lots in offered.items()}
    missing = sum(bought.values()) - sum(sold.values())
    return YearSupply(
        bought=bought,
        sold=sold,
        lapsing={firm: lots for firm, lots in lapsing.items() if lots},
        from_regulator=Lots(missing),
    )


def _offer(row: InstallationYear, *, surplus: int, seed: str) -> Lots:
    span = 100 - SHARE_OFFERED_PERCENT_MIN + 1
    drawn = draw(seed, "share", row.installation, row.year, below=span)
    return Lots(max(1, surplus * (SHARE_OFFERED_PERCENT_MIN + drawn) // 100))


def _share_out(
    demand: int, *, offered: Mapping[InstallationId, Lots], seed: str
) -> dict[InstallationId, Lots]:
    total = sum(offered.values())
    if total <= demand:
        return dict(offered)
    # Cumulative rounding: the shares add up to the demand exactly, and none exceeds its offer.
    sold: dict[InstallationId, Lots] = {}
    offered_so_far = 0
    for firm in sorted(offered, key=lambda one: (draw_rank(seed, "turn", one), one)):
        start = offered_so_far * demand // total
        offered_so_far += offered[firm]
        if (lots := offered_so_far * demand // total - start) > 0:
            sold[firm] = Lots(lots)
    return sold
