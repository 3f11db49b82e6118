"""A struct's own writer gives the canonical bytes, wherever the struct stands."""

import msgspec

from kernel.canonical import canonical, struct_writer, to_builtins_with_decimal_strings


class Part(msgspec.Struct, frozen=True):
    name: str
    count: int
    text: str | None = None


class Short(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    count: int = 0


class Whole(msgspec.Struct, frozen=True, tag_field="kind", tag="whole"):
    parts: list[Part]
    short: list[Short]
    nested: tuple[Part, ...]


def test_structs_in_lists_are_written_as_by_the_standard() -> None:
    parts = [Part('a"b\u4e2d', -1), Part("", 2**60, "x")]
    whole = Whole(parts, [Short("s"), Short("t", 5)], tuple(parts))

    written = struct_writer(Whole)(whole)

    assert written.encode() == canonical(to_builtins_with_decimal_strings(whole))
