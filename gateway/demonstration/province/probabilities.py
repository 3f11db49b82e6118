"""The probabilities of the province, read from their file and checked against a rule set.

A group is a share of a kind's subjects that behave alike. A line draws, some times for each
subject, at most one of its rules; its date lies in the last ``days`` days. Chances are per
thousand.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place, read_json

THOUSAND = 1_000
SUBJECTS_MAX = 1_000_000
DRAWS_MAX = 60
DAYS_MAX = 3_650
QUANTITY_MAX = 1_000
NAMES = ("subjects", "groups", "facts", "events")
EVENTS = ("repaired", "repair_days", "disputed", "closed", "revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """One line of the file; ``chances[g][r]`` is that of rule ``r`` in group ``g``."""

    rules: tuple[str, ...]
    draws: int
    days: int
    quantity_max: int
    chances: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """What happens to facts that deduct: chances per thousand, and days until a repair at most."""

    repaired: int
    repair_days: int
    disputed: int
    closed: int
    revoked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The subjects of one kind: how many, in which groups, and what is drawn for them."""

    subjects: int
    groups: tuple[str, ...]
    group_shares: tuple[int, ...]
    lines: tuple[Chances, ...]
    events: Events


@cache
def shipped_probabilities() -> dict[SubjectKind, Population]:
    """Return the shipped province."""
    package = resources.files("gateway.demonstration.province")
    return read_probabilities(
        read_json(package.joinpath("data", "probabilities.json").read_bytes())
    )


def read_probabilities(document: Place) -> dict[SubjectKind, Population]:
    """Read a province.

    Raises:
        Malformed: the place and what was expected there.
    """
    kinds = [kind.value for kind in SubjectKind]
    document.keys(required=kinds, optional=("comment",))
    return {kind: _population_of(document.at(kind.value)) for kind in SubjectKind}


def _population_of(place: Place) -> Population:
    place.keys(required=NAMES, optional=("comment",))
    shares = {name: row.whole(low=0, high=THOUSAND) for name, row in place.at("groups").rows()}
    if sum(shares.values()) != THOUSAND:
        place.at("groups").refuse("shares_do_not_add_up", f"shares that add up to {THOUSAND}")
    events = place.at("events")
    events.keys(required=EVENTS)
    return Population(
        subjects=place.at("subjects").whole(low=0, high=SUBJECTS_MAX),
        groups=tuple(shares),
        group_shares=tuple(shares.values()),
        lines=tuple(_chances_of(row, tuple(shares)) for row in place.at("facts").items()),
        events=Events(
            repaired=events.at("repaired").whole(low=0, high=THOUSAND),
            repair_days=events.at("repair_days").whole(low=1, high=DAYS_MAX),
            disputed=events.at("disputed").whole(low=0, high=THOUSAND),
            closed=events.at("closed").whole(low=0, high=THOUSAND),
            revoked=events.at("revoked").whole(low=0, high=THOUSAND),
        ),
    )


def _chances_of(row: Place, groups: tuple[str, ...]) -> Chances:
    row.keys(required=("rules", "days", "chances"), optional=("draws", "quantity_max", "comment"))
    rules = tuple(each.text() for each in row.at("rules").items())
    chances = row.at("chances")
    chances.keys(required=groups)
    found = []
    for group in groups:
        own = tuple(each.whole(low=0, high=THOUSAND) for each in chances.at(group).items())
        if len(own) != len(rules) or sum(own) > THOUSAND:
            chances.at(group).refuse(
                "chances_do_not_fit", f"{len(rules)} chances of at most {THOUSAND} together"
            )
        found.append(own)
    return Chances(
        rules=rules,
        draws=row.at("draws").optional_whole(low=1, high=DRAWS_MAX) or 1,
        days=row.at("days").whole(low=1, high=DAYS_MAX),
        quantity_max=row.at("quantity_max").optional_whole(low=1, high=QUANTITY_MAX) or 1,
        chances=tuple(found),
    )
