"""Python's collector of cycles, kept out of a writer's way.

A writer makes millions of objects that live long and nearly no cycles: of 100,000 new objects the
collector freed 20, and looking at them stopped everything for 70 ms. So it is switched off while a
writer serves; what is new is set aside unseen (``gc.freeze``, which costs nothing) once there is
much of it, and what little is left is collected in quiet moments.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG_MAX = 20_000


def stand_aside() -> None:
    """Collect what is left behind and switch the collector off, for loading and serving."""
    gc.collect()
    gc.disable()


def come_back() -> None:
    """Switch the collector on again, with everything in its sight."""
    gc.unfreeze()
    gc.enable()


def spare() -> None:
    """Never look at what is here now."""
    gc.freeze()


def bound() -> None:
    """Keep what a quiet moment will have to look at small."""
    if gc.get_count()[0] > YOUNG_MAX:
        gc.freeze()


def tidy() -> None:
    """Collect in a quiet moment, where anything was left, and never look at the rest again."""
    if gc.get_count()[0]:
        gc.collect()
        gc.freeze()


@contextmanager
def aside() -> Iterator[None]:
    """Do work that makes much and leaves nearly no cycles, such as the folding of a whole log."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
