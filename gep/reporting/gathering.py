"""What a report needs beside an account: range, mean weather, and whether its plan agrees."""

from dataclasses import replace
from datetime import date

from gep.accounts.account import Account
from gep.accounts.making import make_account, parameters_of
from gep.accounts.plan import Plan
from gep.accounts.reading import read_plan
from gep.accounts.stored import read_account
from gep.accounts.uncertainty import uncertainty_of
from gep.accounts.weather import Weather, has_means, weather_of
from gep.document import Place
from gep.registry.shipped import parameter_set_of
from gep.reporting.subject import Standing, Subject
from kernel.canonical import NotCanonical, canonical
from kernel.errors import DomainError

THRESHOLDS, DECLINE = "reference-0.1", "warning.decline"


def of_plan(plan: Plan) -> Subject:
    """Return the subject of a plan: its account, the range of its total, mean weather.

    Raises:
        DomainError: no account can be made of it.
    """
    account = make_account(plan)
    return _with_beside(Subject(account=account, decline=parameters_of(plan).value(DECLINE)), plan)


def of_stored(document: str, plan: str | None, standing: Standing) -> Subject:
    """Return the subject of a stored account; where its plan gives another one, that is said.

    Raises:
        DomainError: the account's document is not whole.
    """
    account = read_account(document)
    threshold = parameter_set_of(THRESHOLDS).find(DECLINE, on=date(account.year, 12, 31)).value
    subject = Subject(account=account, standing=standing, decline=threshold)
    if plan is None:
        return subject
    try:
        read = read_plan(plan.encode())
        made = make_account(read)
    except DomainError:
        return replace(subject, standing=replace(standing, agrees=False))
    agrees = made.hash == account.hash
    subject = replace(subject, standing=replace(standing, agrees=agrees))
    # What was made has what a document leaves out: price years and ranges of its figures.
    return _with_beside(replace(subject, account=made), read) if agrees else subject


def account_in(document: Place) -> Account | None:
    """Return the account of a document that is one, with or without its hash; else None.

    Raises:
        Malformed: it does not add up, or its hash is another account's.
    """
    members = document.members()
    if "total_yuan" not in members:
        return None
    stated = members.get("hash")
    plain = {name: each for name, each in document.value.items() if name not in {"hash", "ok"}}
    try:
        text = canonical(plain).decode()
    except NotCanonical:
        document.refuse("not_canonical", "the canonical document of an account")
    account = read_account(text)
    if stated is not None and stated.value != account.hash:
        stated.refuse("account_hash_unfit", account.hash)
    return account


def weather_in(plan: Plan) -> Weather | None:
    """Return the account of a plan at five-year mean weather; None where it has no means."""
    try:
        return weather_of(plan) if has_means(plan) else None
    except DomainError:
        return None  # a mean that its formula cannot take: the account itself stands


def weather_of_stored(plan: str | None) -> Weather | None:
    """Return the account of a stored plan at mean weather; None where there is none to be had."""
    try:
        return None if plan is None else weather_in(read_plan(plan.encode()))
    except DomainError:
        return None


def _with_beside(subject: Subject, plan: Plan) -> Subject:
    subject = replace(subject, weather=weather_in(plan))
    try:
        return replace(subject, uncertainty=uncertainty_of(plan))
    except DomainError as error:
        return replace(subject, range_refused=str(error))
