"""What can be asked of a venue's consequences, as plain data.

The whole table is in the command, so that the entry that adopts it says what was adopted.
"""

from ledger.commands import Command

DOCUMENT_BYTES_MAX = 1 << 17
ADOPTED_MAX = 256


class AdoptConsequences(Command, frozen=True, kw_only=True, tag="credit_adopt_consequences"):
    """Let a table of consequences count from its own first day on, in place of the one before.

    ``document`` is its canonical JSON, ``table_hash`` the SHA-256 that two people agreed on,
    ``decision`` the number of the document by which they may.
    """

    document: str
    table_hash: str
    decision: str
