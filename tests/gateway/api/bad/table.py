"""The whole table, and the codes that have no place in it."""

from tests.gateway.api.bad.door import DOOR
from tests.gateway.api.bad.ledger import LEDGER
from tests.gateway.api.bad.market import MARKET
from tests.gateway.api.bad.privacy import PRIVACY
from tests.gateway.api.bad.reconciliation import RECONCILIATION
from tests.gateway.api.bad.registry import REGISTRY
from tests.gateway.api.bad.requests import Bad

TABLE: tuple[Bad, ...] = (*DOOR, *LEDGER, *MARKET, *REGISTRY, *PRIVACY, *RECONCILIATION)

# Codes with a message that no 4xx answer of this venue can carry, and why.
ELSEWHERE: dict[str, str] = {
    "ledger.not_a_scenario_venue": "shown in a venue on the system's clock",
    "ledger.venue_already_open": "opening a venue is no operation of the API",
    "ledger.system_only": "no operation of the API makes a system's command",
    "ledger.quarantined": "500: shown by the fault tests",
    "ledger.machine_fault": "500: shown by the fault tests",
    "ledger.linked_count_unfit": "the schema refuses such a list first",
    "registry.lines_count_unfit": "the schema refuses such a list first",
    "ledger.log_name_used": "opening a log is no operation of the API",
    "ledger.old_checkpoint_unfit": "opening a log is no operation of the API",
    "ledger.log_key_unfit": "announcing a key is no operation of the API",
    "ledger.range_too_long": "needs a hundred thousand postings",
    "reconciliation.counts_unfit": "the gateway's own comparison fits, the bad lines come first",
    "reconciliation.changed_meanwhile": "needs another file between a snapshot and the writer",
    "reconciliation.not_the_owner": "the gateway refuses such a file before it compares anything",
    "reconciliation.books_too_large": "needs half a million movements of cash",
    "request.failed": "stands for statuses of the framework that no route gives",
    "request.field_invalid": "stands for kinds of the validation library that no schema uses",
    "request.unreadable": "the schemas make no command that the writer cannot read",
    "service.unavailable": "503",
    "service.overloaded": "503",
    "service.head_not_reached": "503",
    "service.fault": "500",
    "ledger.state_root_missing": "shown by the tests of state roots",
    "anchor.token_not_found": "needs an anchor: shown with the routes of anchors",
    "log.not_covered_yet": "503",
    "ledger.part_unreadable": "503",
    "service.vault_unavailable": "503",
    "log.tree_broken": "503",
    "audit.not_published": "503",
    "audit.scope_too_large": "413: shown by the audits' tests, in a venue that is published",
}
