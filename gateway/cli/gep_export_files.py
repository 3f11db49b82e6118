"""What `./ecorights gep export` takes: a plan, a document, or an export of any format."""

from hashlib import sha256

from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.accounts.stored import read_account
from gep.audit.written_account import KNOWN_BY
from gep.document import Place, read_document
from gep.errors import AccountRefused, Malformed
from gep.exchange.boundary import boundary_of, zones_at
from gep.exchange.checking import Fault, check
from gep.exchange.course import course_at
from gep.exchange.exporting import Form
from gep.exchange.geojson import ACCOUNT
from gep.exchange.opening import ZIP_BEGINS, opened, opened_document
from gep.exchange.sealing import CONTEXT
from gep.exchange.tree import Export
from gep.exchange.written import Written
from kernel.canonical import NotCanonical, canonical

# What commands print beside an account's document.
BESIDE = frozenset({"hash", "ok"})


def export_in(content: bytes) -> Export:
    """Return what a file would be exported as.

    Raises:
        DomainError: it is malformed, does not fit itself, or the account must not be made.
    """
    if content.startswith(ZIP_BEGINS):
        return export_again(*opened(content))
    document = read_document(content)
    members = document.members()
    if CONTEXT in members or ACCOUNT in members:
        return export_again(*opened_document(document))
    if KNOWN_BY in members:
        return _of_document(members)
    return Export(account=make_account(plan_of(document)))


def export_again(form: Form, written: Written, *, expected: str | None = None) -> Export:
    """Return what an export holds, which has to be whole.

    What follows from an account may have been written by another edition of this program.

    Raises:
        AccountRefused: something was changed in it, or it is another account.
    """
    found = check(form, written, expected=expected)
    faults = [each for each in found.found if each.fault is not Fault.NOT_AS_COMPUTED]
    if found.account is None or faults:
        raise AccountRefused(
            code="export_unfit",
            field=faults[0].place if faults else "account",
            expected="an export that fits itself and the hash asked for",
            found=", ".join(sorted({each.fault.value for each in faults})),
        )
    course, boundary = written.tree["course"], written.tree["boundary"]
    area, zones = (None, ()) if boundary is None else zones_at(Place(boundary, "boundary"))
    known = (*zones, *(() if area is None else (area,)))
    return Export(
        account=found.account,
        course=None if course is None else course_at(Place(course, "course")),
        boundary=boundary_of(known, found.account) if known else None,
    )


def _of_document(members: dict[str, Place]) -> Export:
    document = {name: each.value for name, each in members.items() if name not in BESIDE}
    try:
        text = canonical(document)
    except NotCanonical as error:
        raise Malformed(
            code="not_canonical", field="document", expected="an account", found=str(error)
        ) from error
    said = members["hash"].value if "hash" in members else None
    if said is not None and said != sha256(text).hexdigest():
        members["hash"].refuse("hash_differs", sha256(text).hexdigest())
    return Export(account=read_account(text.decode()))
