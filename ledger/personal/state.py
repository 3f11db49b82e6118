"""What the machine knows of privacy: who was erased, what must be kept, who may see what.

All of it is resident and none of it is personal: parties stand here by their pseudonyms.
"""

from collections.abc import Iterator
from typing import ClassVar


class Erasure:
    """A natural person whose personal parts and keys are destroyed (删除); for ever."""

    TABLE: ClassVar[str] = "erasure"
    __slots__ = ("basis", "entry", "party")

    def __init__(self, *, party: str, entry: int, basis: str) -> None:
        self.party = party
        self.entry = entry
        self.basis = basis

    def row(self) -> tuple[str, int, str]:
        """Return (party, entry, basis)."""
        return (self.party, self.entry, self.basis)


class Retention:
    """Until when the law wants a party's records kept, and which law says so (法定保存期限)."""

    TABLE: ClassVar[str] = "retention"
    __slots__ = ("party", "source", "until")

    def __init__(self, *, party: str, until: int, source: str) -> None:
        self.party = party
        self.until = until
        self.source = source

    def row(self) -> tuple[str, int, str]:
        """Return (party, until, source)."""
        return (self.party, self.until, self.source)

    def restore(self, until: int, source: str) -> None:
        """Take an old period back."""
        self.until = until
        self.source = source


class Disclosure:
    """A grant: one party may see personal parts of another, for a purpose, until an instant (披露).

    ``id`` is the index of the entry that granted it; no ``entries`` means all of the party's.
    """

    TABLE: ClassVar[str] = "disclosure"
    __slots__ = ("entries", "granted_by", "id", "live", "party", "purpose", "recipient", "until")

    def __init__(
        self,
        *,
        id: int,  # noqa: A002  the column's name
        party: str,
        recipient: str,
        purpose: str,
        entries: list[int],
        granted_by: str,
        until: int,
        live: bool = True,
    ) -> None:
        self.id = id
        self.party = party
        self.recipient = recipient
        self.purpose = purpose
        self.entries = entries
        self.granted_by = granted_by
        self.until = until
        self.live = live

    def row(self) -> tuple[int, str, str, str, list[int], str, int, bool]:
        """Return the columns of table ``disclosure`` in their order."""
        return (
            self.id,
            self.party,
            self.recipient,
            self.purpose,
            self.entries,
            self.granted_by,
            self.until,
            self.live,
        )

    def restore(self, live: bool) -> None:  # noqa: FBT001  a journal record's shape
        """Take an old liveness back."""
        self.live = live


class DisclosureUse:
    """One reading under a disclosure, as an append-only row; ``target`` is the entry that was read.

    Without a ``target`` the names on the party's page were read.
    """

    TABLE: ClassVar[str] = "disclosure_use"
    __slots__ = ("actor", "disclosure", "entry", "party", "target")

    def __init__(
        self, *, entry: int, disclosure: int, party: str, actor: str, target: int | None
    ) -> None:
        self.entry = entry
        self.disclosure = disclosure
        self.party = party
        self.actor = actor
        self.target = target

    def row(self) -> tuple[int, int, str, str, int | None]:
        """Return (entry, disclosure, party, actor, target)."""
        return (self.entry, self.disclosure, self.party, self.actor, self.target)

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""


class Privacy:
    """Erasures and retentions by party, live disclosures by number."""

    __slots__ = ("disclosures", "erasures", "retentions")

    def __init__(self) -> None:
        self.erasures: dict[str, Erasure] = {}
        self.retentions: dict[str, Retention] = {}
        self.disclosures: dict[int, Disclosure] = {}

    def rows(self) -> Iterator[Erasure | Retention | Disclosure]:
        """Iterate what has a row, in total order."""
        yield from (self.erasures[party] for party in sorted(self.erasures))
        yield from (self.retentions[party] for party in sorted(self.retentions))
        yield from (self.disclosures[number] for number in sorted(self.disclosures))
