"""A West Midlands of 42 zones, as its publishers would send it: six squares of a kilometre round the centre of each district.

Invented throughout. A bus runs Wolverhampton - Dudley - West Bromwich - Birmingham - Solihull - Coventry and a tram Walsall -
Birmingham, both ways every ten minutes, fifteen minutes from town to town; streets are a grid of 250 m round each town.
"""

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import osmium
from pyproj import Transformer

from corridors.bundled import bundled_data
from corridors.fetch.publishers.nomis import AREAS
from corridors.fetch.publishers.terrain import tile_name
from corridors.fetch.registry import (
    ArcGisLayer,
    DatedFile,
    FileAt,
    GovUkAttachment,
    NomisTable,
    Source,
    neighbouring_districts,
    read_sources_registry,
)
from tests.support.feeds import clock, csv_text, feed_text, route, service, stop, trip
from tests.support.publishers import (
    ARCGIS_BASE,
    ARCGIS_HOST,
    NOMIS_HOST,
    FeatureService,
    NomisDataset,
    Publishers,
    feature_server,
    file_of,
    gov_uk_page,
    nomis_server,
    redirect,
)

TOWNS = {  # district: name, lon, lat of its centre (those of data/places/centres.csv)
    "E08000025": ("Birmingham", -1.8985, 52.4790),
    "E08000026": ("Coventry", -1.5106, 52.4082),
    "E08000027": ("Dudley", -2.0815, 52.5115),
    "E08000028": ("Sandwell", -1.9950, 52.5178),
    "E08000029": ("Solihull", -1.7799, 52.4141),
    "E08000030": ("Walsall", -1.9815, 52.5850),
    "E08000031": ("Wolverhampton", -2.1270, 52.5855),
}
LINES = {
    "BUS": ("Wolverhampton", "Dudley", "Sandwell", "Birmingham", "Solihull", "Coventry"),
    "TRAM": ("Walsall", "Birmingham"),
}
ZONES = 42
OUTSIDE = ("E01999991", "E01999992", "E01999993")  # zones of elsewhere in England, in national files
_TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
_TO_DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
_OS_STORE = "https://omseprd1stdstordownload.blob.core.windows.net/downloads/terr50_gagg_gb.zip"
_RAIL_RELEASE = "https://github.com/planarnetwork/gb-transit/releases/download/feed-2026/gtfs-national-rail-only.zip"
_RAIL_STORE = "https://release-assets.githubusercontent.com/production/1/gtfs-national-rail-only.zip"
_ROWS = {"rows = 1719": ZONES, "rows = 1720": ZONES, "rows = 33755": ZONES + 3, "rows = 32844": ZONES + 2}
_FEWEST = {
    "min_rows = 12000": 7,
    "min_rows = 8000": 2 * ZONES,
    "min_rows = 600": 12,
    "min_rows = 200": 11,
    "min_rows = 8": 2,
}


def small_registry(folder: Path) -> Path:
    """The registry in `folder`, with the row counts of this small region; everything else as it is bundled."""
    text = (bundled_data() / "sources.toml").read_text(encoding="utf-8")
    for old, count in (_FEWEST | _ROWS).items():
        assert old in text
        text = re.sub(rf"\b{old}\b", f"{old.partition(' = ')[0]} = {count}", text, flags=re.MULTILINE)
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return folder


def publish(publishers: Publishers, folder: Path) -> None:
    """Every publisher of the registry, on loopback; `folder` is for files that must be written before they are sent."""
    publishers.on_all_of(ARCGIS_HOST, ARCGIS_BASE, feature_server(_ons_services()))
    datasets = {source.ask.dataset: _nomis(source) for source in read_sources_registry() if source.ask.kind == "nomis"}
    publishers.on_all_of(NOMIS_HOST, "/api/v01/dataset", nomis_server(datasets, cap=10))
    for source in read_sources_registry():
        match source.ask:
            case GovUkAttachment() as ask:
                page = ask.page.replace("www.gov.uk/", "www.gov.uk/api/content/")
                publishers.on(page, gov_uk_page(ask.pinned))
                publishers.on(ask.pinned, file_of(_indices(source), "text/csv"))
            case DatedFile() as ask:
                publishers.on(dt.date(2026, 10, 6).strftime(ask.url), file_of(timetable()))
            case FileAt() as ask:
                publishers.on(ask.url, file_of(_files(source, folder)))
            case ArcGisLayer() | NomisTable():
                pass
    rail = next(source for source in read_sources_registry() if source.id == "rail_gb_transit")
    assert isinstance(rail.ask, FileAt)
    publishers.on(rail.ask.url, redirect(_RAIL_RELEASE))
    publishers.on(_RAIL_RELEASE, redirect(f"{_RAIL_STORE}?sig=s3cret"))
    publishers.on(_RAIL_STORE, file_of(rail_timetable()))
    terrain = next(source for source in read_sources_registry() if source.id == "os_terrain50")
    assert isinstance(terrain.ask, FileAt)
    publishers.on(terrain.ask.url, redirect(f"{_OS_STORE}?sig=s3cret"))
    publishers.on(_OS_STORE, file_of(_heights()))


