"""The table of operations: kind, path, model, and one sentence for the API's documentation.

Every operation is one POST route, may stand in a linked transaction where its command may be
linked, and may be proposed where it needs a second person.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from gateway.api.schemas import (
    consents,
    consequences,
    credentials,
    credit_archive,
    credit_intake,
    credit_lists,
    credit_rights,
    credit_runs,
    gep,
    gep_space,
    gep_valuations,
    gep_warnings,
    ledger,
    privacy,
    reconciliation,
    rewards,
    rights,
    rule_sets,
    supervision,
    trading,
)
from gateway.api.schemas.base import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where an operation stands in the API."""

    path: str
    model: type[Operation]
    summary: str
    tag: str


ROUTES: tuple[Route, ...] = (
    Route(path="/parties", model=ledger.RegisterParty, summary="Register a party", tag="parties"),
    Route(
        path="/parties/erasures",
        model=privacy.ErasePerson,
        summary="Erase a person (needs a proposal)",
        tag="parties",
    ),
    Route(
        path="/parties/retentions",
        model=privacy.RetainRecords,
        summary="Keep a party's records until an instant",
        tag="parties",
    ),
    Route(
        path="/disclosures",
        model=privacy.DisclosePersonal,
        summary="Let a party see personal parts",
        tag="parties",
    ),
    Route(
        path="/disclosures/withdrawals",
        model=privacy.WithdrawDisclosure,
        summary="End a disclosure",
        tag="parties",
    ),
    Route(path="/keys", model=ledger.RegisterKey, summary="Register an API key", tag="parties"),
    Route(
        path="/keys/revocations",
        model=ledger.RevokeKey,
        summary="Revoke an API key",
        tag="parties",
    ),
    Route(path="/accounts", model=ledger.OpenAccount, summary="Open an account", tag="accounts"),
    Route(
        path="/accounts/closures",
        model=ledger.CloseAccount,
        summary="Close an empty account",
        tag="accounts",
    ),
    Route(path="/cash/deposits", model=ledger.CashIn, summary="Cash in", tag="cash"),
    Route(path="/cash/withdrawals", model=ledger.CashOut, summary="Cash out", tag="cash"),
    Route(path="/holds", model=ledger.PlaceHold, summary="Place a hold", tag="holds"),
    Route(path="/holds/releases", model=ledger.ReleaseHold, summary="Release a hold", tag="holds"),
    Route(
        path="/holds/consumptions",
        model=ledger.ConsumeHold,
        summary="Give held value to another account",
        tag="holds",
    ),
    Route(
        path="/statements/certifications",
        model=ledger.CertifyStatement,
        summary="Certify an account's postings",
        tag="accounts",
    ),
    Route(path="/clock", model=ledger.MoveClock, summary="Move a scenario clock", tag="venue"),
    Route(
        path="/machine",
        model=ledger.ActivateMachine,
        summary="Activate a machine version",
        tag="venue",
    ),
    Route(
        path="/instruments",
        model=trading.DefineInstrument,
        summary="Define an instrument and its book",
        tag="instruments",
    ),
    Route(
        path="/books/terms",
        model=trading.SetBookTerms,
        summary="Set a book's terms (needs a proposal)",
        tag="instruments",
    ),
    Route(
        path="/calendars/days",
        model=trading.DeclareTradingDays,
        summary="Declare trading days",
        tag="instruments",
    ),
    Route(path="/orders", model=trading.PlaceOrder, summary="Place an order", tag="orders"),
    Route(
        path="/orders/amendments",
        model=trading.AmendOrder,
        summary="Amend an order",
        tag="orders",
    ),
    Route(
        path="/orders/cancellations",
        model=trading.CancelOrder,
        summary="Cancel an order",
        tag="orders",
    ),
    Route(
        path="/orders/mass-cancellations",
        model=trading.MassCancel,
        summary="Cancel many orders",
        tag="orders",
    ),
    Route(path="/books/halts", model=trading.HaltBook, summary="Halt a book", tag="supervision"),
    Route(
        path="/books/resumptions",
        model=trading.ResumeBook,
        summary="Resume a book",
        tag="supervision",
    ),
    Route(
        path="/control-groups",
        model=trading.SetControlGroup,
        summary="Set a party's control group",
        tag="supervision",
    ),
    Route(path="/rights/issues", model=rights.Issue, summary="Issue units", tag="rights"),
    Route(
        path="/rights/allocations",
        model=rights.Allocate,
        summary="Allocate units (needs a proposal)",
        tag="rights",
    ),
    Route(path="/rights/transfers", model=rights.Transfer, summary="Transfer units", tag="rights"),
    Route(
        path="/rights/surrenders", model=rights.Surrender, summary="Surrender units", tag="rights"
    ),
    Route(
        path="/rights/cancellations",
        model=rights.CancelUnits,
        summary="Cancel units",
        tag="rights",
    ),
    Route(path="/rights/retirements", model=rights.Retire, summary="Retire units", tag="rights"),
    Route(
        path="/rights/carry-overs",
        model=rights.CarryOver,
        summary="Carry units over to the next vintage",
        tag="rights",
    ),
    Route(
        path="/compliance/verified-emissions",
        model=rights.RecordVerifiedEmissions,
        summary="Record verified emissions",
        tag="compliance",
    ),
    Route(
        path="/compliance/rules",
        model=rights.SetComplianceRule,
        summary="Set a right's compliance rule",
        tag="compliance",
    ),
    Route(
        path="/compliance/closures",
        model=rights.CloseComplianceYear,
        summary="Compute the compliance status of a year",
        tag="compliance",
    ),
    Route(
        path="/compliance/settlements",
        model=supervision.RecordSettlements,
        summary="Record the facts of who settled a closed year in time",
        tag="compliance",
    ),
    Route(
        path="/compliance/reports",
        model=supervision.RecordReportResults,
        summary="Record what was found of carbon or energy reports",
        tag="compliance",
    ),
    Route(
        path="/supervision/origins",
        model=supervision.SetFactOrigin,
        summary="Say which rules follow from an origin (needs a proposal)",
        tag="supervision",
    ),
    Route(
        path="/supervision/decisions",
        model=supervision.ServeDecision,
        summary="Enter a decision that was served (needs a proposal)",
        tag="supervision",
    ),
    Route(
        path="/supervision/decisions/annulments",
        model=supervision.AnnulDecision,
        summary="Annul a decision (needs a proposal)",
        tag="supervision",
    ),
    Route(
        path="/reconciliations/terms",
        model=reconciliation.SetReconciliationTerms,
        summary="Set the terms of a counterparty's files (needs a proposal)",
        tag="reconciliation",
    ),
    Route(
        path="/reconciliation-tasks/assignments",
        model=reconciliation.AssignTask,
        summary="Assign a task",
        tag="reconciliation",
    ),
    Route(
        path="/reconciliation-tasks/answers",
        model=reconciliation.AnswerTask,
        summary="Answer a task",
        tag="reconciliation",
    ),
    Route(
        path="/reconciliation-tasks/closures",
        model=reconciliation.CloseTask,
        summary="Close a task (a large one needs a proposal)",
        tag="reconciliation",
    ),
    Route(
        path="/reconciliation-tasks/reopenings",
        model=reconciliation.ReopenTask,
        summary="Reopen a task",
        tag="reconciliation",
    ),
    *(Route(path=p, model=m, summary=s, tag="gep") for p, m, s in gep.PATHS),
    *(Route(path=p, model=m, summary=s, tag="gep") for p, m, s in gep_space.PATHS),
    *(Route(path=p, model=m, summary=s, tag="gep") for p, m, s in gep_warnings.PATHS),
    *(Route(path=p, model=m, summary=s, tag="gep") for p, m, s in gep_valuations.PATHS),
    *(Route(path=p, model=m, summary=s, tag="rewards") for p, m, s in rewards.PATHS),
    *(Route(path=p, model=m, summary=s, tag="credentials") for p, m, s in credentials.PATHS),
    *(Route(path=p, model=m, summary=s, tag="credit") for p, m, s in credit_intake.PATHS),
    Route(
        path="/credit/consents",
        model=consents.GrantConsent,
        summary="Let a bank read one's credit",
        tag="credit",
    ),
    Route(
        path="/credit/consents/revocations",
        model=consents.RevokeConsent,
        summary="End a consent",
        tag="credit",
    ),
    Route(
        path="/credit/subjects",
        model=credit_archive.RegisterSubject,
        summary="Open a subject's archive",
        tag="credit",
    ),
    Route(
        path="/credit/rule-sets",
        model=rule_sets.AdoptRuleSet,
        summary="Adopt a rule set (needs a proposal)",
        tag="credit",
    ),
    Route(
        path="/credit/consequence-tables",
        model=consequences.AdoptConsequences,
        summary="Adopt a table of consequences (needs a proposal)",
        tag="credit",
    ),
    Route(
        path="/credit/challengers",
        model=rule_sets.AppointChallenger,
        summary="Appoint a challenger of the rule set in force (needs a proposal)",
        tag="credit",
    ),
    Route(
        path="/credit/challengers/dismissals",
        model=rule_sets.DropChallenger,
        summary="Drop a challenger (needs a proposal)",
        tag="credit",
    ),
    Route(
        path="/credit/snapshots",
        model=credit_runs.DesignateSnapshot,
        summary="Let a run count for its purpose (needs a proposal)",
        tag="credit",
    ),
    Route(
        path="/credit/departments",
        model=credit_archive.AuthoriseDepartment,
        summary="Authorise a department to report (needs a proposal)",
        tag="credit",
    ),
    Route(
        path="/credit/terms",
        model=credit_archive.SetTerm,
        summary="Set a period in days (needs a proposal)",
        tag="credit",
    ),
    Route(
        path="/credit/facts",
        model=credit_archive.RecordFacts,
        summary="Record facts",
        tag="credit",
    ),
    Route(
        path="/credit/repairs",
        model=credit_archive.RepairFact,
        summary="Repair a fact's credit",
        tag="credit",
    ),
    Route(
        path="/credit/revocations",
        model=credit_archive.RevokeFact,
        summary="Revoke a fact",
        tag="credit",
    ),
    Route(
        path="/credit/objections",
        model=credit_archive.OpenObjection,
        summary="Object to a fact",
        tag="credit",
    ),
    Route(
        path="/credit/objections/decisions",
        model=credit_archive.DecideObjection,
        summary="Answer an objection",
        tag="credit",
    ),
    *(Route(path=p, model=m, summary=s, tag="credit") for p, m, s in credit_rights.PATHS),
    *(Route(path=p, model=m, summary=s, tag="credit") for p, m, s in credit_lists.PATHS),
)

if TYPE_CHECKING:
    AnyOperation = Operation
else:
    AnyOperation = Annotated[
        Union[tuple(route.model for route in ROUTES)],  # noqa: UP007  built from the table
        Field(discriminator="kind"),
    ]
