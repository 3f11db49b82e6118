"""What the machine keeps of a close while its trees are built."""

from typing import ClassVar

from ledger.state import Ledger, Phase, Row
from ledger.state_roots.building import Building
from ledger.state_roots.capture import Capture

STATE_ROOT = "state_root"
"""The kind of phase that builds the trees of a close."""


class StateRoot:
    """The root of one instrument at one close, as an append-only row.

    ``as_of`` is the entry after whose effects the holdings were taken; quantities are in lots, of
    currencies in minor units.
    """

    TABLE: ClassVar[str] = "state_root"
    __slots__ = ("as_of", "at", "ended", "entry", "instrument", "issued", "leaves", "number",
                 "phase", "root", "total")  # fmt: skip

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        entry: int,
        number: int,
        phase: int,
        as_of: int,
        at: int,
        instrument: str,
        leaves: int,
        total: int,
        issued: int,
        ended: int,
        root: str,
    ) -> None:
        self.entry = entry
        self.number = number
        self.phase = phase
        self.as_of = as_of
        self.at = at
        self.instrument = instrument
        self.leaves = leaves
        self.total = total
        self.issued = issued
        self.ended = ended
        self.root = root

    def row(self) -> Row:
        """Return the columns of table ``state_root`` in their order."""
        return (
            self.entry,
            self.number,
            self.phase,
            self.as_of,
            self.at,
            self.instrument,
            self.leaves,
            self.total,
            self.issued,
            self.ended,
            self.root,
        )

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""


class StateRoots:
    """The closes whose trees are being built, by the phase that builds them.

    A capture is not a row: while its phase is open it can be computed again from the rows, by
    taking back what was posted after its entry.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.captures: dict[int, Capture] = {}
        self._building: dict[int, Building] = {}

    def building(self, phase: Phase, *, seed: bytes) -> Building:
        """Return the work on a phase; it is a cache, made again where it is not there."""
        found = self._building.get(phase.id)
        if found is None or found.seed != seed:
            found = Building(self.captures[phase.id], seed)
            self._building = {phase.id: found}
        return found


def as_of(phase: Phase) -> int:
    """Return the entry after which a phase's holdings were taken; its subject begins with it."""
    return int(phase.subject.partition(" ")[0])


def seed_and_unit(phase: Phase) -> tuple[bytes, int]:
    """Return the seed and the next unit of a seeded phase, as its cursor says."""
    seed, _, unit = phase.cursor.partition(" ")
    return bytes.fromhex(seed), int(unit)