def zone_rows() -> Iterator[tuple[str, str, str, float, float]]:
    """(code, district, district's name, east, north) of each zone's lower left corner, metres."""
    for district, (name, lon, lat) in TOWNS.items():
        east, north = _TO_METRES.transform(lon, lat)
        for n in range(6):
            yield (
                f"E01{district[-2:]}{n:04d}",
                district,
                name,
                east - 1500 + 1000 * (n % 3),
                north - 1000 + 1000 * (n // 3),
            )


def output_areas() -> Iterator[tuple[str, str, float, float]]:
    """(code, district, lon, lat) of the two output areas of each zone, 200 m west and east of its middle."""
    for code, district, _, x, y in zone_rows():
        for half, east in (("0", 300), ("1", 700)):
            yield f"E00{code[3:]}{half}", district, *_TO_DEGREES.transform(x + east, y + 500)


def near_rows() -> Iterator[tuple[str, str, float, float]]:
    """(code, district, lon, lat) of one area in each neighbouring district: beside Coventry, the last one 30 km east."""
    _, lon, lat = TOWNS["E08000026"]
    east, north = _TO_METRES.transform(lon, lat)
    districts = neighbouring_districts()
    for n, district in enumerate(districts):
        away = 30_000 if n == len(districts) - 1 else 1_800
        yield f"E0199{n:04d}", district, *_TO_DEGREES.transform(east + away, north - 500 + 100 * n)


def _ons_services() -> dict[str, FeatureService]:
    zones = list(zone_rows())
    lookup = [
        {"LSOA21CD": code, "WD25CD": "E05000001", "WD25NM": "A ward", "LAD25CD": district, "LAD25NM": name}
        for code, district, name, _, _ in zones
    ]
    lookup += [
        {"LSOA21CD": code, "WD25CD": "E05000002", "WD25NM": "A ward", "LAD25CD": district, "LAD25NM": "A neighbour"}
        for code, district, *_ in near_rows()
    ]
    named = [{"LSOA21CD": code, "LSOA21NM": f"{name} {code[-4:]}A"} for code, _, name, _, _ in zones]
    rings = [{"rings": [[[x, y], [x, y + 1000], [x + 1000, y + 1000], [x + 1000, y], [x, y]]]} for *_, x, y in zones]
    middles = [_TO_DEGREES.transform(x + 500, y + 500) for *_, x, y in zones]
    near = [{"LSOA21CD": code, "LSOA21NM": "A neighbour"} for code, *_ in near_rows()]
    points = [{"x": lon, "y": lat} for lon, lat in [*middles, *(spot for _, _, *spot in near_rows())]]
    exact = [
        {"LSOA11CD": _code_2011(code), "LSOA21CD": code, "CHGIND": "S" if code in _SPLIT else "U", "LAD22CD": district}
        for code, district, *_ in zones
    ]
    return {
        "LSOA21_WD25_LAD25_EW_LU_v2": FeatureService(lookup, page_cap=10),
        "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5": FeatureService(named, rings, page_cap=20),
        "LSOA_PopCentroids_EW_2021_V4": FeatureService(named + near, points, wkid=4326, page_cap=20),
        "OA_December_2021_EW_PWC_V4": FeatureService(
            [{"OA21CD": code} for code, *_ in output_areas()],
            [{"x": lon, "y": lat} for *_, lon, lat in output_areas()],
            wkid=4326,
            page_cap=50,
        ),
        "LSOA11_LSOA21_LAD22_EW_LU_v5": FeatureService(exact, page_cap=20),
    }


_SPLIT = ("E01250000", "E01250001")  # these two were one in 2011


def _code_2011(code: str) -> str:
    return "E01250000" if code in _SPLIT else code


def _nomis(source: Source) -> NomisDataset:
    assert isinstance(source.ask, NomisTable)
    ask = source.ask
    if ask.by == "OA 2021":  # three in four people in the western one
        halves = {code: {"0": 300 if code.endswith("0") else 100} for code, *_ in output_areas()}
        of = {code: district for code, district, *_ in output_areas()}
        by_district = {one: {code: halves[code] for code in halves if of[code] == one} for one in TOWNS}
        return NomisDataset(ask.dimension, {"0": "Total"}, by_district, AREAS[ask.by][0])
    wanted = [each for column in ask.columns.values() for each in column]
    categories = {each if each.isdigit() else str(1000 + i): each for i, each in enumerate(wanted)}
    # The first category is the largest; people of all ages are more than any part of them.
    first = 2400 if "population" in ask.columns else 1200
    values = {
        district: {
            code: {category: (first + 10 * n) // (1 + 2 * i) for i, category in enumerate(categories)}
            for n, (code, own, *_) in enumerate(zone_rows())
            if own == district
        }
        for district in TOWNS
    } | {district: {code: dict.fromkeys(categories, 50)} for code, district, *_ in near_rows()}
    return NomisDataset(ask.dimension, categories, values)


def _indices(source: Source) -> bytes:
    year, of = ("2011", 32_844) if source.columns[0] == "lsoa11_code" else ("2021", 33_755)
    own = [code for code, *_ in zone_rows()]
    codes = [*dict.fromkeys(map(_code_2011, own) if year == "2011" else own), *OUTSIDE]
    rows = []
    for n, code in enumerate(codes):
        rank = 1 + n * (of // len(codes))
        rows.append(
            {
                f"LSOA code ({year})": code,
                "Index of Multiple Deprivation (IMD) Score": round(80 - n, 3),
                "Index of Multiple Deprivation (IMD) Rank\n(where 1 is most deprived)": rank,
                "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": 1
                + 10 * rank // of,
                "Income Score (rate)": round(0.5 - n / 100, 3),
                "Employment Score (rate)": round(0.4 - n / 125, 3),
                "Education, Skills and Training Score": 60 - n,
            }
        )
    return b"\xef\xbb\xbf" + csv_text(rows).encode()


def _files(source: Source, folder: Path) -> bytes:
    made = {
        "pd_brownfield_land": _brownfield,
        "naptan_430": _stops,
        "bank_holidays": _holidays,
        "bods_gtfs_wm": timetable,
        "rail_gb_transit": rail_timetable,
        "os_terrain50": _heights,
    }
    if source.id in made:
        return made[source.id]()
    return _streets(folder) if source.id == "osm_geofabrik_wm" else _streets_near(folder)


def _brownfield() -> bytes:
    rows = [
        {"reference": name, "point": f"POINT({lon} {lat})", "hectares": 2.5, "end-date": ""}
        for name, lon, lat in TOWNS.values()
    ]
    return csv_text([*rows, {**rows[0], "end-date": "2020-01-01"}]).encode()


def _stops() -> bytes:
    rows = []
    for n, (name, lon, lat) in enumerate(TOWNS.values()):
        east, north = _TO_METRES.transform(lon, lat)
        rows.append(
            {
                "ATCOCode": f"43000{n:04d}",
                "CommonName": name,
                "LocalityName": name,
                "StopType": "BCT",
                "Easting": round(east),
                "Northing": round(north),
                "Longitude": "",
                "Latitude": "",
                "Status": "active",
            }
        )
    return csv_text(rows).encode()


def _holidays() -> bytes:
    days = [{"title": "New Year’s Day", "date": "2026-01-01"}, {"title": "Christmas Day", "date": "2026-12-25"}]
    return json.dumps({"england-and-wales": {"events": days}}).encode()


def timetable(tram_type: int = 0) -> bytes:
    """The GTFS zip of the region: 06:00 to 10:00, every weekday of 2026; `tram_type` is the tram's GTFS route type."""
    towns = {name: (lon, lat) for name, lon, lat in TOWNS.values()}
    trips = []
    for line, served in LINES.items():
        for way, names in (("out", served), ("back", served[::-1])):
            for start in range(6 * 60, 10 * 60, 10):
                calls = " | ".join(f"{name} {clock(60 * (start + 15 * k))}" for k, name in enumerate(names))
                trips.append(trip(f"{line}-{way}-{start}", calls, route=line))
    stops = [stop(name, lat, lon) for name, (lon, lat) in towns.items()]
    text = feed_text(*trips, stops=stops, routes=[route("BUS", 3), route("TRAM", tram_type)])
    return _zipped(text.texts())


def rail_timetable() -> bytes:
    """National Rail as gb-transit gives it: Birmingham - Coventry every half hour, 19 minutes, in three months of feed_info.

    Calendars run to 2099 and days are only removed; platforms have stations; Dudley Port stands at 0,0; one train is a bus
    (714), and one runs far away; transfers ask for five minutes between platforms (2), and join two trains (4).
    """
    towns = {name: (lon, lat) for name, lon, lat in TOWNS.values()}
    stops = []
    for name, code in (("Birmingham", "BHAM"), ("Coventry", "COV")):
        lon, lat = towns[name]
        stops.append(stop(f"9100{code}", lat, lon, location_type=1))
        stops += [stop(f"9100{code}_{n}", lat, lon, location_type=0, parent_station=f"9100{code}") for n in (1, 2)]
    stops += [stop("9100DUDLEYPT", 0, 0), stop("9100PENZANCE", 50.1217, -5.5326), stop("9100TRURO", 50.2638, -5.0647)]
    trips = [trip(f"T{start}", _train(start), route="WM", service="DAILY") for start in range(6 * 60, 10 * 60, 30)]
    trips.append(
        trip("STOPPER", "9100BHAM_2 08:05 | 9100DUDLEYPT 08:15 | 9100COV_2 08:40", route="WM", service="DAILY")
    )
    trips.append(trip("BUS", "9100BHAM_2 08:10 | 9100COV_2 09:10", route="RRB", service="DAILY"))
    trips.append(trip("FAR", "9100PENZANCE 08:00 | 9100TRURO 08:40", route="GW", service="DAILY"))
    text = feed_text(
        *trips,
        stops=stops,
        routes=[route("WM", 2), route("RRB", 714), route("GW", 2)],
        calendar=[service("DAILY", "1111111", "20200101", "20991231")],
    )
    text = text.adding("calendar_dates.txt", {"service_id": "DAILY", "date": "20261225", "exception_type": 2})
    text = text.adding(
        "feed_info.txt",
        {"feed_publisher_name": "gb-transit", "feed_start_date": "20261001", "feed_end_date": "20261231"},
    )
    return _zipped(
        text.adding(
            "transfers.txt",
            {"from_stop_id": "9100BHAM_1", "to_stop_id": "9100BHAM_2", "transfer_type": 2, "min_transfer_time": 300},
            {"from_stop_id": "9100COV_1", "to_stop_id": "9100COV_1", "transfer_type": 4,
             "from_trip_id": "T360", "to_trip_id": "T390"},
        ).texts()
    )  # fmt: skip


def _train(start: int) -> str:
    return f"9100BHAM_1 {clock(60 * start)} | 9100COV_1 {clock(60 * (start + 19))}"


def _zipped(texts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in texts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def _streets(folder: Path) -> bytes:
    path = folder / "small.osm.pbf"
    nodes: dict[int, tuple[float, float]] = {}
    ways: list[Sequence[int]] = []
    for town, (_, lon, lat) in enumerate(TOWNS.values()):
        east, north = _TO_METRES.transform(lon, lat)
        base = 1 + 1000 * town
        for row in range(9):
            for column in range(13):
                x, y = east + 250 * (column - 6), north + 250 * (row - 4)
                nodes[base + 13 * row + column] = _TO_DEGREES.transform(x, y)
        ways += [[base + 13 * row + column for column in range(13)] for row in range(9)]
        ways += [[base + 13 * row + column for row in range(9)] for column in range(13)]
    ways.append([1 + 1000 * town + 13 * 4 + 6 for town in range(len(TOWNS))])  # one road joins the towns
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for node, position in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=node, location=position))
        for number, way in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=way, tags={"highway": "residential"}))
    return path.read_bytes()


