"""Histories by chance against a model that forgets nothing and knows no lines."""

import copy
import random
from dataclasses import dataclass

import pytest

from credit_scoring.archive.decisions import day_at
from credit_scoring.consents import commands as k
from credit_scoring.consents.days import begin_of
from credit_scoring.consents.effects import ConsentGranted, CreditQueried
from credit_scoring.consents.refusals import QueryRefusal, Reject
from credit_scoring.consents.state import LoggedQuery
from gateway.wiring import new_machine
from ledger.journal import undo
from ledger.state_hash import state_hash
from tests.credit_scoring.consents.branch import HOUR, Branch, consent, opened, revocation

HISTORIES, STEPS = 60, 120


@dataclass
class Given:
    """A consent as the model remembers it, for good."""

    number: int
    command: k.GrantConsent
    begins: int
    ends: int
    was_revoked: bool = False


class Model:
    """Every consent that was ever granted; each question looks at all of them."""

    def __init__(self) -> None:
        self.given: list[Given] = []

    def of(self, command: k.LogQuery | k.GrantConsent, purpose: k.QueryPurpose) -> list[Given]:
        bank = command.bank if isinstance(command, k.LogQuery) else command.grantee
        wanted = (command.subject, bank, purpose)
        return [
            each
            for each in self.given
            if (each.command.subject, each.command.grantee, each.command.purpose) == wanted
        ]

    def overlaps(self, command: k.GrantConsent, *, at: int) -> bool:
        begins, ends = max(at, begin_of(command.day_from)), begin_of(command.day_to + 1)
        own = self.of(command, command.purpose)
        return any(each.begins < ends and begins < each.ends for each in own if each.ends > at)

    def expected(self, query: k.LogQuery, *, at: int) -> int | QueryRefusal:
        own = self.of(query, query.purpose)
        for each in own:
            if each.begins <= at < each.ends:
                is_covered = set(query.scope) <= set(each.command.scope)
                return each.number if is_covered else QueryRefusal.CONSENT_OTHER_SCOPE
        if any(each.begins > at and each.ends > at for each in own):
            return QueryRefusal.CONSENT_NOT_YET
        if own:
            last = max(own, key=lambda each: (each.ends, each.number))
            return (
                QueryRefusal.CONSENT_REVOKED if last.was_revoked else QueryRefusal.CONSENT_EXPIRED
            )
        others = [each for purpose in k.QueryPurpose for each in self.of(query, purpose)]
        if any(each.begins <= at < each.ends for each in others):
            return QueryRefusal.CONSENT_OTHER_PURPOSE
        return QueryRefusal.CONSENT_ABSENT


def by_chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  a stream that can be repeated


def _any_scope(chance: random.Random) -> list[k.ScopeItem]:
    return chance.sample(list(k.ScopeItem), chance.randint(1, 3))


def _grant(branch: Branch, model: Model, chance: random.Random) -> str | None:
    today = day_at(branch.at)
    begin = today + chance.randint(-5, 40)
    command = consent(
        subject=chance.choice(("P1", "E1")),
        grantee=chance.choice(("B1", "B2")),
        purpose=chance.choice(list(k.QueryPurpose)),
        scope=_any_scope(chance),
        day_from=begin,
        day_to=max(begin, today) + chance.randint(0, 25),
    )
    overlaps = model.overlaps(command, at=branch.at)
    outcome = branch.send(command, actor=f"{command.subject}-1")
    if overlaps:
        assert outcome.refusal is not None
        assert outcome.refusal.code == Reject.CONSENT_OVERLAPS
        return outcome.refusal.code
    [effect] = outcome.effects
    begins = max(branch.at, begin_of(command.day_from))
    assert isinstance(effect, ConsentGranted)
    model.given.append(Given(effect.consent, command, begins, begin_of(command.day_to + 1)))
    return None


def _revoke(branch: Branch, model: Model, chance: random.Random) -> None:
    standing = [each for each in model.given if each.ends > branch.at]
    if not standing:
        return
    each = chance.choice(standing)
    of = each.command
    command = revocation(each.number, subject=of.subject, grantee=of.grantee, purpose=of.purpose)
    branch.must(command, actor=f"{of.subject}-1")
    each.ends, each.was_revoked = branch.at, True


def _ask(branch: Branch, model: Model, chance: random.Random) -> CreditQueried:
    query = branch.query(
        subject=chance.choice(("P1", "E1")),
        bank=chance.choice(("B1", "B2")),
        purpose=chance.choice(list(k.QueryPurpose)),
        scope=_any_scope(chance),
    )
    expected = model.expected(query, at=branch.at)
    found = branch.ask(
        subject=query.subject, bank=query.bank, purpose=query.purpose, scope=query.scope
    )
    assert expected == (found.refusal if found.consent is None else found.consent)
    return found


def _logged(branch: Branch) -> list[LoggedQuery]:
    journal = branch.machine.ledger.journal
    return [each[0] for each in journal if isinstance(each[0], LoggedQuery)]


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_query_is_answered_exactly_under_a_live_consent_and_always_logged(seed: int) -> None:
    chance = by_chance(seed)
    branch, model = opened(), Model()
    asked: list[CreditQueried] = []
    for _ in range(STEPS):
        dice = chance.random()
        if dice < 0.3:
            branch.at += chance.choice((0, HOUR, 20 * HOUR, 90 * HOUR))
        elif dice < 0.5:
            _grant(branch, model, chance)
        elif dice < 0.6:
            _revoke(branch, model, chance)
        else:
            asked.append(_ask(branch, model, chance))

    rows = [each.row() for each in _logged(branch)]
    assert [row[0] for row in rows] == [each.query for each in asked]
    assert [row[0] for row in rows] == list(range(1, len(asked) + 1))
    for row, each in zip(rows, asked, strict=True):
        assert row[8:10] == (each.consent, "" if each.refusal is None else each.refusal)


def test_chance_meets_every_outcome() -> None:
    outcomes: set[str | None] = set()
    for seed in range(8):
        chance = by_chance(seed)
        branch, model = opened(), Model()
        for _ in range(STEPS // 2):
            branch.at += chance.choice((0, HOUR, 90 * HOUR))
            outcomes.add(_grant(branch, model, chance))
            _revoke(branch, model, chance)
            _grant(branch, model, chance)
            outcomes.add(_ask(branch, model, chance).refusal)
    assert outcomes == {None, Reject.CONSENT_OVERLAPS, *QueryRefusal}


def test_undo_takes_every_command_back_and_folding_gives_the_same() -> None:
    chance = by_chance(9)
    branch, model = opened(), Model()
    ledger = branch.machine.ledger
    for _ in range(STEPS):
        branch.at += chance.choice((0, HOUR, 20 * HOUR))
        mark, before, state = len(ledger.journal), state_hash(branch.machine), chance.getstate()
        given, logged = copy.deepcopy(model.given), len(branch.log)
        _do_all(branch, model, chance)
        undo(ledger.journal, mark=mark)
        assert state_hash(branch.machine) == before
        model.given[:] = given
        del branch.log[logged:]
        chance.setstate(state)
        _do_all(branch, model, chance)

    folded = new_machine()
    for index, at, outcome in branch.log:
        folded.fold(outcome.effects, index=index, at=at)
    assert state_hash(folded) == state_hash(branch.machine)


def _do_all(branch: Branch, model: Model, chance: random.Random) -> None:
    _grant(branch, model, chance)
    _revoke(branch, model, chance)
    _ask(branch, model, chance)
