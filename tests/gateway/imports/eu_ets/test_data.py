"""The three files are read whole, or refused with the file, the line and the column."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from gateway.imports.eu_ets.data import EuEtsFiles
from gateway.imports.eu_ets.errors import (
    CellRefused,
    ColumnMissing,
    DateBad,
    FileMissing,
    FileUnreadable,
    InstallationUnknown,
    NumberBad,
    RowRepeated,
    WordUnknown,
)
from gateway.imports.eu_ets.rows import (
    DayPrice,
    Installation,
    InstallationId,
    InstallationYear,
    NoVerification,
    PublishedCode,
    PublishedLetter,
)
from kernel.money import Lots, Ticks
from tests.gateway.imports.eu_ets.tiny_files import (
    COMPLIANCE,
    COMPLIANCE_HEADER,
    INSTALLATIONS,
    PRICES,
    write_files,
    write_rows,
)


def installation_year(
    *, verified: Lots | NoVerification, published: PublishedCode | None
) -> InstallationYear:
    return InstallationYear(
        installation=InstallationId("AT-1"),
        country="AT",
        year=2013,
        allocated=None,
        verified=verified,
        surrendered=Lots(7),
        published=published,
    )


def test_installations_keep_names_with_commas(tmp_path: Path) -> None:
    files = write_files(tmp_path)

    installations = list(files.installations())

    assert len(installations) == 4
    assert installations[2] == Installation(
        installation=InstallationId("SE-3"),
        country="SE",
        activity_code=29,
        activity="Paper, or board",
    )


@pytest.mark.parametrize(
    ("verified", "code", "row"),
    [
        (
            "12",
            "A*",
            installation_year(
                verified=Lots(12),
                published=PublishedCode(letter=PublishedLetter.A, corrected=True),
            ),
        ),
        ("0", "", installation_year(verified=Lots(0), published=None)),
        ("", "", installation_year(verified=NoVerification.MISSING, published=None)),
        ("Excluded", "-", installation_year(verified=NoVerification.EXCLUDED, published=None)),
        (
            "Not Reported",
            "C",
            installation_year(
                verified=NoVerification.NOT_REPORTED,
                published=PublishedCode(letter=PublishedLetter.C, corrected=False),
            ),
        ),
    ],
)
def test_a_compliance_row_says_number_word_or_nothing(
    tmp_path: Path, verified: str, code: str, row: InstallationYear
) -> None:
    files = write_files(tmp_path, compliance=(f"AT-1,AT,2013,,{verified},7,{code}",))

    assert list(files.compliance()) == [row]


def test_rows_of_a_year_come_by_installation(tmp_path: Path) -> None:
    files = write_files(tmp_path, compliance=COMPLIANCE[::-1])
    known = [one.installation for one in files.installations()]

    rows = files.compliance_of(2014, among=known)

    assert [(row.installation, row.surrendered) for row in rows] == [
        ("AT-1", 300),
        ("AT-2", 700),
        ("SE-3", 20),
    ]


def test_prices_are_whole_ticks_and_may_lack_a_settlement(tmp_path: Path) -> None:
    files = write_files(tmp_path)

    prices = files.prices_of(2014)

    assert prices == (
        DayPrice(day=date(2014, 1, 2), settlement=Ticks(490)),
        DayPrice(day=date(2014, 7, 1), settlement=None),
        DayPrice(day=date(2014, 12, 30), settlement=Ticks(555)),
    )


@pytest.mark.parametrize(
    ("row", "refusal", "column"),
    [
        ("AT-1,AT,2013,1.5,4,4,A", NumberBad, "allocated"),
        ("AT-1,AT,2013,-1,4,4,A", NumberBad, "allocated"),
        ("AT-1,AT,2013,1,4,²,A", NumberBad, "surrendered"),
        ("AT-1,AT,2013,1,4,1234567890123456,A", NumberBad, "surrendered"),
        ("AT-1,AT,later,1,4,4,A", NumberBad, "year"),
        ("AT-1,AT,2013,1,4e3,4,A", NumberBad, "verified"),
        ("AT-1,AT,2013,1,Reported,4,A", WordUnknown, "verified"),
        ("AT-1,AT,2013,1,4,4,F", WordUnknown, "compliance_code"),
        ("AT-1,AT,2013,1,4,4,A**", WordUnknown, "compliance_code"),
        (COMPLIANCE[0], RowRepeated, "installation"),
    ],
)
def test_a_compliance_cell_that_is_not_what_it_should_be_is_named(
    tmp_path: Path, row: str, refusal: type[CellRefused], column: str
) -> None:
    files = write_files(tmp_path, compliance=(COMPLIANCE[0], row))

    with pytest.raises(refusal) as refused:
        list(files.compliance())

    assert (refused.value.line, refused.value.column) == (3, column)


@pytest.mark.parametrize(
    ("row", "refusal", "column"),
    [
        ("2013-01-03,5,5,5,5.005,", NumberBad, "settle"),
        ("2013-01-03,5,5,5,NaN,", NumberBad, "settle"),
        ("2013-01-03,5,5,5,1e2,", NumberBad, "settle"),
        ("2013-01-03,5,5,5,0.00,", NumberBad, "settle"),
        ("2013-01-03,5,5,5,-5.00,", NumberBad, "settle"),
        ("2013-13-03,5,5,5,5.00,", DateBad, "date"),
        ("2013-01-02,5,5,5,5.00,", DateBad, "date"),
        ("2012-01-02,5,5,5,5.00,", DateBad, "date"),
    ],
)
def test_a_price_cell_that_is_not_what_it_should_be_is_named(
    tmp_path: Path, row: str, refusal: type[CellRefused], column: str
) -> None:
    files = write_files(tmp_path, prices=(PRICES[0], row))

    with pytest.raises(refusal) as refused:
        list(files.prices())

    assert (refused.value.line, refused.value.column) == (3, column)


def test_an_installation_stands_once(tmp_path: Path) -> None:
    files = write_files(tmp_path, installations=(*INSTALLATIONS, INSTALLATIONS[0]))

    with pytest.raises(RowRepeated):
        list(files.installations())


def test_a_year_of_an_unknown_installation_is_refused(tmp_path: Path) -> None:
    files = write_files(tmp_path)

    with pytest.raises(InstallationUnknown) as refused:
        files.compliance_of(2013, among=[InstallationId("AT-1"), InstallationId("AT-2")])

    assert refused.value.installation == "SE-3"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    files = EuEtsFiles(tmp_path)

    with pytest.raises(FileMissing, match=r"eua_prices\.csv\.gz is missing"):
        list(files.prices())


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    files = write_files(tmp_path)
    header = COMPLIANCE_HEADER.replace("verified", "emitted")
    write_rows(tmp_path / "compliance.csv.gz", header=header, rows=COMPLIANCE)

    with pytest.raises(ColumnMissing) as refused:
        list(files.compliance())

    assert (refused.value.column, refused.value.line) == ("verified", 1)


@pytest.mark.parametrize(
    ("row", "column"), [("AT-1,AT,2013", "allocated"), (COMPLIANCE[0] + ",A", "number 8")]
)
def test_a_row_of_another_length_is_named(tmp_path: Path, row: str, column: str) -> None:
    files = write_files(tmp_path, compliance=(row,))

    with pytest.raises(ColumnMissing) as refused:
        list(files.compliance())

    assert (refused.value.column, refused.value.line) == (column, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"installation,country",
        gzip.compress(b"installation,country")[:-9],
        gzip.compress(b"\xff\xfe"),
        gzip.compress(b'"installation'),
    ],
    ids=["not gzip", "cut short", "not utf-8", "open quote"],
)
def test_a_file_that_is_not_gzipped_csv_is_refused(tmp_path: Path, content: bytes) -> None:
    files = write_files(tmp_path)
    (tmp_path / "compliance.csv.gz").write_bytes(content)

    with pytest.raises(FileUnreadable):
        list(files.compliance())
