"""Coins and carbon as the API shows them: decimal strings and dates."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.money import format_decimal

MILLIGRAM = Decimal("0.001")
MICROGRAM = Decimal("0.000001")
ACTIVITY = Decimal("0.001")
# The three layers of carbon accounts; who is neither of these two is a public body.
LAYERS = {"enterprise": "enterprise", "person": "person"}


def grams(milligrams: int) -> str:
    """Return milligrams as grams."""
    return format_decimal(milligrams, step=MILLIGRAM)


def rules_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a version of a coin's rules."""
    columns = (row["acts"], row["act_coins"], row["act_sources"])
    return {
        "version": row["version"],
        "effective_from": _day(row["effective_from"]),
        "acts": [
            {"act": act, "coins": coins, "source": source}
            for act, coins, source in zip(*columns, strict=True)
        ],
        "day_max": row["day_max"],
        "month_max": row["month_max"],
        "expiry_months": row["expiry_months"],
        "bill_max": row["bill_max"],
        "late_days": row["late_days"],
        "decision": row["decision"],
    }


def scheme_shown(row: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a coin with all versions of its rules, the newest first."""
    return {
        "instrument": row["instrument"],
        "issuer": row["party"],
        "budget": str(row["budget"]),
        "rules": [rules_shown(each) for each in rules],
    }


def coin_account_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a holder's standing; the balance that it sees is its coins less the claim."""
    expires = row["expires"]
    return {
        "account": str(row["account"]),
        "instrument": row["instrument"],
        "coins": str(row["coins"]),
        "claim": str(row["claim"]),
        "balance": str(row["coins"] - row["claim"]),
        "earned_today": str(row["earned_today"]),
        "earned_this_month": str(row["earned_this_month"]),
        "next_expiry": None if expires is None else _day(expires),
    }


def act_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an act with the lot that it made."""
    return {
        "act": str(row["id"]),
        "entry": str(row["entry"]),
        "source": row["source"],
        "reference": row["reference"],
        "behaviour": row["behaviour"],
        "quantity": row["quantity"],
        "day": _day(row["day"]),
        "coins": str(row["coins"]),
        "cut": str(row["cut"]),
        "repaid": str(row["repaid"]),
        "left": str(row["left"]),
        "expires_on": _day(row["expires"]),
        "state": row["state"],
        "rules_version": row["rules"],
    }


def bill_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bill that coins paid."""
    return {
        "bill": str(row["id"]),
        "entry": str(row["entry"]),
        "account": str(row["account"]),
        "merchant": str(row["merchant"]),
        "bill_digest": row["digest"],
        "coins": str(row["coins"]),
        "on": _day(row["day"]),
    }


def liability_shown(
    book: Mapping[str, Any],
    *,
    overdue: int,
    outstanding: Sequence[Mapping[str, Any]],
    claims: Mapping[str, Any],
    merchants: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what an issuer owes: coins that holders may spend, and merchants' not settled.

    ``overdue`` coins have expired and still stand in their holders' accounts.
    """
    held = sum(row["coins"] for row in outstanding)
    unsettled = sum(row["unsettled"] for row in merchants)
    return {
        "instrument": book["instrument"],
        "issuer": book["party"],
        "budget": str(book["budget"]),
        "expired": str(book["ended"] + overdue),
        "expired_unposted": str(overdue),
        "taken_back": str(book["taken_back"]),
        "held": str(held),
        "unsettled": str(unsettled),
        "liability": str(held + unsettled),
        "by_expiry_month": [
            {"month": row["month"], "coins": str(row["coins"]), "acts": row["acts"]}
            for row in outstanding
        ],
        "claims": {"holders": claims["holders"], "coins": str(claims["coins"])},
        "merchants": [
            {
                "merchant": str(row["account"]),
                "party": row["party"],
                "live": row["live"],
                "redeemed": str(row["redeemed"]),
                "unsettled": str(row["unsettled"]),
            }
            for row in merchants
        ],
    }


def source_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source of acts."""
    return {
        "source": row["id"],
        "party": row["party"],
        "reports_acts": row["acts"],
        "reports_behaviours": row["behaviours"],
        "public_key": row["public_key"] or None,
    }


def factor_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a version of a factor; without grams no source names a figure."""
    figure, limit = row["micrograms"], row["day_limit"]
    return {
        "behaviour": row["behaviour"],
        "version": row["version"],
        "effective_from": _day(row["effective_from"]),
        "unit": row["unit"],
        "factor_grams": None if figure is None else _plain(figure),
        "day_limit_grams": None if limit is None else grams(limit),
        "late_days": row["late_days"],
        "method": row["method"],
        "source": row["source"],
    }


def carbon_account_shown(
    account: int,
    row: Mapping[str, Any],
    *,
    reduced: Sequence[Mapping[str, Any]],
    emitted: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what a carbon account saved by behaviour, and emitted by year, apart."""
    return {
        "account": str(account),
        "layer": LAYERS.get(row["kind"], "public_body"),
        "reduced_grams": grams(row["held"]),
        "by_behaviour": [
            {
                "behaviour": row["behaviour"],
                "grams": grams(row["milligrams"]),
                "cut_grams": grams(row["cut"]),
                "credits": row["credits"],
            }
            for row in reduced
        ],
        "emissions": [
            {
                "year": row["year"],
                "grams": str(row["grams"]),
                "method": row["method"],
                "report_digest": row["document"],
                "reports": row["reports"],
            }
            for row in emitted
        ],
    }


def credit_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a credit with the method's version."""
    return {
        "credit": str(row["id"]),
        "entry": str(row["entry"]),
        "source": row["source"],
        "reference": row["reference"],
        "behaviour": row["behaviour"],
        "factor_version": row["version"],
        "method": row["method"],
        "activity": format_decimal(row["activity"], step=ACTIVITY),
        "on": _day(row["day"]),
        "grams": grams(row["milligrams"]),
        "cut_grams": grams(row["cut"]),
        "state": row["state"],
    }


def _plain(micrograms: int) -> str:
    """Return a factor without zeros that say nothing."""
    text = format_decimal(micrograms, step=MICROGRAM)
    return text.rstrip("0").rstrip(".")


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
