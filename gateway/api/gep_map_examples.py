"""Example answer of a map's figures."""

from typing import Any

NULLABLE = frozenset(
    [
        "base_account",
        "base_year",
        "class_equal",
        "class_quantile",
        "current_account",
        "no_data",
        "prices_of",
        "value",
    ]
)
OPEN = frozenset({"pins"})
READ: dict[str, dict[str, Any]] = {
    "/v1/gep/map": {
        "head": "931",
        "type": "FeatureCollection",
        "as_of": "2026-03-17",
        "year": 2025,
        "base_year": None,
        "subject": "total",
        "measure": "per_km2",
        "measured_in": "yuan/km2",
        "price_years": [2023],
        "classes": {
            "count": 5,
            "quantile": ["6272666.67", "6666666.67"],
            "equal": ["6460000.00", "7210666.67"],
        },
        "without_data": 0,
        "features": [
            {
                "type": "Feature",
                "id": "990103",
                "geometry": {"type": "MultiPolygon", "coordinates": []},
                "properties": {
                    "id": "990103",
                    "name": "汐口县",
                    "unit_kind": "region",
                    "longitude": "121.2000000",
                    "latitude": "29.2500000",
                    "value": "6272666.67",
                    "class_quantile": 1,
                    "class_equal": 1,
                    "no_data": None,
                    "no_data_because": ["other_land_cover"],
                    "prices_of": 2023,
                    "current_account": "9a" * 32,
                    "base_account": None,
                    "published_in": "141",
                    "doubts": ["km2_differs"],
                    "pins": [],
                },
            }
        ],
    }
}
