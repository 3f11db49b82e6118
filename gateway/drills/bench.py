"""What one drill works on: its copy, what outsiders keep of before, and where each lies."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.drills.guards import Guards
from gateway.drills.targets import Targets
from gateway.drills.workspace import Workspace
from ledger.transparency.note import PublicKey, SecretKey
from ledger.transparency.receipt import Receipt

BASE, EARLIER, WORK, FORK = "base", "earlier", "work", "fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was there before anybody tampered, and lies with others than the operator.

    ``checkpoint`` is the note that an outsider kept, ``receipts`` are those of named entries,
    ``witness`` is the witness's key, ``guards`` are those of a freshly migrated database.
    """

    venue: str
    origin: str
    keys: list[SecretKey]
    checkpoint: str
    size: int
    receipts: Mapping[str, Receipt]
    witness: SecretKey
    targets: Targets
    guards: Guards

    @property
    def public(self) -> list[PublicKey]:
        """The log's public keys."""
        return [key.public for key in self.keys]


@dataclass(slots=True, kw_only=True)
class Bench:
    """The copy of one drill. ``shown`` is the database that outsiders are shown.

    ``entry`` names the entry whose receipt somebody holds, ``ahead`` is by how many seconds the
    writer's machine is ahead of the database.
    """

    workspace: Workspace
    kept: Kept
    entry: str
    url: str
    shown: str = field(init=False)
    ahead: float = 0.0

    def __post_init__(self) -> None:
        self.shown = self.url

    @property
    def signer(self) -> Path:
        """The signer's folder in this drill."""
        return self.workspace.folder / "signer"

    @property
    def vault(self) -> Path:
        """The copy of the vault, with the keys of personal parts."""
        return vault_copy(self.workspace.folder)

    @property
    def witness(self) -> Path:
        """The witness's folder in this drill."""
        return self.workspace.folder / "witness"

    @property
    def export(self) -> Path:
        """Where the public log is written for those who read it."""
        return self.workspace.folder / "log"

    def put_back(self, folder: str, *, of: str) -> None:
        """Let a folder be as it was in the copy or at the earlier checkpoint."""
        target = self.workspace.folder / folder
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.workspace.folder / f"{folder}-{of}", target)


def vault_copy(folder: Path) -> Path:
    """Return where a drill's copy of the vault lies."""
    return folder / "subjects.db"


def keep(workspace: Workspace, folder: str, *, of: str) -> None:
    """Keep a folder as it is now."""
    target = workspace.folder / f"{folder}-{of}"
    shutil.copytree(workspace.folder / folder, target)
