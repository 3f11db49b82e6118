"""One consequence (联动奖惩措施): for whom, by which grade, what, on which basis, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from credit_scoring.records import SubjectKind

INDEX = "INDEX"
"""The name, in the place of a native scheme, of our own index and its grades."""

COUNTRY = "CN"
HALF_YEAR_LIST = "next_half_year_list"


class ConsequenceKind(StrEnum):
    """What a grade is linked with."""

    CREDIT = "credit"  # 金融信贷
    PERMITS = "permits"  # 行政审批
    INSPECTION = "inspection"  # 执法检查
    PRICES = "prices"  # 价格
    HONOURS = "honours"  # 评优评先
    INSURANCE = "insurance"  # 保险, 医疗保险
    SOCIAL_RELIEF = "social_relief"  # 社会救助


REWARD_ONLY = (ConsequenceKind.INSURANCE, ConsequenceKind.SOCIAL_RELIEF)
"""Links that only ever give, and that are off until an operator switches a row on by name.

The design rule of eco_credit.md 4.1: nobody's insurance or relief gets worse by a grade.
"""


class Effect(StrEnum):
    """Whether it is a benefit or a burden."""

    INCENTIVE = "incentive"  # 激励
    PENALTY = "penalty"  # 惩戒


class Missing(StrEnum):
    """What a row that is off lacks, or why it is off although it lacks nothing."""

    SCHEME = "scheme"
    GRADES = "grades"
    REGION = "region"
    EFFECTIVE_FROM = "effective_from"
    END = "end"
    SWITCHED_OFF = "switched_off"
    OFF_BY_DEFAULT = "off_by_default"
    REWARD_ONLY = "reward_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A grade, and in how many half-year lists running it must stand; 1 is the grade itself."""

    grade: str
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One consequence. It is on if it lacks nothing.

    ``region`` is ``CN`` or the first two, four or six digits of a region code (GB/T 2260);
    ``effective_from`` is the first day and ``end`` the last. With ``by_list`` the grade is that of
    the half-year list in force, not today's, and the list's end is the row's.
    """

    id: str
    subject: SubjectKind
    kind: ConsequenceKind
    effect: Effect
    what: str
    zh: str
    scheme: str | None
    conditions: tuple[Condition, ...]
    region: str | None
    basis: str
    effective_from: date | None
    end: date | None
    by_list: bool
    missing: tuple[Missing, ...]

    @property
    def is_on(self) -> bool:
        """Whether anything may follow from it."""
        return not self.missing


Grades = Mapping[str, frozenset[str]]
"""Of each scheme that can be rated, the grades that it gives; of INDEX its grades and colours."""
