"""Builds the trees of one close in units that hold the writer for a few milliseconds each.

A unit is a pure function of capture, seed and its own number: done again after an undo it gives the
same, and after a restart the units before it are done again. What is kept here is a cache of them,
not state.

For each instrument the holdings are first cut into fragments, some holders at a time, and sorted
into buckets by the first bits of their leaves; then bucket after bucket is sorted and appended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledger.state_roots.capture import Capture, Supply
from ledger.state_roots.fragments import FRAGMENTS_PER_HOLDING, cut
from ledger.state_roots.sum_tree import SALT_SIZE, SumFrontier, SumNode, leaf_of

LEAVES_PER_UNIT_MAX = 2_000
HOLDERS_PER_STEP = LEAVES_PER_UNIT_MAX // FRAGMENTS_PER_HOLDING
LEAVES_PER_BUCKET = LEAVES_PER_UNIT_MAX // 2
_PREFIX_BITS = 32
_PREFIX_BYTES = _PREFIX_BITS // 8


@dataclass(frozen=True, slots=True)
class Cut:
    """A step: cut the holdings of the holders from ``first`` on."""

    instrument: str
    first: int


@dataclass(frozen=True, slots=True)
class Append:
    """A step: sort a bucket and append its leaves; after the last the root is known."""

    instrument: str
    bucket: int
    is_last: bool


Step = Cut | Append


def leaves_in(supply: Supply) -> int:
    """Return how many leaves the tree of an instrument has."""
    return FRAGMENTS_PER_HOLDING * len(supply.holders)


def plan(capture: Capture) -> list[list[Step]]:
    """Cut the work into units of at most ``LEAVES_PER_UNIT_MAX`` leaves or so, at least one."""
    units: list[list[Step]] = [[]]
    cost = 0
    for step, leaves in _steps(capture):
        if cost and cost + leaves > LEAVES_PER_UNIT_MAX:
            units.append([])
            cost = 0
        units[-1].append(step)
        cost += leaves
    return units


def _steps(capture: Capture) -> Iterator[tuple[Step, int]]:
    for code, supply in capture.items():
        count = len(supply.holders)
        for first in range(0, count, HOLDERS_PER_STEP):
            some = min(HOLDERS_PER_STEP, count - first)
            yield Cut(code, first), some * FRAGMENTS_PER_HOLDING
        buckets = 1 << bucket_bits(supply)
        for bucket in range(buckets):
            last = bucket == buckets - 1
            yield Append(code, bucket, last), leaves_in(supply) // buckets


def bucket_bits(supply: Supply) -> int:
    """Return by how many first bits the leaves are sorted apart."""
    return (leaves_in(supply) // LEAVES_PER_BUCKET).bit_length()


class Building:
    """The work on one close, unit by unit."""

    def __init__(self, capture: Capture, seed: bytes) -> None:
        self.seed = seed
        self._capture = capture
        self._units = plan(capture)
        self._cut: dict[Cut, Mapping[int, list[SumNode]]] = {}
        self._edges: dict[tuple[str, int], SumFrontier] = {}
        self._done = 0

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self._units)

    def work(self, unit: int) -> list[tuple[str, SumNode]]:
        """Do one unit, and those before it that were not done; return the roots it completes."""
        while self._done < unit:
            self._do(self._done)
            self._done += 1
        self._done = max(self._done, unit + 1)
        return self._do(unit)

    def _do(self, unit: int) -> list[tuple[str, SumNode]]:
        found = []
        for step in self._units[unit]:
            if isinstance(step, Cut):
                self._cut[step] = self._fragments(step)
                continue
            edge = self._append(step)
            if step.is_last:
                found.append((step.instrument, edge.root()))
        return found

    def _fragments(self, step: Cut) -> Mapping[int, list[SumNode]]:
        """Return the leaves of some holders by bucket; the same that ``fragments_of`` gives."""
        supply = self._capture[step.instrument]
        shift = _PREFIX_BITS - bucket_bits(supply)
        buckets: dict[int, list[SumNode]] = {}
        seed, name = self.seed, f"{step.instrument}\n".encode()
        for account, quantity in supply.holders[step.first : step.first + HOLDERS_PER_STEP]:
            amounts, drawn = cut(seed, name + b"%d\n" % account, quantity)
            at = 0
            for amount in amounts:
                leaf = leaf_of(account=account, amount=amount, salt=drawn[at : at + SALT_SIZE])
                at += SALT_SIZE
                place = int.from_bytes(leaf[0][:_PREFIX_BYTES], "big") >> shift
                found = buckets.get(place)
                if found is None:
                    buckets[place] = [leaf]
                else:
                    found.append(leaf)
        return buckets

    def _append(self, step: Append) -> SumFrontier:
        supply = self._capture[step.instrument]
        leaves = [
            leaf
            for first in range(0, len(supply.holders), HOLDERS_PER_STEP)
            for leaf in self._cut[Cut(step.instrument, first)].get(step.bucket, ())
        ]
        before = self._edges.get((step.instrument, step.bucket - 1))
        edge = SumFrontier() if before is None else before.copy()
        leaves.sort()
        edge.extend(leaves)
        self._edges[step.instrument, step.bucket] = edge
        return edge
