"""How it is decided whether a rule set counts: whole, new, agreed by its hash, and not of the past.

All three commands need four eyes. What the reader refuses in a document stands in the refusal by
place and expectation.
"""

import re

from credit_scoring.rule_sets.adopting.commands import (
    ADOPTED_MAX,
    CHALLENGERS_MAX,
    DOCUMENT_BYTES_MAX,
    AdoptRuleSet,
    AppointChallenger,
    DropChallenger,
)
from credit_scoring.rule_sets.adopting.effects import (
    ChallengerAppointed,
    ChallengerDropped,
    RuleSetAdopted,
)
from credit_scoring.rule_sets.adopting.first_day import first_day_fault
from credit_scoring.rule_sets.adopting.refusals import Reject
from credit_scoring.rule_sets.adopting.state import RuleSets, read
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import refuse_unadoptable
from ledger.machine import Context
from ledger.refusals import Refusal

VERSION = re.compile(r"[A-Za-z0-9.-]{1,32}\Z")


def adopt_rule_set(state: RuleSets, command: AdoptRuleSet, context: Context) -> Refusal | None:
    """Let a set count from its first day on; a challenger that is adopted is one no more."""
    if len(state.adopted) >= ADOPTED_MAX:
        return Refusal(code=Reject.RULE_SETS_TOO_MANY, expected=f"at most {ADOPTED_MAX}")
    found = _agreed(state, command)
    if isinstance(found, Refusal):
        return found
    challenger = state.challengers.get(found.version)
    if challenger is not None and challenger.hash != found.hash:
        return _hash_unfit(challenger.hash, found)
    refusal = first_day_fault(
        found.effective_from,
        {each.effective_from: each.version for each in state.adopted.values()},
        at=context.at,
        taken=Reject.RULE_SET_DAY_TAKEN,
        past=Reject.RULE_SET_DAY_PAST,
    )
    if refusal is not None:
        return refusal
    if challenger is not None:
        context.emit(ChallengerDropped(version=found.version, decision=command.decision))
    context.emit(
        RuleSetAdopted(
            version=found.version,
            rule_set_hash=found.hash,
            effective_from=found.effective_from.toordinal(),
            decision=command.decision,
            document=found.canonical.decode(),
        )
    )
    return None


def appoint_challenger(
    state: RuleSets, command: AppointChallenger, context: Context
) -> Refusal | None:
    """Put a set beside those that count; its first day is for the day of its adoption to judge."""
    if len(state.challengers) >= CHALLENGERS_MAX:
        return Refusal(code=Reject.CHALLENGERS_TOO_MANY, expected=f"at most {CHALLENGERS_MAX}")
    found = _agreed(state, command)
    if isinstance(found, Refusal):
        return found
    if found.version in state.challengers:
        return Refusal(
            code=Reject.CHALLENGER_APPOINTED, field="document.version", found=found.version
        )
    context.emit(
        ChallengerAppointed(
            version=found.version,
            rule_set_hash=found.hash,
            decision=command.decision,
            document=found.canonical.decode(),
        )
    )
    return None


def drop_challenger(state: RuleSets, command: DropChallenger, context: Context) -> Refusal | None:
    """End the appointment of a challenger."""
    if command.version not in state.challengers:
        return Refusal(
            code=Reject.CHALLENGER_UNKNOWN,
            field="version",
            expected=", ".join(sorted(state.challengers)) or "none is appointed",
            found=command.version,
        )
    context.emit(ChallengerDropped(version=command.version, decision=command.decision))
    return None


def _agreed(state: RuleSets, command: AdoptRuleSet | AppointChallenger) -> RuleSet | Refusal:
    """Return the set of a document, if it could be adopted and is what was agreed on."""
    size = len(command.document.encode())
    if size > DOCUMENT_BYTES_MAX:
        return Refusal(
            code=Reject.RULE_SET_TOO_LARGE,
            field="document",
            expected=f"at most {DOCUMENT_BYTES_MAX} bytes of canonical JSON",
            found=str(size),
        )
    try:
        found = read(command.document)
        refuse_unadoptable(found)
    except Malformed as error:
        return Refusal(
            code=Reject.RULE_SET_UNFIT,
            field=place_in_document(error),
            expected=error.expected,
            found=error.data["found"],
        )
    if found.hash != command.rule_set_hash:
        return _hash_unfit(command.rule_set_hash, found)
    if VERSION.match(found.version) is None:
        return Refusal(
            code=Reject.RULE_SET_UNFIT,
            field="document.version",
            expected="1 to 32 of A-Z a-z 0-9 . -",
            found=found.version[:64],
        )
    if found.version in state.adopted:
        return Refusal(
            code=Reject.RULE_SET_ADOPTED,
            field="document.version",
            expected="a version that no adopted set has",
            found=found.version,
        )
    return found


def place_in_document(error: Malformed) -> str:
    """Return where in a command a document is at fault."""
    return "document" if error.field in {None, "document"} else f"document.{error.field}"


def _hash_unfit(agreed: str, found: RuleSet) -> Refusal:
    return Refusal(
        code=Reject.RULE_SET_HASH_UNFIT, field="rule_set_hash", expected=found.hash, found=agreed
    )
