"""The publishers of the small West Midlands at their worst: every fault that audits and public code report of them, at once.

`publish_oddly` answers in place of `publish`; what arrives in the end is the same region, and its bus feed holds everything
twice over that `odd_timetable` adds.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from corridors.fetch.registry import FileAt, GovUkAttachment, NomisTable, Source, read_sources_registry
from tests.support.feeds import clock, service, stop, trip, write_zip
from tests.support.publishers import (
    ARCGIS_BASE,
    ARCGIS_HOST,
    NOMIS_HOST,
    Asked,
    Handler,
    Publishers,
    Reply,
    file_of,
    gov_uk_page,
    json_reply,
    redirect,
    web_page,
)
from tests.support.small_west_midlands import LINES, publish, timetable

BODS = "https://data.bus-data.dft.gov.uk/timetable/download/gtfs-file/west_midlands/"
TWINS_OF = "BUS"
STARTS = range(6 * 60, 10 * 60, 10)


def publish_oddly(publishers: Publishers, folder: Path) -> None:
    """Every publisher, with its faults."""
    publish(publishers, folder)
    sources = {source.id: source for source in read_sources_registry()}
    publishers.on_all_of(ARCGIS_HOST, ARCGIS_BASE, _refusing_once(publishers.handler_of(ARCGIS_HOST, ARCGIS_BASE)))
    publishers.on_all_of(
        NOMIS_HOST, "/api/v01/dataset", _odd_nomis(publishers.handler_of(NOMIS_HOST, "/api/v01/dataset"))
    )
    bus = odd_timetable(folder)
    publishers.on(
        BODS,
        Reply(bus, chunked=True, cut_at=len(bus) // 2, blocks=4),
        Reply(b'{"error": "busy"}', 200, {"Content-Type": "application/zip"}),
        Reply(bus, chunked=True, blocks=4),
    )
    _dated_streets(publishers, _at(sources["osm_geofabrik_wm"]))
    for name, change in (("naptan_430", _odd_stops), ("pd_brownfield_land", _odd_brownfield)):
        address = _at(sources[name])
        publishers.on(address, file_of(change(publishers.body_of(address))))
    for name in ("iod2025_file7", "iod2019_file7"):
        _two_files(publishers, sources[name])
    store = "https://omseprd1stdstordownload.blob.core.windows.net/downloads/terr50 gagg gb.zip"
    heights = publishers.body_of("https://omseprd1stdstordownload.blob.core.windows.net/downloads/terr50_gagg_gb.zip")
    publishers.on(_at(sources["os_terrain50"]), redirect(f"{store}?sig=s3cret"))
    publishers.on(store.replace(" ", "%20"), file_of(_with_side_files(heights)))


def _at(source: Source) -> str:
    assert isinstance(source.ask, FileAt)
    return source.ask.url


def _refusing_once(usual: Handler) -> Handler:
    """Refuses every valid question once with 400; lists maps of the same names, newer services without a field, and _V6."""
    refused: set[str] = set()

    def handle(asked: Asked) -> Reply:
        question = asked.path + str(sorted(asked.form.items()))
        if question not in refused:
            refused.add(question)
            return json_reply({"error": {"code": 400, "message": "Invalid query parameters"}}, 400)
        if asked.path.rstrip("/").endswith("services"):
            names = ["LSOA21_WD25_LAD25_EW_LU_v2", "LSOA11_LSOA21_LAD22_EW_LU_V5", "OA_December_2021_EW_PWC_V4"]
            newer = ["LSOA21_WD26_LAD26_EW_LU_v1", "LSOA_PopCentroids_EW_2021_V5"]
            listed = [{"name": name, "type": "FeatureServer"} for name in (*names, *newer)]
            return json_reply({"services": [*listed, {"name": "OA_December_2021_EW_PWC_V9", "type": "MapServer"}]})
        if any(name in asked.path for name in ("LSOA21_WD26_LAD26_EW_LU_v1", "LSOA_PopCentroids_EW_2021_V5")):
            return json_reply({"objectIdField": "FID", "fields": [{"name": "FID"}, {"name": "NAME"}]})
        lower = Asked(**{**vars(asked), "path": asked.path.replace("LAD22_EW_LU_V5", "LAD22_EW_LU_v5")})
        return usual(lower)

    return handle


def _odd_nomis(usual: Handler) -> Handler:
    """A maintenance page with 200 once; nothing for BRES by district, so that all areas have to be asked for."""
    seen: set[str] = set()
    asks = {source.id: source.ask for source in read_sources_registry()}
    bres = asks["bres_lsoa21"]
    assert isinstance(bres, NomisTable)

    def handle(asked: Asked) -> Reply:
        if "page" not in seen:
            seen.add("page")
            return web_page()
        dataset = asked.path.rpartition("/")[2].removesuffix(".data.csv")
        place = asked.query.get("geography", "")
        if dataset == bres.dataset and place != "TYPE151":
            return Reply(b"", 200, {"Content-Type": "text/csv"})
        return usual(asked)

    return handle


def _dated_streets(publishers: Publishers, address: str) -> None:
    """The latest file is a redirect to a dated name, which changes while the first one breaks off."""
    content = publishers.body_of(address)
    old, new = (address.replace("latest", day) for day in ("261127", "261128"))
    publishers.on(address, redirect(old), redirect(new))
    publishers.on(old, file_of(content, cut_at=100))
    publishers.on(new, file_of(content))


def _two_files(publishers: Publishers, source: Source) -> None:
    """Two files of the name, the wrong one uploaded later, and a page with a relative address."""
    assert isinstance(source.ask, GovUkAttachment)
    right = source.ask.pinned
    media, _, name = right.removeprefix("https://assets.publishing.service.gov.uk/media/").partition("/")
    wrong = f"https://assets.publishing.service.gov.uk/media/f{media[1:]}/{name}"
    page = source.ask.page.replace("www.gov.uk/", "www.gov.uk/api/content/")
    answer = [
        {"url": "/government/statistics/page.html", "title": "File 7 as a page"},
        {"url": wrong, "title": "File 17: other scores"},
        {"url": right, "title": "File 7: all scores"},
    ]
    publishers.on(page, json_reply({"details": {"attachments": answer}}))
    assert gov_uk_page(right)


def _odd_stops(content: bytes) -> bytes:
    """One row out of use, one without a place, and one with a cell too many."""
    header, first, *_ = content.decode().splitlines()
    names = header.split(",")
    cells = dict(zip(names, first.split(","), strict=True))
    gone, nowhere = {**cells, "Status": "inactive"}, {**cells, "Easting": "", "Northing": ""}
    rows = [",".join({**row, "ATCOCode": f"43009{n}"}.values()) for n, row in enumerate((gone, nowhere))]
    return content + "\n".join([*rows, f"{first},one,more", ""]).encode()


def _odd_brownfield(content: bytes) -> bytes:
    """Thirty columns, one outline of 200,000 letters, a line break in a note, a site without a point, a ragged line."""
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    extra = [f"column-{n}" for n in range(30 - len(rows[0]) - 2)]
    names = [*rows[0], "notes", "geometry", *extra]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow({**rows[0], "notes": "two\nlines", "geometry": "M" * 200_000})
    writer.writerows(rows[1:])
    writer.writerow({**rows[0], "point": ""})
    return (out.getvalue() + "a,ragged,line\n").encode()


def _with_side_files(content: bytes) -> bytes:
    """Every tile's zip with what the real ones hold beside the grid."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as tiles, zipfile.ZipFile(out, "w") as archive:
        for entry in tiles.infolist():
            inner = io.BytesIO(tiles.read(entry))
            with zipfile.ZipFile(inner, "a") as tile:
                for name in ("grid.asc.aux.xml", "grid.prj", "grid.gml"):
                    tile.writestr(name, "<x/>")
            archive.writestr(entry.filename, inner.getvalue())
    return out.getvalue()


