"""What a drill is, as values: what is done, who must refuse it, who must find it, and when.

A drill is one ``Drill`` in the list of its family. Its steps are data; ``gateway.drills.tampering``
carries them out. Texts of SQL may name entries as ``{middle}``, see ``gateway.drills.targets``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

WRITER_ROLE = "ecorights_writer"
ERASER_ROLE = "ecorights_eraser"
OWNER = "the owner"


class NothingToTamper(Exception):
    """The venue has no row of the kind that a drill changes."""


class Line(StrEnum):
    """A line of defence, in the order in which a day meets them."""

    GRANT = "grant"
    TRIGGER = "trigger"
    CONSTRAINT = "constraint"
    FENCE = "running writer"
    PUBLISHER = "publisher"
    SIGNER = "signer"
    WITNESS = "witness"
    WRITER = "writer's start"
    VERIFY = "verify"
    REPLAY = "replay"
    READER = "reader"
    KEEPER = "keeper"
    HOLDER = "receipt"
    GUARDS = "guards"


AT_ONCE = frozenset({Line.GRANT, Line.TRIGGER, Line.CONSTRAINT})
WHEN: Mapping[Line, str] = {
    Line.GRANT: "at once",
    Line.TRIGGER: "at once",
    Line.CONSTRAINT: "at once",
    Line.FENCE: "with the running writer's next batch",
    Line.PUBLISHER: "at the next publication",
    Line.SIGNER: "at the next publication",
    Line.WITNESS: "at the next checkpoint shown to a witness",
    Line.WRITER: "at the next start or takeover of a writer",
    Line.VERIFY: "at the next verify",
    Line.REPLAY: "at the next replay --decide",
    Line.READER: "when anybody reads the public log",
    Line.KEEPER: "when somebody compares a kept checkpoint",
    Line.HOLDER: "when the holder of a receipt looks",
    Line.GUARDS: "at the next drill",
}


class Day(StrEnum):
    """What the writer does while somebody tampers.

    RUNNING: it serves, and commits its next batch afterwards. STOPPED: it is away and starts
    afterwards. QUIET: it serves, everything is published, and nothing comes.
    """

    RUNNING = "running"
    STOPPED = "stopped"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Change:
    """SQL, run as a superuser with triggers off; each statement must change a row."""

    sql: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alter:
    """SQL that changes the schema or the rights, run as the owner."""

    sql: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inflate:
    """More money in a payment of long ago, with its movement and both balances."""

    amount: int


@dataclass(frozen=True, slots=True)
class Forge:
    """A payment that nobody made, appended as an entry with its movement and both balances."""


@dataclass(frozen=True, slots=True)
class Reseal:
    """Right commitments and a right chain from an entry on; ``writer``: its row follows."""

    first: str
    writer: bool = True


@dataclass(frozen=True, slots=True)
class Retile:
    """Tiles and roots of the checkpoints that follow from the headers that are there now."""


@dataclass(frozen=True, slots=True)
class Resign:
    """All checkpoints signed anew over the present headers, with the log's stolen key."""


@dataclass(frozen=True, slots=True)
class ForgetSigned:
    """The signer's memory agrees with the newest checkpoint that lies in the database."""


@dataclass(frozen=True, slots=True)
class RestoreDatabase:
    """The whole database as it was at an earlier checkpoint."""


@dataclass(frozen=True, slots=True)
class RestoreSigner:
    """The signer's memory as it was at an earlier checkpoint."""


@dataclass(frozen=True, slots=True)
class ShowFork:
    """A second database with other steps done to it, which outsiders are shown."""

    steps: tuple["Inside", ...]


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Another writer waits until the lease has run out, and takes it."""


@dataclass(frozen=True, slots=True)
class SetClock:
    """The writer's machine has another time than the database; ``seconds`` ahead of it."""

    seconds: float


Rows = Change | Alter
History = Inflate | Forge | Reseal | Retile | Resign | ForgetSigned
Inside = Rows | History
"""What is done within one database."""
Outside = RestoreDatabase | RestoreSigner | ShowFork | TakeOver | SetClock
Step = Inside | Outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The same without a superuser's rights: who tries, and what refuses it (or nothing does)."""

    sql: str
    by: Mapping[str, Line | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One drill. ``found_by`` must find it, all of them; more may.

    ``entry`` names the entry whose receipt somebody holds. A drill without ``found_by`` is the
    control: nothing may be found.
    """

    name: str
    what: str
    steps: tuple[Step, ...]
    found_by: frozenset[Line]
    plain: Plain | None = None
    day: Day = Day.RUNNING
    entry: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Who found it, and the words in which it was said."""

    line: Line
    words: str

    @property
    def when(self) -> str:
        """The moment of the day at which this line meets it."""
        return WHEN[self.line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of a plain attempt; ``line`` is ``None`` where nothing refused it."""

    by: str
    line: Line | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one drill; ``skipped`` says why there was nothing to tamper with."""

    drill: Drill
    attempts: list[Attempt] = field(default_factory=list)
    found: list[Sighting] = field(default_factory=list)
    looked: frozenset[Line] = frozenset()
    seconds: float = 0.0
    skipped: str = ""

    @property
    def lines(self) -> frozenset[Line]:
        """The lines that found it."""
        return frozenset(each.line for each in self.found)

    @property
    def missed(self) -> list[Line]:
        """The lines that looked and did not see it, in their order."""
        return [line for line in Line if line in self.looked and line not in self.lines]

    @property
    def unmet(self) -> list[str]:
        """What was expected and did not happen, in words; empty for a drill that passed."""
        if self.skipped:
            return []
        wrong = [f"{line} did not find it" for line in Line if self._lacks(line)]
        if not self.drill.found_by:
            wrong += [f"{each.line} found {each.words}" for each in self.found]
        expected = {} if self.drill.plain is None else self.drill.plain.by
        for attempt in self.attempts:
            if attempt.line != expected[attempt.by]:
                want, have = expected[attempt.by] or "nothing", attempt.line or "nothing"
                wrong.append(f"{attempt.by} is refused by {have}, expected {want}")
        return wrong

    def _lacks(self, line: Line) -> bool:
        return line in self.drill.found_by and line not in self.lines
