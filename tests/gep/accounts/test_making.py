"""Accounts in memory: quantised once, summed exactly, opened to the source, refused when unfit."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.accounts.account import WarningCode, fen_of, quantised, stored_price, yuan_of
from gep.accounts.making import make_account
from gep.accounts.plan import Profile
from gep.accounts.reading import read_plan
from gep.accounts.stored import plan_text
from gep.document import read_document
from gep.errors import AccountRefused, BasisMixed, InputRefused, Malformed, UnitMismatch, Unknown
from gep.registry.edition import Indicator, Mark
from tests.gep.accounts.planning import CAPITAL, LINES, WATER, account, document, planned

OVERRIDE = {
    "key": "reservoir.price",
    "value": "7",
    "unit": "yuan/m3",
    "author": "A. Analyst",
    "reason": "a tender of this year",
    "source": "tender 7/2020",
}
BY_PARAMETER = {
    "id": "water",
    "service": "R1",
    "quantity": "water",
    "price": {"parameter": "reservoir.price"},
}

OXYGEN = {
    "call": "R9.release",
    "args": {"dry_matter": "grown", "factor": {"parameter": "oxygen.factor"}},
}


def raised(code: WarningCode, **changes: Any) -> list[str]:
    return [each.place for each in account(**changes).warnings if each.code is code]


def test_a_line_is_quantised_once_and_totals_are_sums_of_lines() -> None:
    made = account()

    assert [str(line.quantity) for line in made.lines] == ["1000000.000000", "300.000000"]
    assert [yuan_of(line.value) for line in made.lines] == [Decimal(6_110_000), Decimal(124_464)]
    assert yuan_of(made.total) == Decimal(6_234_464)
    assert sum(made.subtotals.values()) == made.total
    assert sum(made.by_service.values()) == made.total


def test_a_plans_canonical_text_makes_the_same_account() -> None:
    half = {"call": "M.part", "args": {"quantity": "timber", "share": 0.5}}
    lines = [LINES[0], LINES[1] | {"quantity": half}]
    text = plan_text(read_document(json.dumps(document(lines=lines)).encode()))

    assert make_account(read_plan(text.encode())).hash == account(lines=lines).hash


@pytest.mark.parametrize(
    ("yuan", "fen"), [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("2.675", 268)]
)
def test_money_is_rounded_half_up_from_the_decimal(yuan: str, fen: int) -> None:
    assert fen_of(Decimal(yuan)) == fen


def test_large_and_small_figures_keep_their_digits() -> None:
    assert str(quantised(1.68192e24)) == "1681920000000000000000000.000000"
    assert str(quantised(0.0000005)) == "0.000001"
    assert stored_price(52.47 + 343.33) == Decimal("395.8")
    assert stored_price(5.8185e-18) == Decimal("5.8185e-18")


def test_every_yuan_opens_down_to_coefficient_and_source() -> None:
    made = account(lines=[BY_PARAMETER])

    (line,) = made.lines
    assert [(used.name, used.value, used.source) for used in line.used] == [
        ("reservoir.price", Decimal("6.1107"), "LY/T 1721-2008; range of the papers"),
        ("water", Decimal(1_000_000), "a gauge"),
    ]
    assert line.used[0].mark is Mark.UNCHECKED
    assert made.unchecked == ("reservoir.price",)
    assert made.document()["unchecked"] == ["reservoir.price"]
    assert raised(WarningCode.UNCHECKED_PARAMETERS, lines=[BY_PARAMETER]) == ["reservoir.price"]
    assert raised(WarningCode.PRICE_YEAR_DIFFERS, lines=[BY_PARAMETER]) == ["reservoir.price"]


def test_a_set_with_unchecked_rows_says_so_whatever_was_used() -> None:
    made = account()

    assert made.unchecked == ()
    assert made.document()["parameter_set_unchecked"] == str(made.parameter_set_unchecked)
    assert made.parameter_set_unchecked > 0


def test_carbon_and_oxygen_of_one_production_raise_no_warning() -> None:
    inputs = {"grown": {"value": "100", "unit": "t", "source": "s"}}
    dioxide = {
        "call": "R8.fixation",
        "args": {"dry_matter": "grown", "factor": {"parameter": "carbon.dioxide_factor"}},
    }
    carbon = {"parameter": "carbon_dioxide.price"}
    price = {"parameter": "oxygen.price"}
    for factor, raises in (("1.19", 0), ("1.5", 1)):
        inputs["factor"] = {"value": factor, "unit": "t_O2/t", "source": "s"}
        oxygen = {"call": "R9.release", "args": {"dry_matter": "grown", "factor": "factor"}}
        lines = [
            {"id": "c", "service": "R8", "quantity": dioxide, "price": carbon},
            {"id": "o", "service": "R9", "quantity": oxygen, "price": price},
        ]
        found = raised(WarningCode.OXYGEN_AND_CARBON_DIFFER, inputs=inputs, lines=lines)
        assert len(found) == raises


def test_an_override_is_listed_with_the_value_that_would_be_without_it() -> None:
    made = account(lines=[BY_PARAMETER], overrides=[OVERRIDE])

    assert yuan_of(made.total) == Decimal(7_000_000)
    assert yuan_of(made.total_without_overrides) == Decimal(6_110_700)
    assert made.document()["overrides"][0]["author"] == "A. Analyst"
    assert made.lines[0].used[0].source == "tender 7/2020"
    assert WarningCode.OVERRIDDEN in {each.code for each in made.warnings}


def test_the_hash_names_the_account_and_its_parameters() -> None:
    assert account().hash == account().hash
    assert account().hash != account(inputs={"water": WATER | {"value": "1000001"}}).hash
    assert account().hash != account(parameters="zhejiang-0.1").hash


def test_the_national_standard_takes_no_account_without_its_inflow() -> None:
    with pytest.raises(AccountRefused) as refused:
        account(edition="GB/T 46869-2025")
    made = account(
        edition="GB/T 46869-2025", inflow_deduction={"yuan": "1000.50", "source": "trade table"}
    )
    nothing = account(edition="GB/T 46869-2025", inflow_deduction={"yuan": 0, "source": "none"})

    assert refused.value.code == "gep.inflow_unstated"
    assert yuan_of(made.total) == Decimal("6233463.50")
    assert made.product_zh == "生态产品总值"
    assert nothing.total == account().total
    assert nothing.document()["inflow_deduction_yuan"] == "0.00"


def test_seea_ea_counts_exchange_values_alone() -> None:
    inputs = {
        "oxygen": {"value": "10", "unit": "t_O2", "source": "s"},
        "visits": {"value": "10", "unit": "visit", "source": "s"},
        "spend": {"value": "50", "unit": "yuan/visit", "source": "s"},
        "people": {"value": "10", "unit": "person", "source": "s"},
        "pay": {"value": "5", "unit": "yuan/person", "source": "s"},
    }
    lines = [
        *LINES,
        {"id": "o", "service": "R9", "quantity": "oxygen", "price": {"parameter": "oxygen.price"}},
        {"id": "use", "service": "C1", "quantity": "visits", "price": "spend"},
        {"id": "s", "service": "C1", "quantity": "visits", "price": "spend", "worth": "surplus"},
        {"id": "non", "service": "C1", "quantity": "people", "price": "pay", "worth": "non_use"},
    ]
    usual = account(inputs=inputs, lines=lines)
    exchange = account(inputs=inputs, lines=lines, profile="SEEA_EA")

    assert [each.id for each in usual.left_out] == ["non"]
    assert [each.id for each in exchange.left_out] == ["o", "s", "non"]
    assert exchange.profile is Profile.SEEA_EA
    assert exchange.total == account().total + 500_00
    assert account(inputs=inputs, lines=lines, include_non_use=True).left_out == ()


def test_disservices_stand_beside_the_total() -> None:
    methane = {"value": "50", "unit": "t_CO2", "source": "a survey"}
    price = {"value": "60", "unit": "yuan/t_CO2", "source": "a market"}
    line = {"id": "methane", "service": "D1", "quantity": "methane", "price": "price"}
    made = account(inputs={"methane": methane, "price": price}, lines=[*LINES, line])

    assert made.total == account().total
    assert yuan_of(made.disservices) == Decimal(3000)
    assert made.net_of_disservices == made.total - 300_000


def test_a_negative_balance_is_clipped_and_said() -> None:
    inputs = {
        "rain": {"value": "800", "unit": "mm", "source": "s"},
        "runoff": {"value": "100", "unit": "mm", "source": "s"},
        "high": {"value": "900", "unit": "mm", "source": "s"},
        "low": {"value": "500", "unit": "mm", "source": "s"},
        "area": {"value": "1", "unit": "km2", "source": "s"},
    }
    quantity = {
        "call": "R1.balance",
        "args": {
            "rain": "rain",
            "runoff": "runoff",
            "evapotranspiration": ["low", "high"],
            "area": "area",
        },
    }
    line = {"id": "water", "service": "R1", "quantity": quantity, "price": "reservoir"}
    made = account(inputs=inputs, lines=[line])

    assert made.lines[0].quantity == Decimal(200_000)
    assert [(each.place, each.figure) for each in made.warnings if each.code == "clipped"] == [
        ("water", Decimal(200_000))
    ]


def test_warnings_name_what_dominates_lacks_and_is_given() -> None:
    given_line = {"id": "g", "service": "C1", "given_yuan": "1", "source": "s"}

    assert raised(WarningCode.SERVICE_DOMINATES) == ["R1"]
    assert raised(WarningCode.GIVEN_LINES, lines=[*LINES, given_line]) == ["g"]
    assert raised(WarningCode.MANDATORY_MISSING, edition="Shandong 2022") == [
        *("R2", "R6", "R7", "R8", "R10", "C1")
    ]
    assert raised(WarningCode.INDICATORS_UNKNOWN, edition="HJ 1173-2021") == ["HJ 1173-2021"]
    assert raised(WarningCode.EDITION_NOT_IN_FORCE, edition="DB33/T 2274-2020") == [
        "DB33/T 2274-2020"
    ]
    assert raised(WarningCode.EDITION_UNCHECKED, edition="DB33/T 2274-2020") == ["DB33/T 2274-2020"]


def test_a_threshold_is_a_row_that_can_be_overridden() -> None:
    threshold = OVERRIDE | {"key": "warning.service_share", "value": "0.99", "unit": "1"}

    assert raised(WarningCode.SERVICE_DOMINATES, overrides=[threshold]) == []
    assert raised(WarningCode.OVERRIDDEN, overrides=[threshold]) == ["warning.service_share"]


COOLING = {
    "epp": {
        "call": "R10.vegetation",
        "args": {"heat": 70.4, "area": "area", "days": 90, "efficiency": 3},
    },
    "et": {
        "call": "R10.evapotranspiration",
        "args": {"water": "water", "heat": 2450, "efficiency": 3},
    },
}


def cooling(method: str, **place: str) -> dict[str, Any]:
    price = {"parameter": "electricity.price"}
    return {"id": method, "service": "R10", "quantity": COOLING[method], "price": price} | place


AREA = {"area": {"value": "1", "unit": "km2", "source": "s"}}


def test_one_place_is_cooled_once() -> None:
    with pytest.raises(AccountRefused) as refused:
        account(inputs=AREA, lines=[cooling("epp"), cooling("et")])
    apart = account(inputs=AREA, lines=[cooling("epp", place="a"), cooling("et", place="b")])

    assert refused.value.code == "gep.double_counted"
    assert [line.method for line in apart.lines] == ["R10.vegetation", "R10.evapotranspiration"]


def test_one_volume_is_product_or_service() -> None:
    product = {"id": "supply", "service": "M2", "quantity": "water", "price": "timber_price"}

    with pytest.raises(AccountRefused, match="not as both"):
        account(lines=[*LINES, product])


def test_capital_and_annualised_prices_do_not_mix() -> None:
    yearly = CAPITAL | {"basis": "ANNUALISED", "value": "0.2"}
    flood = {"id": "flood", "service": "R3", "quantity": "water", "price": "yearly"}

    with pytest.raises(BasisMixed):
        account(inputs={"yearly": yearly}, lines=[*LINES, flood])


def test_what_a_formula_refuses_names_the_line() -> None:
    dry = {"id": "dry", "service": "R9", "quantity": OXYGEN, "price": "oxygen_price"}
    inputs = {
        "grown": {"value": "-1", "unit": "t", "source": "a plot"},
        "oxygen_price": {"value": "1000", "unit": "yuan/t_O2", "source": "a paper"},
    }

    with pytest.raises(InputRefused, match=r"lines\.dry: dry_matter") as refused:
        account(inputs=inputs, lines=[*LINES, dry])
    with pytest.raises(UnitMismatch, match=r"lines\.dry: price: expected yuan/m3") as unlike:
        account(inputs=inputs, lines=[*LINES, dry | {"quantity": "water"}])
    with pytest.raises(Unknown, match=r"lines\.dry: no parameter") as unknown:
        account(lines=[*LINES, dry | {"quantity": "water", "price": {"parameter": "air"}}])

    assert refused.value.field == "lines.dry.dry_matter"
    assert unlike.value.field == "lines.dry.price"
    assert unknown.value.field == "lines.dry.parameter"


def test_an_account_without_lines_is_refused() -> None:
    with pytest.raises(Malformed, match="one line or more"):
        planned(lines=[])


def test_whether_a_formula_uses_something_is_true_or_false_or_their_number() -> None:
    surface = {
        "water": "water",
        "heat": 2450,
        "humidifying": {"parameter": "climate.humidifying"},
        "efficiency": 3,
        "water_term_uses_cop": True,
    }

    def cooled(**changes: Any) -> str:
        line = {"id": "lake", "service": "R10", "price": {"parameter": "electricity.price"}}
        called = {"call": "R10.water_surface", "args": surface | changes}
        return account(lines=[line | {"quantity": called}]).hash

    assert cooled() == cooled(water_term_uses_cop=1)
    assert cooled() != cooled(water_term_uses_cop=False)
    with pytest.raises(Malformed, match="expected a number, found true"):
        cooled(efficiency=True)


def part(share: object) -> dict[str, Any]:
    return {"call": "M.part", "args": {"quantity": "timber", "share": share}}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ({"quantity": "timber_price", "price": "timber"}, UnitMismatch),
        ({"quantity": "timber", "price": {"parameter": "oxygen.price"}}, UnitMismatch),
        ({"quantity": "timber", "price": {"parameter": "no.price"}}, Unknown),
        (
            {"quantity": {"call": "M.part", "args": {"quantity": "timber", "share": 2}}},
            InputRefused,
        ),
        (
            {"quantity": {"call": "M.part", "args": {"quantity": "timber", "share": "water"}}},
            UnitMismatch,
        ),
    ],
)
def test_figures_that_do_not_fit_are_refused(line: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        account(lines=[LINES[1] | line])


@pytest.mark.parametrize("value", ["-1", "-0.0000001", "1e41"])
def test_a_quantity_that_is_no_service_is_refused(value: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        account(inputs={"water": WATER | {"value": value}})

    assert refused.value.code == "gep.quantity_out_of_range"


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(AccountRefused, match=r"lines\.water\.price"):
        account(inputs={"reservoir": CAPITAL | {"value": "-6"}})


def test_a_service_that_the_edition_has_not_is_refused() -> None:
    line = {"id": "n", "service": "R13", "given_yuan": 1, "source": "s"}

    with pytest.raises(AccountRefused) as refused:
        account(edition="Shandong 2022", lines=[line])

    assert refused.value.code == "gep.service_not_in_edition"


def test_a_method_that_the_edition_has_not_is_refused() -> None:
    plan = planned(lines=[LINES[1] | {"quantity": part(0.5)}])
    rows = {"M1": Indicator(service="M1", is_mandatory=False, methods=())}
    narrow = replace(plan, edition=replace(plan.edition, indicators=rows))

    with pytest.raises(AccountRefused) as refused:
        make_account(narrow)

    assert refused.value.code == "gep.method_not_in_edition"


def test_tourism_is_a_share_of_its_income() -> None:
    income = {"value": "5000000", "unit": "yuan", "source": "the yearbook"}
    share = {"value": "0.35", "unit": "yuan/yuan", "source": "a survey"}
    line = {"id": "t", "service": "C1", "quantity": "income", "price": "share"}

    assert account(inputs={"income": income, "share": share}, lines=[line]).total == 175_000_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"edition": "ISO 9001"}, "document.edition"),
        ({"parameters": "none"}, "document.parameters"),
        ({"year": 20}, "document.year"),
        ({"area": {"id": "1", "name": "A", "km2": 0}}, "document.area.km2"),
        ({"inputs": {"w": {"value": "1", "unit": "m3"}}}, "document.inputs.w.source"),
        ({"inputs": {"w": WATER | {"basis": "CAPITAL"}}}, "document.inputs.w.unit"),
        ({"lines": [LINES[0] | {"service": "R0"}]}, "document.lines[0].service"),
        ({"lines": [LINES[0] | {"quantity": "wine"}]}, "document.lines[0].quantity"),
        ({"lines": [LINES[0] | {"given_yuan": 1}]}, "document.lines[0].quantity"),
        ({"lines": [LINES[0] | {"worth": "surplus"}]}, "document.lines[0].worth"),
        ({"lines": [LINES[0], LINES[0]]}, "document.lines[1]"),
        ({"lines": [{"id": "x", "service": "R1"}]}, "document.lines[0].quantity"),
        (
            {"lines": [LINES[0] | {"quantity": {"call": "R2.nutrients", "args": {}}}]},
            "document.lines[0].quantity.args.soil",
        ),
        (
            {"lines": [LINES[0] | {"quantity": {"call": "R1.magic", "args": {}}}]},
            "document.lines[0].quantity.call",
        ),
        (
            {
                "lines": [
                    LINES[1]
                    | {"quantity": {"call": "R8.carbon_dioxide", "args": {"quantity": "timber"}}}
                ]
            },
            "document.lines[0].quantity",
        ),
        ({"overrides": [OVERRIDE | {"author": ""}]}, "document.overrides[0].author"),
        ({"overrides": [OVERRIDE | {"reason": None}]}, "document.overrides[0].reason"),
        ({"inflow_deduction": {"yuan": -1, "source": "s"}}, "document.inflow_deduction.yuan"),
    ],
)
def test_a_malformed_account_is_refused_at_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        planned(**changes)

    assert refused.value.field == field
    assert refused.value.expected


@given(
    st.decimals(min_value=0, max_value=10**9, places=6),
    st.decimals(min_value=0, max_value=10**6, places=4),
)
def test_a_line_is_worth_quantity_by_price(quantity: Decimal, price: Decimal) -> None:
    made = account(
        inputs={
            "timber": {"value": f"{quantity:f}", "unit": "m3", "source": "s"},
            "timber_price": {"value": f"{price:f}", "unit": "yuan/m3", "source": "s"},
        },
        lines=[LINES[1]],
    )

    (line,) = made.lines
    assert line.quantity == quantity
    assert abs(yuan_of(line.value) - quantity * price) <= Decimal("0.005")
    assert made.total == line.value


def test_purification_at_its_capacity_alone_is_warned_of() -> None:
    inputs = {
        "rate": {"value": "152.1", "unit": "kg/hm2", "source": "s"},
        "forest": {"value": "10", "unit": "hm2", "source": "s"},
        "emitted": {"value": "1", "unit": "t", "source": "s"},
        "tariff": {"value": "1200", "unit": "yuan/t", "source": "s"},
    }
    capacity = {"call": "R6.capacity", "args": {"rate": "rate", "area": "forest"}}
    used = {"call": "R6.used", "args": {"capacity": capacity, "emission": "emitted"}}
    lines = [
        {"id": name, "service": "R6", "quantity": quantity, "price": "tariff"}
        for name, quantity in (("uncapped", capacity), ("capped", used))
    ]
    warned = account(inputs=inputs, lines=lines).warnings

    assert [each.place for each in warned if each.code is WarningCode.EMISSION_UNKNOWN] == [
        "uncapped"
    ]


def test_a_year_has_no_more_days_of_cooling_than_days() -> None:
    inputs = {
        "days": {"value": "367", "unit": "1", "source": "s"},
        "forest": {"value": "1", "unit": "km2", "source": "s"},
        "tariff": {"value": "0.5", "unit": "yuan/kWh", "source": "s"},
    }
    cooling = {
        "call": "R10.vegetation",
        "args": {"heat": 70.4, "area": "forest", "days": "days", "efficiency": 3},
    }
    line = {"id": "cooling", "service": "R10", "quantity": cooling, "price": "tariff"}

    with pytest.raises(InputRefused, match="0 to 366"):
        account(inputs=inputs, lines=[line])
