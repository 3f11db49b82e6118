"""Coins and carbon that are refused; the budget is spent but for two coins."""

from typing import Any

from tests.gateway.api.bad.requests import Bad, get, refused

ACT = {
    "source": "BAGS",
    "reference": "new",
    "account": "{P7-coins}",
    "act": "sorted_waste",
    "day": "2026-03-16",
}
RIDE = {
    "source": "BAGS",
    "reference": "new",
    "account": "{P7-carbon}",
    "behaviour": "bus_ride",
    "activity": "1",
    "day": "2026-03-16",
}
BILL = {"account": "{P7-coins}", "merchant": "{SHOP-coins}", "bill": "new", "coins": "1"}


def act(name: str, status: int, code: str, field: str, **changes: Any) -> Bad:
    return refused(
        name,
        status,
        code,
        path="/coins/acts",
        actor="TEAM-1",
        body=ACT | changes,
        field=field,
    )


def ride(name: str, status: int, code: str, field: str, **changes: Any) -> Bad:
    return refused(
        name,
        status,
        code,
        path="/carbon/credits",
        actor="TEAM-1",
        body=RIDE | changes,
        field=field,
    )


def bill(name: str, status: int, code: str, field: str, **changes: Any) -> Bad:
    return refused(
        name,
        status,
        code,
        path="/coins/redemptions",
        actor="P7-1",
        body=BILL | changes,
        field=field,
    )


def terms(name: str, code: str, field: str, proposal: str) -> Bad:
    return refused(
        name,
        409,
        code,
        path="/proposals/approvals",
        actor="X-2",
        body={"proposal": proposal},
        field=field,
    )


REWARDS: tuple[Bad, ...] = (
    terms("rules_of_a_known_version", "rewards.version_exists", "version", "{rewards_again}"),
    terms("rules_for_the_past", "rewards.not_ahead", "effective_from", "{rewards_past}"),
    get(
        "what_an_unknown_coin_owes",
        404,
        "rewards.scheme_unknown",
        "/coins/NONE/liability",
        actor="A-1",
        field="instrument",
    ),
    refused(
        "an_account_of_an_unknown_coin",
        404,
        "rewards.scheme_unknown",
        path="/coins/accounts",
        actor="TEAM-1",
        body={"instrument": "NONE", "party": "P7"},
        field="instrument",
    ),
    refused(
        "a_second_account_of_a_coin",
        409,
        "rewards.account_exists",
        path="/coins/accounts",
        actor="TEAM-1",
        body={"instrument": "GREEN-COIN", "party": "P7"},
        field="party",
    ),
    act("coins_for_a_trading_account", 409, "rewards.account_unfit", "account", account="{E01}"),
    act("an_act_of_no_source", 404, "rewards.source_unknown", "source", source="NONE"),
    refused(
        "an_act_of_anothers_source",
        403,
        "rewards.not_the_owner",
        path="/coins/acts",
        actor="OTHER-1",
        body=ACT,
        field="source",
    ),
    act("an_act_that_the_source_may_not_report", 404, "rewards.act_unknown", "act", act="planting"),
    act("an_act_before_there_were_rules", 409, "rewards.rules_not_set", "day", day="2025-12-31"),
    act("an_act_of_tomorrow", 409, "rewards.day_unfit", "day", day="2026-03-18"),
    act("an_act_of_long_ago", 409, "rewards.day_unfit", "day", day="2026-02-01"),
    act("an_act_counted_before", 409, "rewards.act_twice", "reference", reference="known"),
    act(
        "more_coins_than_the_issuer_has",
        409,
        "rewards.budget_too_small",
        "account",
        account="{P8-coins}",
        quantity=2,
    ),
    ride(
        "a_behaviour_without_a_figure",
        409,
        "rewards.factor_empty",
        "behaviour",
        behaviour="online_bill",
    ),
    ride("an_activity_of_nothing", 409, "rewards.quantity_unfit", "activity", activity="0"),
    Bad(
        name="an_activity_of_four_places",
        status=422,
        code="request.amount_off_step",
        path="/carbon/credits",
        actor="TEAM-1",
        body=RIDE | {"activity": "1.0005"},
        field="activity",
    ),
    bill("a_bill_of_no_merchant", 404, "rewards.merchant_unknown", "merchant", merchant="1"),
    bill("a_bill_paid_before", 409, "rewards.bill_taken", "bill", bill="77", coins="4"),
    bill("a_bill_of_eleven_coins", 409, "rewards.above_bill_max", "coins", coins="11"),
    bill("more_coins_than_there_are", 409, "rewards.coins_too_few", "coins", coins="8"),
    refused(
        "a_merchant_that_helps_itself",
        403,
        "rewards.agreement_required",
        path="/coins/redemptions",
        actor="SHOP-1",
        body=BILL,
        field="account",
    ),
    refused(
        "another_holders_agreement",
        403,
        "ledger.checker_of_other_party",
        path="/proposals/approvals",
        actor="P8-1",
        body={"proposal": "{rewards_agreed}"},
        field="proposal",
    ),
    refused(
        "an_act_that_never_was_revoked",
        404,
        "rewards.reference_unknown",
        path="/coins/acts/revocations",
        actor="TEAM-1",
        body={"source": "BAGS", "reference": "never", "reason": "error"},
        field="reference",
    ),
    refused(
        "a_slip_that_nobody_signed",
        409,
        "rewards.signature_unfit",
        path="/rewards/slips",
        actor="OTHER-1",
        body={
            "source": "BAGS",
            "slip": "S-1",
            "reward": "coins",
            "account": "{P7-coins}",
            "act": "sorted_waste",
            "quantity": "1",
            "day": "2026-03-16",
            "signature": "00" * 64,
        },
        field="signature",
    ),
    refused(
        "coins_moved_as_rights",
        409,
        "ledger.account_kind_unfit",
        path="/rights/transfers",
        actor="E01-1",
        body={
            "source": "{E01}",
            "target": "{P7-coins}",
            "instrument": "CEA25",
            "quantity": "1",
            "cause": "gift",
        },
        field="target",
    ),
)
