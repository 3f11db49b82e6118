"""The whole table, and the codes that have no place in it."""

from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.lists.refusals import Reject as ListReject
from credit_scoring.rights.refusals import Reject as RightsReject
from tests.gateway.api.bad.consents import CONSENTS
from tests.gateway.api.bad.consequences import ASKED, CONSEQUENCES
from tests.gateway.api.bad.consequences import LATER as CONSEQUENCES_LATER
from tests.gateway.api.bad.credentials import CREDENTIALS
from tests.gateway.api.bad.credit_runs import CREDIT_RUNS, OF_RUNS
from tests.gateway.api.bad.door import DOOR
from tests.gateway.api.bad.gep import ENGINE, GEP, OF_ACCOUNTS
from tests.gateway.api.bad.gep_analysis import ANALYSIS, GEP_ANALYSIS
from tests.gateway.api.bad.gep_packages import OF_RUNS as RASTER_RUNS
from tests.gateway.api.bad.gep_packages import PACKAGES
from tests.gateway.api.bad.gep_space import GEP_SPACE, GEP_WARNINGS, OF_UNITS, OF_WARNINGS
from tests.gateway.api.bad.gep_tables import OF_CELLS, TABLES
from tests.gateway.api.bad.gep_valuations import GEP_VALUATIONS
from tests.gateway.api.bad.ledger import LEDGER
from tests.gateway.api.bad.market import MARKET
from tests.gateway.api.bad.privacy import PRIVACY
from tests.gateway.api.bad.reconciliation import RECONCILIATION
from tests.gateway.api.bad.registry import REGISTRY
from tests.gateway.api.bad.requests import Bad
from tests.gateway.api.bad.rewards import REWARDS
from tests.gateway.api.bad.rule_sets import LATER, RULE_SETS
from tests.gateway.api.bad.scorecard import SCORECARD
from tests.gateway.api.bad.supervision import LATER as SUPERVISED
from tests.gateway.api.bad.supervision import SUPERVISION
from tests.gateway.api.bad.work import WORK

TABLE: tuple[Bad, ...] = (
    *DOOR,
    *LEDGER,
    *MARKET,
    *REGISTRY,
    *PRIVACY,
    *RECONCILIATION,
    *SCORECARD,
    *RULE_SETS,
    *REWARDS,
    *CREDENTIALS,
    *CONSEQUENCES,
    *CONSENTS,
    *CREDIT_RUNS,
    *SUPERVISION,
    *GEP,
    *GEP_ANALYSIS,
    *PACKAGES,
    *GEP_SPACE,
    *GEP_WARNINGS,
    *GEP_VALUATIONS,
    *TABLES,
    *WORK,
)

# Codes with a message that no 4xx answer of this venue can carry, and why.
ELSEWHERE: dict[str, str] = {
    **{each.value: "shown by the tests of the archives" for each in ArchiveReject},
    **{each.value: "shown by the tests of lists" for each in ListReject},
    **{each.value: "shown by the tests of rights" for each in RightsReject},
    "credit.nothing_to_tell": "shown by the tests of rights",
    "credit.file_unreadable": "shown by the tests of the archives",
    "credit.archives_too_many": "needs twenty thousand archives",
    "credit.grade_unknown": "shown by the tests of the fairness report",
    **{each.value: "shown by the tests of consequences" for each in CONSEQUENCES_LATER},
    **dict.fromkeys(ASKED, "shown by the tests of consequences, in a venue with archives"),
    "credit.batch_unknown": "shown by the tests of intakes",
    "credit.upload_unknown": "shown by the tests of intakes",
    "credit.records_too_many": "needs twenty thousand facts of one subject",
    "ledger.not_a_scenario_venue": "shown in a venue on the system's clock",
    "ledger.venue_already_open": "opening a venue is no operation of the API",
    "ledger.system_only": "no operation of the API makes a system's command",
    "gep.export_incomplete": "no account is known that a format loses: shown by tests of exports",
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
    **{each.value: "shown by the tests of rule sets" for each in LATER},
    **{each.value: "shown by the tests of runs" for each in OF_RUNS},
    "credit.run_ahead": "needs a rule set in force: shown by the tests of runs",
    "credit.run_empty": "shown by the tests of runs",
    **{each.value: "shown by the tests of the supervision" for each in SUPERVISED},
    **dict.fromkeys(OF_UNITS, "shown by the tests of units"),
    **dict.fromkeys(OF_WARNINGS, "shown by the tests of warnings"),
    **dict.fromkeys(OF_CELLS, "answered with 200: shown by the tests of tables"),
    **dict.fromkeys(OF_ACCOUNTS, "shown by the tests of accounts"),
    **dict.fromkeys(ENGINE, "shown by the tests of the engine; the door gives it a place"),
    **dict.fromkeys(ANALYSIS, "shown by the tests of the engine, and of the questions"),
    **dict.fromkeys(RASTER_RUNS, "stands in a raster job that failed, or needs a package"),
    "credit.consenter_unfit": "needs a bank's key with the role of a subject",
    "credit.digest_unfit": "the schema refuses such a digest first",
    "credit.consents_too_many": "needs two dozen consents",
    "credit.consent_other_scope": "the query is applied: shown by the tests of queries",
    "credit.consent_not_yet": "the query is applied: shown by the tests of queries",
    "credit.consent_revoked": "the query is applied: shown by the tests of queries",
    "credit.consent_expired": "the query is applied: shown by the tests of queries",
    "credit.consent_other_purpose": "the query is applied: shown by the tests of queries",
    "credit.consent_absent": "the query is applied: shown by the tests of queries",
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
    "rewards.terms_unfit": "the schema refuses such terms first",
    "rewards.acts_too_many": "needs twenty acts of one day",
    "credentials.issuer_undefined": "needs a venue that issues nothing: the credentials' tests",
    "credentials.lists_full": "needs a thousand full lists",
    "credentials.key_changed": "503",
    "credit_scoring.consequence_region_unfit": "the pattern refuses such a code first",
    "audit.not_published": "503",
    "audit.scope_too_large": "413: shown by the audits' tests, in a venue that is published",
    "work.job_over": "needs a job that has ended: shown by the tests of jobs",
    "work.not_done": "needs a job: shown by the tests of jobs",
    "work.no_file": "needs a job without a file: shown by the tests of jobs",
    "work.result_expired": "needs a job that is done: shown by the tests of jobs",
    "work.too_many_open": "needs many jobs: shown by the tests of jobs",
    "work.key_reused": "needs a job: shown by the tests of jobs",
    "work.owner_revoked": "stands in a job that failed",
    "work.step_failed": "stands in a job that failed",
    "work.worker_lost": "stands in a job that failed",
}
