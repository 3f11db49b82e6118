"""An account comes back from every format as it went, and formats are what they say."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gep.exchange.checking import checked
from gep.exchange.exporting import MEDIA_TYPES, Form, export, export_table
from gep.exchange.tables import TABLES
from gep.exchange.tree import Export
from tests.gep.accounts.planning import account, example
from tests.gep.exchange.expansion import expanded
from tests.gep.exchange.exporting import content, document, files_of, whole
from tests.gep.shipped import shipped_account, shipped_plans

PROV, SKOS = "http://www.w3.org/ns/prov#", "http://www.w3.org/2004/02/skos/core#"
OURS = "urn:ecorights:gep:"
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@'\"\t\r\n,;"), min_size=1
).filter(str.strip)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", shipped_plans())
@pytest.mark.parametrize("is_whole", [True, False])
def test_an_account_comes_back_from_each_format(name: str, form: Form, *, is_whole: bool) -> None:
    made = shipped_account(name)
    what = whole(made) if is_whole else Export(account=made)
    exported = export(what, form)

    found = checked(exported.content, expected=made.hash)

    assert found.found == ()
    assert found.account is not None
    assert found.account.document() == made.document()
    assert (found.hash, found.form, found.is_published) == (made.hash, form, is_whole)
    assert exported.media_type == MEDIA_TYPES[form]
    assert export(what, form) == exported


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, min_size=4, max_size=4))
def test_any_text_comes_back(texts: list[str]) -> None:
    source, author, reason, name = texts
    override = {"key": "soil.density", "value": "1.2", "unit": "t/m3"}
    made = account(
        id=name,
        area={"id": source, "name": name, "km2": "10"},
        inputs={"timber": {"value": "300", "unit": "m3", "source": source}},
        overrides=[override | {"author": author, "reason": reason, "source": source}],
    )

    for form in Form:
        exported = export(Export(account=made), form)
        assert checked(exported.content, expected=made.hash).found == (), form
        assert exported.name.isascii()


@pytest.mark.parametrize("bom", [True, False])
def test_cells_that_would_be_formulas_are_guarded(*, bom: bool) -> None:
    source = {"timber": {"value": "300", "unit": "m3", "source": "=HYPERLINK(1)"}}
    made = account(inputs=source, inflow_deduction={"yuan": "99999999", "source": "made up"})
    files = files_of(export(Export(account=made), Form.CSV, bom=bom).content)

    assert b",'=HYPERLINK(1)," in files["used.csv"]
    # A negative number is a number.
    assert b",total_yuan,-" in files["sums.csv"]
    assert files["used.csv"].startswith(b"\xef\xbb\xbf") is bom


def test_a_sorted_table_is_the_same_account() -> None:
    from gep.exchange.checking import check
    from gep.exchange.opening import opened_files

    files = files_of(content(Form.CSV, bom=True))
    for name in ("lines.csv", "used.csv", "seals.csv"):
        head, *rows = files[name].decode("utf-8-sig").splitlines()
        files[name] = "\n".join([head, *sorted(rows, reverse=True)]).encode()
    files["lines.csv"] = files["lines.csv"].replace(b",true", b",TRUE")
    del files["metadata.json"]

    assert check(*opened_files(files)).found == ()


def test_metadata_describes_every_table_and_its_keys() -> None:
    files = files_of(content(Form.CSV))
    metadata = json.loads(files["metadata.json"])

    assert [each["url"] for each in metadata["tables"]] == [each.file for each in TABLES]
    assert "76 rows" in metadata["dc:description"]
    for table in metadata["tables"]:
        columns = [each["name"] for each in table["tableSchema"]["columns"]]
        assert files[table["url"]].decode().splitlines()[0].split(",") == columns
        assert set(table["tableSchema"]["primaryKey"]) <= set(columns)
    (lines,) = (each for each in metadata["tables"] if each["url"] == "lines.csv")
    assert lines["tableSchema"]["foreignKeys"][0]["reference"]["resource"] == "services.csv"


def test_one_table_alone_is_that_of_the_archive() -> None:
    what = whole(example("valley-2026"))
    made = export_table(what, "lines")

    assert made.content == files_of(export(what, Form.CSV).content)["lines.csv"]
    assert (made.name, made.media_type.partition(";")[0]) == (
        "valley-2026-27675ef4-lines.csv",
        "text/csv",
    )


def test_json_ld_says_what_was_derived_from_what_and_who_did_it() -> None:
    triples = expanded(document(Form.JSON_LD))
    head = f"{OURS}{example('valley-2026').hash}"

    def objects(subject: str, predicate: str) -> list[Any]:
        return [each[2] for each in triples if each[:2] == (subject, predicate)]

    assert f"{PROV}Entity" in objects(head, "@type")
    assert objects(head, "http://purl.org/dc/terms/identifier") == ["valley-2026"]
    (lines,) = objects(head, f"{OURS}lines")
    assert len(lines) == 10
    sources = [
        source
        for used in objects(lines[0], f"{PROV}wasDerivedFrom")
        for source in objects(used, "http://purl.org/dc/terms/source")
    ]
    assert "made up for this page, 2026" in sources
    price = f"{OURS}{example('valley-2026').hash}:figure:carbon_dioxide.price"
    assert objects(price, f"{OURS}price_year") == ["2014"]
    assert price in objects(lines[4], f"{PROV}wasDerivedFrom")
    assert objects(lines[0], "http://qudt.org/schema/qudt/unit") == [f"{OURS}unit:m3"]
    assert objects(f"{OURS}unit:hm2", "http://qudt.org/schema/qudt/ucumCode") == ["har"]
    assert objects(f"{OURS}R8", f"{SKOS}closeMatch") == [f"{OURS}seea:global-climate-regulation"]
    assert objects(f"{OURS}R8", f"{OURS}seea_mark") == [f"{OURS}mark:K"]
    assert objects(head, f"{PROV}wasRevisionOf") == [f"{OURS}{'0b' * 32}"]
    acts = [subject for subject, name, value in triples if (name, value) == (f"{PROV}used", head)]
    who = [each for act in acts for each in objects(act, f"{PROV}wasAssociatedWith")]
    assert (len(acts), who) == (4, [f"{OURS}key:V-1", f"{OURS}key:R-1", f"{OURS}key:R-2"])
    (geometry,) = objects(f"{OURS}area:331199", "http://www.opengis.net/ont/geosparql#hasGeometry")
    (text,) = objects(geometry, "http://www.opengis.net/ont/geosparql#asGeoJSON")
    assert json.loads(text)["type"] == "MultiPolygon"


@pytest.mark.parametrize("name", shipped_plans())
def test_every_example_is_whole_json_ld(name: str) -> None:
    made = shipped_account(name)

    for what in (whole(made), Export(account=made)):
        triples = expanded(json.loads(export(what, Form.JSON_LD).content))
        sources = {each[2] for each in triples if each[1] == "http://purl.org/dc/terms/source"}
        assert {used.source for line in made.lines for used in line.used} <= sources
        assert {stock.source for stock in made.stocks} <= sources


@pytest.mark.parametrize("form", Form)
def test_a_set_with_unchecked_values_says_so(form: Form) -> None:
    exported = content(form)
    text = b"".join(files_of(exported).values()) if form is Form.CSV else exported

    assert "参数集 zhejiang-0.1 有 76 行未与原文核对,本账采用其中 11 行".encode() in text
    assert b"76 rows of the parameter set zhejiang-0.1" in text
