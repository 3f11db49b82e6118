"""An account audited in whatever form it comes: printed, a plan, a document of ours, an export."""

from gep.accounts.making import make_account
from gep.accounts.plan import Plan
from gep.accounts.reading import plan_of
from gep.audit.auditing import Audit, audit
from gep.audit.own_account import printed_of
from gep.audit.printed import printed_from
from gep.audit.written_account import KNOWN_BY, written_of
from gep.document import Place, read_document
from gep.exchange.geojson import ACCOUNT
from gep.exchange.opening import ZIP_BEGINS, opened, opened_document
from gep.exchange.sealing import CONTEXT


def audit_of(content: bytes) -> Audit:
    """Audit an account: as a paper prints it, a plan of ours, or its document, exported or not.

    Raises:
        DomainError: it is malformed, or the account must not be made.
    """
    if content.startswith(ZIP_BEGINS):
        return _audit_of_document(Place(opened(content)[1].tree))
    document = read_document(content)
    members = document.members()
    if "unit_yuan" in members:
        return audit(printed_from(document))
    if CONTEXT in members or ACCOUNT in members:
        document = Place(opened_document(document)[1].tree)
        members = document.members()
    if KNOWN_BY in members:
        return _audit_of_document(document)
    return audit_of_plan(plan_of(document))


def audit_of_plan(plan: Plan) -> Audit:
    """Audit the account that a plan of ours comes to.

    Raises:
        DomainError: the account must not be made.
    """
    return audit(printed_of(make_account(plan), plan))


def _audit_of_document(document: Place) -> Audit:
    account, known = written_of(document)
    return audit(account, known=known)
