"""A small made-up region: 36 squares of one kilometre with values that can be told from their place, and hostile names.

Square (row, column) has id "Z<row><column>", counts rows from the south, and holds:
centres = column (0 to 5); minutes = 10 + 20 * row, the top row unreachable; decile = 1 + row; share = column / 10, missing in
column 5; residents = 100 * (6 * row + column), so the south-west square holds none.
"""

from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from corridors.webmap.layer_styles import DISTRICTS, map_layers
from maps.styles import NO_TEST
from maps.web.content import Indicator, MapContent, ZoneNote
from maps.web.write import draw_map
from tests.maps.browser import Chromium, Open, visit

SIDE = 6
WEST, SOUTH = 400_000, 290_000
RAN = "window.ran=1"
HOSTILE = (
    f"<script>{RAN}</script>",
    f'<img src=x onerror="{RAN}">',
    f"${{{RAN}}}",
    f"`${{{RAN}}}`",
    f"</script><script>{RAN}</script>",
    f"javascript:{RAN}",
    f'"><svg onload={RAN}>',
    f"'; {RAN}; '",
    "<!-- --> ]]> {{ 7 * 7 }} &lt;b&gt; \u2028\u2029 $x$",
)


def squares() -> gpd.GeoDataFrame:
    """The zones, with an ordinary name except along the diagonal, where names are hostile."""
    rows, columns = (axis.ravel() for axis in np.meshgrid(range(SIDE), range(SIDE), indexing="ij"))
    west, south = WEST + 1000 * columns, SOUTH + 1000 * rows
    names = [
        HOSTILE[row] if row == column else f"Square {row}{column}" for row, column in zip(rows, columns, strict=True)
    ]
    return gpd.GeoDataFrame(
        {
            "name": names,
            "near_place": np.where((rows == 4) & (columns == 1), HOSTILE[1], ""),
            "district_name": np.where(columns < 3, "West side", HOSTILE[1]),
            "centres": columns,
            "meets": columns >= 3,
            "minutes": np.where(rows == SIDE - 1, np.nan, 10.0 + 20 * rows),
            "decile": 1 + rows,
            "share": np.where(columns == SIDE - 1, np.nan, columns / 10),
            "residents": 100 * (SIDE * rows + columns),
            "cluster": np.where(rows < 3, "south", HOSTILE[4]),
            "why": [f"Journey from {name}" for name in names],
        },
        geometry=shapely.box(west, south, west + 1000, south + 1000),
        index=pd.Index([f"Z{row}{column}" for row, column in zip(rows, columns, strict=True)], name="zone_id"),
        crs="EPSG:27700",
    )


def at(*places: tuple[float, float]) -> gpd.GeoSeries:
    """Points so many squares east and north of the south-west corner."""
    spots = np.array(places) * 1000 + [WEST, SOUTH]
    return gpd.GeoSeries(shapely.points(spots), crs="EPSG:27700")


