"""A report shows what the account has, to the shown digit, in both languages, and leads on."""

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from gep.accounts.account import WarningCode, yuan_of
from gep.accounts.comparing import Break, compare
from gep.accounts.indices import indices_of
from gep.calls import CALLS
from gep.registry.shipped import services
from gep.reporting import words
from gep.reporting.code_words import BREAKS, MARKS, WARNINGS
from gep.reporting.figures import MINUS, changed, million, rounding_difference, unit_words
from gep.reporting.methods import METHODS
from gep.reporting.reporting import report_of
from gep.reporting.sourcing import Sources
from gep.reporting.subject import Stage, Standing, Subject
from gep.reporting.words import LANGUAGES, WORDS, Language
from kernel.money import Fen
from tests.gep.reporting.pages import (
    Grid,
    Page,
    example,
    of_example,
    page_of,
    square,
    townships,
    units,
    valley,
)

REPORTING = Path(words.__file__).parent
LINES, TOTALS = "Quantities, prices and values", "The total and its variants"


@pytest.fixture(scope="module")
def page() -> Page:
    return page_of(valley())


def grid(page: Page, caption: str) -> Grid:
    [found] = [each for each in page.tables if each.caption.startswith(caption)]
    return found


def figure(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(MINUS, "-").replace("+", "").rstrip("%"))


def shown_millions(fen: int) -> Decimal:
    return (yuan_of(fen) / 10**6).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def test_every_line_stands_in_the_table_with_the_account_s_figures(page: Page) -> None:
    account = example("valley-2026")
    table = grid(page, LINES)
    rows = {row[1].split()[-1]: row for row in table.rows if len(row) == len(table.heads)}
    total = account.total

    for line in account.counted():
        code, _, quantity, unit, price, _, value, share, _ = rows[line.id]
        assert line.quantity is not None
        assert line.price is not None
        assert line.unit is not None
        assert (code, unit) == (line.service, unit_words(line.unit, "en"))
        assert figure(value) == shown_millions(line.value)
        assert abs(figure(quantity) / line.quantity - 1) < Decimal("1e-7")
        assert abs(figure(price) / line.price - 1) < Decimal("1e-7")
        assert figure(share) == (Decimal(line.value) / total * 100).quantize(Decimal("0.01"))


def test_subtotals_deduction_and_totals_are_the_account_s(page: Page) -> None:
    account = example("valley-2026")
    lines, totals = grid(page, LINES), grid(page, TOTALS)

    for group, value in account.subtotals.items():
        name = words.group_words(group, "en") + ", subtotal"
        assert figure(lines.row(name)[6]) == shown_millions(value)
    deduction = lines.row("Less: products that came from outside")
    assert figure(deduction[6]) == -shown_millions(account.deduction)
    variants = {
        "Total": account.total,
        "Disservices, not netted": account.disservices,
        "Total less disservices": account.net_of_disservices,
        "Total without overrides": account.total_without_overrides,
    }
    for name, value in variants.items():
        row = totals.row(name)
        assert figure(row[1]) == shown_millions(value)
        assert row[3] == "at CAPITAL prices, prices of 2026"


def test_key_figures_are_the_indices(page: Page) -> None:
    account = example("valley-2026")
    found = indices_of(account)

    assert found.per_head_yuan is not None
    assert found.gep_to_gdp is not None
    for shown in (
        million(account.total),
        f"{found.per_head_yuan:,.2f}",
        f"{found.gep_to_gdp:.4f}",
        f"{found.regulating_share:.2%}",
        f"{found.realised:.2%}",
    ):
        assert shown in page.text


def test_the_change_is_the_comparison_s(page: Page) -> None:
    found = compare(example("valley-2025"), example("valley-2026"))
    table = grid(page, "Change by line")

    for each in found.changes:
        [row] = [row for row in table.rows if row[1].split()[-1] == each.line]
        assert [figure(text) for text in row[2:]] == [
            shown_millions(value)
            for value in (
                each.base,
                each.quantity_effect,
                each.price_effect,
                each.current - each.base,
                each.current,
            )
        ]
    total = table.row("Total")
    assert [figure(text) for text in total[3:5]] == [
        shown_millions(found.quantity_effect),
        shown_millions(found.price_effect),
    ]


