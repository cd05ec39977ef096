"""Cells of a social baseline for the run that never happened: Gamma with values, gaps and weak figures."""

from typing import Any

import pandas as pd

CENSUS = {"source": "Ministry of Tests, Census", "vintage": "2021", "geography": "LSOA 2021"}
INDEX = {"source": "Ministry of Tests, Index", "vintage": "2025", "geography": "LSOA 2021"}
TITLES = {
    "population": ("Residents", "people"),
    "no_car_share": ("Households without a car", "share 0-1"),
    "level4_share": ("Level 4+", "share 0-1"),
    "unemployment_share": ("Unemployed, of the economically active", "share 0-1"),
    "crime_score": ("Crime: domain score, higher = more deprived", "score"),
    "employment_ha_within_cutoff": ("Employment land within the cutoff", "ha"),
}


def cell(kind: str, place_id: str, item: str, value: float = float("nan"), **more: Any) -> dict[str, Any]:
    """One cell; `more` replaces what a plain measured one holds."""
    title, unit = TITLES[item]
    plain = {
        "place_kind": kind, "place_id": place_id, "item": item, "title": title, "unit": unit, "value": value,
        "denominator": float("nan"), "known_share": 1.0, "status": "measured", "reason": "", "district": "",
        "district_value": float("nan"), "region_value": float("nan"), "england_value": float("nan"), **CENSUS,
    }  # fmt: skip
    return plain | more


def baseline(**changes: Any) -> pd.DataFrame:
    """Two corridors and the region; `changes` replace fields of Gamma's share of households without a car."""
    gone = {"status": "missing", "reason": "no layer of this run gives crime score", "known_share": float("nan")}
    car = {"denominator": 20_000.0, "district": "West", "district_value": 0.25, "region_value": 0.275, **changes}
    rows = [
        cell("region", "region", "population", 96_000.0),
        cell("region", "region", "no_car_share", 0.275, denominator=40_000.0, region_value=0.275),
        cell("corridor", "gamma", "population", 45_000.0, district="West"),
        cell("corridor", "gamma", "no_car_share", 0.4, **car),
        cell("corridor", "gamma", "level4_share", 0.2, denominator=30_000.0, england_value=0.339, known_share=0.7),
        cell("corridor", "gamma", "crime_score", **gone),
        cell("corridor", "gamma", "employment_ha_within_cutoff", 0.0, denominator=45_000.0, region_value=6.9, **INDEX),
        cell("corridor", "bravo", "population", 11_000.0, district="East"),
        cell("corridor", "bravo", "no_car_share", denominator=900.0, status="suppressed", reason="fewer than 10 zones"),
        cell("pilot", "p1", "population", 3_100.0),
        cell("pilot", "p1", "no_car_share", denominator=900.0, status="suppressed", reason="fewer than 10 zones"),
    ]
    return pd.DataFrame(rows)
