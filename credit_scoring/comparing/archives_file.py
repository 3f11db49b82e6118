"""Archives as a file holds them: ``{"archives": [{"id", "subject", "records"}, ...]}``.

``subject`` is the kind; records are written as in a file of one subject's score.
"""

from credit_scoring.batch.building import Archives, ArchivesBuilder
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place
from credit_scoring.vectors.records import records_of

ARCHIVES_MAX = 200_000


def read_archives(document: Place, *, only: SubjectKind | None = None) -> Archives:
    """Read the archives of a file, all checked, and return them or those of one kind.

    Raises:
        Malformed: the place and what was expected there.
    """
    document.keys(required=("archives",), optional=("as_of", "known_at", "note"))
    rows = list(document.at("archives").items())
    if len(rows) > ARCHIVES_MAX:
        document.at("archives").refuse("too_many", f"at most {ARCHIVES_MAX} archives")
    builder, names = ArchivesBuilder(), set[str]()
    for row in rows:
        row.keys(required=("id", "subject", "records"), optional=("note",))
        name = row.at("id").text()
        if name in names:
            row.at("id").refuse("doubled_id", "an id that no other archive has")
        names.add(name)
        kind, records = row.at("subject").choice(SubjectKind), records_of(row.at("records"))
        if only is None or kind is only:
            builder.add(name, kind, records)
    return builder.archives()
