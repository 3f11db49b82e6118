"""Commands and effects as canonical bytes, and the postings part of an entry.

Integers are written as decimal strings, keys in order, so the bytes are RFC 8785 and equal on
every machine. What a command marks as ``personal`` is left out here and encoded apart.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from kernel.canonical import canonical, struct_writer, to_builtins_with_decimal_strings, utc_text
from ledger.commands import Command, Linked, Propose, about
from ledger.effects import Effect
from ledger.entry import NO_PERSONAL
from ledger.refusals import Refusal

_writers: dict[type[msgspec.Struct], Callable[[msgspec.Struct], str]] = {}
_PERSONAL = "personal"


def struct_text(struct: msgspec.Struct) -> str:
    """Return the canonical text of a command or effect without a personal field."""
    write = _writers.get(type(struct))
    if write is None:
        write = _writers[type(struct)] = struct_writer(type(struct))
    return write(struct)


def command_text(command: Command) -> bytes:
    """Return the canonical bytes of a command, without its personal parts."""
    if isinstance(command, Linked | Propose) or hasattr(command, _PERSONAL):
        return canonical(_public(command))
    return struct_text(command).encode()


def personal_text(command: Command) -> bytes:
    """Return the canonical bytes of what is personal in a command, ``{}`` where nothing is."""
    if isinstance(command, Linked):
        legs = [_personal(leg) for leg in command.commands]
        return canonical({"commands": legs}) if any(legs) else NO_PERSONAL
    found = _personal(command)
    return canonical(found) if found else NO_PERSONAL


def personal_portions(command: Command) -> list[tuple[str, bytes]]:
    """Return what is personal in a command, apart for each subject: (subject, portion).

    The portions of a linked list have all its legs, empty where they concern another subject.
    """
    if not isinstance(command, Linked):
        found = _personal(command)
        return [(about(command), canonical(found))] if found else []
    legs = [(about(leg), _personal(leg)) for leg in command.commands]
    subjects = dict.fromkeys(subject for subject, said in legs if said)
    return [
        (each, canonical({"commands": [said if subject == each else {} for subject, said in legs]}))
        for each in subjects
    ]


def has_personal(command: Command) -> bool:
    """Tell whether any part of a command is personal."""
    return personal_text(command) != NO_PERSONAL


def _public(command: Command) -> dict[str, Any]:
    if isinstance(command, Linked):
        return {"commands": [_public(leg) for leg in command.commands], "kind": "linked"}
    if isinstance(command, Propose):
        return {"command": _public(command.command), "kind": "propose"}
    builtins: dict[str, Any] = to_builtins_with_decimal_strings(command)
    builtins.pop(_PERSONAL, None)
    return builtins


def _personal(command: Command) -> dict[str, Any]:
    asked = command.command if isinstance(command, Propose) else command
    found = getattr(asked, _PERSONAL, None)
    return {} if found is None else to_builtins_with_decimal_strings(found)


def postings_text(
    *,
    actor: str,
    at: int,
    command: bytes,
    effects: list[Effect],
    key: str,
    machine: int,
    refusal: Refusal | None,
) -> bytes:
    """Return the postings part of an entry as canonical bytes.

    ``actor`` and ``key`` are restricted to characters that need no escape (``kernel/identifiers``).
    """
    happened = ",".join([struct_text(effect) for effect in effects])
    refused = "null" if refusal is None else struct_text(refusal)
    return (
        f'{{"actor":"{actor}","at":"{utc_text(at, digits=6)}","command":{command.decode()},'
        f'"effects":[{happened}],"key":"{key}","machine":"{machine}","refusal":{refused}}}'
    ).encode()
