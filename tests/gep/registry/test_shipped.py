"""What ships is whole: the tree, the register of norms, the parameter sets with their marks."""

from datetime import date
from decimal import Decimal

import pytest

from gep.calls import CALLS, call
from gep.errors import AccountRefused, Unknown
from gep.measures import Kilogram, PollutionEquivalent
from gep.registry.edition import Inflow, Mark, Status, edition_of
from gep.registry.parameter_set import Override, Parameters, overridden
from gep.registry.service import Group, service_of
from gep.registry.shipped import editions, parameter_set_of, parameter_sets, services
from gep.services.pricing import from_tariff
from gep.units import Per, Price

DAY = date(2010, 12, 31)
GANZI = parameter_set_of("ganzi-2010")
REFERENCE = parameter_set_of("reference-0.1")


def override(**changes: str) -> Override:
    given = {
        "key": "soil.density",
        "value": "1.1",
        "unit": "t/m3",
        "author": "A. Analyst",
        "reason": "local cores",
        "source": "survey 2010",
    } | changes
    return Override(
        key=given["key"],
        dims=(),
        value=Decimal(given["value"]),
        unit=given["unit"],
        author=given["author"],
        reason=given["reason"],
        source=given["source"],
    )


def test_the_indicator_tree_is_complete_and_its_methods_are_calls() -> None:
    codes = [f"M{n}" for n in range(1, 5)] + [f"R{n}" for n in range(1, 15)] + ["C1", "C2", "C3"]

    assert [
        code for code, each in services().items() if each.group is not Group.DISSERVICE
    ] == codes
    assert {method for each in services().values() for method in each.methods} <= CALLS.keys()
    assert service_of(services(), "R9").seea is None
    with pytest.raises(Unknown):
        service_of(services(), "R15")


@pytest.mark.parametrize(
    ("day", "edition"),
    [(date(2025, 3, 21), "DB33/T 2274-2025"), (date(2026, 1, 1), "DB33/T 2274-2025")],
)
def test_an_undated_reference_means_the_newest_edition_in_force(day: date, edition: str) -> None:
    assert edition_of(editions(), "DB33/T 2274", on=day).id == edition


def test_a_dated_reference_means_itself_also_when_it_was_replaced() -> None:
    old = edition_of(editions(), "DB33/T 2274-2020")

    assert (old.status, old.replaced_by) == (Status.REPLACED, "DB33/T 2274-2025")
    assert (old.product_zh, old.mark) == ("生态系统生产总值", Mark.UNCHECKED)


@pytest.mark.parametrize("day", [date(2020, 1, 1), None])
def test_a_standard_without_an_edition_in_force_is_unknown(day: date | None) -> None:
    with pytest.raises(Unknown, match="edition"):
        edition_of(editions(), "GB/T 46869", on=day)


def test_the_national_standard_wants_the_inflow_stated() -> None:
    national = edition_of(editions(), "GB/T 46869-2025")

    assert (national.inflow, national.product_zh) == (Inflow.STATED, "生态产品总值")
    assert [each.id for each in editions() if each.inflow is Inflow.STATED] == [national.id]


def test_the_mandatory_lines_of_shandong_are_those_of_its_guide() -> None:
    indicators = edition_of(editions(), "Shandong 2022").indicators or {}

    assert [name for name, each in indicators.items() if each.is_mandatory] == [
        *("R1", "R2", "R6", "R7", "R8", "R10", "C1")
    ]


def test_a_set_extends_another_and_its_own_rows_come_first() -> None:
    assert GANZI.find("reservoir.price", on=DAY).value == Decimal("7.06")
    assert REFERENCE.find("reservoir.price", on=DAY).value == Decimal("6.1107")
    assert GANZI.find("siltation.share", on=DAY) is REFERENCE.find("siltation.share", on=DAY)
    with pytest.raises(Unknown, match=r"water.price\[use=holy\]"):
        GANZI.find("water.price", (("use", "holy"),), on=DAY)


def test_a_table_of_classes_is_read_by_its_key() -> None:
    prices = REFERENCE.named("habitat.class_price", on=DAY)

    assert sorted(int(each.value) for each in prices) == [
        *(3000, 5000, 10000, 20000, 30000, 40000, 50000)
    ]
    own = {each.name: each.value for each in GANZI.named("soil.density", on=DAY)}
    assert own == {"soil.density": Decimal("0.93")}


def test_hashes_name_sets_and_what_they_extend() -> None:
    hashes = {each.version: each.hash for each in parameter_sets().values()}

    assert len(set(hashes.values())) == len(hashes)
    assert all(len(each) == 64 for each in hashes.values())
    assert len({each.hash for each in editions()}) == len(editions())


def test_every_row_says_its_source_and_how_well_it_is_known() -> None:
    rows = [row for each in parameter_sets().values() for row in each.all_rows()]

    assert {row.mark for row in rows} == {*Mark}
    assert all(row.source for row in rows)
    assert [row.name for row in rows if row.key == "reservoir.price" and row.basis is None] == []


