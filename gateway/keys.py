"""API keys made on this machine: secrets in one file that only its owner reads.

The service itself knows only the SHA-256 of a secret. One line for each key: its name, a space, the
secret.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

OPERATOR = "X-1"
REGULATOR = "R-1"
CURSORS = "cursors"
EVIDENCE = "evidence"
CREDENTIALS = "credentials"
SECRET_BYTES = 32
RUNS_SUFFIX = "runs.key"


def keys_file(home: Path, venue: str) -> Path:
    """Return the file with a venue's keys."""
    return home / f"{venue}.keys"


def read_keys(path: Path) -> dict[str, str]:
    """Return all secrets of a file by name."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line)


def ensure_keys(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the secrets of these names, making those that are missing."""
    known = read_keys(path)
    missing = [name for name in names if name not in known]
    if missing:
        known.update((name, secrets.token_urlsafe(SECRET_BYTES)) for name in missing)
        text = "".join(f"{name} {secret}\n" for name, secret in known.items())
        draft = path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    return known


def evidence_key(home: Path, venue: str) -> Ed25519PrivateKey:
    """Return the key that signs a venue's evidence, and nothing else; made on its first use."""
    secret = ensure_keys(keys_file(home, venue), [EVIDENCE])[EVIDENCE]
    return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(f"{secret}="))


def credential_key(home: Path, venue: str) -> Ed25519PrivateKey:
    """Return the key that signs a venue's credentials, and nothing else; made on its first use."""
    secret = ensure_keys(keys_file(home, venue), [CREDENTIALS])[CREDENTIALS]
    return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(f"{secret}="))


def runs_key(home: Path, venue: str) -> bytes:
    """Return the key behind the salts of a venue's runs; made on its first use.

    It has a file of its own: workers need it, of which several may begin at once, and the first one
    to link the file wins.
    """
    path = home / f"{venue}.{RUNS_SUFFIX}"
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_bytes()


def digest_of(secret: str) -> str:
    """Return what the service knows of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
