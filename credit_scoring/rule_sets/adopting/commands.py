"""What can be asked of a venue's rule sets, as plain data; a document is a set's canonical JSON.

The whole document is in the command, so that the entry that adopts a set says what was adopted,
and replay needs nothing but the ledger.
"""

from ledger.commands import Command

# Reading a document of this size takes about 30 ms; no command may hold the writer for 50.
DOCUMENT_BYTES_MAX = 1 << 17
ADOPTED_MAX = 256
CHALLENGERS_MAX = 3


class AdoptRuleSet(Command, frozen=True, kw_only=True, tag="credit_adopt_rule_set"):
    """Let a rule set count from its own first day on (采用规则集).

    ``rule_set_hash`` is what the two people have agreed on, ``decision`` the number of the
    document by which they may.
    """

    document: str
    rule_set_hash: str
    decision: str


class AppointChallenger(Command, frozen=True, kw_only=True, tag="credit_appoint_challenger"):
    """Name a rule set that may be evaluated beside the one in force, and decides nothing."""

    document: str
    rule_set_hash: str
    decision: str


class DropChallenger(Command, frozen=True, kw_only=True, tag="credit_drop_challenger"):
    """End the appointment of a challenger."""

    version: str
    decision: str
