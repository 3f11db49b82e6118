"""Credit codes of the demonstration, and what is wrong with others."""

import pytest

from kernel.identifiers import CreditCodeInvalid, check_credit_code, new_uuid7, uuid7

VALID = ("91990101E00000010Q", "91990101E00000029M", "91990101E0000007XQ", "91990101E000001099")


@pytest.mark.parametrize("code", VALID)
def test_a_right_credit_code_passes(code: str) -> None:
    check_credit_code(code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91990101E00000010", "18 characters"),
        ("91990101I00000010Q", "digits and capital"),
        ("91990101E00000020Q", "place 17"),
        ("91990101E00000010R", "place 18"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(code: str, expected: str) -> None:
    with pytest.raises(CreditCodeInvalid) as caught:
        check_credit_code(code)

    assert expected in str(caught.value.expected)


def test_a_uuid7_carries_version_variant_and_time() -> None:
    made = uuid7(at=1_700_000_000_000_000, random_bits=(1 << 74) - 1)

    assert made.version == 7
    assert made.int >> 80 == 1_700_000_000_000
    assert new_uuid7().version == 7
