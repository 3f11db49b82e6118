"""Random streams of commands of every temper: applied, refused, timed, in phases, dry."""

import random

from ledger import commands
from ledger.sequencer.submission import Submission
from tests.ledger.sequencer import rig

FIRST_MOVE = 1_000_000
# One actor, so that what waits keeps its order: several take turns when much waits.
ACTOR = "e-1"


def stream(count: int, *, seed: int, poisoned: int = 0) -> list[Submission]:
    """Return submissions for a scenario venue; every ``poisoned``-th has a row nobody can store."""
    draw = random.Random(seed)  # noqa: S311  a test's stream
    found = []
    now = FIRST_MOVE
    for number in range(count):
        if poisoned and number % poisoned == poisoned // 2:
            actor = ACTOR
            command: commands.Command = rig.poison(f"P{number}")
        else:
            actor, command, now = _command(draw, now)
        dry = draw.random() < 0.03
        found.append(Submission(actor=actor, key=f"s{seed}-{number}", command=command, dry_run=dry))
    return found


def _command(draw: random.Random, now: int) -> tuple[str, commands.Command, int]:
    kind = draw.random()
    account = rig.ACCOUNT + draw.randrange(2)
    if kind < 0.5:
        return ACTOR, rig.cash_in(draw.randrange(1, 100), account=account), now
    if kind < 0.7:
        until = now + draw.randrange(1, 50)
        return ACTOR, rig.hold(until=until, quantity=draw.randrange(1, 20)), now
    if kind < 0.75:
        return ACTOR, rig.Grow(slices=draw.randrange(1, 5)), now
    if kind < 0.8:
        return ACTOR, rig.Contradict(), now
    if kind < 0.9:
        legs = (rig.cash_in(1, account=account), rig.cash_in(draw.randrange(2), account=account))
        return ACTOR, commands.Linked(commands=legs), now
    now += draw.randrange(1, 20)
    return ACTOR, commands.MoveClock(to=now), now
