"""Who is long, who is short, and who sells how much."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.imports.eu_ets.rows import InstallationId, InstallationYear, NoVerification
from gateway.imports.eu_ets.supply import YearSupply, plan_supply
from kernel.money import Lots


def year_of(name: str, *, surrendered: int | None) -> InstallationYear:
    return InstallationYear(
        installation=InstallationId(name),
        country="AT",
        year=2013,
        allocated=None,
        verified=NoVerification.MISSING,
        surrendered=None if surrendered is None else Lots(surrendered),
        published=None,
    )


def supply_of(firms: dict[str, tuple[int, int | None]]) -> YearSupply:
    """Plan for firms given as name: (held after allocation, surrendered)."""
    rows = [year_of(name, surrendered=need) for name, (_, need) in firms.items()]
    held = {InstallationId(name): Lots(lots) for name, (lots, _) in firms.items()}
    return plan_supply(rows, held=held, seed="1/2013")


def test_a_short_firm_buys_exactly_its_gap() -> None:
    supply = supply_of({"AT-1": (30, 100), "AT-2": (0, 5), "AT-3": (0, None), "AT-4": (7, 7)})

    assert supply.bought == {"AT-1": 70, "AT-2": 5}
    assert supply.from_regulator == 75
    assert not supply.sold


def test_a_long_firm_sells_from_half_to_all_of_its_surplus() -> None:
    firms: dict[str, tuple[int, int | None]] = {f"AT-{n}": (1_000, 0) for n in range(200)}

    supply = supply_of({**firms, "SE-1": (0, 1_000_000)})

    assert set(supply.sold) == set(firms)
    assert 500 <= min(supply.sold.values()) < 520
    assert 980 < max(supply.sold.values()) <= 1_000
    assert supply.from_regulator == 1_000_000 - supply.between_firms


def test_a_surplus_of_one_lot_is_sold() -> None:
    assert supply_of({"AT-1": (1, None), "AT-2": (0, 9)}).sold == {"AT-1": 1}


def test_where_firms_offer_too_much_demand_is_shared_and_the_regulator_sells_nothing() -> None:
    supply = supply_of({"AT-1": (4_000, 0), "AT-2": (2_000, 0), "AT-3": (0, 10)})

    assert supply.from_regulator == 0
    assert supply.between_firms == supply.demand == 10
    assert 5 <= supply.sold[InstallationId("AT-1")] <= 9
    assert supply.lapsing.keys() == {"AT-1", "AT-2"}


def test_without_demand_every_offer_lapses() -> None:
    supply = supply_of({"AT-1": (10, 0)})

    assert not supply.sold
    assert supply.lapsing.keys() == {"AT-1"}


firm_states = st.dictionaries(
    st.integers(0, 99).map(lambda n: f"AT-{n}"),
    st.tuples(st.integers(0, 10_000), st.none() | st.integers(0, 10_000)),
    max_size=40,
)


@given(firm_states)
def test_demand_is_met_exactly_and_nobody_sells_what_it_needs(
    firms: dict[str, tuple[int, int | None]],
) -> None:
    supply = supply_of(firms)

    assert supply.demand == supply.between_firms + supply.from_regulator
    assert all(
        supply.bought.get(InstallationId(name), 0) == max(0, (need or 0) - lots)
        for name, (lots, need) in firms.items()
    )
    assert all(
        supply.sold.get(InstallationId(name), 0) + supply.lapsing.get(InstallationId(name), 0)
        <= max(0, lots - (need or 0))
        for name, (lots, need) in firms.items()
    )
    assert supply.sold.keys() | supply.lapsing.keys() == {
        name for name, (lots, need) in firms.items() if lots > (need or 0)
    }
    assert min((*supply.sold.values(), *supply.lapsing.values(), 1)) >= 1
