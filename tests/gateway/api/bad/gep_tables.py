"""Templates that are not there, and files that are no tables."""

from gateway.api.catalogue.gep_tables import MESSAGES
from gateway.api.credit_facts import WORKBOOK
from tests.gateway.api.bad.requests import Bad, get

TABLES: tuple[Bad, ...] = (
    get(
        "a_template_of_no_norm",
        404,
        "gep.edition_unknown",
        "/gep/templates?edition=ISO%209000",
        field="edition",
    ),
    get(
        "a_template_by_no_parameters",
        404,
        "gep.parameter_set_unknown",
        "/gep/templates?parameters=x",
        field="parameter_set",
    ),
    Bad(
        name="a_workbook_sent_as_an_archive",
        status=415,
        code="request.media_type_unsupported",
        path="/gep/table-archives",
        raw=b"PK",
        headers=(("Content-Type", WORKBOOK),),
        field="content-type",
    ),
)
# A file with errors is answered 200, with each error at its cell.
OF_CELLS = frozenset(MESSAGES)