def _streets_near(folder: Path) -> bytes:
    """A neighbouring county: a street past its areas beside Coventry, and one 30 km further, which nobody needs."""
    path = folder / "near.osm.pbf"
    path.unlink(missing_ok=True)
    spots = [(lon, lat) for _, _, lon, lat in near_rows()]
    far = [(lon + 0.1, lat) for lon, lat in spots[-1:]]
    with osmium.SimpleWriter(str(path)) as writer:
        for node, position in enumerate((*spots, *far), start=1_000_000):
            writer.add_node(osmium.osm.mutable.Node(id=node, location=position))
        last = 1_000_000 + len(spots) - 1
        for number, way in enumerate((range(1_000_000, last), (last, last + 1)), start=1_000_000):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=list(way), tags={"highway": "residential"}))
    return path.read_bytes()


def _heights() -> bytes:
    """Flat land at 120 m: the tiles from 380 km to 450 km east and 270 km to 320 km north."""
    header = "ncols 200\nnrows 200\nxllcorner 0\nyllcorner 0\ncellsize 50\n"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("grid.asc", header + "\n".join([" ".join(["120"] * 200)] * 200))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for column in range(38, 45):
            for row in range(27, 32):
                name = tile_name(column, row)
                archive.writestr(f"data/{name[:2].lower()}/{name.lower()}_OST50GRID_20250529.zip", inner.getvalue())
    return out.getvalue()
