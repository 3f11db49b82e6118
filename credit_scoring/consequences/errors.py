"""Why a row of consequences is refused: by name, place, and what was expected there."""

from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.errors import Malformed


class ConsequenceRefused(Malformed):
    """A row that no table may have; the code says which rule it breaks."""


def refuse(place: Place, name: str, *, expected: str, found: str) -> ConsequenceRefused:
    """Return the refusal of a row, for the caller to raise."""
    return ConsequenceRefused(
        code=f"consequence_{name}", field=place.path or "row", expected=expected, found=found
    )
