"""A register's file made from our own holdings agrees; each planted change is found as it is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ledger.reconciliation.books import Books, Carried
from ledger.reconciliation.difference import DifferenceKind
from ledger.reconciliation.matching import Comparison
from ledger.reconciliation.positions_file import read_positions
from ledger.reconciliation.positions_matching import match_positions, unknown_holders
from tests.ledger.reconciliation.own_books import (
    DAY,
    LOTS,
    PARTIES,
    books,
    positions,
    positions_of,
    unit_books,
)

K = DifferenceKind
some_parties = st.frozensets(st.sampled_from(sorted(PARTIES.values())))


def compare(lines: list[str], of: Books) -> Comparison:
    read = read_positions(positions(lines), steps=of.steps, lines_max=1_000)
    return match_positions(read, of)


@given(unit_books(), some_parties)
def test_a_file_made_from_our_holdings_gives_no_difference(
    of: Books, by_party: frozenset[str]
) -> None:
    lines = positions_of(of, by_party=by_party)

    comparison = compare(lines, of)

    assert comparison.differences == []
    assert comparison.matched == comparison.lines == len(lines)


@given(unit_books(), some_parties, st.data())
def test_a_planted_change_gives_exactly_its_difference(
    of: Books, by_party: frozenset[str], data: st.DataObject
) -> None:
    lines = positions_of(of, by_party=by_party)
    place = data.draw(st.integers(0, len(lines) - 1))
    code, scheme, holder, amount = lines[place].split(",")
    step = "0.001" if code == "NOX" else "1"

    def instead(*fields: str) -> list[str]:
        return [*lines[:place], ",".join(fields), *lines[place + 1 :]]

    more = of.amount(code, 10**12 + 10**15)
    planted = {
        K.AMOUNT_DIFFERS: instead(code, scheme, holder, more),
        K.MISSING_THERE: instead(code, scheme, holder, "0"),
        K.DUPLICATE_REFERENCE: [*lines, lines[place]],
        K.UNKNOWN_ACCOUNT: [*lines, f"{code},uscc,nobody,{amount}"],
        K.UNKNOWN_INSTRUMENT: [*lines, f"XYZ,{scheme},{holder},1.5"],
        K.OUTSIDE_SCOPE: [*lines, f"OLD,{scheme},{holder},2"],
        K.MISSING_HERE: [*lines, f"{code},account,7,{step}"],
    }
    for kind, changed in planted.items():
        [found] = compare(changed, of).differences
        assert found.kind is kind
        assert found.at_stake > 0 or kind is K.UNKNOWN_INSTRUMENT


def test_a_holding_that_the_file_is_silent_about_is_missing_there() -> None:
    of = books(
        steps=LOTS,
        scope=frozenset({"CEA25"}),
        holdings={(100, "CEA25"): 5, (101, "CEA25"): 6, (102, "CEA25"): 7, (102, "OLD"): 9},
    )

    by_account = compare(["CEA25,account,102,7"], of).differences
    by_party = compare(["CEA25,uscc,id-1,7"], of).differences

    holders = [each.here.holder for each in by_account if each.here is not None]
    assert holders == ["100", "101"]
    [whole] = by_party
    assert whole.kind is K.MISSING_THERE
    assert whole.here is not None
    assert (whole.here.holder, whole.here.amount) == ("party E0", "11")


def test_an_account_beside_its_whole_party_counts_twice() -> None:
    of = books(steps=LOTS, scope=frozenset({"CEA25"}), holdings={(100, "CEA25"): 5})

    [found] = compare(["CEA25,account,100,5", "CEA25,uscc,id-0,5"], of).differences

    assert found.kind is K.DUPLICATE_REFERENCE
    assert found.there is not None
    assert found.there.holder == "100"


def test_who_an_unknown_holder_is_stands_apart_from_the_difference() -> None:
    of = books(steps=LOTS, scope=frozenset({"CEA25"}))
    lines = ["CEA25,passport,P-77,3"]
    read = read_positions(positions(lines), steps=of.steps, lines_max=9)

    comparison = match_positions(read, of)

    [named] = unknown_holders(read, comparison)
    assert (named.line, named.scheme, named.identifier) == (2, "passport", "P-77")
    assert "P-77" not in repr(comparison.differences)


def test_the_next_file_settles_what_differs_no_more() -> None:
    of = books(steps=LOTS, scope=frozenset({"CEA25"}), holdings={(100, "CEA25"): 5})
    [found] = compare(["CEA25,account,100,4"], of).differences
    task = Carried(
        task=9,
        is_open=True,
        kind=found.kind,
        subject=found.subject,
        instrument="CEA25",
        day=DAY,
        seen_day=DAY,
        as_of=3,
        there=found.there,
        here=found.here,
    )
    later = replace(of, day=DAY + 1, carried=[task])

    again = compare(["CEA25,account,100,3"], later)
    gone = compare(["CEA25,account,100,5"], later)

    assert ([each.subject for each in again.differences], again.resolved) == ([task.subject], [])
    assert (gone.differences, gone.resolved) == ([], [9])
