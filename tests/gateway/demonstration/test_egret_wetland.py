"""Step 20 of the year: the valuation of the Egret Wetland, and what its lender reads of it."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from gateway.client import Refused
from gateway.demonstration.egret_wetland import AREA, REFERENCE, WITHOUT, valued
from tests.gateway.demonstration.conftest import Clients

FEN = Decimal("0.01")


async def test_gain_and_market_are_those_of_the_page(clients: Clients) -> None:
    (listed,) = (await clients["B2-1"].get("/gep/valuations"))["valuations"]
    shown = await clients["B2-1"].get(f"/gep/valuations/{listed['valuation']}")
    document = shown["document"]

    assert shown["valuation"] == valued().hash
    assert shown["vep_gain_yuan"] == "52315079.97"
    # A quarter of the gain is the reference of the loan's limit.
    quarter = (Decimal(shown["vep_gain_yuan"]) / 4).quantize(FEN, ROUND_HALF_UP)
    assert quarter == Decimal("13078769.99")
    assert set(document["gains_yuan"]) == {"4200000.00"}
    assert shown["vep_market_yuan"] == "62279857.10"
    assert document["irr"] == "0.042559"
    drawn = document["uncertainty"]["vep_gain"]
    assert Decimal(drawn["p10_yuan"]) < Decimal("52315079.97") < Decimal(drawn["p90_yuan"])
    warnings = {each["code"] for each in document["warnings"]}
    assert warnings == {"double_use"}


async def test_two_reviewers_and_two_of_the_regulator_stand_behind_it(clients: Clients) -> None:
    shown = await clients["B2-1"].get(f"/gep/valuations/{valued().hash}")
    again = await clients["B2-1"].get(f"/gep/valuations/{valued().hash}/recomputation")

    steps = ("drafted_by", "reviewed_by", "second_reviewed_by", "approved_by")
    assert [shown[step] for step in steps] == ["M-1", "X-1", "R-1", "R-2"]
    assert (shown["valuation_status"], shown["accounts_superseded"]) == ("published", False)
    assert again["agrees"] is True


async def test_it_rests_on_accounts_whose_services_nobody_pays_for(clients: Clients) -> None:
    bank = clients["B2-1"]
    shown = await bank.get(f"/gep/valuations/{valued().hash}")
    totals = {}
    for name in ("account_with", "account_without"):
        account = await bank.get(f"/gep/accounts/{shown[name]}")
        assert account["document"]["area"]["kind"] == "project"
        totals[account["area"]] = account["total_yuan"]

    assert totals == {AREA: "40000000.00", WITHOUT: "35800000.00"}


async def test_the_lender_values_as_collateral_what_it_read(clients: Clients) -> None:
    """domain/loans.md 2.4: each component at 4.75 % over the loan's 10 years and two more."""
    path = f"/gep/valuations/{valued().hash}/marketable-income"
    income = await clients["B2-1"].get(path)
    haircuts = {"tickets": Decimal("0.45"), "compensation": Decimal("0.25")}

    collateral = Decimal(0)
    for each in income["components"]:
        years = min(12, each["years_left"], 20)
        worth = sum(
            (
                Decimal(net) / Decimal("1.0475") ** (year + 1)
                for year, net in enumerate(each["net_yuan"][:years])
            ),
            Decimal(0),
        )
        if each["component"] == "compensation":
            worth = min(worth, 15 * Decimal(each["net_yuan"][0]))
        collateral += worth * (1 - haircuts[each["component"]])

    assert collateral.quantize(FEN, ROUND_HALF_UP) == Decimal("27418149.03")
    assert {each["payer"] for each in income["components"]} == {"visitors", "云汐县财政局"}


async def test_the_lender_cites_it_for_its_loan_request_once(clients: Clients) -> None:
    bank = clients["B2-1"]
    (citation,) = (await bank.get("/gep/citations"))["citations"]

    assert (citation["cites"], citation["account"]) == ("valuation", valued().hash)
    assert (citation["reference"], citation["purpose"]) == (REFERENCE, "loan")
    assert citation["review_due"] is False
    again = {name: citation[name] for name in ("account", "party", "reference", "purpose")}
    with pytest.raises(Refused) as refused:
        await bank.post("/gep/citations", again)
    assert refused.value.code == "gep.citation_doubled"
