"""The state hash: SHA-256 over the canonical rows of all machine state, in total order."""

import hashlib

from ledger.machine import Machine
from ledger.row_lines import line


def state_hash(machine: Machine) -> str:
    """Return the hash of all machine state, equal for equal states however they came to be.

    Each object gives one line of canonical JSON: its table and its row, numbers as decimal
    strings. Orders carry their priority, so the order of queues is part of it; timers and the
    machine's version have rows too. Of rows that are not resident a shelf
    gives one line for the whole table. Caches, key window, lease and process counters have none.
    """
    digest = hashlib.sha256()
    for thing in machine.rows():
        digest.update(line(thing.TABLE, thing.row()))
    return digest.hexdigest()
