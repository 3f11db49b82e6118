"""Loans that never were: a seeded population to fit the shipped card on, and to test with.

Every borrower has a latent care ``u``, normal with mean 0 and deviation 1, and each feature leans
on it a little and has a deviation of its own. The log odds of a bad loan are ``BASE`` plus the sum
of effects that stand beside the features below; a loan is bad if a uniform draw is below their
probability. All figures are our assumptions, chosen so that about one loan in thirteen is bad;
none is an observation of anybody. The draws are those of Python's Mersenne Twister, whose sequence
is the same in every version; values are rounded to the feature's decimals before they have an
effect, so that what a card sees is what the outcome came from.
"""

import math
from dataclasses import dataclass
from random import Random
from statistics import NormalDist

from credit_scoring.cards.sample import Sample, Variable

SEED = 20_261_215
LOANS = 40_000
BASE = -3.05
NEVER = "-1"
MONTHS_OF_YEAR = 12
PURPOSES = {  # category: how often, effect on the log odds of a bad loan
    "ecological_farming": (0.30, 0.05),
    "forestry": (0.18, -0.20),
    "homestay": (0.20, 0.30),
    "energy_saving": (0.12, -0.35),
    "equipment": (0.15, 0.00),
    "working_capital": (0.05, 0.45),
}
COLLATERALS = {
    "forest_right": (0.28, -0.25),
    "water_right": (0.10, -0.15),
    "emission_right": (0.07, -0.30),
    "guarantee": (0.25, 0.10),
    "none": (0.30, 0.40),
}
VARIABLES = (
    Variable(
        name="credit_index",
        title="eco-credit index",
        title_zh="生态信用指数",
        unit="points",
        high="1000",
        rising=True,
    ),
    Variable(
        name="index_change_12m",
        title="change of the index in 12 months",
        title_zh="指数近12个月变化",
        unit="points",
        low="-1000",
        high="1000",
        rising=True,
    ),
    Variable(
        name="months_since_arrears",
        title="months since the last arrears",
        title_zh="距上次逾期月数",
        unit="months",
        high="600",
        rising=True,
        special={NEVER: "never in arrears"},
    ),
    Variable(
        name="arrears_12m",
        title="months in arrears in the last 12",
        title_zh="近12个月逾期月数",
        unit="months",
        high="12",
        rising=False,
    ),
    Variable(
        name="instalment_to_income",
        title="instalments to income",
        title_zh="月供收入比",
        unit="ratio",
        decimals=3,
        high="9.999",
        rising=False,
    ),
    Variable(
        name="loan_to_income",
        title="loan to yearly income",
        title_zh="贷款年收入比",
        unit="ratio",
        decimals=3,
        high="99.999",
        rising=False,
    ),
    Variable(
        name="balance_months",
        title="average balance in instalments",
        title_zh="账户平均余额折合月供数",
        unit="months",
        decimals=1,
        high="999.9",
        rising=True,
    ),
    Variable(
        name="income_variation",
        title="variation of monthly income",
        title_zh="月收入变异系数",
        unit="ratio",
        decimals=3,
        high="9.999",
        rising=False,
    ),
    Variable(
        name="years_in_business",
        title="years in business",
        title_zh="经营年限",
        unit="years",
        decimals=1,
        high="150.0",
        rising=True,
    ),
    Variable(
        name="lenders_6m",
        title="lenders asked in 6 months",
        title_zh="近6个月查询机构数",
        unit="lenders",
        high="100",
        rising=False,
    ),
    Variable(name="purpose", title="purpose", title_zh="贷款用途", kind="category"),
    Variable(name="collateral", title="collateral", title_zh="担保方式", kind="category"),
)


def generated_loans(count: int = LOANS, *, seed: int = SEED) -> Sample:
    """Return so many generated loans; the first loans of a seed are always the same."""
    draws = _Draws(seed)
    loans = [_loan(draws) for _ in range(count)]
    return Sample(
        variables=VARIABLES,
        columns={
            variable.name: [values[variable.name] for values, _ in loans] for variable in VARIABLES
        },
        bad=[bad for _, bad in loans],
    )


class _Draws:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  nothing secret is drawn
        self._normal = NormalDist()

    def uniform(self) -> float:
        return self._random.random()

    def below(self, share: float) -> bool:
        return self._random.random() < share

    def normal(self) -> float:
        return self._normal.inv_cdf(max(self._random.random(), 2.0**-53))

    def one_of(self, weighted: dict[str, tuple[float, float]]) -> str:
        left = self._random.random()
        for name, (share, _) in weighted.items():
            left -= share
            if left < 0:
                return name
        return name


