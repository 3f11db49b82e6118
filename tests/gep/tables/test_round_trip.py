"""What is written as sheets is read back as the same plan, whatever the plan."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.accounts.stored import plan_text
from gep.document import Place
from gep.tables.assembling import assembled
from gep.tables.csv_in import files_of_archive, grids_of_files
from gep.tables.csv_out import archive_of, csv_files
from gep.tables.faults import Faults
from gep.tables.filling import Filled, filled_from
from gep.tables.grids import Grid
from gep.tables.layout import Language
from gep.tables.reading import Outcome, read_file, read_folder
from gep.tables.rows import tables_of
from gep.tables.template import archive, pages_from, workbook
from gep.tables.workbook_in import grids_of_workbook
from gep.tables.workbook_out import workbook_of
from tests.gep.shipped import shipped_plans
from tests.gep.tables.plans import plans

PLANS = shipped_plans()
WAYS: dict[str, Callable[[Filled, Language], Outcome]] = {
    "workbook": lambda pages, lang: read_file(workbook(pages, lang), "book"),
    "archive": lambda pages, lang: read_file(archive(pages, lang), "archive"),
    "folder": lambda pages, lang: read_folder(csv_files(pages, lang)),
}


@pytest.mark.parametrize("lang", list(Language))
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PLANS)
def test_a_plan_comes_back_with_the_same_account(name: str, way: str, lang: Language) -> None:
    document = PLANS[name]

    found = WAYS[way](pages_from(document, lang), lang)

    assert found.faults == ()
    assert found.account is not None
    assert found.plan == plan_of(document)
    assert found.account.hash == make_account(plan_of(document)).hash
    assert plan_text(Place(dict(found.document or {}))) == plan_text(document)


def read_back(grids: tuple[Grid, ...], faults: Faults) -> Any:
    document = assembled(tables_of(grids, faults), faults).document
    assert [each.document() for each in faults.of_errors()] == []
    return document


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans())
def test_any_plan_that_json_holds_comes_back(plan: dict[str, Any]) -> None:
    pages = filled_from(Place(plan), Language.ZH)

    by_book = read_back(grids_of_workbook(workbook_of(pages, {}, Language.ZH)), Faults())
    files = files_of_archive(archive_of(csv_files(pages, Language.ZH)))
    by_files = read_back(grids_of_files(files, Faults()), Faults())

    assert by_book == plan
    assert by_files == plan


def test_the_same_plan_gives_the_same_bytes() -> None:
    pages = [pages_from(PLANS["valley-2026"], Language.ZH) for _ in range(2)]

    assert len({workbook(each, Language.ZH) for each in pages}) == 1
    assert len({archive(each, Language.ZH) for each in pages}) == 1


def test_nothing_that_a_plan_says_becomes_a_formula() -> None:
    import openpyxl  # type: ignore[import-untyped]

    document = json.loads(plan_text(PLANS["valley-2026"]))
    document["note"] = document["id"] = document["lines"][0]["id"] = "=HYPERLINK(1)"
    pages = pages_from(Place(document), Language.EN)
    book = openpyxl.load_workbook(io.BytesIO(workbook(pages, Language.EN)))

    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    texts = b"".join(csv_files(pages, Language.EN).values()).decode("utf-8-sig")

    assert "f" not in kinds
    assert ",=HYP" not in texts
    assert "\n=HYP" not in texts
