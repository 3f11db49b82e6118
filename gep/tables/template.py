"""Templates: the sheets of an edition and a parameter set, blank or filled from a plan.

A blank one has the lines that the edition wants first, then those that it allows, and the steps of
areas by rates whose parameters the set has.
"""

from collections.abc import Mapping
from datetime import date

from gep.accounts.plan import AreaKind, Profile, Worth
from gep.accounts.reading import plan_of
from gep.calls import CALLS, arguments_of
from gep.document import Place
from gep.measures import UNITS
from gep.registry.edition import Edition, edition_of
from gep.registry.parameter_set import Parameter, ParameterSet
from gep.registry.service import Group
from gep.registry.shipped import editions, parameter_set_of, parameter_sets, services
from gep.tables.about import about_lines
from gep.tables.csv_out import archive_of, csv_files
from gep.tables.filling import (
    Filled,
    NumberText,
    area_rows,
    empty_pages,
    filled_from,
    service_label,
)
from gep.tables.layout import Language
from gep.tables.recipes import CLASSES, INPUTS, PROPOSALS, RECIPES, Proposal, Recipe, Word
from gep.tables.references import keys_of, parameter_in
from gep.tables.stocks import CHANGES
from gep.tables.workbook_out import Choices, workbook_of
from gep.units import PriceBasis

EDITION = "DB33/T 2274-2025"
PARAMETERS = "zhejiang-0.1"
_WRITTEN_UNITS = ("万m3", "万元", "亿元", "万吨", "万人次", "吨CO2", "吨碳", "亩", "公顷")
_MONEYS = ("元", "万元", "亿元", "yuan")
_AREAS = ("hm2", "km2", "mu", "亩", "公顷")
# By list: the key of the parameters, and the dimension that a column of the land sheet fills.
_DIMENSIONS = {
    "covers": ("erosion.cover", "cover"),
    "covereds": ("erosion.cover", "covered"),
    "runoffs": ("runoff.coefficient", "cover"),
    "airs": ("air.rate", "cover"),
}


def blank_pages(edition: str, parameters: str, lang: Language) -> Filled:
    """Return the sheets of a template that nobody filled.

    Raises:
        Unknown: no such edition, or no such parameter set.
    """
    chosen, rows = edition_of(editions(), edition, on=date.max), parameter_set_of(parameters)
    pages = empty_pages()
    pages["area"] = area_rows({"edition": chosen.id, "parameters": rows.version}, lang)
    recipes = _recipes(rows)
    pages["land"] = [_class_row(name, dims, lang) for name, dims in CLASSES.items()]
    pages["inputs"] = [_input_row(*each, lang=lang) for each in INPUTS]
    pages["methods"] = [row for each in recipes for row in _step_rows(each, lang)]
    pages["lines"] = [_line_row(each, lang) for each in _proposals(chosen)]
    return _with_references(pages, chosen, rows, lang=lang)


def pages_from(document: Place, lang: Language) -> Filled:
    """Return the sheets of a plan, with those that explain it.

    Raises:
        Malformed: it is no plan, or has what no sheet holds.
    """
    plan = plan_of(document)
    pages = filled_from(document, lang)
    return _with_references(pages, plan.edition, plan.parameters, lang=lang)


def workbook(pages: Filled, lang: Language) -> bytes:
    """Return sheets as a workbook, with its lists to choose from."""
    parameters = [row["parameter"] for row in pages["parameters"]]
    return workbook_of(pages, _choices(parameters, lang), lang)


def archive(pages: Filled, lang: Language) -> bytes:
    """Return sheets as a ZIP of CSV files."""
    return archive_of(csv_files(pages, lang))


def _with_references(
    pages: Filled, edition: Edition, parameters: ParameterSet, *, lang: Language
) -> Filled:
    about = [{"text": each} for each in about_lines(edition, parameters, lang)]
    shown = [_parameter_row(each) for each in _all_rows(parameters)]
    return pages | {"about": about, "parameters": shown, "calls": _call_rows(lang)}


def _all_rows(parameters: ParameterSet) -> list[Parameter]:
    """Return the rows that hold, of a set and of those that it extends."""
    keys = sorted(keys_of(parameters))
    return [row for key in keys for row in parameters.named(key, on=date.max)]


