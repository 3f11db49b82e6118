"""What is gone: the pages of persons who were erased answer 410."""

from gateway.api.problems import gone
from gateway.api.reads import View


async def refuse_erased(view: View, party: str) -> None:
    """Refuse to show anything of an erased person.

    Raises:
        Problem: 410, with the erasure's entry.
    """
    entry = await view.personal.erasure(party)
    if entry is not None:
        raise gone(entry)
