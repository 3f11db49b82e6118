"""What `./ecorights gep` reads: files, and options that hold figures."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.audit.auditing import Audit, audit
from gep.audit.own_account import printed_of
from gep.audit.printed import printed_from
from gep.audit.written_account import KNOWN_BY, written_of
from gep.document import FILE_BYTES_MAX, Place, read_document
from gep.errors import Malformed
from gep.exchange.geojson import ACCOUNT
from gep.exchange.opening import ZIP_BEGINS, opened, opened_document
from gep.exchange.sealing import CONTEXT
from gep.registry.service import Group


def content_of(path: Path) -> bytes:
    """Return a file's bytes, at most one more than we read.

    Raises:
        Malformed: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise Malformed(
            code="file_unreadable",
            field=str(path),
            expected="a file that can be read",
            found=str(error.strerror),
        ) from error


def audited(content: bytes) -> Audit:
    """Audit an account: as a paper prints it, a plan of ours, or its document, exported or not.

    Raises:
        DomainError: it is malformed, or the account must not be made.
    """
    if content.startswith(ZIP_BEGINS):
        return _audited_document(Place(opened(content)[1].tree))
    document = read_document(content)
    members = document.members()
    if "unit_yuan" in members:
        return audit(printed_from(document))
    if CONTEXT in members or ACCOUNT in members:
        document = Place(opened_document(document)[1].tree)
        members = document.members()
    if KNOWN_BY in members:
        return _audited_document(document)
    plan = plan_of(document)
    return audit(printed_of(make_account(plan), plan))


def _audited_document(document: Place) -> Audit:
    account, known = written_of(document)
    return audit(account, known=known)


def deflators_of(options: Iterable[str]) -> dict[Group, Decimal]:
    """Return price indices by group, from texts such as ``material=1.03``.

    Raises:
        Malformed: no group of the account, or no number.
    """
    found = {}
    for option in options:
        name, _, value = option.partition("=")
        group = Place(name, "--deflator").choice(Group)
        found[group] = Place(value, f"--deflator {name}").number()
    return found
