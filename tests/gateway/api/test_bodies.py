"""What a body may be before anybody reads its fields: how deep it may nest."""

import pytest

from gateway.api.bodies import NESTING_MAX, parse_body
from gateway.api.problems import Problem


@pytest.mark.parametrize(("opens", "closes"), [(b'{"a":', b"}"), (b"[", b"]")])
def test_a_body_nests_no_deeper_than_its_readers_follow(opens: bytes, closes: bytes) -> None:
    parse_body(opens * NESTING_MAX + b"1" + closes * NESTING_MAX)

    for depth in (NESTING_MAX + 1, 700):
        with pytest.raises(Problem) as refused:
            parse_body(opens * depth + b"1" + closes * depth)
        assert (refused.value.status, refused.value.code) == (400, "request.json_invalid")


def test_a_wide_body_is_not_a_deep_one() -> None:
    assert len(parse_body(b"[" + b"[[]]," * 1_000 + b"{}]")) == 1_001
