"""A desk whose every command is decided a second time, by a machine that has only declared rows."""

from typing import Any

from gateway import wiring
from ledger import commands as c
from ledger.machine import Outcome
from ledger.shelf import RowKey
from ledger.state import Row
from tests.credit_scoring.rewards.desk import RewardDesk


class DeclaringDesk(RewardDesk):
    """Both machines must decide alike; one that reads what it did not declare breaks."""

    def __init__(self) -> None:
        super().__init__()
        self.cold = wiring.new_machine()
        self.kept: dict[RowKey, Row] = {}
        for shelf in self.cold.shelves.values():
            shelf.begin(count=0, digest="0")

    def _apply(self, command: c.Command, **more: Any) -> Outcome:
        outcome = super()._apply(command, **more)
        held = self._declared(command)
        stamp = {"actor": more["actor"], "index": self.index, "at": self.at}
        assert self.cold.apply(command, **stamp, fetched=more.get("fetched")) == outcome
        for name in held:
            row = self.cold.shelves[name.table].get(*name.key)
            if row is not None:
                self.kept[name] = row.row()
            self.cold.shelves[name.table].release(name.key)
        assert not any(len(shelf) for shelf in self.cold.shelves.values())
        return outcome

    def _declared(self, command: c.Command) -> list[RowKey]:
        """Hold and fetch what a command declares, until it declares nothing more."""
        held: list[RowKey] = []
        while new := [name for name in self.cold.reads(command) if name not in held]:
            for name in dict.fromkeys(new):
                held.append(name)
                self.cold.shelves[name.table].hold(name.key)
                self.cold.shelves[name.table].fill(name.key, self.kept.get(name))
        return held
