"""Refusals carry their code, kind and facts; a broken invariant is something else."""

import pickle

import pytest

from kernel.errors import DomainError, InvariantBroken, Kind, ensure


class SeatTaken(DomainError):
    """A refusal as a package would declare it."""

    code = "theatre.seat_taken"
    kind = Kind.GONE


def test_a_class_gives_its_code_and_kind_to_every_refusal() -> None:
    refusal = SeatTaken("seat 7: taken, expected a free one", field="seat", data={"seat": "7"})

    assert (refusal.code, refusal.kind, refusal.field) == ("theatre.seat_taken", Kind.GONE, "seat")
    assert refusal.data == {"seat": "7"}
    assert str(refusal) == "seat 7: taken, expected a free one"


def test_a_single_refusal_may_name_its_own_code_and_kind() -> None:
    refusal = DomainError(
        "text too long", code="kernel.too_long", kind=Kind.TOO_LARGE, expected="at most 64"
    )

    assert (refusal.code, refusal.kind) == ("kernel.too_long", Kind.TOO_LARGE)
    assert (refusal.expected, refusal.field, refusal.data) == ("at most 64", None, {})


def test_facts_of_a_refusal_are_its_own_copy() -> None:
    facts = {"seat": "7"}
    refusal = SeatTaken("seat 7: taken", data=facts)

    facts["seat"] = "8"

    assert refusal.data == {"seat": "7"}


def test_a_refusal_crosses_a_process_boundary_whole() -> None:
    refusal = SeatTaken("seat 7: taken", field="seat", data={"seat": "7"})

    arrived = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own bytes

    assert (arrived.code, arrived.field, arrived.data) == (
        "theatre.seat_taken",
        "seat",
        {"seat": "7"},
    )


def test_ensure_passes_what_holds_and_stops_what_does_not() -> None:
    debit_total, credit_total = 3, 4
    ensure(debit_total < credit_total, "never said")

    with pytest.raises(InvariantBroken, match="debits 3, credits 4"):
        ensure(debit_total == credit_total, f"debits {debit_total}, credits {credit_total}")


def test_a_broken_invariant_is_no_refusal() -> None:
    assert not issubclass(InvariantBroken, DomainError)
