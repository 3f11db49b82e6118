"""Open warnings of a venue as the pins of a report."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gep.reporting.figures import percent
from gep.reporting.service_names import full_name
from gep.reporting.subject import Pin
from gep.reporting.words import Language, word

PPM_DIGITS = 6


def pin_of(warning: Mapping[str, Any], language: Language) -> Pin:
    """Return a warning's row as a pin at its area: what it is for, its figures, its state."""
    service = warning["service"]
    words = word(
        f"open.{warning['rule']}",
        language,
        severity=word(f"severity.{warning['severity']}", language),
        state=word(f"state.{warning['state']}", language),
        measured=_share(warning["measured_ppm"]),
        limit=_share(warning["limit_ppm"]),
        service=f"{service} {full_name(service, language)}" if service else "",
    )
    return Pin(unit=warning["area"], words=words)


def _share(ppm: int) -> str:
    return percent(Decimal(ppm).scaleb(-PPM_DIGITS))
