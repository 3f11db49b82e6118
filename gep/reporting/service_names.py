"""What services are called in tables and, shorter, in pictures."""

from collections.abc import Mapping

from gep.registry.shipped import services
from gep.reporting.words import Language

_SHORT: Mapping[str, str] = {
    "M1": "farm and forest products",
    "M2": "fresh water",
    "M3": "ecological energy",
    "M4": "other products",
    "R13": "noise reduction",
    "R14": "biodiversity",
    "C2": "leisure in green space",
    "D1": "greenhouse gases",
    "D2": "nutrient runoff",
    "D3": "invasive species",
}


def full_name(code: str, language: Language) -> str:
    """Return a service's name; one that the tree does not have is called by its code."""
    found = services().get(code)
    if found is None:
        return code
    return found.zh if language == "zh" else found.en


def short_name(code: str, language: Language) -> str:
    """Return a service's name as a picture has room for."""
    return (
        _SHORT.get(code, full_name(code, language)) if language == "en" else full_name(code, "zh")
    )
