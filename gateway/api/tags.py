"""Tags of files (ETag): the hash of their bytes, and whether a client has the file already."""

from hashlib import sha256


def tag_of(content: bytes) -> str:
    """Return a file's tag."""
    return f'"{sha256(content).hexdigest()}"'


def names_tag(header: str | None, tag: str) -> bool:
    """Say whether If-None-Match names a tag; weak ones count, as RFC 9110 13.1.2 has it."""
    found = {each.strip().removeprefix("W/") for each in (header or "").split(",")}
    return tag in found or "*" in found
