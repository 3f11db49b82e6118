"""What waits to be applied: bounded, a fair share for each actor, cancels first.

While everything that waits fits into a batch, commands go in the order of arrival. When more
waits, each actor in turn gives one, so nobody starves beside a flood. Under pressure an actor may
hold only its share of the queue, and a newcomer finds room beyond it. Urgent commands (cancels)
have a queue of their own, and at most half of a batch while others wait.
"""

from collections import deque
from collections.abc import Iterable
from operator import attrgetter

from ledger.sequencer.pending import Pending
from ledger.sequencer.submission import Unavailable

RETRY_AFTER_SECONDS = 1

_arrival = attrgetter("arrival")


class FairQueue:
    """One queue for each actor; they give in turn.

    ``expected`` counts commands that will come here once something has been fetched for them; they
    take their actor's room from the beginning.
    """

    __slots__ = ("_by_actor", "_expected", "_turns", "count", "expected")

    def __init__(self) -> None:
        self._by_actor: dict[str, deque[Pending]] = {}
        self._expected: dict[str, int] = {}
        self._turns: deque[str] = deque()
        self.count = 0
        self.expected = 0

    def expect(self, actor: str) -> None:
        """Count a command that is on its way here."""
        self._expected[actor] = self._expected.get(actor, 0) + 1
        self.expected += 1

    def expect_no_more(self, actor: str) -> None:
        """Forget a command that was expected: it is here, or it will not come."""
        self.expected -= 1
        self._expected[actor] -= 1
        if not self._expected[actor]:
            del self._expected[actor]

    def add(self, pending: Pending) -> None:
        """Put a command at the end of its actor's queue."""
        actor = pending.submission.actor
        queue = self._by_actor.get(actor)
        if queue is None:
            queue = self._by_actor[actor] = deque()
            self._turns.append(actor)
        queue.append(pending)
        self.count += 1

    def has_room(self, actor: str, *, bound: int) -> bool:
        """Tell whether an actor may add one more: its share of the bound, once half is taken.

        Who has nothing here yet finds room in a second queue's length, which only first commands
        can take: else those who came early with much would keep everybody else out.
        """
        own = len(self._by_actor.get(actor, ())) + self._expected.get(actor, 0)
        waiting = self.count + self.expected
        if own == 0:
            return waiting < 2 * bound
        if waiting >= bound:
            return False
        actors = max(len(self._turns), len(self._expected))
        return waiting * 2 < bound or own < bound // (actors + 1)

    def take(self, limit: int) -> list[Pending]:
        """Take up to ``limit`` commands out, in the order of arrival."""
        if self.count <= limit:
            taken = [pending for queue in self._by_actor.values() for pending in queue]
            self._by_actor.clear()
            self._turns.clear()
        else:
            taken = self._in_turn(limit)
        self.count -= len(taken)
        taken.sort(key=_arrival)
        return taken

    def _in_turn(self, limit: int) -> list[Pending]:
        taken: list[Pending] = []
        while len(taken) < limit:
            actor = self._turns.popleft()
            queue = self._by_actor[actor]
            taken.append(queue.popleft())
            if queue:
                self._turns.append(actor)
            else:
                del self._by_actor[actor]
        return taken


class Admission:
    """Everything that was taken in and is not applied yet."""

    def __init__(self, *, waiting_max: int) -> None:
        self._bound = waiting_max
        self._returned: deque[Pending] = deque()
        self._urgent = FairQueue()
        self._others = FairQueue()
        # Keys that are in the log, all but a few, wait for nothing but their first answer.
        self._repeated = FairQueue()

    def __len__(self) -> int:
        return len(self._returned) + self._urgent.count + self._others.count

    def check_room(self, actor: str, *, urgent: bool, repeated: bool = False) -> None:
        """Refuse a command that has no place; a ``repeated`` one is in the log, it seems.

        Raises:
            Unavailable: the queue, or the actor's share of it, is full.
        """
        queue = self._queue(urgent=urgent, repeated=repeated)
        if not queue.has_room(actor, bound=self._bound):
            raise Unavailable(
                f"{queue.count + queue.expected} commands wait already",
                code="service.overloaded",
                retry_after=RETRY_AFTER_SECONDS,
            )

    def add(self, pending: Pending) -> None:
        """Put a command at its place; one that seemed to be in the log is new."""
        pending.repeated = False
        self._queue_of(pending).add(pending)

    def expect(self, pending: Pending) -> None:
        """Keep a place for a command until what it needs is fetched."""
        if not pending.expected:
            pending.expected = True
            self._queue_of(pending).expect(pending.submission.actor)

    def expect_no_more(self, pending: Pending) -> None:
        """Give the place up: the command comes now, or it has its answer."""
        if pending.expected:
            pending.expected = False
            self._queue_of(pending).expect_no_more(pending.submission.actor)

    def _queue_of(self, pending: Pending) -> FairQueue:
        return self._queue(urgent=pending.urgent, repeated=pending.repeated)

    def _queue(self, *, urgent: bool, repeated: bool) -> FairQueue:
        if repeated:
            return self._repeated
        return self._urgent if urgent else self._others

    def put_back(self, pending: Iterable[Pending]) -> None:
        """Return commands that were taken; they come first, in this order."""
        self._returned.extendleft(reversed(list(pending)))

    def take(self, limit: int) -> list[Pending]:
        """Take the commands of the next batch, in the order in which they are to be applied."""
        taken: list[Pending] = []
        while self._returned and len(taken) < limit:
            taken.append(self._returned.popleft())
        left = limit - len(taken)
        if left <= 0:
            return taken
        if not self._urgent.count:
            return taken + self._others.take(left)
        urgent = self._urgent.take(max(1, left // 2) if self._others.count else left)
        return taken + urgent + self._others.take(left - len(urgent))