def test_every_figure_in_use_stands_among_the_sources_with_its_line(page: Page) -> None:
    account = example("valley-2026")
    table = grid(page, "Every figure in use")
    used = {each.name for line in account.lines for each in line.used}

    assert {row[1] for row in table.rows} == used
    row = table.row("oxygen.price")
    assert row[2:6] == ["1,000", "yuan/t O₂", "2005", "K unchecked"]
    assert row[7] == "oxygen"


def test_unchecked_and_overridden_figures_are_flagged_at_their_line(page: Page) -> None:
    rows = {row[1].split()[-1]: row for row in grid(page, LINES).rows if len(row) > 1}

    assert "unchecked" in rows["oxygen"][-1]
    assert "overridden" in rows["silt"][-1]
    assert "unchecked" not in rows["carbon"][-1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["valley-2026", "ganzi-2010", "baiyangdian-2011"])
def test_no_link_is_dead_and_no_id_stands_twice(name: str, language: Language) -> None:
    found = page_of(replace(of_example(name), base=example(name)), language)

    assert len(found.ids) == len(set(found.ids))
    assert {each.removeprefix("#") for each in found.links} <= set(found.ids)
    assert all(each.startswith("#") for each in found.links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_leads_to_its_sources_and_back(language: Language) -> None:
    found = page_of(valley(), language)

    for number, line in enumerate(example("valley-2026").lines, 1):
        assert f"line-{number}" in found.ids
        for each in Sources(example("valley-2026")).of_line(line):
            assert f"#{each.anchor}" in found.links
        assert f"#line-{number}" in found.links


def test_a_name_that_is_a_script_is_a_name() -> None:
    account = example("valley-2026")
    bad = '<script>alert("1")</script>&\u202e\x00'
    lines = tuple(replace(each, name=bad) for each in account.lines)
    area = replace(account.area, name=bad)
    base = example("valley-2025")
    subject = Subject(
        account=replace(account, area=area, lines=lines),
        base=base,
        units=units(square("331199", 119, 30, title=bad)),
    )

    found = page_of(subject)

    assert {tag for tag, _ in found.elements} & {"script", "img", "iframe", "object"} == set()
    assert '<script>alert("1")</script>&' in found.text
    assert not set(found.text) & {"\u202e", "\x00"}


def test_the_page_needs_nothing_from_elsewhere(page: Page) -> None:
    reaching = {"src", "srcset", "data", "action", "background", "poster", "onclick", "onload"}

    for tag, attributes in page.elements:
        assert not reaching & attributes.keys(), tag
        assert "style" not in attributes, tag
        assert tag not in {"link", "script", "base"}
    [policy] = [
        found["content"] for tag, found in page.elements if tag == "meta" and "http-equiv" in found
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_tables_have_captions_and_scopes(page: Page) -> None:
    heads = [found for tag, found in page.elements if tag == "th"]

    assert all(each.caption for each in page.tables)
    assert all(found["scope"] in {"col", "row", "rowgroup"} for found in heads)
    pictures = [found for tag, found in page.elements if tag == "svg"]
    assert {found["role"] for found in pictures} == {"img"}
    assert {found["aria-labelledby"] for found in pictures} <= set(page.ids)


def test_what_rounding_hides_is_said() -> None:
    account = townships(a="1.001", b="1.001", c="1.001")
    difference = rounding_difference((each.value for each in account.lines), account.total)

    assert difference
    assert (
        f"miss their sum by {million(int(difference * 10**8))}"
        in page_of(Subject(account=account)).text
    )


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing(), "Computed from a file"),
        (Standing(stage=Stage.DRAFT), "not to be cited"),
        (valley().standing, "Published, entry 1302 of the ledger"),
        (replace(valley().standing, superseded_by="0" * 64), "superseded"),
    ],
)
def test_where_the_account_stands_is_said_first(standing: Standing, said: str) -> None:
    found = report_of(valley(standing=standing), "en")

    assert said in "".join(each.text for each in found.status)


