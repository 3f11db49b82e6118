"""The rows of the three files as frozen values, in whole units: lots of 1 t, ticks of 0.01 EUR.

A tick times a lot is one cent, so cash is price times quantity and nothing rounds.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from kernel.money import Lots, Ticks

InstallationId = NewType("InstallationId", str)
Cents = NewType("Cents", int)


class NoVerification(StrEnum):
    """Why a row has no verified emissions; the values are the words of the file."""

    MISSING = ""
    NOT_REPORTED = "Not Reported"
    EXCLUDED = "Excluded"


class PublishedLetter(StrEnum):
    """The register's compliance code without its asterisk. D and E do not occur in 2013-2019."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCode:
    """A compliance code as published; `corrected` stands for its trailing asterisk."""

    letter: PublishedLetter
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An installation of the register. Its coordinates, often empty, are left out."""

    installation: InstallationId
    country: str
    activity_code: int
    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationYear:
    """What the register says of one installation and year; None where it says nothing."""

    installation: InstallationId
    country: str
    year: int
    allocated: Lots | None
    verified: Lots | NoVerification
    surrendered: Lots | None
    published: PublishedCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPrice:
    """A trading day and its published settlement; None where the file has none."""

    day: date
    settlement: Ticks | None