def region_layers() -> dict[str, gpd.GeoDataFrame]:
    """A frame for each layer, hostile wherever a name or a note can be."""
    centres, stops, ends = at((0.5, 0.5), (5.5, 5.5)), at((1.5, 2.5), (4.5, 2.5)), at((0.5, 3.5), (5.5, 3.5))
    line = shapely.linestrings([shapely.get_coordinates(ends)])
    area = gpd.GeoSeries(shapely.buffer(line, 800), crs="EPSG:27700")
    land = gpd.GeoSeries([shapely.box(WEST, SOUTH, WEST + 6000, SOUTH + 6000)], crs="EPSG:27700")
    route = gpd.GeoSeries(line, crs="EPSG:27700")
    ride = gpd.GeoSeries(shapely.linestrings([shapely.get_coordinates(stops)]), crs="EPSG:27700")
    lake = shapely.Polygon(
        shapely.get_coordinates(at((5.7, 0.7), (5.95, 0.7), (5.95, 0.95), (5.7, 0.95))),
        [shapely.get_coordinates(at((5.8, 0.8), (5.85, 0.8), (5.85, 0.85), (5.8, 0.85)))],
    )
    ground = gpd.GeoSeries(
        [
            shapely.LineString(shapely.get_coordinates(at((0, 5.02), (6, 5.02)))),
            shapely.LineString(shapely.get_coordinates(at((2.02, 0), (2.02, 6)))),
            shapely.LineString(shapely.get_coordinates(at((0, 0.04), (0.3, 0.04)))),
            lake,
            shapely.box(*shapely.get_coordinates(at((0.05, 5.7), (0.25, 5.9))).ravel()),
        ],
        crs="EPSG:27700",
    )
    columns: dict[str, tuple[gpd.GeoSeries, dict[str, list[object]]]] = {
        "base_map": (
            ground,
            {
                "kind": ["road", "rail", "road", "water", "green"],
                "class": ["primary", "rail", "local", "water", "park"],
                "name": ["A34;B1", "", HOSTILE[1], HOSTILE[2], "\u202eMirrored"],
            },
        ),
        "districts": (land, {"name": ["West side"], "people": [1]}),
        "centres": (centres, {"name": ["Alpha", HOSTILE[0]], "basis": [HOSTILE[1], "stop"], "default": [True, False]}),
        "corridors": (route, {"name": [HOSTILE[3]], "length_km": [5.0], "kpi_share": [0.25], "note": [HOSTILE[5]]}),
        "catchments": (area, {"name": [HOSTILE[6]], "buffer_m": [800]}),
        "pilots": (at((4.5, 4.5)).buffer(700), {"name": ["Pilot"], "kpi_share": [np.nan]}),
        "sites": (at((2.5, 4.5)), {"name": ["Site"], "claimed_jobs": ["up to 10"], "ha": [np.nan]}),
        "stops": (stops, {"name": [HOSTILE[2], "Stop"], "stop_id": [HOSTILE[5], "internal-b"], "mode": ["bus", HOSTILE[0]]}),
        "links": (
            ride,
            {
                "from_name": [HOSTILE[2]], "to_name": ["Stop"], "mode": ["bus"], "routes": [HOSTILE[1]],
                "trips_per_hour": [7.0], "median_ride_s": [190],
            },
        ),
        "tram": (ride, {"name": [HOSTILE[5]]}),
        "tramstops": (at((2.5, 0.5)), {"name": [HOSTILE[6]], "basis": ["recalled"]}),
        "stations": (at((4.5, 1.5)), {"name": [f"Station {HOSTILE[1]}"], "basis": [HOSTILE[0]]}),
        "places": (at((3.2, 1.5)), {"name": [HOSTILE[8]]}),
    }  # fmt: skip
    return {name: gpd.GeoDataFrame(values, geometry=shapes) for name, (shapes, values) in columns.items()}


@pytest.fixture(scope="session")
def zones() -> gpd.GeoDataFrame:
    return squares()


@pytest.fixture(scope="session")
def content(zones: gpd.GeoDataFrame) -> MapContent:
    """The whole region on one map, with hostile words in every place that takes words."""
    return MapContent(
        title=f"Region {HOSTILE[4]}",
        zones=zones,
        indicators=(
            Indicator("centres", "Centres within 45 minutes", "reached", group="Access", in_table=True, note=HOSTILE[0]),
            Indicator("meets", "Meets the test", "flag", group="Access"),
            Indicator("minutes", f"Minutes to {HOSTILE[2]}", "minutes", group=HOSTILE[1], source=HOSTILE[5], vintage="2026"),
            Indicator("decile", "Deprivation decile", "decile", group="People"),
            Indicator("share", "Level 4 or above", "share", group="People", in_table=True),
            Indicator("residents", "Residents", "number", unit=HOSTILE[7], group="People"),
            Indicator("cluster", "Cluster", "category", group="People"),
        ),
        caution=f"ILLUSTRATIVE: invented {HOSTILE[1]}. SYNTHETIC TIMETABLE: not the services that run",
        headline=f"40 % reach three centres {HOSTILE[6]}",
        date=f"Tuesday 24 March 2026 {HOSTILE[3]}",
        layers=map_layers(region_layers(), NO_TEST),
        parts=DISTRICTS,
        notes=(ZoneNote("why", f"The journey {HOSTILE[0]}"),),
        attributions=(f"Source {HOSTILE[1]}",),
        base_credit=f"Roads by {HOSTILE[1]}",
    )  # fmt: skip


@pytest.fixture(scope="session")
def map_file(content: MapContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("map") / "index.html"
    file.write_text(draw_map(content), encoding="utf-8")
    return file


@pytest.fixture
def open_map(browser: Chromium, map_file: Path) -> Open:
    """Opens the region's map at an address, with the settings of a screen."""
    return partial(visit, browser, map_file)