def test_the_course_of_a_published_account_names_who_and_in_which_entry() -> None:
    table = grid(page_of(valley()), "Draft, review")

    assert table.rows == [
        ["Drafted", "V-1", "1284", ""],
        ["Reviewed", "R-1", "1290", "checked"],
        ["Approved", "R-2", "1301", "2026/17"],
        ["Published", "regulator", "1302", ""],
    ]


def test_what_is_not_there_is_said() -> None:
    text = page_of(Subject(account=townships(a="1"))).text

    assert "No boundaries of units are known" in text
    assert "Not stated, hence left out: population, GDP." in text
    assert "Change from the base year" not in text


def test_a_plan_without_ranges_says_so() -> None:
    assert "No figure of the plan has a range" in page_of(of_example("ganzi-2010")).text


def test_the_edition_s_own_name_stands_in_the_chinese_title() -> None:
    newer, older = (report_of(of_example(name), "zh") for name in ("valley-2026", "ganzi-2010"))

    assert "生态产品总值" in newer.title
    assert "生态系统生产总值" in older.title


def test_every_word_is_in_both_languages_with_the_same_fields() -> None:
    pairs = [*WORDS.items(), *WARNINGS.items(), *BREAKS.items(), *METHODS.items()]

    for name, (chinese, english) in pairs:
        fields = [set(re.findall(r"{(\w+)}", text)) for text in (chinese, english)]
        assert fields[1] <= fields[0] | {"product"}, name
        assert english or name == "basis.none", name
        assert name in {"product_en", "basis.none", "hash"} or re.search(
            r"[\u4e00-\u9fff]", chinese.replace("{product}", "值")
        ), name


def test_every_word_that_is_asked_for_is_there_and_none_is_idle() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in REPORTING.rglob("*.py"))
    body = code
    for name in ("words.py", "part_words.py"):
        body = body.replace((REPORTING / name).read_text(encoding="utf-8"), "")
    asked = set(re.findall(r'(?:say|word)\(\s*"([^"]+)"', body))

    assert asked <= WORDS.keys()
    made = re.compile(
        r"(area|stage|deed|basis|basis\.short|group|open|rule\.profile|severity|state)\."
    )
    idle = {name for name in WORDS if f'"{name}"' not in body and not made.match(name)}
    assert idle == set()


def test_every_code_and_method_has_its_words() -> None:
    methods = {method for each in services().values() for method in each.methods}

    assert WARNINGS.keys() == set(WarningCode)
    assert BREAKS.keys() == set(Break)
    assert len(MARKS) == 4
    assert methods <= METHODS.keys()
    assert METHODS.keys() - {"given", "stated"} <= CALLS.keys() | {"M.part"}


def test_a_chinese_page_has_no_english_of_ours() -> None:
    account = example("ganzi-2010")
    text = page_of(of_example("ganzi-2010"), "zh").text
    used = [each for line in account.lines for each in line.used]
    own = {each.id for each in account.lines} | {line.method for line in account.lines}
    own |= {each.name for each in used} | {each.source for each in used}
    for each in sorted(own, key=len, reverse=True):
        text = text.replace(each, "")
    text = re.sub(r"\b[0-9a-f]{64}\b", "", text)
    body = text[text.index("目录") :]

    ours = {"JSON", "PLAN", "json", "ecorights", "account", "published", "ganzi"}
    assert set(re.findall(r"[A-Za-z]{4,}", body)) <= ours


def test_signs_are_true_minus_and_plus() -> None:
    steps = [changed(Fen(each)) for each in (-(10**10), 0, 49, 10**10)]

    assert steps == [f"{MINUS}100.0000", "0.0000", "0.0000", "+100.0000"]
    assert all(one != other for one, other in pairwise(steps[:2]))
