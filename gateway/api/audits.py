"""What the audit routes need beside the database: the log's public keys, and the evidence key."""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.transparency.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Audits:
    """``policy`` names the keys of a log; ``signing_key`` signs evidence and nothing else."""

    policy: Callable[[str], Policy]
    signing_key: Ed25519PrivateKey
