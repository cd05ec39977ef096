"""A run that never happened: 96 square zones with hostile names, gaps, zeros and suppressed rates."""

from dataclasses import fields, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point, box

from corridors.catalogue.baseline_columns import CELL_COLUMNS
from corridors.results import Kpi, KpiVariant, Provenance, Region, Results, RunWarning, Tables
from corridors.strategy import read_strategy

CRS = "EPSG:27700"
WEST, SOUTH, SIDE = 390_000.0, 280_000.0, 2_000.0
HOSTILE = "<script>alert('zone')</script>"
HOSTILE_CORRIDOR = "Alpha</style><script>alert(1)</script> `${x}` to Beta"
HOSTILE_PILOT = '"><img src=x onerror=alert(2)>'


def region(illustrative: bool = True, synthetic: bool = True) -> Region:
    return Region(
        "Testshire", "testshire", CRS, "the two test districts", illustrative, synthetic, "straight line x 1.3", "England",
        read_strategy("west_midlands_lis"),
    )  # fmt: skip


def fake_results(**changes: Any) -> Results:
    """A run with every frame and table the report looks for; `changes` replace whole fields."""
    fields: dict[str, Any] = {
        "region": region(),
        "kpi": kpi(),
        "zones": zones(),
        "districts": districts(),
        "centres": centres(),
        "corridors": corridors(),
        "catchments": catchments(),
        "pilots": pilots(),
        "sites": sites(),
        "stops": frame({"stop_id": []}, []),
        "links": links(),
        "tables": tables(),
        "dictionary": pd.DataFrame(
            [["zones", "imd_decile", "Deprivation decile", "decile", "Ministry of Tests", "2025"]],
            columns=["table", "column", "title", "unit", "source", "vintage"],
        ),
        "warnings": (
            RunWarning("stop_teleports", 3, 0.0004, ("S1", HOSTILE), "3 stops dropped; no corridor loses a trip"),
        ),
        "provenance": (
            Provenance("imd", "Index", "Ministry of Tests", "OGL v3.0", "2025", "LSOA 2021", "imd.csv", "ab" * 32, 96),
        ),
        "command": "corridors run a&b.toml --out /tmp/somewhere",
        "date": "2026-03-24",
    }
    return Results(**(fields | changes))


def bare_results() -> Results:
    """A run that found nothing but the headline: every frame and table is empty."""
    nothing = frame({}, [])
    frames = dict.fromkeys(
        ("zones", "districts", "centres", "corridors", "catchments", "pilots", "sites", "stops", "links"), nothing
    )
    return fake_results(**frames, tables=no_tables(), warnings=(), provenance=(), dictionary=pd.DataFrame())


def frame(columns: dict[str, Any], geometry: list[Any], index: list[Any] | None = None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=index), geometry=geometry, crs=CRS)


def kpi() -> Kpi:
    return Kpi(
        share=0.5234,
        people_within=50_246.4,
        people_total=96_000,
        definition={"centres_at_least": "3", "cutoff_min": "45", "window": "every departure minute 07:00-09:00"},
        variants=(
            KpiVariant("within_40", "cutoff", "within 40 minutes", 0.4, 38_400),
            KpiVariant("within_50", "cutoff", "within 50 minutes", 0.61, 58_560),
            KpiVariant("arrive_by", "window", "arrive by 09:00", float("nan"), float("nan")),
            KpiVariant("k5", "centres", "five centres", 0.0, 0),
            KpiVariant("at_once", "at_once", "3 centres at once, from half of all departures", 0.48, 46_080),
            KpiVariant("board_0", "boarding", "no time kept for boarding", 0.58, 55_680),
            KpiVariant("board_180", "boarding", "180 s between reaching a stop and boarding", 0.45, 43_200),
        ),
        districts={"T1": 0.6, "T2": 0.4},
    )


