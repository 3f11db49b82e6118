"""What an account says in one figure: per area, per head, to GDP, by share, among its peers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gep.accounts.account import EXACT, Account, yuan_of
from gep.errors import AccountRefused
from gep.registry.service import Group
from kernel.money import Fen

MILLION, SHOWN_DECIMALS = Decimal(1_000_000), Decimal("0.0001")
# Beyond these a figure is shown by powers of ten.
PLAIN_FROM, PLAIN_BELOW = Decimal("1e-6"), Decimal("1e15")
FEN, SHARE = Decimal("0.01"), Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indices:
    """Figures of one account; None where population, GDP or a total above zero is missing.

    ``conversion`` (两山转化) is the material and cultural value; ``realised`` its share in GEP.
    """

    per_km2_yuan: Decimal
    per_head_yuan: Decimal | None
    gep_to_gdp: Decimal | None
    regulating_share: Decimal | None
    conversion: Fen
    realised: Decimal | None


def indices_document(found: Indices) -> dict[str, str | None]:
    """Return figures as texts: yuan to the fen, shares to six decimals."""
    return {
        "per_km2_yuan": _shown(found.per_km2_yuan, FEN),
        "per_head_yuan": _shown(found.per_head_yuan, FEN),
        "gep_to_gdp": _shown(found.gep_to_gdp, SHARE),
        "regulating_share": _shown(found.regulating_share, SHARE),
        "conversion_yuan": str(yuan_of(found.conversion)),
        "realised": _shown(found.realised, SHARE),
    }


def indices_of(account: Account) -> Indices:
    """Return the figures of an account, unrounded."""
    total, area = yuan_of(account.total), account.area
    parts = account.subtotals
    conversion = Fen(parts[Group.MATERIAL] + parts[Group.CULTURAL])
    return Indices(
        per_km2_yuan=EXACT.divide(total, area.km2),
        per_head_yuan=None
        if area.population is None
        else EXACT.divide(total, Decimal(area.population)),
        gep_to_gdp=None if area.gdp_yuan is None else EXACT.divide(total, area.gdp_yuan),
        regulating_share=_share(parts[Group.REGULATING], account.total),
        conversion=conversion,
        realised=_share(conversion, account.total),
    )


def contributions(accounts: Sequence[Account]) -> dict[str, Decimal]:
    """Return each area's share in the sum of their accounts, by area.

    Raises:
        AccountRefused: an area twice, accounts of several years, or nothing to share.
    """
    if len({each.area.id for each in accounts}) < len(accounts):
        raise AccountRefused(code="area_doubled", field="accounts", expected="each area once")
    if len({each.year for each in accounts}) > 1:
        raise AccountRefused(code="years_mixed", field="accounts", expected="one year")
    whole = sum(each.total for each in accounts)
    if whole <= 0:
        raise AccountRefused(code="nothing_to_share", field="accounts", expected="a sum above 0")
    return {each.area.id: EXACT.divide(Decimal(each.total), Decimal(whole)) for each in accounts}


def grouped(value: Decimal) -> str:
    """Return a figure without idle zeros, in groups of three; ions and their price by powers."""
    normal = EXACT.normalize(value)
    if value and not PLAIN_FROM <= abs(value) < PLAIN_BELOW:
        return f"{normal:e}"
    return f"{normal:,f}"


def in_million(yuan: Decimal) -> str:
    """Return yuan in millions as a report prints them: ``2,318.5683``."""
    return f"{EXACT.quantize(EXACT.divide(yuan, MILLION), SHOWN_DECIMALS):,f}"


def display_difference(account: Account) -> Decimal:
    """Return by how many millions the printed subtotals miss the printed total."""
    shown = [
        EXACT.quantize(EXACT.divide(yuan_of(value), MILLION), SHOWN_DECIMALS)
        for value in (*account.subtotals.values(), -account.deduction, account.total)
    ]
    return sum(shown[:-1], Decimal(0)) - shown[-1]


def _share(part: int, whole: int) -> Decimal | None:
    return EXACT.divide(Decimal(part), Decimal(whole)) if whole > 0 else None


def _shown(figure: Decimal | None, step: Decimal) -> str | None:
    return None if figure is None else f"{EXACT.quantize(figure, step):f}"
