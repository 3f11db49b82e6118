"""What an audit can be about, and what it cannot."""

import pytest

from gateway.auditing.scope import MICROSECONDS, ScopeUnfit, parse_scope


@pytest.mark.parametrize(
    "text",
    [
        "everything",
        "account:7",
        "trade:999999999999999999",
        "case:(2026)浙01执23号",
        "case:a:b..c",
        "period:2026-03-16..2026-03-16",
    ],
)
def test_a_scope_is_read_and_written_as_it_is(text: str) -> None:
    assert parse_scope(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "all",
        "everything:",
        "everything:x",
        "account",
        "account:",
        "account:0",
        "account:-1",
        "account:07",
        "account:1\n",
        "account:９",
        "account:1000000000000000000",
        "trade:x",
        "case:",
        "case:a\nb",
        'case:a"b',
        "case:a\\b",
        f"case:{'x' * 201}",
        "period:",
        "period:2026-03-16",
        "period:2026-03-17..2026-03-16",
        "period:2026-02-30..2026-03-16",
        "period:2026-3-1..2026-3-2",
        "Account:1",
    ],
)
def test_what_is_no_scope_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(ScopeUnfit) as refused:
        parse_scope(text)
    assert "period:FROM..TO" in str(refused.value.expected)


def test_a_period_ends_with_its_last_day() -> None:
    begin, end = parse_scope("period:2026-03-16..2026-03-17").instants()
    assert end - begin == 2 * 86_400 * MICROSECONDS
