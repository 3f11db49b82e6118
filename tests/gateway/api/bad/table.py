"""The whole table, and the codes that have no place in it."""

from tests.gateway.api.bad.door import DOOR
from tests.gateway.api.bad.ledger import LEDGER
from tests.gateway.api.bad.market import MARKET
from tests.gateway.api.bad.registry import REGISTRY
from tests.gateway.api.bad.requests import Bad

TABLE: tuple[Bad, ...] = (*DOOR, *LEDGER, *MARKET, *REGISTRY)

# Codes with a message that no 4xx answer of this venue can carry, and why.
ELSEWHERE: dict[str, str] = {
    "ledger.not_a_scenario_venue": "shown in a venue on the system's clock",
    "ledger.venue_already_open": "opening a venue is no operation of the API",
    "ledger.system_only": "no operation of the API makes a system's command",
    "ledger.quarantined": "500: shown by the fault tests",
    "ledger.machine_fault": "500: shown by the fault tests",
    "ledger.linked_count_unfit": "the schema refuses such a list first",
    "registry.lines_count_unfit": "the schema refuses such a list first",
    "ledger.range_too_long": "needs a hundred thousand postings",
    "request.failed": "stands for statuses of the framework that no route gives",
    "request.field_invalid": "stands for kinds of the validation library that no schema uses",
    "request.unreadable": "the schemas make no command that the writer cannot read",
    "service.unavailable": "503",
    "service.overloaded": "503",
    "service.head_not_reached": "503",
    "service.fault": "500",
    "log.not_covered_yet": "503",
    "log.tree_broken": "503",
    "audit.not_published": "503",
    "audit.scope_too_large": "413: shown by the audits' tests, in a venue that is published",
}
