"""The rule, and the cause of every published code that differs from it."""

import pytest

from gateway.imports.eu_ets.compliance import Cause, Code, Comparison, codes_by_rule, compare
from gateway.imports.eu_ets.rows import (
    InstallationId,
    InstallationYear,
    NoVerification,
    PublishedCode,
    PublishedLetter,
)
from kernel.money import Lots

Row = tuple[int, int | NoVerification, int, str]

FIRM = InstallationId("AT-1")
NOT_REPORTED = NoVerification.NOT_REPORTED
MISSING = NoVerification.MISSING
EXCLUDED = NoVerification.EXCLUDED


def published_code(text: str) -> PublishedCode | None:
    if not text:
        return None
    return PublishedCode(letter=PublishedLetter(text[0]), corrected=text.endswith("*"))


def rows_of(*rows: Row) -> list[InstallationYear]:
    """Make one firm's rows of (year, verified, surrendered, published code)."""
    return [
        InstallationYear(
            installation=FIRM,
            country="AT",
            year=year,
            allocated=None,
            verified=verified if isinstance(verified, NoVerification) else Lots(verified),
            surrendered=Lots(surrendered),
            published=published_code(code),
        )
        for year, verified, surrendered, code in rows
    ]


def compared(*rows: Row) -> Comparison:
    made = rows_of(*rows)
    computed = codes_by_rule(made, first_year=2013)
    return compare(computed, made, first_year=2013, last_year=2019)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([(2013, 10, 10, "")], "A"),
        ([(2013, 0, 0, "")], "A"),
        ([(2013, 10, 9, "")], "B"),
        ([(2013, NOT_REPORTED, 0, ""), (2014, EXCLUDED, 0, ""), (2015, MISSING, 0, "")], "CCC"),
        ([(2013, 10, 9, ""), (2014, 10, 10, ""), (2015, 10, 11, "")], "BBA"),
        ([(2013, 10, 15, ""), (2014, 10, 5, ""), (2015, 10, 9, "")], "AAB"),
        ([(2013, NOT_REPORTED, 4, ""), (2014, 10, 6, "")], "CA"),
        ([(2012, 10, 0, ""), (2013, 10, 10, "")], "A"),
    ],
)
def test_codes_follow_the_sums_from_the_first_year(rows: list[Row], codes: str) -> None:
    computed = codes_by_rule(rows_of(*rows), first_year=2013)

    assert "".join(computed.values()) == codes


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([(2013, EXCLUDED, 0, "A")], Cause.EXCLUDED),
        ([(2013, NOT_REPORTED, 0, "B")], Cause.NOT_REPORTED),
        ([(2013, MISSING, 0, "A*")], Cause.MISSING),
        ([(2012, 5, 0, "C*"), (2013, 9, 9, "B*")], Cause.BEFORE_FIRST_YEAR),
        ([(2013, 9, 9, "A"), (2014, 0, 0, "C*")], Cause.CLOSED),
        ([(2013, 0, 0, "C"), (2014, 9, 9, "A")], Cause.VERIFIED_LATE),
        ([(2013, 9, 0, "C*")], Cause.VERIFIED_LATE),
        ([(2013, 9, 8, "A*")], Cause.CORRECTED),
        ([(2013, 9, 8, "A*"), (2014, 5, 4, "A*"), (2015, 5, 7, "A")], Cause.CORRECTED),
        ([(2013, 9, 8, "B*"), (2014, 5, 5, "A")], Cause.CARRIED_DEFICIT),
        ([(2013, 9, 8, "B"), (2014, 5, 5, "A")], Cause.UNEXPLAINED),
        ([(2013, 9, 9, "B")], Cause.UNEXPLAINED),
    ],
)
def test_a_disagreement_has_the_first_cause_that_holds(rows: list[Row], cause: Cause) -> None:
    assert {one.cause for one in compared(*rows).disagreements} == {cause}


def test_an_asterisk_alone_is_no_disagreement() -> None:
    comparison = compared((2013, 9, 9, "A*"), (2014, 9, 8, "B*"), (2015, NOT_REPORTED, 0, "C*"))

    assert (comparison.compared, comparison.agreed, comparison.agreement) == (3, 3, 1.0)


def test_only_published_codes_of_the_range_are_compared() -> None:
    comparison = compared(
        (2012, 9, 0, "A"), (2013, 9, 0, ""), (2014, 9, 18, "A"), (2020, 9, 0, "A")
    )

    assert (comparison.compared, comparison.agreement) == (1, 1.0)


def test_nothing_to_compare_is_full_agreement() -> None:
    assert compared((2013, 9, 0, "")).agreement == 1.0


def test_a_code_that_was_not_computed_counts_against_the_agreement() -> None:
    comparison = compare({}, rows_of((2013, 9, 9, "A")), first_year=2013, last_year=2013)

    assert comparison.agreement == 0.0
    assert comparison.by_cause == {Cause.NOT_COMPUTED: 1}


def test_a_disagreement_names_both_codes() -> None:
    (one,) = compared((2013, 9, 8, "A*")).disagreements

    assert (one.installation, one.year, one.computed, one.published, one.corrected) == (
        FIRM,
        2013,
        Code.B,
        PublishedLetter.A,
        True,
    )
