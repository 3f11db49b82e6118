"""Whatever figure stands in a document, it is computed or refused by name, and never a crash."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from gep.accounts.making import make_account
from gep.accounts.reading import read_plan
from gep.accounts.uncertainty import uncertainty_of
from gep.audit.auditing import audit
from gep.audit.own_account import printed_of
from gep.audit.printed import read_printed
from gep.valuations.guards import refuse_unnamed
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from gep.valuations.stored import read_valuation
from kernel.canonical import canonical
from kernel.errors import DomainError
from tests.gep.accounts.planning import EXAMPLES

FIGURES = ("-1", "0", "1e59", "1e-59", "0.5", "1", "7", "123456789012345678", "1e30", "m3", None)
CHANGES = 60


def account(text: bytes) -> None:
    plan = read_plan(text)
    made = make_account(plan)
    assert sum(made.subtotals.values()) - made.deduction == made.total
    assert len(made.hash) == 64
    audit(printed_of(made, plan))
    uncertainty_of(plan, draws=100)


def printed(text: bytes) -> None:
    audit(read_printed(text))


def project(text: bytes) -> None:
    made = make_valuation(read_project(text))
    by_year = zip(*(each.net for each in made.components), strict=True)
    assert made.net == tuple(sum(each) for each in by_year)
    assert len(made.hash) == 64


def named_project(text: bytes) -> None:
    made = make_valuation(read_project(text))
    refuse_unnamed(made)
    assert read_valuation(canonical(made.document()).decode()) == made


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))
    elif str(value)[:1].isdigit():
        yield path


@pytest.mark.parametrize(
    ("name", "compute"),
    [
        ("valley-2026", account),
        ("baiyangdian-2011", account),
        ("ganzi-2010-printed", printed),
        ("wetland-project", project),
        ("heron-valuation", named_project),
    ],
)
def test_any_figure_is_computed_or_refused(name: str, compute: Callable[[bytes], None]) -> None:
    random = Random(name)  # noqa: S311 - reproducible changes, not a secret
    text = (EXAMPLES / f"{name}.json").read_bytes()
    places = list(leaves(json.loads(text)))
    computed, refusals = 0, []
    for _ in range(CHANGES):
        document = json.loads(text)
        *above, last = random.choice(places)
        place = document
        for key in above:
            place = place[key]
        place[last] = random.choice(FIGURES)
        try:
            compute(json.dumps(document).encode())
            computed += 1
        except DomainError as refused:
            refusals.append(refused)

    assert computed
    assert refusals
    assert [each for each in refusals if not (each.field and each.expected)] == []
    assert {each.code.partition(".")[0] for each in refusals} == {"gep"}
