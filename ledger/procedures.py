"""How the ledger's procedures are decided: four eyes, statements, versions, time, phases."""

from ledger.commands import (
    CERTIFIED_POSTINGS_MAX,
    ActivateMachine,
    Approve,
    CertifyStatement,
    Command,
    ContinuePhase,
    FireTimer,
    Linked,
    MoveClock,
    Propose,
    Quarantine,
    RejectProposal,
    about,
)
from ledger.decisions import MACHINE_VERSIONS, find_any_account
from ledger.effects import (
    MachineActivated,
    ProposalClosed,
    Proposed,
    StatementCertified,
    TimerFired,
)
from ledger.encoding import command_text
from ledger.machine import Context
from ledger.refusals import Refusal, Reject
from ledger.roles import Role
from ledger.state import Ledger
from ledger.statements import CertifiedPostings


def propose(ledger: Ledger, command: Propose, context: Context) -> Refusal | None:
    """Put a command before a checker; the maker must be allowed to ask for it."""
    inner = command.command
    if isinstance(inner, Propose | Approve | RejectProposal | Linked | MoveClock):
        return Refusal(code=Reject.NOT_LINKABLE, field="command")
    refusal = context.machine.may(inner, actor=context.actor.id)
    if refusal is not None:
        return refusal
    if about(inner) in ledger.privacy.erasures:
        return Refusal(code=Reject.PARTY_ERASED, field=inner.SUBJECT, found=about(inner))
    context.emit(
        Proposed(
            proposal=ledger.next_proposal,
            maker=context.actor.id,
            command=command_text(inner).decode(),
        )
    )
    return None


def approve(ledger: Ledger, command: Approve, context: Context) -> Refusal | None:
    """Check that maker and checker are two people of one party, and close the proposal."""
    proposal = ledger.proposals.get(command.proposal)
    if proposal is None:
        return Refusal(code=Reject.PROPOSAL_UNKNOWN, field="proposal", found=str(command.proposal))
    if proposal.maker == context.actor.id:
        return Refusal(code=Reject.CHECKER_IS_MAKER, field="proposal")
    maker = ledger.actors[proposal.maker]
    if maker.party != context.actor.party:
        if not context.machine.may_check(proposal.command, checker=context.actor):
            return Refusal(code=Reject.CHECKER_OF_OTHER_PARTY, field="proposal")
    elif Role.APPROVER not in context.actor.roles and maker.roles.isdisjoint(context.actor.roles):
        return Refusal(code=Reject.ROLE_MISSING, expected=Role.APPROVER)
    context.emit(
        ProposalClosed(
            proposal=proposal.id,
            status="approved",
            maker=proposal.maker,
            checker=context.actor.id,
        )
    )
    return None


def reject_proposal(ledger: Ledger, command: RejectProposal, context: Context) -> Refusal | None:
    """Turn a proposal of one's own party down; the maker withdraws in the same way."""
    proposal = ledger.proposals.get(command.proposal)
    if proposal is None:
        return Refusal(code=Reject.PROPOSAL_UNKNOWN, field="proposal", found=str(command.proposal))
    if ledger.actors[proposal.maker].party != context.actor.party and not context.machine.may_check(
        proposal.command, checker=context.actor
    ):
        return Refusal(code=Reject.CHECKER_OF_OTHER_PARTY, field="proposal")
    withdrawn = proposal.maker == context.actor.id
    context.emit(
        ProposalClosed(
            proposal=proposal.id,
            status="withdrawn" if withdrawn else "rejected",
            maker=proposal.maker,
            checker=context.actor.id,
        )
    )
    return None


def certify_statement(
    ledger: Ledger, command: CertifyStatement, context: Context
) -> Refusal | None:
    """Commit to the digest of an account's postings, which were fetched before ``apply``."""
    account, refusal = find_any_account(ledger, command.account)
    if account is None:
        return refusal
    watchers = {Role.OPERATOR, Role.REGULATOR, Role.AUDITOR}
    if account.party != context.actor.party and watchers.isdisjoint(context.actor.roles):
        return Refusal(code=Reject.NOT_THE_OWNER, field="account")
    fetched = context.fetched
    if not isinstance(fetched, CertifiedPostings):
        return Refusal(code=Reject.ENTRY_NOT_COMMITTED, field="entry_to")
    if fetched.count > CERTIFIED_POSTINGS_MAX:
        return Refusal(
            code=Reject.RANGE_TOO_LONG,
            field="entry_from",
            expected=f"at most {CERTIFIED_POSTINGS_MAX} postings",
        )
    context.emit(
        StatementCertified(
            account=account.number,
            entry_from=command.entry_from,
            entry_to=command.entry_to,
            count=fetched.count,
            digest=fetched.digest,
        )
    )
    return None


def activate_machine(ledger: Ledger, command: ActivateMachine, context: Context) -> Refusal | None:
    """Switch to a version of the machine that this code has, forward only."""
    if command.machine not in MACHINE_VERSIONS or command.machine <= ledger.machine_version:
        return Refusal(
            code=Reject.MACHINE_UNKNOWN,
            field="machine",
            expected=", ".join(str(v) for v in MACHINE_VERSIONS if v > ledger.machine_version),
            found=str(command.machine),
        )
    context.emit(MachineActivated(machine=command.machine))
    return None


def move_clock(ledger: Ledger, command: MoveClock, context: Context) -> Refusal | None:
    """Move a scenario clock; the sequencer has stamped this entry with the new time."""
    if ledger.clock != "scenario":
        return Refusal(code=Reject.NOT_A_SCENARIO_VENUE)
    if command.to != context.at:
        return Refusal(code=Reject.TIME_NOT_AHEAD, field="to")
    return None


def fire_timer(ledger: Ledger, command: FireTimer, context: Context) -> Refusal | None:
    """Take the timer away and do what it is for."""
    del ledger
    context.emit(TimerFired(kind=command.timer, subject=command.subject))
    context.machine.fire(command.timer, command.subject, context)
    return None


def continue_phase(ledger: Ledger, command: ContinuePhase, context: Context) -> Refusal | None:
    """Do the next slice of long work."""
    phase = ledger.phases[command.phase]
    context.machine.carry_on(phase.kind, phase, context)
    return None


def quarantine(ledger: Ledger, command: Quarantine, context: Context) -> Refusal | None:
    """Record that a command was set aside; its entry holds its digest only."""
    del ledger, context
    return Refusal(code=Reject.QUARANTINED, found=command.cause)


def answer_only(ledger: Ledger, command: Command, context: Context) -> Refusal | None:
    """Decide a command whose parts the machine itself decides (``Linked``)."""
    del ledger, command, context
    return None
