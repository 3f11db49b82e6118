"""An account as one tree of plain values, which every format is a writing of.

What is primary stands in it as it is: the canonical document, its hash, the course on the ledger,
boundaries. What follows from it stands beside: indices, the rows of the parameter set in use, the
services with their names in SEEA EA, units as UCUM codes, and what nobody has checked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gep.accounts.account import EXACT, Account, yuan_of
from gep.accounts.indices import indices_of
from gep.accounts.terms import Used
from gep.exchange.boundary import Boundary, boundary_document
from gep.exchange.course import Course
from gep.exchange.ucum import ucum_of
from gep.registry.edition import Mark
from gep.registry.parameter_set import Parameter, rows_by_name
from gep.registry.shipped import parameter_sets, services

FORM = "ecorights-gep-account-1"
# The crosswalk to SEEA EA was not read in its document.
CROSSWALK_MARK = Mark.UNCHECKED.value
INDEX_STEP, YUAN_STEP = Decimal("0.000001"), Decimal("0.01")
# What a tree has beside the canonical document.
BESIDE = frozenset(
    [
        "form",
        "account_hash",
        "title_zh",
        "title_en",
        "indices",
        "services",
        "units",
        "parameters",
        "notices",
        "course",
        "boundary",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is exported: an account; its course where a venue has it; boundaries where known."""

    account: Account
    course: Course | None = None
    boundary: Boundary | None = None


def tree_of(export: Export) -> dict[str, Any]:
    """Return an export as plain values: text, truth values, null, lists and objects."""
    account = export.account
    rows = _rows_of(account)
    return {
        "form": FORM,
        "account_hash": account.hash,
        "title_zh": f"{account.area.name} {account.year} 年{account.product_zh}核算账",
        "title_en": f"Gross ecosystem product of {account.area.name}, {account.year}",
        **account.document(),
        "indices": _indices(account),
        "services": list(_services(account)),
        "units": list(_units(account)),
        "parameters": [
            _parameter(used, None if rows is None else rows.get(used.name))
            for used in _parameters_used(account)
        ],
        "notices": list(_notices(account, is_known=rows is not None)),
        "course": None if export.course is None else export.course.document(),
        "boundary": boundary_document(export.boundary),
    }


def document_in(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return the canonical document of the account in a tree."""
    return {name: value for name, value in tree.items() if name not in BESIDE}


def _indices(account: Account) -> dict[str, str | None]:
    found = indices_of(account)
    return {
        "per_km2_yuan": _figure(found.per_km2_yuan, YUAN_STEP),
        "per_head_yuan": _figure(found.per_head_yuan, YUAN_STEP),
        "gep_to_gdp": _figure(found.gep_to_gdp, INDEX_STEP),
        "regulating_share": _figure(found.regulating_share, INDEX_STEP),
        "conversion_yuan": str(yuan_of(found.conversion)),
        "realised": _figure(found.realised, INDEX_STEP),
    }


def _figure(value: Decimal | None, step: Decimal) -> str | None:
    return None if value is None else f"{EXACT.quantize(value, step):f}"


def _services(account: Account) -> Iterator[dict[str, Any]]:
    known = services()
    sums = account.by_service
    for code in dict.fromkeys(line.service for line in account.lines):
        found = known.get(code)
        counted = sums.get(code)
        yield {
            "code": code,
            "label_zh": None if found is None else found.zh,
            "label_en": None if found is None else found.en,
            "in_group": None if found is None else found.group.value,
            "seea": None if found is None else found.seea,
            "seea_mark": None if found is None or found.seea is None else CROSSWALK_MARK,
            "counted_yuan": None if counted is None else str(yuan_of(counted)),
        }


def _units(account: Account) -> Iterator[dict[str, str | None]]:
    units = {used.unit for line in account.lines for used in line.used}
    units |= {line.unit for line in account.lines if line.unit is not None}
    units |= {override.unit for override in account.overrides} | {"yuan"}
    units |= {stock.unit for stock in account.stocks}
    for unit in sorted(units):
        yield {"unit": unit, "ucum": ucum_of(unit)}


def _parameters_used(account: Account) -> list[Used]:
    found = {
        used.name: used
        for line in account.lines
        for used in line.used
        if used.mark is not None or used.override is not None
    }
    return [found[name] for name in sorted(found)]


def _rows_of(account: Account) -> Mapping[str, Parameter] | None:
    """Return the rows of the account's parameter set by name; None if we have another one."""
    known = parameter_sets().get(account.parameter_set)
    if known is None or known.hash != account.parameter_set_hash:
        return None
    return rows_by_name(known, on=date(account.year, 12, 31))


def _parameter(used: Used, row: Parameter | None) -> dict[str, Any]:
    return {
        "name": used.name,
        "value": f"{used.value:f}",
        "unit": used.unit,
        "source": used.source,
        "mark": None if used.mark is None else used.mark.value,
        "overridden": used.override is not None,
        "price_year": None if row is None or row.price_year is None else str(row.price_year),
        "price_basis": None if row is None or row.basis is None else row.basis.value,
        "row_value": None if row is None else f"{row.value:f}",
        "row_low": None if row is None or row.low is None else f"{row.low:f}",
        "row_high": None if row is None or row.high is None else f"{row.high:f}",
        "row_source": None if row is None else row.source,
        "row_mark": None if row is None else row.mark.value,
    }


def _notices(account: Account, *, is_known: bool) -> Iterator[dict[str, str]]:
    version, rows, used = (
        account.parameter_set,
        account.parameter_set_unchecked,
        len(account.unchecked),
    )
    if rows:
        yield {
            "code": "parameters_unchecked",
            "zh": f"参数集 {version} 有 {rows} 行未与原文核对,本账采用其中 {used} 行",
            "en": f"{rows} rows of the parameter set {version} were not checked against their"
            f" documents; this account uses {used} of them",
        }
    if not is_known:
        yield {
            "code": "parameter_set_elsewhere",
            "zh": f"本处没有该哈希的参数集 {version},价格年份与区间未列出",
            "en": f"the parameter set {version} of that hash is not here: price years and ranges"
            " are left out",
        }
    if account.overrides:
        yield {
            "code": "parameters_overridden",
            "zh": f"被替换的参数:{len(account.overrides)} 个;不采用替换的总值另列",
            "en": f"overridden parameters: {len(account.overrides)}; the total without any of them"
            " stands beside",
        }
