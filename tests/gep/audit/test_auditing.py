"""The audit finds the errors of published accounts, planted ones, and hardly anything else."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gep.audit.auditing import Audit, audit
from gep.audit.finding import Rule
from gep.audit.printed import read_printed
from gep.errors import Malformed
from tests.gep.accounts.planning import EXAMPLES
from tests.gep.audit.generating import KINDS, planted, printed_account

FILE = Path(__file__).parents[1] / "data" / "gep_vectors.json"
SHEET = json.loads(FILE.read_bytes(), parse_float=Decimal, parse_int=Decimal)
ERRORS = {each["id"]: each.get("account") for each in SHEET["source_errors"]}
SEEDS = range(50)


def audited(document: dict[str, Any]) -> Audit:
    return audit(read_printed(json.dumps(document, default=str).encode()))


def x1() -> dict[str, Any]:
    given = ERRORS["X1"]
    lines = {
        **{f"purification-{name}": value for name, value in given["lines"].items()},
        **given["other_lines"],
    }
    return {
        "id": "gaotianyan-2014",
        "unit_yuan": "10000",
        "lines": [{"id": name, "service": "-", "value": value} for name, value in lines.items()],
        "subtotals": [
            {
                "id": "purification",
                "parts": [f"purification-{name}" for name in given["lines"]],
                "printed": given["printed_subtotal"],
            }
        ],
        "total": {"printed": given["printed_total"]},
    }


def x2() -> dict[str, Any]:
    given = ERRORS["X2"]
    line = {
        "id": "nitrogen",
        "service": "R2",
        "factors": [
            {"value": given["inputs"]["Q"], "unit": "t/hm2"},
            {"value": given["inputs"]["c"], "unit": "kg/t"},
        ],
        "quantity": {"value": given["printed_quantity"], "unit": "kg"},
        "price": {"value": given["price"], "unit": "yuan/kg"},
        "carrier_share": given["share"],
        "value": given["printed_value"],
    }
    return {"id": "nitrogen-of-gaotianyan", "unit_yuan": 1, "lines": [line]}


def x7() -> dict[str, Any]:
    given = ERRORS["X7"]
    line = {
        "id": "poplar",
        "service": "R14",
        "quantity": {"value": given["A"], "unit": "hm2"},
        "value": given["V"],
        "prices": given["class_prices"],
    }
    return {"id": "altai-2014", "unit_yuan": 1_000_000, "lines": [line]}


def test_the_total_of_gaotianyan_lacks_its_sulphur_dioxide() -> None:
    found = audited(x1())

    (finding,) = found.findings
    assert finding.rule.value == ERRORS["X1"]["expected_finding"]
    assert (finding.place, finding.detail) == ("purification", "purification-so2")
    assert finding.printed == Decimal(18171900)
    assert finding.recomputed == Decimal(18652600)
    assert finding.difference_yuan == Decimal(480800)
    assert found.corrected_total_yuan == ERRORS["X1"]["total_with_it"] * 10_000


def test_the_nitrogen_of_gaotianyan_has_two_digits_swapped() -> None:
    (finding,) = audited(x2()).findings

    assert finding.rule.value == ERRORS["X2"]["expected_finding"]
    assert finding.place == "nitrogen"
    assert round(finding.recomputed, 2) == ERRORS["X2"]["quantity_from_inputs"]
    # Ours: (4537.808 - 4573.81) / 0.46 * 1.92 = -150.27.
    assert float(finding.difference_yuan or 0) == pytest.approx(-150.27, abs=0.01)


def test_the_poplars_of_altai_have_no_class_price() -> None:
    (finding,) = audited(x7()).findings

    assert finding.rule.value == ERRORS["X7"]["expected_finding"]
    assert (finding.place, finding.detail) == ("poplar", "5284.75 yuan/hm2")
    # Ours: 4647.33 hm2 at the next class price, 5000, are 23,236,650.
    assert finding.recomputed == Decimal(23_236_650)
    assert finding.difference_yuan == Decimal(23_236_650) - Decimal(24_560_000)


def test_every_error_that_the_sheet_holds_as_data_is_tested() -> None:
    assert [name for name, given in ERRORS.items() if given is not None] == ["X1", "X2", "X7"]


def test_ganzi_as_printed_has_remarks_and_no_errors() -> None:
    found = audit(read_printed((EXAMPLES / "ganzi-2010-printed.json").read_bytes()))

    assert found.errors == ()
    assert {each.rule for each in found.findings} == {Rule.PURIFICATION_EQUALS_EMISSION}
    assert [each.place for each in found.findings] == [
        *("air-so2", "air-nox", "air-dust", "water-cod", "water-nh3_n")
    ]
    assert found.corrected_total_yuan == Decimal(754559000000)


def test_planted_errors_are_found_and_clean_accounts_stay_clean() -> None:
    kinds = [KINDS[seed % len(KINDS)] for seed in SEEDS]
    errors = [planted(seed, kind) for seed, kind in zip(SEEDS, kinds, strict=True)]
    found = [
        any(each.place == place and each.rule == kind for each in audited(document).errors)
        for (document, place), kind in zip(errors, kinds, strict=True)
    ]
    false = [seed for seed in SEEDS if audited(printed_account(seed)).errors]

    missed = [
        (seed, kinds[seed]) for seed, is_found in zip(SEEDS, found, strict=True) if not is_found
    ]
    assert len(missed) <= 5, missed
    assert len(false) <= 2, false


def line(**changes: Any) -> dict[str, Any]:
    given = {
        "id": "x",
        "service": "R8",
        "quantity": {"value": "100.00", "unit": "t_CO2"},
        "price": {"value": "60", "unit": "yuan/t_CO2"},
        "value": "6000.00",
    }
    return {"id": "a", "unit_yuan": 1, "lines": [given | changes]}


@pytest.mark.parametrize(
    ("changes", "rule", "difference"),
    [
        ({"value": "6000.01"}, None, None),
        ({"price": {"value": "60", "unit": "yuan/t_C"}}, Rule.CARBON_FOR_DIOXIDE, -4363.64),
        ({"value": "1636.36"}, Rule.CARBON_FOR_DIOXIDE, 4363.64),
        ({"value": "60000.00"}, Rule.POWER_OF_TEN, -54_000),
        ({"value": "5500.00"}, Rule.VALUE_DIFFERS, 500),
        ({"price": {"value": "60", "unit": "yuan/m3"}}, Rule.UNIT_DIFFERS, None),
        ({"prices": ["50", "55"]}, Rule.PRICE_IN_NO_TABLE, None),
        ({"emission": {"value": "80", "unit": "t_CO2"}}, Rule.ABOVE_EMISSION, -1200),
        (
            {"factors": [{"value": "50.00", "unit": "t"}, {"value": "1.63", "unit": "t_CO2/t"}]},
            Rule.QUANTITY_DIFFERS,
            -1110,
        ),
    ],
)
def test_each_rule_says_what_it_is_worth(
    changes: dict[str, Any], rule: Rule | None, difference: float | None
) -> None:
    findings = audited(line(**changes)).findings

    assert [each.rule for each in findings] == ([] if rule is None else [rule])
    if difference is not None:
        assert float(findings[0].difference_yuan or 0) == pytest.approx(difference, abs=0.01)


@pytest.mark.parametrize(
    ("printed", "rule", "difference"),
    [
        ("30.00", None, None),
        ("50.00", Rule.ADDEND_TWICE, -20.0),
        ("300.00", Rule.POWER_OF_TEN, -270.0),
        ("33.00", Rule.SUM_DIFFERS, -3.0),
        ("20.00", Rule.MISSING_ADDEND, 10.0),
    ],
)
def test_a_sum_that_does_not_add_up_is_explained(
    printed: str, rule: Rule | None, difference: float | None
) -> None:
    lines = [
        {"id": "a", "service": "M1", "value": "10.00"},
        {"id": "b", "service": "M2", "value": "20.00"},
    ]
    found = audited(
        {"id": "s", "unit_yuan": 1, "lines": lines, "total": {"printed": printed}}
    ).findings

    assert [each.rule for each in found] == ([] if rule is None else [rule])
    if difference is not None:
        assert float(found[0].difference_yuan or 0) == difference


def test_a_slip_that_no_sum_followed_leaves_the_total_as_it_is() -> None:
    slipped = line(value="60000.00")["lines"][0]
    other = {"id": "b", "service": "M1", "value": "10.00"}
    subtotals = [{"id": "s", "parts": ["x"], "printed": "6000.00"}]
    given = {"id": "a", "unit_yuan": 1, "lines": [slipped, other], "subtotals": subtotals}

    followed = audited(given | {"total": {"printed": "6010.00"}})

    assert [(each.rule, each.place) for each in followed.findings] == [(Rule.POWER_OF_TEN, "x")]
    assert followed.corrected_total_yuan == Decimal(6010)


def test_a_wrong_subtotal_under_a_right_total_is_one_finding() -> None:
    lines = [
        {"id": name, "service": "M1", "value": value}
        for name, value in (("a", "10.00"), ("b", "20.00"), ("c", "40.00"))
    ]
    subtotals = [{"id": "s", "parts": ["a", "b"], "printed": "10.00"}]
    found = audited(
        {
            "id": "a",
            "unit_yuan": 1,
            "lines": lines,
            "subtotals": subtotals,
            "total": {"printed": "70.00"},
        }
    )

    (finding,) = found.findings
    assert (finding.rule, finding.place, finding.detail) == (Rule.MISSING_ADDEND, "s", "b")
    assert found.corrected_total_yuan == Decimal(70)


def test_a_line_that_stands_twice_and_is_summed_once_is_one_finding() -> None:
    lines = [
        {"id": name, "service": "M1", "value": value}
        for name, value in (("a", "10.00"), ("again", "10.00"), ("c", "40.00"))
    ]
    found = audited({"id": "a", "unit_yuan": 1, "lines": lines, "total": {"printed": "50.00"}})

    assert [(each.rule, each.place) for each in found.findings] == [(Rule.DOUBLED_LINE, "again")]
    assert found.corrected_total_yuan == Decimal(50)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit_yuan": 0}, "document.unit_yuan"),
        ({"lines": [{"id": "x"}]}, "document.lines[0].service"),
        ({"lines": [{"id": "x", "service": "R1", "value": -1}]}, "document.lines[0].value"),
        ({"subtotals": [{"id": "s", "parts": ["y"], "printed": 1}]}, "document.subtotals"),
        ({"subtotals": [{"id": "x", "parts": ["x"], "printed": 1}]}, "document.subtotals"),
        ({"total": {"printed": 1, "parts": ["y"]}}, "document.total"),
        ({"lines": 3}, "document.lines"),
        ({"colour": 3}, "document.colour"),
    ],
)
def test_a_malformed_account_is_refused_at_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        audited(line() | changes)

    assert refused.value.field == field
