"""How a holding is cut into random fragments, so that a proof of one shows no holding.

Salts and cuts come from the seed of the close alone, so that whoever knows the seed (the writer, a
replay, an auditor) arrives at the same tree. A tree's leaves stand in the order of their hashes,
which the salts make random: it tells nothing of their owners.
"""

import hashlib
from typing import NamedTuple

from ledger.state_roots.sum_tree import SALT_SIZE, SumNode, leaf_of

FRAGMENTS_PER_HOLDING = 8
SEED_SIZE = 32
_CUT_BYTES = 8
_PREFIX = b"eco-ledger/fragments/v1\n"
_SALTS = FRAGMENTS_PER_HOLDING * SALT_SIZE
_DRAWN = _SALTS + (FRAGMENTS_PER_HOLDING - 1) * _CUT_BYTES


class Fragment(NamedTuple):
    """A part of a holding, in lots or minor units, and the salt of its leaf."""

    amount: int
    salt: bytes

    def leaf(self, account: int) -> SumNode:
        """Return the leaf of a fragment of an account."""
        return leaf_of(account=account, amount=self.amount, salt=self.salt)


def fragments_of(seed: bytes, *, instrument: str, account: int, quantity: int) -> list[Fragment]:
    """Cut a holding at random places; the fragments add up to it, and some may be nought."""
    label = f"{instrument}\n{account}\n".encode()
    drawn = hashlib.shake_256(_PREFIX + seed + label).digest(_DRAWN)
    cuts = sorted(
        int.from_bytes(drawn[at : at + _CUT_BYTES], "big") * (quantity + 1) >> (8 * _CUT_BYTES)
        for at in range(_SALTS, _DRAWN, _CUT_BYTES)
    )
    salts = [drawn[at : at + SALT_SIZE] for at in range(0, _SALTS, SALT_SIZE)]
    bounds = [0, *cuts, quantity]
    return [Fragment(bounds[place + 1] - bounds[place], salt) for place, salt in enumerate(salts)]
