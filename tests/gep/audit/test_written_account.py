"""A document of ours that somebody edited: each figure that was changed is found."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gep.accounts.account import yuan_of
from gep.accounts.reading import plan_of
from gep.audit.auditing import Audit, audit
from gep.audit.finding import Rule
from gep.audit.own_account import printed_of
from gep.audit.written_account import written_of
from gep.document import Place, read_document
from gep.errors import Malformed
from gep.exchange.auditing import audit_of
from gep.exchange.exporting import Form, export, zipped
from gep.exchange.tree import Export
from tests.gep.accounts.planning import example
from tests.gep.exchange.exporting import files_of
from tests.gep.shipped import shipped_account, shipped_plans

Change = Callable[[dict[str, Any]], None]


def line(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["lines"] if each["id"] == name)
    return found


def audited(change: Change | None = None, name: str = "valley-2026") -> Audit:
    document = example(name).document()
    if change is not None:
        change(document)
    account, known = written_of(read_document(json.dumps(document).encode()))
    return audit(account, known=known)


@pytest.mark.parametrize("name", shipped_plans())
def test_what_we_made_has_no_findings_and_its_own_total(name: str) -> None:
    made, plan = shipped_account(name), plan_of(shipped_plans()[name])
    account, known = written_of(read_document(json.dumps(made.document()).encode()))

    for found in (audit(account, known=known), audit(printed_of(made, plan))):
        assert found.errors == ()
        assert found.corrected_total_yuan == yuan_of(made.total)


def _used(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        used for each in document["lines"] for used in each["used"] if used["name"] == name
    )
    return found


@pytest.mark.parametrize(
    ("change", "rule", "place", "difference"),
    [
        (
            lambda found: line(found, "so2").update(value_yuan="366351.79"),
            Rule.SWAPPED_DIGITS,
            "so2",
            "-36.00",
        ),
        # A value that is right by the quantity that the input states.
        (
            lambda found: line(found, "visits").update(quantity="159000.000000"),
            Rule.SWAPPED_DIGITS,
            "visits",
            "0.00",
        ),
        # A value that followed the quantity: 36,000 visits at 86 yuan.
        (
            lambda found: line(found, "visits").update(
                quantity="159000.000000", value_yuan="13674000.00"
            ),
            Rule.SWAPPED_DIGITS,
            "visits",
            "3096000.00",
        ),
        (
            lambda found: line(found, "oxygen").update(price_yuan="10000"),
            Rule.POWER_OF_TEN,
            "oxygen",
            "0.00",
        ),
        (
            lambda found: _used(found, "carbon_dioxide.price").update(value="397.87"),
            Rule.PARAMETER_DIFFERS,
            "carbon",
            None,
        ),
        (
            lambda found: found["subtotals_yuan"].update(material="0.00"),
            Rule.MISSING_ADDEND,
            "material",
            "3209500.00",
        ),
        (
            lambda found: found.update(inflow_deduction_yuan="571234.00"),
            Rule.SUM_DIFFERS,
            "total",
            "-221234.00",
        ),
    ],
)
def test_a_figure_that_was_changed_is_found(
    change: Change, rule: Rule, place: str, difference: str | None
) -> None:
    found = [each for each in audited(change).errors if each.place == place]

    assert [each.rule for each in found] == [rule]
    worth = found[0].difference_yuan
    assert (None if worth is None else f"{worth:.2f}") == difference


def test_the_corrected_total_is_after_the_inflow_deduction() -> None:
    """The valley's total is 479,314,942.71 yuan, 350,000 of them deducted."""

    def change(found: dict[str, Any]) -> None:
        line(found, "so2")["value_yuan"] = "366351.79"
        found["subtotals_yuan"]["regulating"] = str(
            Decimal(found["subtotals_yuan"]["regulating"]) + 36
        )
        found["total_yuan"] = str(Decimal(found["total_yuan"]) + 36)

    found = audited(change)

    assert [each.place for each in found.errors] == ["so2"]
    assert found.corrected_total_yuan == Decimal("479314942.71")


def edited(change: Callable[[str], str], name: str) -> Audit:
    files = files_of(export(Export(account=shipped_account("river-2026")), Form.CSV).content)
    files[name] = change(files[name].decode()).encode()
    return audit_of(zipped(files))


def test_an_export_with_stocks_is_audited_as_it_was_edited() -> None:
    clean = edited(lambda text: text, "lines.csv")
    stocks = edited(lambda text: text.replace(",died,2200", ",died,2000"), "stock_changes.csv")
    price = edited(lambda text: text.replace(",655,", ",565,"), "lines.csv")

    assert clean.findings == ()
    (finding,) = stocks.errors
    assert (finding.rule, finding.place, finding.unit) == (
        Rule.STOCK_DOES_NOT_CLOSE,
        "stock timber",
        "m3",
    )
    assert (finding.printed, finding.recomputed) == (Decimal(520200), Decimal(520400))
    assert stocks.corrected_total_yuan == clean.corrected_total_yuan
    assert [each.place for each in price.errors] == ["timber"]


def test_a_value_that_was_given_is_compared_with_its_source() -> None:
    def change(found: dict[str, Any]) -> None:
        line(found, "other-products")["value_yuan"] = "3667800000.00"

    (finding,) = audited(change, "ganzi-2010").errors

    assert (finding.place, finding.rule) == ("other-products", Rule.SWAPPED_DIGITS)
    assert finding.detail == "value, given by its source"


def test_parameters_of_a_set_that_is_not_here_are_believed() -> None:
    def change(found: dict[str, Any]) -> None:
        found["parameter_set_hash"] = "00" * 32
        _used(found, "carbon_dioxide.price")["value"] = "397.87"

    assert audited(change).errors == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda found: found.pop("total_yuan"), "document.total_yuan"),
        (lambda found: found["lines"][0].pop("used"), "document.lines[0].used"),
        (lambda found: found["lines"][0].update(value_yuan="much"), "document.lines[0].value_yuan"),
        (lambda found: found["subtotals_yuan"].pop("cultural"), "document.subtotals_yuan.cultural"),
        (lambda found: found.update(lines={}), "document.lines"),
    ],
)
def test_a_document_that_lacks_something_says_what(change: Change, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        audited(change)

    assert refused.value.field == field


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(Malformed):
        written_of(Place([]))
