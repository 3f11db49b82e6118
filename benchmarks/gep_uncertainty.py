"""An account drawn a thousand times: forty lines, forty doubted figures, quantiles and drivers.

What someone waits for who asks how far a figure may be off: from the plan to P10, P50, P90 and the
five strongest drivers. The plan is made before the clock starts, from a fixed seed; the digest of
the answer shows a faster wrong one. Run ``python -m benchmarks.gep_uncertainty``.
"""

import json
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from random import Random
from time import perf_counter_ns
from typing import Any

from gep.accounts.plan import Plan
from gep.accounts.reading import read_plan
from gep.accounts.uncertainty import DOUBTED_MAX, DRAWS, uncertainty_of

DRAWS_SMALL = 100
SEED = 20250321
NS_A_MILLISECOND = 1_000_000
RUNS = 5
SERVICES = (("M1", "t"), ("R1", "m3"), ("R2", "t"), ("R8", "t_CO2"), ("R10", "kWh"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyFigures:
    """What one run measured: the median and the longest of its runs, in milliseconds."""

    draws: int
    lines: int
    doubted: int
    median_ms: float
    max_ms: float
    digest: str


def measure_uncertainty(*, draws: int) -> UncertaintyFigures:
    """Measure an account drawn so many times."""
    plan = _plan()
    took: list[int] = []
    answers = set()
    for _ in range(RUNS):
        start = perf_counter_ns()
        answer = uncertainty_of(plan, draws=draws, seed=SEED)
        took.append(perf_counter_ns() - start)
        answers.add(sha256(repr(answer).encode()).hexdigest())
    (digest,) = answers
    return UncertaintyFigures(
        draws=draws,
        lines=len(plan.lines),
        doubted=answer.doubted,
        median_ms=sorted(took)[RUNS // 2] / NS_A_MILLISECOND,
        max_ms=max(took) / NS_A_MILLISECOND,
        digest=digest,
    )


def _plan() -> Plan:
    random = Random(SEED)  # noqa: S311  a reproducible load, not a secret
    inputs: dict[str, Any] = {}
    lines = []
    for number in range(DOUBTED_MAX):
        service, unit = SERVICES[number % len(SERVICES)]
        value = random.randint(10_000, 10_000_000)
        inputs[f"quantity_{number}"] = {
            "value": value,
            "low": value * 8 // 10,
            "high": value * 13 // 10,
            "unit": unit,
            "source": "drawn",
        }
        price = {"value": random.randint(1, 900), "unit": f"yuan/{unit}", "source": "drawn"}
        if service == "R1":
            price["basis"] = "CAPITAL"
        inputs[f"price_{number}"] = price
        line = {"quantity": f"quantity_{number}", "price": f"price_{number}"}
        lines.append({"id": f"line-{number}", "service": service} | line)
    document = {
        "id": "drawn",
        "area": {"id": "0", "name": "drawn", "km2": 100},
        "year": 2020,
        "edition": "published",
        "parameters": "reference-0.1",
        "inputs": inputs,
        "lines": lines,
    }
    return read_plan(json.dumps(document).encode())


def main() -> None:
    """Measure and print the figures as JSON."""
    draws = DRAWS_SMALL if "--small" in sys.argv[1:] else DRAWS
    print(json.dumps(asdict(measure_uncertainty(draws=draws))))


if __name__ == "__main__":
    main()