def odd_timetable(folder: Path) -> bytes:
    """The clean timetable, its bus a second time as Monday-Thursday and Friday registrations one to three minutes away.

    Beside it exact copies, copies that arrive earlier at their first stop, a successor of next year that overlaps it for a
    month, a coach far away, and night trips past 25:00; the calls of trips stand in no order.
    """
    with zipfile.ZipFile(io.BytesIO(timetable())) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    tables = {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}
    _add(tables, _second_registrations())
    _add_copies(tables)
    far = [stop("FAR1", 50.1, -5.5), stop("FAR2", 50.3, -5.1)]
    tables["stops.txt"] += [{key: str(value) for key, value in row.items()} for row in far]
    tables["routes.txt"].append({"route_id": "COACH", "route_type": "200", "route_short_name": "C"})
    _add(
        tables,
        iter(
            [
                trip("COACH", "FAR1 08:00 | FAR2 10:00", route="COACH"),
                trip("NIGHT", "FAR1 25:10 | FAR2 26:10", route="COACH"),
            ]
        ),
    )
    days = (("MT", "1111000", "20260101"), ("FR", "0000100", "20260101"), ("NEXT", "1111100", "20261220"))
    for name, week, start in days:
        row = service(name, week, start, "20271231")
        tables["calendar.txt"].append({key: str(value) for key, value in row.items()})
    tables["stop_times.txt"].reverse()
    path = write_zip(folder / "odd.zip", {name: _text(rows) for name, rows in tables.items()})
    return path.read_bytes()


def _second_registrations() -> Iterator[object]:
    served = LINES[TWINS_OF]
    for way, names in (("out", served), ("back", served[::-1])):
        for n, start in enumerate(STARTS):
            if n:  # the second one is smaller
                for of in ("MT", "FR", "NEXT"):
                    late = (1, -2, 3, -1)[n % 4]
                    calls = " | ".join(f"{name} {clock(60 * (start + late + 15 * k))}" for k, name in enumerate(names))
                    yield trip(f"{of}-{way}-{start}", calls, route=TWINS_OF, service=of)


def _add(tables: dict[str, list[dict[str, str]]], trips: Iterator[object]) -> None:
    for one in trips:
        tables["trips.txt"].append({key: str(value) for key, value in one.row.items()})  # type: ignore[attr-defined]
        for call in one.calls:  # type: ignore[attr-defined]
            tables["stop_times.txt"].append({key: str(value) for key, value in call.items()})


def _add_copies(tables: dict[str, list[dict[str, str]]]) -> None:
    """The first trips of the tram again: exactly, and with another arrival at the first stop."""
    first = [row["trip_id"] for row in tables["trips.txt"] if row["trip_id"].startswith("TRAM-out")][:6]
    rows = {row["trip_id"]: row for row in tables["trips.txt"]}
    calls = [row for row in tables["stop_times.txt"] if row["trip_id"] in first]
    for n, ident in enumerate(first):
        tables["trips.txt"].append({**rows[ident], "trip_id": f"again {ident}"})
        for call in (one for one in calls if one["trip_id"] == ident):
            early = {"arrival_time": "05:50"} if n % 2 and call["stop_sequence"] == "1" else {}
            tables["stop_times.txt"].append({**call, **early, "trip_id": f"again {ident}"})


def _text(rows: list[dict[str, str]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
