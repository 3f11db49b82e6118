"""Draws that depend on their key alone, not on what was drawn before.

A plan must be the same on every machine and Python version, and one firm's draw must not move
when another firm is added; a stream of random numbers promises neither.
"""

from hashlib import sha256

DRAW_BYTES = 8


def draw(*key: str | int, below: int) -> int:
    """Return a number from 0 to `below` - 1, evenly spread over keys.

    The bias of the remainder is under 1 in 10^9 for any bound that a plan uses.
    """
    digest = sha256("\x1f".join(str(part) for part in key).encode()).digest()
    return int.from_bytes(digest[:DRAW_BYTES]) % below


def draw_rank(*key: str | int) -> int:
    """Return a sort key that puts things in a drawn order."""
    return draw(*key, below=1 << (8 * DRAW_BYTES))
