"""Rule sets in files: what `credit rule-sets --json` prints, kept or edited, is such a file."""

from credit_scoring.rule_sets.document import Place, read_json

# What the printed set has beside its own keys, and an edited copy may still have.
PRINTED_BESIDE = ("ok", "hash", "changes")


def document_in(content: bytes) -> Place:
    """Return the rule set that a file holds, without what is printed beside one.

    Raises:
        Malformed: it is no JSON object.
    """
    return without_printed(read_json(content))


def without_printed(document: Place) -> Place:
    """Return a rule set's own keys."""
    own = {key: value for key, value in document.names().items() if key not in PRINTED_BESIDE}
    return Place(own, document.path)
