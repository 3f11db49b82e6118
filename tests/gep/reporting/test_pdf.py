"""The PDF: selectable figures, numbered pages, links that lead, the same bytes always."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
import reportlab
from pypdf import PdfReader
from pypdf.generic import Destination

from gep.accounts.account import yuan_of
from gep.accounts.indices import in_million
from gep.errors import Malformed
from gep.reporting.pdf import pdf_of
from gep.reporting.pdf_fonts import faces_of
from gep.reporting.reporting import report_of
from gep.reporting.sourcing import Sources
from gep.reporting.subject import Subject
from gep.reporting.words import LANGUAGES, Language
from tests.gep.reporting.pages import example, square, townships, units, valley


def opened(subject: Subject, language: Language = "en") -> PdfReader:
    return PdfReader(io.BytesIO(pdf_of(report_of(subject, language))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_gives_the_same_bytes(language: Language) -> None:
    subject = valley(units=units(square("331199", 119, 30)))

    assert pdf_of(report_of(subject, language)) == pdf_of(report_of(subject, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_can_be_selected_and_every_page_has_hash_and_number(language: Language) -> None:
    account = example("valley-2026")
    pages = [each.extract_text() for each in opened(valley(), language).pages]
    text = "".join(pages)

    for line in account.lines:
        assert in_million(yuan_of(line.value)) in text
        assert line.id in text
    assert in_million(yuan_of(account.total)) in text
    assert all(account.hash in each for each in pages)
    words = "第 {} 页，共 {} 页" if language == "zh" else "Page {} of {}"
    for number, each in enumerate(pages, 1):
        assert words.format(number, len(pages)) in each.replace("\n", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_are_bookmarked_and_every_link_leads_to_a_page(language: Language) -> None:
    report = report_of(valley(), language)
    read = PdfReader(io.BytesIO(pdf_of(report)))
    pages = {page.indirect_reference for page in read.pages}
    notes = [each.get_object() for page in read.pages for each in page.get("/Annots", [])]

    titles = [str(each["/Title"]) for each in read.outline if isinstance(each, Destination)]
    assert titles == [each.title for each in report.sections]
    assert len(notes) >= len(list(Sources(example("valley-2026"))))
    assert all(note["/Subtype"] == "/Link" for note in notes)
    assert {note["/Dest"][0] for note in notes} <= pages


def test_a_long_table_repeats_its_head() -> None:
    many = townships(**{f"u{n}": str(n + 1) for n in range(90)})
    pages = [each.extract_text() for each in opened(Subject(account=many)).pages]

    assert sum("Quantity" in each and "carbon fixation" in each for each in pages) >= 2


def test_words_that_look_like_markup_are_words() -> None:
    account = example("valley-2026")
    bad = replace(account, area=replace(account.area, name='<b>&lt;a href="x">\x00𠮷'))

    text = opened(Subject(account=bad)).pages[0].extract_text()

    assert '<b>&lt;a href="x">' in text


def test_latin_is_embedded_and_chinese_named() -> None:
    read = opened(valley(), "zh")
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in read.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }

    assert any("Vera" in each for each in fonts)
    assert any("STSong-Light" in each for each in fonts)


def test_a_font_that_is_given_is_embedded_and_named_by_its_bytes(tmp_path: Path) -> None:
    given = tmp_path / "given.ttf"
    given.write_bytes((Path(reportlab.__file__).parent / "fonts" / "VeraIt.ttf").read_bytes())

    faces = faces_of(given)
    content = pdf_of(report_of(valley(), "zh"), font=given)

    assert faces.han.startswith("Han-")
    assert b"STSong" not in content
    assert list(faces.runs("中a")) == [(faces.han, "\u25a1"), ("Vera", "a")]


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.ttf"
    given.write_bytes(b"no font at all")

    with pytest.raises(Malformed) as refused:
        faces_of(given)

    assert refused.value.code == "gep.font_unreadable"


def test_a_lowered_digit_and_a_strong_text_with_chinese_are_set_in_faces_that_have_them() -> None:
    faces = faces_of(None)

    assert list(faces.runs("t CO₂")) == [("Vera", "t CO2")]
    assert [face for face, _ in faces.runs("2026 年", is_strong=True)] == ["Vera", "STSong-Light"]
    assert '<sub size="4.6" rise="1.2">' in faces.markup("t CO₂")
