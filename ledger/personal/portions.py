"""A stored personal part cut apart again: what it says of each subject of its command."""

from kernel.canonical import canonical, parse
from ledger.commands import Command, Linked, about


def stored_portions(command: Command, body: bytes) -> list[tuple[str, bytes]]:
    """Return what a stored part says, apart for each subject of its stored command."""
    if not isinstance(command, Linked):
        return [(about(command), body)]
    said = parse(body)["commands"]
    named = list(zip([about(leg) for leg in command.commands], said, strict=True))
    subjects = dict.fromkeys(subject for subject, leg in named if leg)
    return [
        (each, canonical({"commands": [leg if subject == each else {} for subject, leg in named]}))
        for each in subjects
    ]
