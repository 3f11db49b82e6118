"""What a report is of: an account, where it stands, and what its reader has beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from gep.accounts.account import Account
from gep.accounts.uncertainty import Uncertainty
from gep.accounts.weather import Weather
from gep.registry.service import Group
from gep.space.standing import AreaDoubt
from gep.zones import Zone

DECLINE = Decimal("0.05")  # gep.md: warning.decline, a fall on the base year at constant prices


class Stage(StrEnum):
    """Where an account stands; ``FILE`` is one that no venue knows."""

    FILE = "file"
    DRAFT = "draft"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Deed(StrEnum):
    """What was done with an account."""

    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who did what, in which entry of the ledger, with what note."""

    deed: Deed
    by: str
    entry: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an account stands in its venue.

    ``agrees`` says whether its plan, computed again, gave the same account; None where nobody did.
    """

    stage: Stage = Stage.FILE
    steps: tuple[Step, ...] = ()
    supersedes: str = ""
    superseded_by: str = ""
    agrees: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A warning with a place on the map: the unit, and what it says."""

    unit: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An account to report on.

    ``units`` are boundaries of places: of the lines of a raster account, of the areas of
    ``unit_accounts``, or of the area itself; ``is_among_neighbours`` says that the area's own is
    one of several beside each other. ``doubts`` are of the area, beside the boundaries of its
    venue. ``series`` are accounts of other years. ``weather`` is the account at five-year mean
    weather, where it has means. Where a range could not be drawn, ``range_refused`` says why.
    """

    account: Account
    standing: Standing = field(default_factory=Standing)
    base: Account | None = None
    deflators: Mapping[Group, Decimal] = field(default_factory=dict)
    series: Sequence[Account] = ()
    units: Sequence[Zone] = ()
    unit_accounts: Sequence[Account] = ()
    pins: Sequence[Pin] = ()
    is_among_neighbours: bool = False
    doubts: Sequence[AreaDoubt] = ()
    weather: Weather | None = None
    base_weather: Weather | None = None
    uncertainty: Uncertainty | None = None
    range_refused: str = ""
    decline: Decimal = DECLINE
