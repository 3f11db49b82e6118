"""Appraisers of a county's wetland: what they send, on the books of its accountants."""

import json
from typing import Any

from gep.accounts.stored import plan_text
from gep.document import read_document
from gep.publishing import commands as g
from gep.publishing.decisions import digest
from gep.publishing.valuations import commands as v
from gep.publishing.valuations.rows import StoredValuation
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from kernel.canonical import canonical
from ledger import commands as c
from ledger.refusals import Refusal
from tests.gep.publishing.books import Books, draft, plan_of
from tests.gep.valuations.projects import text_of

# Without an income and over a year the gain stays below what takes two reviewers.
SMALL: dict[str, Any] = {"years": 1, "incomes": None}


def account(area: str, water: str, **changes: Any) -> g.DraftGepAccount:
    """Return the draft of an account of water alone, at 7 yuan a cubic metre."""
    inputs = {
        "water": {"value": water, "unit": "m3", "source": "gauge"},
        "price": {"value": "7", "unit": "yuan/m3", "source": "reservoirs"},
    }
    plan = {
        "id": f"{area}-2025",
        "area": {"id": area, "name": "白鹭湿地", "km2": "6"},
        "price_year": 2025,
        "inputs": inputs,
        "lines": [{"id": "water", "service": "M2", "quantity": "water", "price": "price"}],
    }
    return draft(plan_of(**(plan | changes)))


def appraised(*, supersedes: str = "", also: Any = None, **changes: Any) -> v.DraftGepValuation:
    """Return the command that drafts the valuation of the wetland; ``also`` replaces its fields."""
    text = text_of(**changes)
    project = plan_text(read_document(text))
    document = canonical(make_valuation(read_project(text)).document()).decode()
    whole = {"project": project, "document": document, "valuation": digest(document)}
    return v.DraftGepValuation(**(whole | {"supersedes": supersedes} | (also or {})))


def small(**changes: Any) -> v.DraftGepValuation:
    return appraised(**(SMALL | changes))


def changed(command: v.DraftGepValuation, **changes: Any) -> v.DraftGepValuation:
    """Return a draft whose document says something else, under its own hash."""
    document = canonical(json.loads(command.document) | changes).decode()
    return v.DraftGepValuation(
        project=command.project, document=document, valuation=digest(document)
    )


class Appraisers:
    """Brings valuations through their course on the books."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def valuation(self, name: str) -> StoredValuation:
        found = self.books.state.valuations.get(name)
        assert found is not None
        return found

    def drafted(self, command: v.DraftGepValuation, *, actor: str = "M-1") -> str:
        self.books.must(command, actor=actor)
        return command.valuation

    def reviewed(self, name: str, *, actor: str = "M-2") -> None:
        self.books.must(accepted(name), actor=actor)

    def approval(self, name: str, *, maker: str = "R-1") -> c.Approve:
        command = v.ApproveGepValuation(valuation=name, decision="2026/18")
        self.books.must(c.Propose(command=command), actor=maker)
        return c.Approve(proposal=self.books.machine.ledger.next_proposal - 1)

    def published(self, command: v.DraftGepValuation) -> str:
        """Bring a small valuation through its whole course."""
        name = self.drafted(command)
        self.reviewed(name)
        self.books.must(self.approval(name), actor="R-2")
        self.books.must(v.PublishGepValuation(valuation=name), actor="R-1")
        return name

    def not_drafted(self, command: v.DraftGepValuation) -> Refusal:
        return self.books.refused(command, actor="M-1")


def accepted(name: str) -> v.ReviewGepValuation:
    return v.ReviewGepValuation(valuation=name, outcome=g.ReviewOutcome.ACCEPTED)
