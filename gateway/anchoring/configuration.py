"""Which anchors are configured, what is missing, and how to say so.

Nothing here imports what the optional libraries give: a service without them says that they are
missing, and everything else works.
"""

import importlib.util
import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gateway.errors import CannotRun
from gateway.settings import CHECKOUT, Settings
from ledger.anchoring.anchor import Kind

ARTIFACT = CHECKOUT / "contracts" / "CheckpointAnchor.json"
INSTALL = "install the extra: pip install 'ecorights[anchor]'"
NEEDED = {
    Kind.CHAIN: ("anchor_rpc", "anchor_contract", "anchor_key_file"),
    Kind.TIMESTAMP: ("timestamp_url", "timestamp_ca"),
}
LIBRARIES = {Kind.CHAIN: "web3", Kind.TIMESTAMP: "rfc3161_client"}
_PRIVATE = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """One kind of anchor: whether it runs, and otherwise in words what it takes.

    ``is_begun`` where somebody has set some of what it needs.
    """

    kind: Kind
    is_ready: bool
    is_begun: bool
    advice: str


def configured(settings: Settings, kind: Kind) -> Configured:
    """Tell whether a kind of anchor is configured, and what to do where it is not."""
    missing = [name for name in NEEDED[kind] if getattr(settings, name) is None]
    names = " and ".join(f"ECORIGHTS_{name.upper()}" for name in missing)
    advice = f"set {names}; see docs/anchors.md" if missing else ""
    if not missing and not has_library(kind):
        advice = INSTALL
    is_begun = len(missing) < len(NEEDED[kind])
    return Configured(kind=kind, is_ready=not advice, is_begun=is_begun, advice=advice)


def has_library(kind: Kind) -> bool:
    """Tell whether the optional library of a kind is installed, without importing it."""
    return importlib.util.find_spec(LIBRARIES[kind]) is not None


def ready_kinds(settings: Settings) -> list[Kind]:
    """Return the kinds of anchors that run with these settings."""
    return [kind for kind in Kind if configured(settings, kind).is_ready]


def intervals(settings: Settings) -> dict[Kind, float]:
    """Return the seconds between two anchors of each kind that runs."""
    seconds = {
        Kind.CHAIN: settings.anchor_interval,
        Kind.TIMESTAMP: settings.timestamp_interval,
    }
    return {kind: seconds[kind] for kind in ready_kinds(settings)}


def environment_of(settings: Settings) -> dict[str, str]:
    """Return these settings as the variables that a child process reads."""
    found = {}
    names = (*NEEDED[Kind.CHAIN], "anchor_confirmations", "anchor_interval")
    for name in (*names, *NEEDED[Kind.TIMESTAMP], "timestamp_interval"):
        value = getattr(settings, name)
        if value is not None:
            plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
            found[f"ECORIGHTS_{name.upper()}"] = str(plain)
    return found


def read_key_file(path: Path) -> str:
    """Return the private key of a file that its owner alone can read.

    Raises:
        CannotRun: it is not there, or others may read it; the words never hold its content.
    """
    try:
        mode = path.stat().st_mode
        if mode & _PRIVATE:
            raise CannotRun(
                f"{path} can be read by others (mode {stat.S_IMODE(mode):o}); "
                f"a private key must not be: chmod 600 {path}"
            )
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise CannotRun(f"The key file {path} cannot be read: {reason}") from error


def read_artifact() -> dict[str, Any]:
    """Return the compiled contract as it is committed."""
    found: dict[str, Any] = json.loads(ARTIFACT.read_text(encoding="utf-8"))
    return found


def shown_address(url: str) -> str:
    """Return where an authority is, without what a URL may hold of secrets."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
