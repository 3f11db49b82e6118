"""Whom to believe (c2sp.org/tlog-policy): a log's keys, its witnesses, and how many must agree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.transparency.checkpoint import Checkpoint, cosigned_at, open_checkpoint
from ledger.transparency.note import Note, NoteRefused, PublicKey

NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses or groups, of which at least ``needed`` must agree."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy file, read; ``addresses`` tell where a witness or log can be reached."""

    logs: tuple[PublicKey, ...]
    witnesses: Mapping[str, PublicKey] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    quorum: str = NOBODY

    def agree(self, note: Note) -> frozenset[str]:
        """Return the witnesses that cosigned a note.

        Raises:
            NoteRefused: a known witness's line does not verify.
        """
        return frozenset(
            name for name, key in self.witnesses.items() if cosigned_at(note, key) is not None
        )

    def is_met(self, agreed: frozenset[str]) -> bool:
        """Tell whether these witnesses are enough."""
        return self.quorum == NOBODY or self._holds(self.quorum, agreed)

    def _holds(self, name: str, agreed: frozenset[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in agreed
        return sum(self._holds(member, agreed) for member in group.members) >= group.needed

    def open(self, whole: str, *, origin: str) -> tuple[Checkpoint, Note]:
        """Read a checkpoint that the log signed and enough witnesses cosigned.

        Raises:
            NoteRefused: with what is missing.
        """
        checkpoint, note = open_checkpoint(whole, origin=origin, keys=self.logs)
        agreed = self.agree(note)
        if not self.is_met(agreed):
            raise NoteRefused(
                f"cosigned by {', '.join(sorted(agreed)) or 'nobody'}", expected=self.quorum
            )
        return checkpoint, note


def parse_policy(text: str) -> Policy:
    """Read a policy file.

    Raises:
        NoteRefused: with the line that is wrong.
    """
    reader = _Reader()
    for number, row in enumerate(text.splitlines(), start=1):
        words = row.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            reader.read(words)
        except (NoteRefused, ValueError) as error:
            raise NoteRefused(f"line {number}: {error}") from error
    return reader.policy()


class _Reader:
    def __init__(self) -> None:
        self._logs: list[PublicKey] = []
        self._witnesses: dict[str, PublicKey] = {}
        self._groups: dict[str, Group] = {}
        self._addresses: dict[str, str] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def read(self, words: list[str]) -> None:
        kind, *rest = words
        if kind == "log" and len(rest) in {1, 2}:
            key = PublicKey.parse(rest[0])
            self._logs.append(key)
            self._reach(key.name, rest[1:])
        elif kind == "witness" and len(rest) in {2, 3}:
            self._define(rest[0])
            self._witnesses[rest[0]] = PublicKey.parse(rest[1])
            self._reach(rest[0], rest[2:])
        elif kind == "group" and len(rest) > 2:  # noqa: PLR2004  name, number, one member
            self._group(*rest)
        elif kind == "quorum" and len(rest) == 1 and self._quorum is None:
            if rest[0] != NOBODY:
                self._know(rest[0])
            self._quorum = rest[0]
        else:
            raise NoteRefused(f"{' '.join(words)[:80]!r} is no line of a policy")

    def _group(self, name: str, needed: str, *members: str) -> None:
        self._define(name)
        for member in members:
            self._know(member)
            if member in self._grouped:
                raise NoteRefused(f"{member} is in two groups")
            self._grouped.add(member)
        count = {"all": len(members), "any": 1}.get(needed) or int(needed)
        if not 0 < count <= len(members):
            raise NoteRefused(f"{needed} of {len(members)} members")
        self._groups[name] = Group(count, members)

    def _reach(self, name: str, addresses: list[str]) -> None:
        for address in addresses:
            self._addresses[name] = address

    def _define(self, name: str) -> None:
        if name == NOBODY or name in self._witnesses or name in self._groups:
            raise NoteRefused(f"{name} is defined already")

    def _know(self, name: str) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise NoteRefused(f"{name} is not defined")

    def policy(self) -> Policy:
        if self._quorum is None:
            raise NoteRefused("no quorum line")
        return Policy(
            logs=tuple(self._logs),
            witnesses=self._witnesses,
            groups=self._groups,
            addresses=self._addresses,
            quorum=self._quorum,
        )


def policy_text(policy: Policy) -> str:
    """Return a policy as its file."""
    rows = [_row("log", key.text, policy.addresses.get(key.name)) for key in policy.logs]
    rows += [
        _row("witness", name, key.text, policy.addresses.get(name))
        for name, key in policy.witnesses.items()
    ]
    rows += [
        _row("group", name, str(group.needed), *group.members)
        for name, group in policy.groups.items()
    ]
    return "".join(f"{row}\n" for row in [*rows, f"quorum {policy.quorum}"])


def _row(*words: str | None) -> str:
    return " ".join(word for word in words if word is not None)
