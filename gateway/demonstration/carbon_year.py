"""What the carbon market does after March, as far as the compliance year 2025 needs it.

Trades of steps 8, 10, 11, 21 and 25 that fill who is short, each through the order book, which is
the only way to trade so far: blocks and the listing board will take those of steps 10 and 11. Then
verified emissions, surrender and the close of step 31. Offsets do not count yet, so E02 is short of
17,000 t here, and of 12,000 t in the story.
"""

from dataclasses import dataclass
from datetime import date

from gateway.demonstration.cast import Cast, UnexpectedFigure
from gateway.demonstration.county import YEAR

COMPLIANCE_YEAR = YEAR - 1
RIGHT, INSTRUMENT = "CARBON", "CEA25"
# Verified emissions, and what each surrenders of what it holds; t.
VERIFIED = {
    "E01": ("160000", "160000"),
    "E02": ("352000", "335000"),
    "E03": ("42000", "42000"),
    "E05": ("67000", "67000"),
    "E06": ("85000", "85000"),
    "E07": ("61000", "61000"),
}
STATUS = {party: "short" if party == "E02" else "covered" for party in VERIFIED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bargain:
    """What one sells and the other buys; t, and yuan a t."""

    seller: str
    buyer: str
    quantity: str
    price: str


BARGAINS: dict[date, tuple[Bargain, ...]] = {
    date(YEAR, 4, 8): (Bargain(seller="E01", buyer="E02", quantity="100000", price="72.00"),),
    date(YEAR, 4, 15): (
        Bargain(seller="E12", buyer="E05", quantity="10000", price="72.50"),
        Bargain(seller="E06", buyer="E05", quantity="2000", price="73.00"),
    ),
    date(YEAR, 6, 10): (Bargain(seller="E01", buyer="E12", quantity="9000", price="72.20"),),
    date(YEAR, 6, 16): (Bargain(seller="E12", buyer="E05", quantity="9000", price="72.40"),),
    date(YEAR, 10, 12): (Bargain(seller="E01", buyer="E05", quantity="20000", price="69.00"),),
    date(YEAR, 10, 21): (Bargain(seller="E01", buyer="E12", quantity="20000", price="66.00"),),
}
# Orders that rest at the end, so that a newcomer's first order can fill: actor, side, t, yuan.
BEST_OFFER = "66.20"
RESTING = (
    ("E06-1", "sell", "500", BEST_OFFER),
    ("E01-1", "sell", "800", "66.50"),
    ("E12-1", "buy", "300", "65.60"),
    ("E02-1", "buy", "700", "65.20"),
)


class CarbonYear:
    """Tells the carbon market's part to a service through its members' own keys."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._accounts: dict[str, str] = {}

    async def trade(self, month: int, day_of_month: int) -> None:
        """Trade what the story trades on a day."""
        day = date(YEAR, month, day_of_month)
        for number, each in enumerate(BARGAINS[day]):
            words = f"{each.seller} sells {int(each.quantity):,} CEA25 to {each.buyer}"
            self._cast.tell(f"{day}: {words} at {each.price}")
            for party, side in ((each.seller, "sell"), (each.buyer, "buy")):
                await self._order(
                    f"{party}-1",
                    side,
                    quantity=each.quantity,
                    price=each.price,
                    key=f"{day}-{number}-{side}",
                )

    async def set_rule(self) -> None:
        """Say that obligations of carbon are settled year by year."""
        body = {"right": RIGHT, "mode": "per_year", "first_year": COMPLIANCE_YEAR}
        await self._cast.post("R-1", "/compliance/rules", body, key="rule")

    async def settle(self) -> None:
        """Enter what was verified, and let everybody surrender what it has to, or what it has."""
        self._cast.tell(f"emissions of {COMPLIANCE_YEAR} verified, allowances surrendered")
        lines = [
            {"party": party, "status": "reported", "lots": verified}
            for party, (verified, _) in VERIFIED.items()
        ]
        year = {"right": RIGHT, "year": COMPLIANCE_YEAR}
        body = year | {"lines": lines}
        await self._cast.post("M-1", "/compliance/verified-emissions", body, key="verified")
        for party, (_, surrendered) in VERIFIED.items():
            units = {
                "account": await self._account(party),
                "instrument": INSTRUMENT,
                "quantity": surrendered,
            }
            await self._cast.post(
                f"{party}-1", "/rights/surrenders", year | units, key=f"surrender-{party}"
            )

    async def close(self) -> None:
        """Close the compliance year.

        Raises:
            UnexpectedFigure: somebody stands otherwise than in the story.
        """
        year = {"right": RIGHT, "year": COMPLIANCE_YEAR}
        await self._cast.post("R-1", "/compliance/closures", year, key="close")
        found = await self._cast.get("R-1", "/obligations", right=RIGHT, year=str(COMPLIANCE_YEAR))
        status = {each["party"]: each["status"] for each in found["obligations"]}
        if status != STATUS:
            raise UnexpectedFigure(f"compliance {status}, expected {STATUS}")
        # Who is covered gets its fact, from the entry that closed the year.
        await self._cast.post("R-1", "/compliance/settlements", year, key="settle")

    async def rest(self) -> None:
        """Leave orders in the book."""
        for actor, side, quantity, price in RESTING:
            key = f"rest-{actor}"
            await self._order(actor, side, quantity=quantity, price=price, key=key)

    async def _order(self, actor: str, side: str, *, quantity: str, price: str, key: str) -> None:
        body = {
            "account": await self._account(actor.partition("-")[0]),
            "instrument": INSTRUMENT,
            "side": side,
            "quantity": quantity,
            "price": price,
        }
        await self._cast.post(actor, "/orders", body, key=key)

    async def _account(self, party: str) -> str:
        """Return the number of a party's trading account, as its own key sees it."""
        if party not in self._accounts:
            listed = (await self._cast.get(f"{party}-1", "/accounts"))["accounts"]
            [number] = [each["account"] for each in listed if each["kind"] == "trading"]
            self._accounts[party] = str(number)
        return self._accounts[party]
