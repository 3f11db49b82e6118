"""Where the signer keeps its keys, and where it is reached."""

import dataclasses
from pathlib import Path

from gateway.embedded.runtime_folder import runtime_folder
from gateway.settings import Settings
from ledger.transparency.policy import Policy, parse_policy
from ledger.transparency.signing import read_publics


def signer_folder(settings: Settings) -> Path:
    """Return the folder with the signer's keys and memories, which nobody else reads."""
    return settings.home / "signer"


def signer_socket(settings: Settings) -> Path:
    """Return the socket on which the signer is reached."""
    return runtime_folder(settings.home) / f"{settings.venue}-signer.sock"


def public_policy(settings: Settings, origin: str) -> Policy:
    """Return the log's keys, and the witnesses whom the operator asks, for others to compare."""
    keys = tuple(read_publics(signer_folder(settings), origin))
    if settings.log_policy is None:
        return Policy(logs=keys)
    asked = parse_policy(settings.log_policy.read_text(encoding="utf-8"))
    return dataclasses.replace(asked, logs=keys)
