"""What a reader must know of an account before relying on it: its warnings, in a fixed order."""

from collections.abc import Iterator
from decimal import Decimal

from gep.accounts.account import EXACT, Account, Warned, WarningCode
from gep.registry.edition import Edition, Mark, Status
from gep.registry.parameter_set import Parameters

GIVEN = "given"
# What ecosystems could take up, not held against what was emitted: R6.used, R7.used do that.
UNCAPPED = frozenset({"R6.capacity", "R7.capacity"})
SHOWN = Decimal("0.0001")
# O2 to CO2 of one photosynthesis: by molar masses, and by the ratios of the papers.
OXYGEN_A_CO2 = (Decimal(32) / 44, Decimal("1.19") / Decimal("1.63"))


def warnings_of(account: Account, edition: Edition, parameters: Parameters) -> Iterator[Warned]:
    """Yield an account's warnings: of its edition, its parameters, its lines."""
    yield from _of_edition(account, edition)
    yield from _of_parameters(account)
    yield from _of_shares(account, parameters.value("warning.service_share"))
    yield from _of_oxygen(account, parameters.value("warning.oxygen_ratio"))
    for line in account.counted():
        if line.method in UNCAPPED:
            yield Warned(code=WarningCode.EMISSION_UNKNOWN, place=line.id)
    for line in account.lines:
        if line.method == GIVEN:
            yield Warned(code=WarningCode.GIVEN_LINES, place=line.id)


def _of_edition(account: Account, edition: Edition) -> Iterator[Warned]:
    if edition.mark is Mark.UNCHECKED:
        yield Warned(code=WarningCode.EDITION_UNCHECKED, place=edition.id)
    if edition.status in {Status.REPLACED, Status.DRAFT}:
        yield Warned(code=WarningCode.EDITION_NOT_IN_FORCE, place=edition.id)
    if edition.indicators is None and edition.status is not Status.REFERENCE:
        yield Warned(code=WarningCode.INDICATORS_UNKNOWN, place=edition.id)
    present = {line.service for line in account.counted()}
    for service, indicator in (edition.indicators or {}).items():
        if indicator.is_mandatory and service not in present:
            yield Warned(code=WarningCode.MANDATORY_MISSING, place=service)


def _of_parameters(account: Account) -> Iterator[Warned]:
    if account.unchecked:
        yield Warned(code=WarningCode.UNCHECKED_PARAMETERS, place=", ".join(account.unchecked))
    used = {each.name: each for line in account.lines for each in line.used}
    for name, each in sorted(used.items()):
        if each.price_year not in {None, account.price_year}:
            year = Decimal(each.price_year or 0)
            yield Warned(code=WarningCode.PRICE_YEAR_DIFFERS, place=name, figure=year)
    for override in account.overrides:
        yield Warned(code=WarningCode.OVERRIDDEN, place=override.key)


def _of_shares(account: Account, threshold: Decimal) -> Iterator[Warned]:
    if account.total <= 0:
        return
    for service, value in account.by_service.items():
        share = Decimal(value) / account.total
        if share > threshold:
            yield Warned(
                code=WarningCode.SERVICE_DOMINATES,
                place=service,
                figure=EXACT.quantize(share, SHOWN),
            )


def _of_oxygen(account: Account, within: Decimal) -> Iterator[Warned]:
    """Warn where oxygen and carbon cannot come of one production."""
    oxygen = _tonnes(account, "R9", "t_O2")
    dioxide = _tonnes(account, "R8", "t_CO2") + _tonnes(account, "R8", "t_C") * 44 / 12
    if oxygen and dioxide:
        ratio = oxygen / dioxide
        if all(abs(ratio / each - 1) > within for each in OXYGEN_A_CO2):
            yield Warned(
                code=WarningCode.OXYGEN_AND_CARBON_DIFFER,
                place="R8, R9",
                figure=EXACT.quantize(ratio, SHOWN),
            )


def _tonnes(account: Account, service: str, unit: str) -> Decimal:
    lines = (line for line in account.lines if (line.service, line.unit) == (service, unit))
    quantities = (line.quantity for line in lines)
    return sum((each for each in quantities if each is not None), Decimal(0))
