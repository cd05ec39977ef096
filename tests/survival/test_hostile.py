"""Cases 52 to 60: input made to do harm."""

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from corridors.config.limits import MOST_CONFIG_BYTES
from tests.maps.browser import READY, Chromium, visit
from tests.support import damage
from tests.support.asking import answer, matrix, refused
from tests.support.case_table import CaseTable
from tests.support.cli import corridors
from tests.support.feeds import feed_text, route, stop
from tests.support.small_region import (
    SAMPLED_MINUTES_A_TO_F,
    STOPS,
    SmallRegion,
    good_trips,
    good_zones,
    place,
    position,
)

RAN = "window.ran=1"
HOSTILE = (
    f"<script>{RAN}</script>",
    f'"><img src=x onerror="{RAN}">',
    f"${{{RAN}}}",
    f"`;{RAN};`",
    f"</script><script>{RAN}</script>",
    f"javascript:{RAN}",
    f"<svg onload={RAN}>",
)
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x")')


# ---- archives ----


def test_a_zip_bomb_is_refused_by_its_ratio(region: SmallRegion, case: CaseTable) -> None:
    damage.with_entries(region.path("feed.zip"), {"shapes.txt": b"0" * 20_000_000})
    words = refused(region)
    assert "feed.zip: unpacks to" in words and "times its size; at most 200 times is trusted" in words
    case.error(52, "zip bomb: ratio", words)


def test_a_zip_bomb_is_refused_by_the_size_it_declares(region: SmallRegion, case: CaseTable) -> None:
    damage.declared_size(region.path("feed.zip"), 2**31 - 1)
    words = refused(region)
    assert "feed.zip: unpacks to 12.0 GB; at most 8 GB are read" in words
    case.error(52, "zip bomb: declared size", words)


def test_a_zip_bomb_is_refused_by_the_number_of_its_entries(region: SmallRegion, case: CaseTable) -> None:
    damage.with_entries(region.path("feed.zip"), {f"{i}.txt": "" for i in range(10_001)})
    words = refused(region)
    assert "feed.zip: holds 10,007, more than 10,000 files" in words
    case.error(52, "zip bomb: number of entries", words)


def test_a_zip_bomb_is_refused_by_overlapping_entries(region: SmallRegion, case: CaseTable) -> None:
    damage.overlapping(region.path("feed.zip"))
    words = refused(region)
    assert "feed.zip: the entries" in words and "overlap, as in no honest zip" in words
    case.error(52, "zip bomb: overlapping entries", words)


@pytest.mark.parametrize("away", ["../../evil/", "/evil/", "..\\..\\evil\\"])
def test_entries_named_as_if_outside_are_passed_by(region: SmallRegion, case: CaseTable, away: str) -> None:
    before = sorted(region.folder.parent.rglob("*"))
    damage.with_entries(region.path("feed.zip"), {f"{away}stops.txt": "stop_id,stop_lat,stop_lon\nX,0.1,0.1\n"})
    found = answer(region)
    assert found.minutes == SAMPLED_MINUTES_A_TO_F and not found.warnings
    made = {path.name for path in set(region.folder.parent.rglob("*")) - set(before)}
    assert made == {"from.csv", "to.csv", "matrix.csv"}
    case.ends(
        53,
        "path traversal and absolute names in a zip",
        "refused",
        "such entries are passed by; nothing is ever unpacked",
    )


def test_a_feed_of_nothing_but_names_outside_is_refused(region: SmallRegion, case: CaseTable) -> None:
    damage.renamed(region.path("feed.zip"), lambda name: f"../{name}")
    words = refused(region)
    assert "feed.zip: no stops.txt in it" in words
    case.error(53, "only names outside the zip", words)


def test_a_symlink_in_a_zip_is_read_as_the_text_it_holds(region: SmallRegion, case: CaseTable) -> None:
    secret = region.folder / "secret.csv"
    secret.write_text("stop_id,stop_lat,stop_lon\nSECRET,52.4,-1.9\n", encoding="utf-8")
    damage.with_symlink(region.path("feed.zip"), "stops.txt", str(secret))
    words = refused(region)
    assert "feed.zip: not a complete GTFS feed: stops.txt has no column stop_id" in words and "SECRET" not in words
    case.error(53, "symlink in a zip", words)


