"""Slips (凭条): what a source signs where there is no connection, to be handed in later.

The signature is Ed25519 over ``PREFIX`` and the canonical JSON of the slip, so that nothing else
that the key ever signs is a slip.
"""

from datetime import date
from decimal import Decimal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_scoring.rewards.commands import PresentSlip
from kernel.canonical import canonical
from kernel.money import format_decimal

PREFIX = b"ecorights-slip-v1\n"
THOUSANDTH = Decimal("0.001")
KEY_DIGITS = 64


def message(slip: PresentSlip) -> bytes:
    """Return the bytes that the source signs."""
    return PREFIX + canonical(
        {
            "account": str(slip.account),
            "act": slip.act,
            "day": date.fromordinal(slip.day).isoformat(),
            "quantity": format_decimal(slip.quantity, step=THOUSANDTH),
            "reward": slip.reward.value,
            "slip": slip.slip,
            "source": slip.source,
        }
    )


def is_signed(slip: PresentSlip, *, public_key: str) -> bool:
    """Tell whether the holder of a key (hexadecimal) signed exactly this slip."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(slip.signature), message(slip))
    except (InvalidSignature, ValueError):
        return False
    return True
