"""Where the signer keeps its keys, and where it is reached."""

from pathlib import Path

from gateway.embedded.runtime_folder import runtime_folder
from gateway.settings import Settings


def signer_folder(settings: Settings) -> Path:
    """Return the folder with the signer's keys and memories, which nobody else reads."""
    return settings.home / "signer"


def signer_socket(settings: Settings) -> Path:
    """Return the socket on which the signer is reached."""
    return runtime_folder(settings.home) / f"{settings.venue}-signer.sock"