def _parameter_row(row: Parameter) -> dict[str, str]:
    return {
        "parameter": row.name,
        "value": NumberText(f"{row.value:f}"),
        "unit": row.unit,
        "basis": "" if row.basis is None else row.basis.value,
        "price_year": "" if row.price_year is None else str(row.price_year),
        "mark": row.mark.value,
        "source": row.source,
    }


def _call_rows(lang: Language) -> list[dict[str, str]]:
    zh = lang is Language.ZH
    of = {method: code for code, each in services().items() for method in each.methods}
    return [
        {
            "service": service_label(of[name], lang) if name in of else "",
            "method": name,
            "argument": each.name,
            "unit": each.wanted,
            "many": ("可多行" if zh else "several") if each.is_list else "",
            "optional": ("可省略" if zh else "optional") if each.is_optional else "",
        }
        for name in CALLS
        for each in arguments_of(name).values()
    ]


def _recipes(parameters: ParameterSet) -> tuple[Recipe, ...]:
    """Return the steps whose parameters a set has."""
    keys = keys_of(parameters)
    steps = {each.step for each in RECIPES} | {name for name, _, _ in INPUTS}

    def is_known(text: str) -> bool:
        name = parameter_in(text)
        return text in steps or ":" in text or (name is not None and name.key in keys)

    return tuple(each for each in RECIPES if all(is_known(value) for _, value in each.arguments))


def _proposals(edition: Edition) -> list[Proposal | str]:
    """Return the lines of a template, the mandatory first; a service without a proposal is bare."""
    if edition.indicators is None:
        return list(PROPOSALS)
    ordered = sorted(edition.indicators.values(), key=lambda each: not each.is_mandatory)
    found: list[Proposal | str] = []
    for indicator in ordered:
        known = [each for each in PROPOSALS if each.service == indicator.service]
        found += known or [indicator.service]
    return found


def _word(words: Word, lang: Language) -> str:
    return words[0] if lang is Language.ZH else words[1]


def _class_row(name: Word, dims: Mapping[str, str], lang: Language) -> dict[str, str]:
    return {"class": _word(name, lang), "unit": "hm2", **dims}


def _input_row(name: str, unit: str, note: str, *, lang: Language) -> dict[str, str]:
    zh, _, en = note.partition("|")
    return {"name": name, "unit": unit, "note": zh if lang is Language.ZH else en}


def _step_rows(recipe: Recipe, lang: Language) -> list[dict[str, str]]:
    classes = ", ".join(_word(each, lang) for each in recipe.classes)
    head = {"step": recipe.step, "method": recipe.method, "classes": classes}
    rows = [
        {"step": recipe.step, "argument": name, "value": value} for name, value in recipe.arguments
    ]
    return [head | rows[0], *rows[1:]]


def _line_row(line: Proposal | str, lang: Language) -> dict[str, str]:
    if isinstance(line, str):
        service = services()[line]
        return {"id": line.lower(), "service": service_label(service.code, lang)}
    return {
        "id": line.id,
        "service": service_label(line.service, lang),
        "name": line.zh if lang is Language.ZH else line.en,
        "note": line.note(lang),
    }


def _choices(parameters: list[str], lang: Language) -> Choices:
    rows = [name for name in map(parameter_in, parameters) if name is not None]
    dimensions = {
        name: sorted(
            {dict(row.dims)[dim] for row in rows if row.key == key and dim in dict(row.dims)}
        )
        for name, (key, dim) in _DIMENSIONS.items()
    }
    listed = [each for each in services().values() if each.group is not Group.DISSERVICE]
    disservices = [each for each in services().values() if each.group is Group.DISSERVICE]
    return {
        "services": [service_label(each.code, lang) for each in (*listed, *disservices)],
        "units": [*UNITS, "1", "yuan/t", "yuan/m3", "t/hm2", *_WRITTEN_UNITS],
        "areas": _AREAS,
        "moneys": _MONEYS,
        "bases": [each.value for each in PriceBasis],
        "worths": [each.value for each in Worth],
        "area_kinds": [each.value for each in AreaKind],
        "changes": [words[0 if lang is Language.ZH else 1] for words in CHANGES.values()],
        "profiles": [each.value for each in Profile],
        "truths": ["是", "否"] if lang is Language.ZH else ["yes", "no"],
        "editions": [each.id for each in editions()],
        "parameter_sets": list(parameter_sets()),
        "methods": list(CALLS),
        "parameters": parameters,
        **dimensions,
    }
