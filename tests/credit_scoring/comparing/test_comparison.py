"""Champion and challenger on drawn histories, each move explained by its lines."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from credit_scoring.batch.building import Archives, archives_of
from credit_scoring.batch.compiled import KINDS
from credit_scoring.comparing.comparison import (
    NOT_RATED,
    Comparison,
    compare,
    differences,
    effects_of_rules,
)
from credit_scoring.comparing.shares import COLOURS, shares_of
from credit_scoring.records import Fact, SubjectKind
from credit_scoring.rule_sets.reading import sealed
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import for_vectors, shipped
from credit_scoring.scoring.answer import AdjustmentKind, FactState
from tests.credit_scoring import histories

DOCUMENT = json.loads(
    (Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8")
)
CHAMPION = for_vectors(shipped()[-1])
AS_OF = date(2025, 2, 28)
KNOWN_AT = datetime(2025, 6, 1, tzinfo=UTC)


def changed_rule(rule_set: RuleSet, name: str, **values: Any) -> RuleSet:
    rules = dict(rule_set.rules)
    rules[name] = replace(rules[name], **values)
    return sealed(replace(rule_set, version="draft", rules=rules))


def drawn(count: int) -> Archives:
    draw = Random("comparison")  # noqa: S311  a fixed seed
    return archives_of(
        (str(number), SubjectKind(one.kind), one.records)
        for number in range(count)
        for one in [
            histories.history(draw, as_of=AS_OF, known_at=KNOWN_AT, tables=DOCUMENT),
        ]
    )


def compared(archives: Archives, challenger: RuleSet) -> Comparison:
    return compare(
        archives, as_of=AS_OF, known_at=KNOWN_AT, champion=CHAMPION, challenger=challenger
    )


def one_fine() -> Archives:
    fine = Fact(
        id="a",
        rule="E-COMP-02",
        on=date(2025, 1, 10),
        recorded_at=datetime(2025, 1, 10, tzinfo=UTC),
    )
    return archives_of([("firm", SubjectKind.ENTERPRISE, [fine])])


def test_a_rule_set_beside_itself_moves_nobody() -> None:
    found = compared(drawn(100), CHAMPION)

    assert (found.moved, len(found.changed), found.psi) == (0, 0, Decimal(0))
    assert sum(map(sum, found.matrix)) == 100
    assert effects_of_rules(found) == ()


def test_a_heavier_rule_moves_a_firm_and_its_line_says_why() -> None:
    found = compared(one_fine(), changed_rule(CHAMPION, "E-COMP-02", points=-200))

    (line,) = differences(found, 0)
    (effect,) = effects_of_rules(found)

    assert found.matrix[found.grades.index("A")][found.grades.index("B")] == 1
    assert found.moved == 1
    assert (line.line, line.rule) == ("a", "E-COMP-02")
    assert (line.milli_before, line.milli_after) == (-150_000, -200_000)
    assert line.state_before is line.state_after is FactState.ACTIVE
    assert (effect.subjects, effect.raised_milli, effect.lowered_milli) == (1, 0, 50_000)


def test_a_shorter_validity_shows_as_a_state() -> None:
    found = compared(one_fine(), changed_rule(CHAMPION, "E-COMP-02", validity_months=1))

    (line,) = differences(found, 0)

    assert (line.state_before, line.state_after) == (FactState.ACTIVE, FactState.EXPIRED)


def test_a_set_that_no_longer_knows_a_rule_moves_a_firm_out_of_the_rated() -> None:
    rules = {name: rule for name, rule in CHAMPION.rules.items() if name != "E-COMP-02"}

    found = compared(one_fine(), sealed(replace(CHAMPION, rules=rules)))

    assert found.grades[-1] == NOT_RATED
    assert found.matrix[found.grades.index("A")][-1] == 1


def test_another_base_and_another_clamp_are_lines_too() -> None:
    subjects = dict(CHAMPION.subjects)
    subjects[SubjectKind.ENTERPRISE] = replace(subjects[SubjectKind.ENTERPRISE], base=100)

    found = compared(one_fine(), sealed(replace(CHAMPION, subjects=subjects)))

    assert [
        (each.line, each.milli_after - each.milli_before) for each in differences(found, 0)
    ] == [
        ("base", -600_000),
        (AdjustmentKind.RANGE_CLAMP, 50_000),
    ]


def test_lines_of_every_move_add_up_and_rows_come_by_its_size() -> None:
    shorter = CHAMPION
    for name, rule in CHAMPION.rules.items():
        shorter = changed_rule(shorter, name, validity_months=max(1, rule.validity_months // 2))

    found = compared(drawn(400), shorter)

    assert len(found.changed) > 100
    assert all(differences(found, int(row)) for row in found.changed)
    sizes = abs(found.challenger.credit_index - found.champion.credit_index)[found.changed]
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
    total = sum(each.raised_milli - each.lowered_milli for each in effects_of_rules(found))
    assert total == (found.challenger.counted_milli - found.champion.counted_milli).sum()


def test_shares_fold_black_into_red_and_leave_out_the_unrated() -> None:
    archives = drawn(300)
    scores = compared(archives, CHAMPION).champion
    villages = archives.columns.kind == KINDS.index(SubjectKind.VILLAGE)

    found, all_kinds = shares_of(scores, villages), shares_of(scores)

    colours = [
        scores.colour(row)
        for row in range(300)
        if scores.rated[row] and archives.columns.kind[row] == 1
    ]
    assert dict(zip(COLOURS, found.counts, strict=True)) == {
        "green": colours.count("green"),
        "blue": colours.count("blue"),
        "yellow": colours.count("yellow"),
        "red": colours.count("red") + colours.count("black"),
    }
    assert "black" in colours
    assert all_kinds.rated + all_kinds.not_rated == 300
    assert found.not_rated == int((~scores.rated & villages).sum())