# ---- names that are code ----


def hostile_region(region: SmallRegion) -> None:
    """The small region with hostile text wherever a name can stand."""
    stops = [stop(name, *reversed(position(name))) for name in STOPS]
    named = [{**row, "stop_name": HOSTILE[i % len(HOSTILE)]} for i, row in enumerate(stops)]
    routes = [
        {**route(name, route_long_name=HOSTILE[4]), "route_short_name": HOSTILE[0]} for name in ("north", "south")
    ]
    region.feed(feed_text(*good_trips(), stops=named, routes=routes))
    zones = good_zones()
    region.zones(zones.assign(name=[HOSTILE[i % len(HOSTILE)] for i in range(len(zones))]))
    for table, letters in (("centres.csv", "ACF"), ("sites.csv", "D"), ("pilots.csv", "B")):
        extra = {"sites.csv": {"ha": 10, "status": "open"}, "pilots.csv": {"radius_m": 800}}.get(table, {})
        region.table(table, [{**place(one, HOSTILE[i]), **extra} for i, one in enumerate(letters)])
    region.table("corridors.csv", [{**place(one, HOSTILE[3]), "id": "line", "order": i} for i, one in enumerate("BE")])
    for old, new in (
        ('name = "Line"', f"name = '''{HOSTILE[4]}'''"),
        ('note = "two invented districts"', f"note = '''{HOSTILE[1]}'''"),
        ('title = "People"', f"title = '''{HOSTILE[0]}'''"),
        ('source = "made for a test"', f"source = '''{HOSTILE[6]}'''"),
        ('D1 = "South"', f"D1 = '''{HOSTILE[2]}'''"),
    ):
        region.replace("config.toml", old, new)


