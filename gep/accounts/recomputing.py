"""An account computed again (重算) under other terms: a new account beside the old one.

Nothing is changed: the old account stays, and the new one names it as what it supersedes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gep.accounts.account import Account, yuan_of
from gep.accounts.comparing import Comparison, compare
from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.document import Place, read_document
from gep.errors import AccountRefused

PLACE = ("area", "year", "price_year", "profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputation:
    """An account, and what other terms make of it; both are of one place."""

    old: Account
    new: Account
    plan: Place

    @property
    def comparison(self) -> Comparison:
        """The difference line by line."""
        return compare(self.old, self.new)

    def document(self) -> dict[str, Any]:
        """Return the difference as plain values without numbers."""
        comparison = self.comparison
        return {
            "old": self.old.hash,
            "new": self.new.hash,
            "terms": [
                {"name": name, "old": old, "new": new}
                for name, old, new in self.terms()
                if old != new
            ],
            "lines": [
                {
                    "line": each.line,
                    "service": each.service,
                    "old_yuan": str(yuan_of(each.base)),
                    "new_yuan": str(yuan_of(each.current)),
                }
                for each in comparison.changes
            ],
            "old_total_yuan": str(yuan_of(self.old.total)),
            "new_total_yuan": str(yuan_of(self.new.total)),
            "breaks": [
                {"code": each.code.value, "place": each.place} for each in comparison.breaks
            ],
        }

    def terms(self) -> tuple[tuple[str, str, str], ...]:
        """Return the terms of both, by name."""
        old, new = self.old, self.new
        return (
            ("edition", old.edition, new.edition),
            ("edition_hash", old.edition_hash, new.edition_hash),
            ("parameter_set", old.parameter_set, new.parameter_set),
            ("parameter_set_hash", old.parameter_set_hash, new.parameter_set_hash),
            ("price_basis", str(old.price_basis), str(new.price_basis)),
        )


def recomputed(
    old: Account,
    plan: Mapping[str, Any],
    *,
    parameters: str | None = None,
    edition: str | None = None,
    members: Mapping[str, Any] | None = None,
) -> Recomputation:
    """Compute an account again from its plan, with another set, edition or other members.

    Raises:
        DomainError: the plan is malformed now, or no account can be made of it.
        AccountRefused: the account is of another place, or the same as it was.
    """
    changed = dict(plan) | dict(members or {})
    changed |= {} if parameters is None else {"parameters": parameters}
    changed |= {} if edition is None else {"edition": edition}
    document = read_document(json.dumps(changed, ensure_ascii=False).encode())
    new = make_account(plan_of(document))
    for name, was, now in zip(PLACE, _place(old), _place(new), strict=True):
        if was != now:
            raise AccountRefused(code="place_differs", field=name, expected=was, found=now)
    if new.hash == old.hash:
        raise AccountRefused(
            code="nothing_changed",
            field="plan",
            expected="another parameter set, edition or member than it had",
            found=old.hash,
        )
    return Recomputation(old=old, new=new, plan=document)


def _place(account: Account) -> tuple[str, str, str, str]:
    return (
        account.area.id,
        str(account.year),
        str(account.price_year),
        account.profile.value,
    )
