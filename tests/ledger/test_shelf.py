"""A shelf keeps what is held, and its digest is that of the whole table whatever is in memory."""

import random

import pytest

from kernel.errors import InvariantBroken
from ledger.journal import Journal, undo
from ledger.shelf import Shelf
from tests.ledger.sequencer.tallies import Tally, read


def made(*, whole: bool = True) -> Shelf[Tally]:
    shelf: Shelf[Tally] = Shelf(Tally, make=read)
    if not whole:
        shelf.begin(count=0, digest="0")
    return shelf


def test_only_a_row_that_is_held_can_be_read_or_changed() -> None:
    shelf = made(whole=False)
    journal: Journal = []

    with pytest.raises(InvariantBroken, match="was not declared"):
        shelf.get("a", "t")
    with pytest.raises(InvariantBroken, match="was not declared"):
        shelf.put(journal, Tally(name="a"))
    assert not shelf.hold(("a", "t"))
    with pytest.raises(InvariantBroken, match="was not declared"):
        shelf.get("a", "t")
    shelf.fill(("a", "t"), None)
    assert shelf.get("a", "t") is None
    shelf.put(journal, Tally(name="a", total=1))
    assert shelf.get("a", "t") == Tally(name="a", total=1)


def test_what_is_fetched_does_not_replace_what_is_in_memory() -> None:
    shelf = made(whole=False)
    shelf.hold(("a", "t"))
    shelf.fill(("a", "t"), Tally(name="a", total=1).row())
    shelf.put([], Tally(name="a", total=2))

    shelf.fill(("a", "t"), Tally(name="a", total=1).row())

    assert shelf.get("a", "t") == Tally(name="a", total=2)


def test_a_row_leaves_memory_with_its_last_holder() -> None:
    shelf = made(whole=False)
    shelf.hold(("a", "t"))
    shelf.fill(("a", "t"), None)
    assert shelf.hold(("a", "t"))

    shelf.release(("a", "t"))
    assert len(shelf) == 1
    shelf.release(("a", "t"))

    assert len(shelf) == 0
    shelf.fill(("a", "t"), None)
    assert len(shelf) == 0


@pytest.mark.parametrize("key", [("a\x00", "t"), (1 << 63, "t")])
def test_a_key_that_no_row_can_have_is_known_not_to_be_there(key: tuple[str | int, ...]) -> None:
    shelf = made(whole=False)

    assert shelf.hold(key)
    assert shelf.get(*key) is None
    assert not shelf.wants(key)


def test_undo_restores_rows_and_what_is_known_of_them() -> None:
    draw = random.Random(1)  # noqa: S311  a test's stream
    journal: Journal = []
    partial, whole = made(whole=False), made()
    for name in "abcdef":
        partial.hold((name, "t"))
        partial.fill((name, "t"), None)
    marks = [(0, partial.row())]
    for number in range(300):
        value = Tally(name=draw.choice("abcdef"), total=number)
        partial.put(journal, value)
        whole.put(journal, value)
        marks.append((len(journal), partial.row()))
        if draw.random() < 0.2:
            back = draw.randrange(len(marks))
            del marks[back + 1 :]
            undo(journal, mark=marks[back][0])
        assert partial.row() == whole.row() == marks[-1][1]
        whole.check()
    undo(journal)
    assert partial.row() == whole.row() == made().row()


def test_the_digest_tells_sets_of_rows_apart_and_not_their_order() -> None:
    rows = [Tally(name=name, total=number) for number, name in enumerate("abcd")]
    forward, backward, other = made(), made(), made()
    for value in rows:
        forward.put([], value)
    for value in reversed(rows):
        backward.put([], Tally(name=value.name, total=99))
        backward.put([], value)
    for value in (*rows[:3], Tally(name="d", total=4)):
        other.put([], value)

    assert forward.row() == backward.row()
    assert forward.row() != other.row()


def test_a_whole_shelf_proves_its_digest() -> None:
    shelf = made()
    shelf.put([], Tally(name="a", total=1))
    shelf.check()

    shelf.adopt([Tally(name="a", total=2).row()])

    with pytest.raises(InvariantBroken, match="digest"):
        shelf.check()


def test_a_declaration_may_go_on_from_a_row_that_is_at_hand() -> None:
    shelf = made(whole=False)
    shelf.hold(("a", "t"))

    unknown = shelf.at_hand("a", "t")
    shelf.fill(("a", "t"), Tally(name="a", total=1).row())

    assert (unknown, shelf.at_hand("a", "t")) == (None, Tally(name="a", total=1))
