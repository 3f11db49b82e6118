"""All drills, in the order in which they run. A further one is a value in a family's list."""

from gateway.drills import entries, fences, operators, rollbacks, rows, single_bytes, writers
from gateway.drills.definition import Drill

CONTROL = Drill(
    name="control",
    what="nothing: what finds something here would find it everywhere",
    steps=(),
    found_by=frozenset(),
)
DRILLS: tuple[Drill, ...] = (
    *single_bytes.DRILLS,
    *rows.DRILLS,
    *entries.DRILLS,
    *writers.DRILLS,
    *operators.DRILLS,
    *rollbacks.DRILLS,
    *fences.DRILLS,
)
