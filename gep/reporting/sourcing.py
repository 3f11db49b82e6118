"""The figures in use, numbered as they appear: where a line of the table leads to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gep.accounts.account import Account, LineItem
from gep.accounts.terms import Used
from gep.registry.edition import Mark
from gep.registry.parameter_set import Parameter
from gep.registry.shipped import parameter_sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A figure in use: its number, the parameter's row where it is known, and its lines."""

    number: int
    used: Used
    row: Parameter | None
    lines: tuple[LineItem, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"source-{self.number}"

    @property
    def price_year(self) -> int | None:
        """The year of a price; an account that was read back has it of its parameter set alone."""
        if self.used.price_year is not None or self.row is None or self.used.override is not None:
            return self.used.price_year
        return self.row.price_year

    @property
    def is_unchecked(self) -> bool:
        """Whether nobody read it again in its document."""
        return self.used.mark is Mark.UNCHECKED


class Sources:
    """All figures that an account used, in the order of its lines."""

    def __init__(self, account: Account) -> None:
        lines: dict[tuple[str, ...], list[LineItem]] = {}
        used: dict[tuple[str, ...], Used] = {}
        for line in account.lines:
            for each in line.used:
                lines.setdefault(_key(each), []).append(line)
                used.setdefault(_key(each), each)
        rows = _rows(account)
        self._all = {
            key: Sourced(
                number=number,
                used=each,
                row=rows.get(each.name) if each.mark is not None else None,
                lines=tuple(lines[key]),
            )
            for number, (key, each) in enumerate(used.items(), 1)
        }

    def __iter__(self) -> Iterator[Sourced]:
        return iter(self._all.values())

    def of_line(self, line: LineItem) -> list[Sourced]:
        """Return what a line was made of."""
        found = (self._all[_key(each)] for each in line.used)
        return sorted(found, key=lambda each: each.number)

    def named(self, name: str) -> Sourced | None:
        """Return a figure by its name."""
        return next((each for each in self if each.used.name == name), None)


def _key(used: Used) -> tuple[str, ...]:
    return used.name, f"{used.value:f}", used.unit, used.source


def _rows(account: Account) -> Mapping[str, Parameter]:
    """Return the rows of the account's parameter set; none where it is not the one we ship."""
    here = parameter_sets().get(account.parameter_set)
    if here is not None and here.hash != account.parameter_set_hash:
        return {}
    found: dict[str, Parameter] = {}
    while here is not None:
        for row in here.all_rows():
            if row.holds_on(date(account.year, 12, 31)):
                found.setdefault(row.name, row)
        here = here.extends
    return found