def zones() -> gpd.GeoDataFrame:
    columns, rows = 12, 8
    number = np.arange(columns * rows)
    x, y = WEST + SIDE * (number % columns), SOUTH + SIDE * (number // columns)
    reached = np.where(number % 7 == 0, np.nan, number % 6)
    return frame(
        {
            "name": [HOSTILE if one == 13 else f"Area {one}" for one in number],
            "district_name": np.where(number % columns < 6, "West", "East & <b>bold</b>"),
            "population": 1_000 + number,
            "centres_within_cutoff": reached,
            "minutes_to_nearest": np.where(number % 7 == 0, np.nan, 10 + number),
            "minutes_to_needed": np.where(number % 3 == 0, np.nan, 20 + number),
            "minutes_beyond_cutoff": np.where(number % 3 == 0, 75, np.maximum(number - 25, 0)),
            "meets_kpi": reached >= 3,
            "imd_decile": 1 + number % 10,
            "no_car_share": np.where(number % 5 == 0, np.nan, 0.3),
            "near_but_disconnected": number % 9 == 0,
            "corridor_ids": [
                "alpha" if one // columns == 1 else "gamma;delta" if one // columns == 4 else "" for one in number
            ],
        },
        [box(left, bottom, left + SIDE, bottom + SIDE) for left, bottom in zip(x, y, strict=True)],
        [f"Z{one:03}" for one in number],
    )


def districts() -> gpd.GeoDataFrame:
    middle, east, north = WEST + 6 * SIDE, WEST + 12 * SIDE, SOUTH + 8 * SIDE
    columns = {"name": ["West", "East & <b>bold</b>"], "people": [48_000, 48_000], "kpi_share": [0.6, np.nan]}
    return frame(columns, [box(WEST, SOUTH, middle, north), box(middle, SOUTH, east, north)], ["T1", "T2"])


def centres() -> gpd.GeoDataFrame:
    columns = {
        "name": ["Old Town", "New Town", "Spare Town"],
        "basis": ["computed", "recalled", "P"],
        "default": [True, True, False],
        "people_within_cutoff": [70_000, 0, np.nan],
    }
    return frame(
        columns, [Point(WEST + 4e3, SOUTH + 4e3), Point(WEST + 16e3, SOUTH + 8e3), Point(WEST, SOUTH)], ["A", "B", "C"]
    )


def corridor_lines() -> list[LineString]:
    heights = (3_000, 5_000, 9_000, 12_000)
    return [LineString([(WEST + 2_000, SOUTH + height), (WEST + 20_000, SOUTH + height + 800)]) for height in heights]


def corridors() -> gpd.GeoDataFrame:
    columns = {
        "name": [HOSTILE_CORRIDOR, "Bravo", "Gamma", "Delta"],
        "length_km": [18.02, 5.0, 10.3, 12.9],
        "buffer_m": [1200.0] * 4,
        "zones": [12, 11, 45, 63],
        "people": [12_000, 11_000, 45_000, 63_000],
        "kpi_share": [0.31, 0.52, 0.0, np.nan],
        "need": [71.4, 50.2, np.nan, 30.0],
        "opportunity": [20.0, 40.0, 60.0, 80.0],
        "connectivity": [31.0, 52.0, 0.0, 44.0],
        "decile1_share": [4 / 12, 2 / 11, 0.0, np.nan],
        "imd_decile1_zones": [4, 2, 0, np.nan],
        "no_car_share": [0.401, 0.275, 0.2, 0.3],
        "level4_share": [0.21, 0.3, 0.4, 0.5],
        "jobs_within_cutoff": [120_000, 250_000, 0, np.nan],
        "employment_ha_within_cutoff": [12.34, 0.0, np.nan, 5.0],
        "near_but_disconnected_people": [1, 0, 2_500, np.nan],
        "note": ["extent is ambiguous", "", None, np.nan],
    }
    return frame(columns, corridor_lines(), ["alpha", "bravo", "gamma", "delta"])


def catchments() -> gpd.GeoDataFrame:
    rows = [(one, buffer_m) for one in corridors().index for buffer_m in (800.0, 1200.0, 2000.0)]
    shapes = [corridors().geometry[one].buffer(buffer_m) for one, buffer_m in rows]
    return frame({"corridor_id": [row[0] for row in rows], "buffer_m": [row[1] for row in rows]}, shapes)


def pilots() -> gpd.GeoDataFrame:
    columns = {
        "name": [HOSTILE_PILOT, "Broad Street"],
        "radius_m": [800, 2_000],
        "zones": [3, 25],
        "people": [3_100, 25_000],
        "kpi_share": [0.999, 0.44],  # the first is suppressed all the same
        "suppressed": [True, False],
        "basis": ["stated", "recalled"],
    }
    spots = [Point(WEST + 6e3, SOUTH + 6e3), Point(WEST + 12e3, SOUTH + 6e3)]
    return frame(columns, [spot.buffer(800) for spot in spots], ["p1", "p2"])


def sites() -> gpd.GeoDataFrame:
    columns = {
        "name": ["Works", "Park"],
        "ha": [17.8, np.nan],
        "status": ["permitted", "open"],
        "claimed_jobs": ["up to 2,700", ""],
        "claimed_by": ["promoter, in public sources", None],
        "claim_date": ["2019-05", np.nan],
        "basis": ["recalled", "stated"],
        "corridor_ids": ["alpha", ""],
        "note": ["", "business zone"],
    }
    return frame(columns, [Point(WEST + 8e3, SOUTH + 3e3), Point(WEST + 9e3, SOUTH + 9e3)], ["works", "park"])


def links() -> gpd.GeoDataFrame:
    number = 20
    columns = {
        "from_name": [f"Stop {one}" for one in range(number)],
        "to_name": ["javascript:alert(3)" if one == 19 else f"Stop {one + 1}" for one in range(number)],
        "mode": ["bus"] * number,
        "routes": ["51, X51"] * number,
        "median_ride_s": [90.0] * number,
        "trips_per_hour": [6.0] * number,
        "centre_people": [float(1_000 * one) for one in range(number)],
    }
    lines = [LineString([(WEST + 1e3 * one, SOUTH), (WEST + 1e3 * one + 1e3, SOUTH)]) for one in range(number)]
    return frame(columns, lines)


def buffers() -> pd.DataFrame:
    """Alpha is clearly below bravo at every buffer; gamma and bravo change places."""
    shares = {"alpha": (0.30, 0.31, 0.29), "bravo": (0.50, 0.52, 0.48), "gamma": (0.45, 0.60, 0.55)}
    rows = [
        (one, buffer_m, 10, 10_000, share, 4, 0.4)
        for one, of_buffers in shares.items()
        for buffer_m, share in zip((800.0, 1200.0, 2000.0), of_buffers, strict=True)
    ]
    names = ["corridor_id", "buffer_m", "zones", "people", "kpi_share", "decile1_zones", "decile1_share"]
    return pd.DataFrame(rows, columns=names)


def no_tables() -> Tables:
    """The tables of a run that found nothing."""
    aspects = pd.DataFrame(columns=["id", "aspect", "text"])
    empty: dict[str, pd.DataFrame] = {one.name: pd.DataFrame() for one in fields(Tables) if one.default is not None}
    baseline = {
        "baseline": pd.DataFrame(columns=CELL_COLUMNS),
        "baseline_definitions": aspects,
        "baseline_data": aspects,
    }
    return Tables(**(empty | baseline))


def tables(**changes: pd.DataFrame) -> Tables:
    """The tables that every report shows, with `changes`."""
    together = pd.DataFrame(
        [[800.0, 10, 0.104, 1, 0.1, 96, 10], [1200.0, 24, 0.25, 2, 0.2, 96, 10], [2000.0, 48, 0.5, 6, 0.6, 96, 10]],
        columns=[
            "buffer_m", "zones", "zones_share", "decile1_zones", "decile1_share_of_region", "region_zones",
            "region_decile1_zones",
        ],
    )  # fmt: skip
    quintiles = pd.DataFrame(
        {"quintile": [1, 2, 3, 4, 5], "people": [19_200] * 5, "kpi_share": [0.7, 0.6, 0.5, 0.45, 0.36],
         "mean_centres": [3.1, 2.9, 2.5, 2.2, 0.0]}
    )  # fmt: skip
    facts = pd.DataFrame([["alpha", "homes", "about 5,160 homes", "stated"]], columns=["id", "topic", "fact", "basis"])
    own = pd.DataFrame({"zones": [96], "decile1_share": [10 / 96], "no_car_share": [0.275], "level4_share": [0.305]})
    usual = {
        "region": own,
        "corridor_buffers": buffers(),
        "corridors_together": together,
        "distribution": quintiles,
        "corridor_facts": facts,
    }
    return replace(no_tables(), **(usual | changes))


def with_evidence() -> Results:
    """The run with the tables that judge its figures."""
    run = fake_results()
    told = np.where(zones()["meets_kpi"], "", "Old Town takes 59 min leaving at 07:01: `${walk}` 19 <b>min</b>.")
    own = run.corridors.assign(why_out_of_reach="66 % of those out of reach lose most time riding.")
    return fake_results(zones=run.zones.assign(explanation=told), corridors=own, tables=tables(**evidence_tables()))


def evidence_tables() -> dict[str, pd.DataFrame]:
    """Small tables as the evidence gives them: two places, two corridors, one measure."""
    places = [("region", "region", "Testshire"), ("corridor", "alpha", HOSTILE_CORRIDOR)]
    causes = [(*place, cause, share) for place in places for cause, share in (("walk", 0.25), ("slow_service", 0.75))]
    by_place = [("headline", *place, 0.5, 0.25) for place in places] + [("k5", *places[0], 0.1, 0.0)]
    ranks = [("need", varied, one, name, 0.9, 0.1) for varied in ("everything", "zones only") for one, name in
             (("bravo", "Bravo"), ("gamma", "Gamma"))]  # fmt: skip
    curve = [("jobs_within_cutoff", name, x, y) for name, bend in (("lorenz", 2), ("concentration", 1))
             for x, y in ((0.0, 0.0), (0.5, 0.5**bend), (1.0, 1.0))]  # fmt: skip
    place = ["place_kind", "place_id", "place"]
    return {
        "failing_causes": pd.DataFrame(causes, columns=[*place, "cause", "share"]).assign(people_out_of_reach=400),
        "kpi_by_place": pd.DataFrame(by_place, columns=["variant", *place, "share", "no_car_share"]).assign(
            people=96_000, no_car_households=10_000, suppressed=[False, True, False], changes=["", "", "centres"],
            variant_name=["the headline", "the headline", "at least 5 centres"]
        ),
        "doubly_disadvantaged": pd.DataFrame([(*places[0], False, 5, 5_000, 0.052, 700)], columns=[
            *place, "suppressed", "zones", "people", "people_share", "no_car_households"]),
        "fifths_by_place": pd.DataFrame(
            [(*places[0], 1, 40, 60_000, 30_000, 0.5, False), (*places[0], 5, 56, 36_000, 9_000, 0.25, False),
             (*places[1], 1, 20, 30_000, 12_000, 0.4, False), (*places[1], 5, 3, 900, 450, np.nan, True)],
            columns=[*place, "quintile", "zones", "people", "people_within", "kpi_share", "suppressed"]),
        "group_shares": pd.DataFrame(
            [("meets_kpi", "households without a car", 10_000, 0.28, 0.22, -6.0, "slight beneficial", "in the style of X")],
            columns=["measure", "group", "people", "people_share", "access_share", "difference_points", "word", "label"],
        ),
        "inequality": pd.DataFrame(
            [("jobs_within_cutoff", "Jobs", "gini", 0.429, "0 = equal"), ("jobs_within_cutoff", "Jobs", "fgt1_at_40", 0.06, "")],
            columns=["measure", "title", "statistic", "value", "note"],
        ),
        "inequality_curves": pd.DataFrame(curve, columns=["measure", "curve", "people_share", "value_share"]),
        "rank_acceptability": pd.DataFrame(
            ranks, columns=["measure", "varied", "corridor_id", "name", "p_rank_1", "p_rank_2"]
        ),
        "rank_pairs": pd.DataFrame([["need", "On need, Bravo ranks above Gamma in 90 % of draws: robust."]],
                                   columns=["measure", "sentence"]),
        "rank_influence": pd.DataFrame([["need", "which zones belong to a corridor", 0.48, 0.75],
                                        ["need", "which hours count as the peak", 0.0, 0.0]],
                                       columns=["measure", "title", "total_effect", "rank_shift"]),
        "dominance": pd.DataFrame({"sentence": ["Bravo is ahead of Gamma on all three dimensions."]}),
    }  # fmt: skip
