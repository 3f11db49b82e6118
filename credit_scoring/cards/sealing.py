"""The bytes of a card's file and its hash: SHA-256 of the canonical JSON of all but the hash."""

import hashlib
import json

import msgspec

from credit_scoring.cards.form import CardForm
from kernel.canonical import canonical

UNSEALED = ""


def hash_of(form: CardForm) -> str:
    """Return the hash of a card's content, whatever its own field says."""
    content = msgspec.to_builtins(form)
    del content["hash"]
    return hashlib.sha256(canonical(content)).hexdigest()


def sealed(form: CardForm) -> CardForm:
    """Return the card with its hash."""
    return msgspec.structs.replace(form, hash=hash_of(form))


def file_of(form: CardForm) -> bytes:
    """Return a card's file, indented so that two versions can be compared by eye."""
    return (json.dumps(msgspec.to_builtins(form), ensure_ascii=False, indent=1) + "\n").encode()
