"""Looks up what a problem code says in a language; a code without a message is a defect."""

from gateway.api.catalogue import (
    audit,
    consents,
    consequences,
    credentials,
    credit_archive,
    credit_lists,
    credit_rights,
    credit_runs,
    exchange,
    gep,
    gep_analysis,
    gep_rasters,
    gep_space,
    gep_tables,
    gep_valuations,
    gep_warnings,
    ledger,
    privacy,
    reconciliation,
    request,
    rewards,
    rule_sets,
    scorecard,
    supervision,
    work,
)

_MESSAGES = {
    **ledger.MESSAGES,
    **exchange.MESSAGES,
    **reconciliation.MESSAGES,
    **request.MESSAGES,
    **privacy.MESSAGES,
    **audit.MESSAGES,
    **rewards.MESSAGES,
    **scorecard.MESSAGES,
    **rule_sets.MESSAGES,
    **credentials.MESSAGES,
    **consequences.MESSAGES,
    **consents.MESSAGES,
    **credit_archive.MESSAGES,
    **credit_runs.MESSAGES,
    **credit_rights.MESSAGES,
    **credit_lists.MESSAGES,
    **supervision.MESSAGES,
    **gep.MESSAGES,
    **gep_analysis.MESSAGES,
    **gep_rasters.MESSAGES,
    **gep_space.MESSAGES,
    **gep_warnings.MESSAGES,
    **gep_valuations.MESSAGES,
    **gep_tables.MESSAGES,
    **work.MESSAGES,
}


def message(code: str, *, language: str) -> str:
    """Return the title of a code in ``zh`` or ``en``; a code without one stands for itself."""
    chinese, english = _MESSAGES.get(code, (code, code))
    return chinese if language == "zh" else english


def known_codes() -> frozenset[str]:
    """Return every code that has a message of its own."""
    return frozenset(_MESSAGES)