@dataclass(frozen=True, slots=True)
class _Loan:
    """A loan in the making: its borrower's care, its values, and their effects so far."""

    draws: _Draws
    care: float
    values: dict[str, str | None]
    effects: list[float]

    def keep(self, name: str, text: str, *, effect: float, missing: float = 0.0) -> None:
        """Give a feature its value, or hide it, and let it have its effect."""
        absent = self.draws.below(missing)
        self.values[name] = None if absent else text
        self.effects.append(effect)


def _loan(draws: _Draws) -> tuple[dict[str, str | None], bool]:
    """Draw a loan: always the same number of draws in the same order."""
    loan = _Loan(draws, draws.normal(), {}, [BASE])
    _index(loan)
    _arrears(loan)
    _ratios(loan)
    _habits(loan)
    return loan.values, draws.below(1 / (1 + math.exp(-math.fsum(loan.effects))))


def _index(loan: _Loan) -> None:
    draws, care = loan.draws, loan.care
    index = min(1000, max(0, round(620 + 80 * care + 70 * draws.normal())))
    change = min(1000, max(-1000, round(4 + 10 * care + 28 * draws.normal())))
    unrated, unrated_before = draws.below(0.08), draws.below(0.05)
    loan.values["credit_index"] = None if unrated else str(index)
    loan.values["index_change_12m"] = None if unrated or unrated_before else str(change)
    loan.effects.append(0.25 if unrated else -0.45 * (index - 620) / 100)
    loan.effects.append(0.0 if unrated or unrated_before else -0.25 * change / 30)


def _arrears(loan: _Loan) -> None:
    draws = loan.draws
    never = draws.below(min(0.95, max(0.3, 0.70 + 0.10 * loan.care)))
    months = min(600, math.floor(-28.0 * math.log(1.0 - draws.uniform())))
    times = 1 + sum(draws.below(0.3) for _ in range(5))
    recent = not never and months < MONTHS_OF_YEAR
    effect = -0.35 if never else 0.9 * math.exp(-months / 18)
    loan.keep("months_since_arrears", NEVER if never else str(months), effect=effect)
    loan.keep("arrears_12m", str(times if recent else 0), effect=0.18 * times if recent else 0.0)


def _ratios(loan: _Loan) -> None:
    draws, care = loan.draws, loan.care
    ratio = _bounded(math.exp(-1.25 + 0.5 * draws.normal() - 0.15 * care), decimals=3, most=9.999)
    effect = 0.75 * math.log((ratio + 0.05) / 0.33)
    loan.keep("instalment_to_income", f"{ratio:.3f}", effect=effect)
    ratio = _bounded(math.exp(-0.3 + 0.6 * draws.normal()), decimals=3, most=99.999)
    loan.keep("loan_to_income", f"{ratio:.3f}", effect=0.45 * math.log((ratio + 0.1) / 0.9))
    months = _bounded(math.exp(1.0 + 0.8 * draws.normal() + 0.3 * care), decimals=1, most=999.9)
    effect = -0.35 * math.log((months + 0.5) / 3.2)
    loan.keep("balance_months", f"{months:.1f}", effect=effect, missing=0.07)
    swing = _bounded(math.exp(-1.3 + 0.6 * draws.normal() - 0.2 * care), decimals=3, most=9.999)
    effect = 0.35 * math.log((swing + 0.05) / 0.3)
    loan.keep("income_variation", f"{swing:.3f}", effect=effect, missing=0.10)


def _habits(loan: _Loan) -> None:
    draws = loan.draws
    years = _bounded(math.exp(1.8 + 0.7 * draws.normal()), decimals=1, most=150.0)
    effect = -0.30 * math.log((years + 1.0) / 7.0)
    loan.keep("years_in_business", f"{years:.1f}", effect=effect)
    lenders = min(100, max(0, math.floor(1.0 + 1.6 * draws.normal() - 0.4 * loan.care)))
    loan.keep("lenders_6m", str(lenders), effect=0.22 * min(lenders, 6) - 0.2)
    purpose, collateral = draws.one_of(PURPOSES), draws.one_of(COLLATERALS)
    loan.keep("purpose", purpose, effect=PURPOSES[purpose][1])
    loan.keep("collateral", collateral, effect=COLLATERALS[collateral][1])


def _bounded(value: float, *, decimals: int, most: float) -> float:
    return min(most, max(0.0, round(value, decimals)))
