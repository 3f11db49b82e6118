"""The targets of speed, and whether a run met them."""

from typing import Any

from benchmarks.gep_raster import EDGE, RETENTION, YIELD

CORES_OF_FULL_TARGETS = 4
OFFERED_OF_TARGET = 10_000
RASTERS = {
    YIELD: {"seconds": 3, "peak_mb": 500},
    RETENTION: {"seconds": 15, "peak_mb": 1_000},
}


def targets(result: dict[str, Any]) -> list[str]:
    """Say of each target of speed what was found, and whether it is met on so many cores."""
    many = result["machine"]["cores"] >= CORES_OF_FULL_TARGETS
    kernel, details = result["kernel"], result["details"]["kernel"]
    durable, pgbench = result["sequencer"]["batch_2000"], result["pgbench_tps"]
    found: list[tuple[str, float, str, float]] = [
        ("kernel messages/s", kernel["one_book_messages_per_second"], ">=", 500_000),
        (
            "cancel at 1e6 / at 1e4",
            kernel["cancel_ns_at_1e6"] / kernel["cancel_ns_at_1e4"],
            "<=",
            3,
        ),
        ("ns a fill in a sweep", details["sweep_ns_a_fill"], "<=", 3_000),
        (
            "durable / one transaction per order",
            durable / result["one_transaction_per_order"],
            ">=",
            20 if many else 10,
        ),
    ]
    found.append(("explained score p99 us", result["credit"]["one_score"]["p99_us"], "<=", 1_000))
    one_client = result["credit"]["queries"]["queries"][0]
    found.append(
        (f"credit query p99 ms, {one_client['clients']} client", one_client["p99_ms"], "<=", 25)
    )
    found.append(("GEP draws ms", result["gep"]["uncertainty"]["median_ms"], "<=", 1_000))
    found.extend(
        (f"{each['service']} of a 4000 x 4000 raster, {name}", each[name], "<=", bound)
        for each in result["gep"]["rasters"]
        if each["edge"] == EDGE
        for name, bound in RASTERS[each["service"]].items()
    )
    if pgbench is not None:
        found.append(("durable / pgbench", durable / pgbench, ">=", 4 if many else 2))
    offered = OFFERED_OF_TARGET if many else half_of(durable)
    found.extend(
        (f"p99 ms at {offered}/s", step["p99_ms"], "<=", 30)
        for step in result["latency"]
        if step["offered"] == offered
    )
    return [
        f"{name} {figure:.4g} {sign} {bound}: "
        f"{'met' if (figure >= bound if sign == '>=' else figure <= bound) else 'missed'}"
        for name, figure, sign, bound in found
    ]


def half_of(durable: int) -> int:
    """Return the rate that is offered on few cores: half of the closed loop's."""
    return durable // 2
