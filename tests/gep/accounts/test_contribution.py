"""What areas and services give to a whole, and services to a change."""

from decimal import Decimal
from typing import Any

import pytest

from gep.accounts.account import Account
from gep.accounts.comparing import compare
from gep.accounts.contribution import change_document, change_of, contribution_of
from gep.errors import AccountRefused
from tests.gep.accounts.planning import account


def county(name: str, timber: str, visits: str = "0", **changes: Any) -> Account:
    lines = [
        {"id": "timber", "service": "M1", "given_yuan": timber, "source": "s"},
        {"id": "visits", "service": "C1", "given_yuan": visits, "source": "s"},
    ]
    return account(area={"id": name, "name": name, "km2": 1}, lines=lines, **changes)


def test_shares_of_areas_and_services_are_of_one_sum() -> None:
    found = contribution_of([county("A", "100", "100"), county("B", "500", "100")])

    assert [(each.name, each.share) for each in found.areas] == [
        ("B", Decimal("0.75")),
        ("A", Decimal("0.25")),
    ]
    assert [(each.name, each.share) for each in found.services] == [
        ("M1", Decimal("0.75")),
        ("C1", Decimal("0.25")),
    ]
    assert {each.name: each.value for each in found.groups}["cultural"] == 20_000
    assert (found.differing, found.deduction) == ((), None)
    assert sum(Decimal(each["share"]) for each in found.document()["areas"]) == 1


def test_shares_of_services_add_up_to_one_with_the_deduction() -> None:
    # Ours: 600 + 400 - 200 of inflow is 800: 75 %, 50 % and -25 %.
    found = contribution_of([stated(2020, "100", "6", "40", "200")])

    assert [each.share for each in found.services] == [Decimal("0.75"), Decimal("0.5")]
    assert found.deduction is not None
    assert found.deduction.share == Decimal("-0.25")


def test_parts_of_a_whole_leave_a_rest() -> None:
    found = contribution_of([county("A", "100"), county("B", "500")], county("W", "1000"))

    assert found.rest is not None
    assert (found.total, found.rest.value, found.rest.share) == (100_000, 40_000, Decimal("0.4"))
    assert [each.share for each in found.areas] == [Decimal("0.5"), Decimal("0.1")]
    with pytest.raises(AccountRefused) as caught:
        contribution_of([county("A", "1001")], county("W", "1000"))
    assert caught.value.code == "gep.parts_above_whole"


def test_accounts_of_other_terms_are_said_to_differ() -> None:
    found = contribution_of([county("A", "1"), county("B", "1", price_year=2015)])

    assert found.differing == ("price_year: 2015, 2020",)


@pytest.mark.parametrize(
    ("accounts", "code"),
    [
        ([], "gep.too_many"),
        ([county("A", "1"), county("A", "1")], "gep.area_doubled"),
        ([county("A", "1"), county("B", "1", year=2021)], "gep.years_mixed"),
        ([county("A", "0")], "gep.nothing_to_share"),
    ],
)
def test_what_is_no_whole_is_refused(accounts: list[Account], code: str) -> None:
    with pytest.raises(AccountRefused) as caught:
        contribution_of(accounts)

    assert caught.value.code == code


def stated(year: int, cubic: str, price: str, visits: str, inflow: str = "0") -> Account:
    inputs = {
        "timber": {"value": cubic, "unit": "m3", "source": "s"},
        "timber_price": {"value": price, "unit": "yuan/m3", "source": "s"},
        "visits": {"value": visits, "unit": "visit", "source": "s"},
        "spend": {"value": "10", "unit": "yuan/visit", "source": "s"},
    }
    lines = [
        {"id": "timber", "service": "M1", "quantity": "timber", "price": "timber_price"},
        {"id": "visits", "service": "C1", "quantity": "visits", "price": "spend"},
    ]
    deduction = {"yuan": inflow, "source": "s"}
    return account(year=year, inputs=inputs, lines=lines, inflow_deduction=deduction)


def test_services_give_points_of_growth_that_add_up_to_it() -> None:
    # Ours: 100 m3 x 6 + 40 x 10 = 1000; 110 m3 x 7 + 50 x 10 = 1270. Timber +60 by quantity and
    # +110 by price, visits +100: 17 and 10 points of 27.
    comparison = compare(stated(2020, "100", "6", "40"), stated(2021, "110", "7", "50"))
    timber, visits = change_of(comparison)

    assert (timber.service, timber.quantity_effect, timber.price_effect) == ("M1", 6_000, 11_000)
    assert (timber.points, visits.points) == (Decimal("0.17"), Decimal("0.1"))
    assert timber.share == pytest.approx(Decimal(17) / 27)
    assert change_document(comparison)["change_yuan"] == "270.00"


def test_a_deduction_has_its_own_line_and_nothing_changed_has_no_shares() -> None:
    base, current = stated(2020, "100", "6", "40"), stated(2021, "100", "6", "40", "100")
    *_, deducted = change_of(compare(base, current))
    same = change_of(compare(base, stated(2021, "100", "6", "40")))

    assert (deducted.service, deducted.change, deducted.share) == (
        "inflow_deduction",
        -10_000,
        Decimal(1),
    )
    assert [(each.share, each.points) for each in same] == [(None, Decimal(0))] * 2