def test_prices_of_pollutants_follow_from_the_tariff() -> None:
    zhejiang = parameter_set_of("zhejiang-0.1")
    tariffs = {dict(row.dims)["medium"]: row for row in zhejiang.named("pollutant.tariff", on=DAY)}
    found = {}
    for pollutant, medium in (
        ("so2", "air"),
        ("cod", "water"),
        ("nh3_n", "water"),
        ("tp", "water"),
    ):
        row = zhejiang.find("pollutant.equivalent", (("pollutant", pollutant),), on=DAY)
        price = from_tariff(
            tariff=Price(float(tariffs[medium].value), PollutionEquivalent),
            equivalent=Per(float(row.value), Kilogram, PollutionEquivalent),
        )
        found[pollutant] = round(float(price.value))

    assert found == {"so2": 1263, "cod": 1400, "nh3_n": 1750, "tp": 5600}
    figures = {"tariff": tariffs["air"].figure, "equivalent": row.figure}
    assert call("price.from_tariff", figures) == Price(4800.0, price.per)


def test_an_override_stands_beside_the_row_that_it_replaces() -> None:
    parameters = overridden(GANZI, [override()], on=DAY)

    row, standing_in = parameters.find("soil.density")
    assert row.value == Decimal("0.93")
    assert standing_in is not None
    assert (standing_in.value, standing_in.author) == (Decimal("1.1"), "A. Analyst")
    assert Parameters(GANZI, DAY).find("soil.density")[1] is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "kg/m3"}, "gep.override_unit"),
        ({"value": "930"}, "gep.override_absurd"),
        ({"value": "-0.93"}, "gep.override_absurd"),
        ({"value": "0"}, "gep.override_absurd"),
        ({"key": "siltation.share", "unit": "1", "value": "1.01"}, "gep.override_absurd"),
    ],
)
def test_an_absurd_override_is_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        overridden(GANZI, [override(**changes)], on=DAY)

    assert refused.value.code == code
    assert refused.value.field == f"overrides.{changes.get('key', 'soil.density')}"
    assert refused.value.expected


def test_one_row_has_one_override_and_an_unknown_row_none() -> None:
    with pytest.raises(AccountRefused, match="one override"):
        overridden(GANZI, [override(), override(value="1.2")], on=DAY)
    with pytest.raises(Unknown):
        overridden(GANZI, [override(key="soil.colour")], on=DAY)


def test_a_set_that_shipped_never_changes() -> None:
    """What is missing or wrong comes with another version: accounts name these by their hashes."""
    shipped = {
        "baiyangdian-2011": "032c79c041b1874c030ca608295bc15466a4a1b9d1cac73049e93522b97b7cb5",
        "ganzi-2010": "ef473c2edd78b80230b4a57c19346747b0840bf0d12b67b86aac8dfcd92e3301",
        "gaotianyan-2014": "fe24d2f9ef508895d36e1cc4ca5c367f1e9b1bc44c25f01b552a60699abe75ce",
        "jiajiyu-2012": "9c19b4255a55228124dd2e08a4dcfc75b17ecdc8211caf90e5c4ae3ff54555e3",
        "reference-0.1": "6de5dda50b7527e981a7b181823c5b5395252565e0cdfcda79c1bb37212e7369",
        "reference-0.2": "fbb39baa0a1474517c29621a63f1814b1ff5307a24821c8b53e72c3678ab5482",
        "zhejiang-0.1": "02e44265f8cd8ae448caab07694be0bb4ba5f6b35a75e7808a3e1a27226afc26",
        "zhejiang-0.2": "e9c6f78bff4786694d3f33f84031330eb2a323034e56aff64865574d1db50c49",
    }

    assert {name: parameter_set_of(name).hash for name in shipped} == shipped


def test_a_newer_set_adds_rows_and_changes_none() -> None:
    newer = parameter_set_of("zhejiang-0.2")

    for row in (*REFERENCE.all_rows(), *parameter_set_of("zhejiang-0.1").all_rows()):
        assert (
            newer.find(row.key, row.dims, on=DAY).value
            == parameter_set_of("zhejiang-0.1").find(row.key, row.dims, on=DAY).value
        )
    assert newer.find("flood.reservoir_share", on=DAY).value == Decimal("0.35")
    with pytest.raises(Unknown):
        REFERENCE.find("flood.reservoir_share", on=DAY)


def test_every_service_has_units_and_is_valued_by_calls() -> None:
    for code, each in services().items():
        assert each.units or code == "D4"
        assert each.value_methods
        assert set(each.value_methods) <= CALLS.keys()


def test_mandatory_lines_are_those_that_shandong_marks() -> None:
    shandong = edition_of(editions(), "Shandong 2022")
    mandatory = {name for name, each in (shandong.indicators or {}).items() if each.is_mandatory}

    assert mandatory == {"R1", "R2", "R6", "R7", "R8", "R10", "C1"}
