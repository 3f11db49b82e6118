"""How it is decided whether a table of consequences counts: whole, new, agreed, not of the past.

What the reader refuses in a document stands in the refusal by place and expectation. So no row
burdens a person, and none that takes insurance or relief away is ever adopted as on.
"""

from credit_scoring.consequences.adopting.commands import (
    ADOPTED_MAX,
    DOCUMENT_BYTES_MAX,
    AdoptConsequences,
)
from credit_scoring.consequences.adopting.effects import ConsequencesAdopted
from credit_scoring.consequences.adopting.refusals import Reject
from credit_scoring.consequences.adopting.state import Consequences
from credit_scoring.consequences.adopting.table import Table, hash_of, head_of, read_table
from credit_scoring.rule_sets.adopting.decisions import place_in_document
from credit_scoring.rule_sets.adopting.first_day import first_day_fault
from credit_scoring.rule_sets.errors import Malformed, RuleSetMissing
from ledger.machine import Context
from ledger.refusals import Refusal


def adopt_consequences(
    state: Consequences, command: AdoptConsequences, context: Context
) -> Refusal | None:
    """Let a table count from its first day on."""
    if len(state.adopted) >= ADOPTED_MAX:
        return Refusal(code=Reject.TABLES_TOO_MANY, expected=f"at most {ADOPTED_MAX}")
    found = _read(state, command)
    if isinstance(found, Refusal):
        return found
    table, rule_set = found
    refusal = _agreed(state, command, table) or first_day_fault(
        table.effective_from,
        {each.effective_from: each.version for each in state.adopted.values()},
        at=context.at,
        taken=Reject.TABLE_DAY_TAKEN,
        past=Reject.TABLE_DAY_PAST,
    )
    if refusal is not None:
        return refusal
    context.emit(
        ConsequencesAdopted(
            version=table.version,
            table_hash=command.table_hash,
            effective_from=table.effective_from.toordinal(),
            rule_set=rule_set,
            decision=command.decision,
            document=command.document,
        )
    )
    return None


def _read(state: Consequences, command: AdoptConsequences) -> tuple[Table, str] | Refusal:
    """Return the table of a document, and by which rule set it was read."""
    size = len(command.document.encode())
    if size > DOCUMENT_BYTES_MAX:
        return Refusal(
            code=Reject.TABLE_TOO_LARGE,
            field="document",
            expected=f"at most {DOCUMENT_BYTES_MAX} bytes of canonical JSON",
            found=str(size),
        )
    try:
        _, first = head_of(command.document)
        version = state.rule_sets.in_force(first).version
        rules = state.rule_sets.adopted[version].document
        return read_table(command.document, rules), version
    except Malformed as error:
        return Refusal(
            code=Reject.TABLE_UNFIT,
            field=place_in_document(error),
            expected=error.expected,
            found=error.data["found"],
            rule=error.code,
        )
    except RuleSetMissing:
        return Refusal(
            code=Reject.RULES_MISSING,
            field="document.effective_from",
            expected="a day on which an adopted rule set is in force",
            found=first.isoformat(),
        )


def _agreed(state: Consequences, command: AdoptConsequences, table: Table) -> Refusal | None:
    digest = hash_of(command.document)
    if digest != command.table_hash:
        return Refusal(
            code=Reject.TABLE_HASH_UNFIT,
            field="table_hash",
            expected=digest,
            found=command.table_hash,
        )
    if table.version in state.adopted:
        return Refusal(
            code=Reject.TABLE_ADOPTED,
            field="document.version",
            expected="a version that no adopted table has",
            found=table.version,
        )
    return None
