"""What every part of a report has at hand: its subject, its language, where lines and figures are.

A part is a function from a ``Page`` to a section, or to None where there is nothing to say.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from gep.accounts.account import Account, LineItem
from gep.accounts.comparing import Comparison, compare
from gep.registry.edition import Status
from gep.registry.shipped import editions
from gep.reporting.blocks import Section, Span, Style, Words, joined, plain
from gep.reporting.service_names import full_name
from gep.reporting.sourcing import Sourced, Sources
from gep.reporting.subject import Subject
from gep.reporting.words import Language, word
from kernel.money import Fen

_REMARK = re.compile(r" \([ -~]+\)$")  # the register's English remark on a Chinese title


class Page:
    """A subject that is told in a language."""

    def __init__(self, subject: Subject, language: Language) -> None:
        self.subject = subject
        self.account: Account = subject.account
        self.language: Language = language
        self.sources = Sources(subject.account)
        self._lines = {line.id: number for number, line in enumerate(self.account.lines, 1)}

    @cached_property
    def comparison(self) -> Comparison | None:
        """The change from the base account, where there is one.

        Raises:
            AccountRefused: the base is of a later year, or a deflator is not above 0.
        """
        if self.subject.base is None:
            return None
        return compare(self.subject.base, self.account, deflators=self.subject.deflators)

    @property
    def basis(self) -> Mapping[str, str]:
        """The fields ``basis`` and ``prices``, which stand beside every total."""
        return self.basis_of(self.account)

    def basis_of(self, account: Account) -> Mapping[str, str]:
        """Return the price basis and the price year of an account, as words."""
        basis = "none" if account.price_basis is None else account.price_basis.value
        return {"basis": self.say(f"basis.{basis}"), "prices": str(account.price_year)}

    @property
    def product(self) -> str:
        """What the edition calls the figure."""
        if self.language == "en":
            return self.say("product_en")
        return self.account.product_zh

    @property
    def subtitle(self) -> str:
        """Under which edition, parameters and prices the account was made."""
        account = self.account
        found = next((each for each in editions() if each.id == account.edition), None)
        if found is not None and found.status is Status.REFERENCE:
            return self.say("subtitle.reference", parameters=account.parameter_set, **self.basis)
        title = "" if found is None else found.title
        return self.say(
            "subtitle",
            edition=account.edition,
            title=_REMARK.sub("", title) if self.language == "zh" else title,
            parameters=account.parameter_set,
            **self.basis,
        )

    def say(self, name: str, /, **fields: str) -> str:
        """Return a word or a sentence in the page's language."""
        return word(name, self.language, **fields)

    def section(self, anchor: str, *blocks: object) -> Section:
        """Return a section under its own name."""
        return Section(anchor=anchor, title=self.say(anchor), blocks=blocks)  # type: ignore[arg-type]

    def service(self, code: str) -> str:
        """Return a service's name."""
        return full_name(code, self.language)

    def line_anchor(self, line: str) -> str:
        """Return where a line stands; empty where the account has none of that id."""
        return f"line-{self._lines[line]}" if line in self._lines else ""

    def line_words(self, line: LineItem) -> Words:
        """Return a line: its service, its own name where it has one, and its id."""
        named = "" if line.name == full_name(line.service, "en") else f" {line.name}"
        return (
            Span(text=self.service(line.service)),
            Span(text=f"{named} ", style=Style.NOTE),
            Span(text=line.id, style=Style.CODE),
        )

    def line_links(self, lines: Iterable[str]) -> Words:
        """Return ids of lines as links to them."""
        return joined(
            ((Span(text=each, style=Style.CODE, link=self.line_anchor(each)),) for each in lines),
            ", ",
        )

    def source_links(self, sources: Iterable[Sourced]) -> Words:
        """Return the numbers of figures as links to them."""
        return joined(((Span(text=str(each.number), link=each.anchor),) for each in sources), ", ")

    def figure_link(self, name: str) -> Words:
        """Return a figure's name as a link to it, where it is in use."""
        found = self.sources.named(name)
        return (Span(text=name, style=Style.CODE, link="" if found is None else found.anchor),)

    def sentences(self, *parts: str) -> str:
        """Return sentences one after the other, as the language spaces them."""
        return ("" if self.language == "zh" else " ").join(parts)

    def note(self, text: str) -> Words:
        """Return a note."""
        return (Span(text=text, style=Style.NOTE),) if text else plain("")


def sum_of(values: Iterable[Fen]) -> Fen:
    """Return a sum of money."""
    return Fen(sum(values))