class _Tags(HTMLParser):
    """Collects what could run in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (name in {"href", "src"} and (value or "").lower().startswith("javascript:")):
                self.found.append(f"<{tag} {name}={value}>")


@pytest.mark.browser
def test_hostile_names_are_shown_and_never_run(
    region: SmallRegion, tmp_path: Path, browser: Chromium, case: CaseTable
) -> None:
    hostile_region(region)
    ran = corridors("run", region.config, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    for name, ready in (("maps/index.html", READY), ("report.html", "document.readyState === 'complete'")):
        file = tmp_path / "out" / name
        tags = _Tags()
        tags.feed(file.read_text(encoding="utf-8"))
        assert not [tag for tag in tags.found if "ran" in tag]
        with visit(browser, file, ready=ready) as seen:
            page = seen.page
            assert HOSTILE[4] in page.evaluate("document.body.innerText") or HOSTILE[4] in page.title()
    case.ends(54, "HTML and JavaScript in names", "refused", "names are shown as text in map and report; nothing runs")


@pytest.mark.usefixtures("no_pictures")
def test_spreadsheet_formulas_are_made_inert_in_every_table(
    region: SmallRegion, tmp_path: Path, case: CaseTable
) -> None:
    zones = good_zones()
    region.zones(zones.assign(name=[FORMULAS[i % len(FORMULAS)] for i in range(len(zones))]))
    assert corridors("run", region.config, "--out", tmp_path / "out").code == 0
    for table in (tmp_path / "out" / "tables").glob("*.csv"):
        for name, column in pd.read_csv(table, dtype=str, keep_default_na=False).items():
            started = column[column.str.match(r"[=+\-@\t\r]") & ~column.str.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?")]
            assert started.empty, f"{table.name}, {name}: {started.iloc[0]!r}"
    names = pd.read_csv(tmp_path / "out" / "tables" / "zones.csv")["name"]
    assert names[0] == "'=1+1" and names[3] == "'@SUM(A1)"
    case.ends(55, "spreadsheet formulas in table cells", "refused", "such cells get a leading apostrophe and are text")


def test_formulas_in_the_ids_of_a_matrix_are_made_inert(region: SmallRegion, case: CaseTable) -> None:
    origins = region.path("formulas.csv")
    origins.write_text("id,lon,lat\n=1+1,-1.9,52.4\n", encoding="utf-8")
    ran, table = matrix(region, origins=origins)
    assert ran.code == 0
    assert pd.read_csv(table)["from_id"].tolist() == ["'=1+1"]
    matrix(region, origins=origins, out=table.with_suffix(".parquet"))
    assert pd.read_parquet(table.with_suffix(".parquet"))["from_id"].tolist() == ["=1+1"]
    case.ends(
        55, "spreadsheet formulas in matrix ids", "refused", "an apostrophe in CSV; Parquet keeps ids as they are"
    )


# ---- XML ----

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a0 "ha">{more}]>
<{root}>&a30;</{root}>
""".replace("{more}", "".join(f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};">' for i in range(1, 31)))
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY file SYSTEM "{secret}">]>
<{root}>&file;</{root}>
"""


@pytest.mark.parametrize("attack", [("billion laughs", LAUGHS), ("XXE", OUTSIDE)], ids=["billion laughs", "XXE"])
@pytest.mark.parametrize(
    ("option", "name", "root"),
    [("gtfs", "feed.xml", "TransXChange"), ("osm", "s.graphml", "graphml"), ("osm", "s.osm", "osm")],
)
def test_entities_in_xml_are_refused(
    region: SmallRegion, case: CaseTable, attack: tuple[str, str], option: str, name: str, root: str
) -> None:
    what, text = attack
    secret = region.path("secret.txt")
    secret.write_text("SECRET", encoding="utf-8")
    region.path(name).write_text(text.format(root=root, secret=secret), encoding="utf-8")
    words = refused(region, **{option: region.path(name)})
    assert name in words and "SECRET" not in words
    case.error(56, f"{what} in {root}", words)


@pytest.mark.parametrize("name", ["zones.gml", "zones.kml", "zones.gpx"])
def test_xml_formats_of_maps_are_not_read_at_all(region: SmallRegion, case: CaseTable, name: str) -> None:
    region.path(name).write_text(LAUGHS.format(root="kml"), encoding="utf-8")
    region.replace("config.toml", "zones.gpkg", name)
    words = corridors("check", region.config).err
    assert f"{name} ends in '.{name[-3:]}'; expected one of .gpkg" in words and "Convert the layer first" in words
    case.error(56, f"a layer in {name[-3:].upper()}", words.removeprefix("error: "))


# ---- configurations ----


@pytest.mark.parametrize(
    ("what", "text", "expected"),
    [
        ("bomb: a megabyte of text", "# " + "x" * MOST_CONFIG_BYTES, "a configuration is at most 1,000,000"),
        ("bomb: a hundred thousand brackets", "a = " + "[" * 100_000, "nested too deeply"),
        ("bomb: ten thousand nested tables", "[" + ".".join(["a"] * 10_000) + "]", "nested too deeply"),
        ("duplicate keys", '[region]\nname = "A"\nname = "B"\n', "Cannot overwrite a value"),
        ("duplicate tables", "[region]\n[region]\n", "twice"),
        ("not text", b"\xff\xfe\x00\x00", "not valid TOML"),
        ("dates out of this world", "[timetable]\ndate = 99999-99-99\n", "not valid TOML"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_a_configuration_that_is_a_bomb_or_contradicts_itself_is_refused(
    region: SmallRegion, case: CaseTable, what: str, text: str | bytes, expected: str
) -> None:
    region.config.write_bytes(text if isinstance(text, bytes) else text.encode())
    ran = corridors("check", region.config)
    assert ran.code == 2 and expected in ran.err, ran.err[:300]
    assert len(ran.err) < 3000
    case.error(57, what, ran.err)


def test_unknown_keys_are_refused_by_name(region: SmallRegion, case: CaseTable) -> None:
    region.replace("config.toml", "[zones]", "[zones]\nfiles = 3\n")
    words = corridors("check", region.config).err
    assert "zones.files: unknown key; check the spelling" in words
    case.error(57, "unknown keys", words)


# ---- names of outputs ----


@pytest.mark.parametrize("slug", ["../evil", "a\\u0000b", "con", "lpt1", "x" * 41, "", "a/b"])
def test_a_slug_that_is_no_file_name_is_refused(region: SmallRegion, case: CaseTable, slug: str) -> None:
    region.replace("config.toml", 'slug = "line"', f'slug = "{slug}"')
    words = corridors("run", region.config, "--out", region.folder / "out").err
    assert "region.slug" in words
    assert not (region.folder / "out").exists()
    case.error(59, f"the slug `{slug[:20]}`", words)


@pytest.mark.parametrize("ident", ["../A", "A B", "A/B", "x" * 41, "con:"])
def test_centre_ids_that_would_name_files_are_refused(region: SmallRegion, case: CaseTable, ident: str) -> None:
    region.replace("centres.csv", "A,Centre A", f"{ident},Centre A")
    words = corridors("check", region.config).err
    assert "centres.csv" in words and ident[:20] in words and "letters, digits" in words
    case.error(59, f"the centre id `{ident[:20]}`", words.removeprefix("error: "))


def test_centre_ids_that_differ_in_capitals_alone_are_refused(region: SmallRegion, case: CaseTable) -> None:
    """`check` let them pass, and the run ended minutes later in "the disk or the file's format did not take it"."""
    region.replace("centres.csv", "C,Centre C", "a,Centre C")
    words = corridors("check", region.config).err
    assert "they must differ in more than capitals (A, a)" in words
    case.error(59, "centre ids `A` and `a`", words.removeprefix("error: "))


def test_an_output_name_that_is_too_long_is_refused(region: SmallRegion, case: CaseTable) -> None:
    ran = corridors("run", region.config, "--out", region.folder / ("x" * 300))
    assert ran.code == 2
    assert "can't be written" in ran.err and "--out" in ran.err
    case.error(59, "an output folder with a name of 300 letters", ran.err.replace("x" * 300, "xxx..."))


@pytest.mark.usefixtures("no_pictures")
def test_a_symlinked_output_folder_is_written_where_it_points(
    region: SmallRegion, tmp_path: Path, case: CaseTable
) -> None:
    (tmp_path / "true").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "true")
    assert corridors("run", region.config, "--out", tmp_path / "link").code == 0
    assert (tmp_path / "link").is_symlink() and (tmp_path / "true" / "run.json").is_file()
    case.as_meant(59, "symlinked output folder", "written where the link points")


def test_a_symlink_inside_the_output_folder_is_neither_followed_nor_replaced(
    region: SmallRegion, tmp_path: Path, case: CaseTable
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "zones.parquet").write_text("precious", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "layers").symlink_to(elsewhere)
    (tmp_path / "out" / "report.html").symlink_to(elsewhere / "zones.parquet")
    ran = corridors("run", region.config, "--out", tmp_path / "out")
    assert ran.code == 2 and "layers, report.html" in ran.err
    assert [path.name for path in elsewhere.iterdir()] == ["zones.parquet"]
    assert (elsewhere / "zones.parquet").read_text(encoding="utf-8") == "precious"
    assert (tmp_path / "out" / "layers").is_symlink()
    case.error(59, "symlinks inside the output folder", ran.err)


# ---- addresses where a file is expected ----

ADDRESSES = ("http://example.org/z.gpkg", "/vsicurl/http://example.org/z.gpkg", "/vsizip/z.zip/z.gpkg", "PG:dbname=x")


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_in_a_configuration_are_refused(region: SmallRegion, case: CaseTable, address: str) -> None:
    region.replace("config.toml", "zones.gpkg", address)
    words = corridors("run", region.config, "--out", region.folder / "out").err
    assert "zones.file" in words and address in words and "address" in words
    case.error(60, f"`{address}` as a file", words)


@pytest.mark.parametrize("option", ["origins", "gtfs", "osm"])
def test_addresses_on_the_command_line_are_refused(region: SmallRegion, case: CaseTable, option: str) -> None:
    words = refused(region, **{option: "http://example.org/points.gpkg"})
    assert "example.org" in words
    case.error(60, f"an address as --{option}", words)


def test_a_vrt_under_an_innocent_name_opens_nothing(region: SmallRegion, case: CaseTable) -> None:
    region.path("other.gpkg").write_bytes(region.path("zones.gpkg").read_bytes())
    source = region.path("other.gpkg")
    vrt = f'<OGRVRTDataSource><OGRVRTLayer name="zones"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    region.path("zones.gpkg").write_text(vrt, encoding="utf-8")
    words = corridors("check", region.config).err
    assert "zones.gpkg is named .gpkg but is not" in words
    case.error(60, "VRT content in a .gpkg", words.removeprefix("error: "))
