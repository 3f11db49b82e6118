"""From a score to the claims of a credential: only a grade that a bank may see, and rely on."""

from credit_scoring.credentials.grade import Claims
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place
from kernel.errors import DomainError, Kind


class GradeNotIssuable(DomainError):
    """A score of which no credential is made; ``field`` says why."""

    code = "credit_scoring.grade_not_issuable"
    kind = Kind.CONFLICT

    def __init__(self, *, field: str, expected: str, found: str) -> None:
        super().__init__(
            f"{field}: expected {expected}, found {found}",
            field=field,
            expected=expected,
            data={"found": found},
        )


def claims_of(score: Place, *, subject: str, entry: int | None) -> Claims:
    """Return the claims of a score as it is written as JSON; what else it explains is left out.

    A file's score names its kind ``kind``, that of an archive ``subject_kind``.

    Raises:
        Malformed: it is no score.
        GradeNotIssuable: nothing rates it (then nobody but the subject sees a grade), or a fact
            stands under a rule that its rule set does not know.
    """
    for name, why in (("rated", "a rated subject"), ("complete", "every fact's rule known")):
        if not score.at(name).truth():
            raise GradeNotIssuable(field=name, expected=why, found="false")
    kind = "subject_kind" if "subject_kind" in score.names() else "kind"
    return Claims(
        subject=subject,
        kind=score.at(kind).choice(SubjectKind),
        grade=score.at("grade").text(),
        colour=score.at("colour").text(),
        as_of=score.at("as_of").day(),
        rule_set_version=score.at("rule_set_version").text(),
        rule_set_hash=score.at("rule_set_hash").text(),
        records_hash=score.at("records_hash").text(),
        entry=entry,
    )
