"""Configurations of tiny regions, made by hypothesis: any choice of sections, rows and values, right ones and odd ones.

A drawn configuration is valid by what the documentation says; then none, one or two of its values are made odd. Whether it
is refused or runs is for the planner to say: see `tests.support.agreement`.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from corridors.config.values import window_s
from corridors.scoring.scores import INDICATORS
from tests.support.agreement import UNSAID
from tests.support.feeds import TUESDAY
from tests.support.tiny_regions import PLACES, Row, TinyRegion, write_rows
from tests.support.toml_text import toml_text

Draw = Callable[[st.SearchStrategy], object]
Sections = dict[str, object]

_SOURCED = {"source": "made for a test", "licence": "MIT", "vintage": "2026"}
_COLUMNS = {
    "centres": ("id", "name", "lat", "lon", "default", "basis"),
    "corridors": ("id", "name", "order", "lat", "lon", "basis"),
    "pilots": ("id", "name", "lat", "lon", "radius_m", "default", "basis"),
    "sites": ("id", "name", "lat", "lon", "ha", "status", "claimed_jobs", "claimed_by", "claim_date", "note"),
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "population": {"column": "population", "kind": "count", "unit": "people"},
    "jobs": {"column": "jobs", "kind": "count", "unit": "jobs"},
    "imd_decile": {"column": "decile", "kind": "decile"},
    "income_rate": {"column": "income", "kind": "rate", "unit": "fraction"},
    "level4_share": {"column": "level4", "kind": "rate", "unit": "fraction"},
    "households": {"column": "households", "kind": "count", "unit": "households"},
    "households_no_car": {"column": "no_car", "kind": "count", "unit": "households"},
}
FALSE_CRS = (
    "EPSG:4326",
    "EPSG:3857",
    "EPSG:2263",
    "EPSG:4978",
    "EPSG:5701",
    "EPSG:999999",
    "British Grid",
    "",
    "EPSG:",
)


@dataclass(frozen=True)
class Configuration:
    """One configuration: the sections of its TOML, the rows of its tables of places, and which base it stands on."""

    base: str  # key of `PLACES`
    sections: Sections
    tables: Mapping[str, Sequence[Row]]  # centres, corridors, pilots, sites

    def write(self, folder: Path, bases: Mapping[str, TinyRegion]) -> Path:
        """Into a new folder; returns the path of its config.toml. Files of the base are named by their full paths."""
        folder.mkdir(parents=True)
        for name, rows in self.tables.items():
            write_rows(folder / f"{name}.csv", rows, _COLUMNS[name])
        path = folder / "config.toml"
        path.write_text(toml_text(_with_base(self.sections, bases[self.base].folder)), encoding="utf-8")
        return path


def _with_base(value: object, base: Path) -> object:
    """The same value with "BASE/" in front of file names made the base's folder."""
    if isinstance(value, Mapping):
        return {name: _with_base(one, base) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_base(one, base) for one in value]
    return f"{base}/{value.removeprefix('BASE/')}" if isinstance(value, str) and value.startswith("BASE/") else value


def configurations(bases: Mapping[str, TinyRegion]) -> st.SearchStrategy[Configuration]:
    """Any configuration; two in three have something odd."""
    odd = st.lists(_ODD, min_size=1, max_size=2)
    return st.builds(_with_odd, _valid(bases), st.one_of(st.just([]), odd, odd))


# ---- valid configurations ----


def _words(most: int) -> st.SearchStrategy[str]:
    plain = st.sampled_from(
        ["Line", "Nord-Süd", "Ελλάδα", "東西線", "קו", "A & B <b>", 'it\'s "so"', "= 1 + 1", "100 %", "{x}"]
    )
    return plain | st.text(
        st.characters(blacklist_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), min_size=1, max_size=most
    ).filter(
        lambda text: bool(text.strip()) and not UNSAID.search(text)
    )  # a place called "None" would look like a fault


@st.composite
def _valid(draw: Draw, bases: Mapping[str, TinyRegion]) -> Configuration:
    base = draw(st.sampled_from([*PLACES, "EPSG:27700", "EPSG:27700"]))
    region = bases[base]
    tables = {
        "centres": draw(_centres(region)),
        "corridors": draw(_corridors(region)),
        **{
            name: draw(rows)
            for name, rows in {"pilots": _pilots(region), "sites": _sites(region)}.items()
            if draw(st.booleans())
        },
    }
    sections = {
        "region": draw(_region(base)),
        "timetable": {"feeds": ["BASE/feed.zip"], "date": draw(_dates()), "synthetic": draw(st.booleans()), **_SOURCED},
        "zones": draw(_zones()),
        **(layers := draw(_layers())),
        **{name: {"file": f"{name}.csv"} for name in tables},
        **draw(_options(tables)),
    }
    if "jobs" not in repr(layers):
        sections.pop("jobs_outside", None)
    sections["centres"] = {"file": "centres.csv", **draw(_some({"radius_m": st.floats(0, 5000)}))}
    sections["corridors"] = {"file": "corridors.csv", **draw(_corridor_options())}
    return Configuration(base, sections, tables)


def _some(options: Mapping[str, st.SearchStrategy]) -> st.SearchStrategy[dict[str, object]]:
    """Any of these keys."""
    return st.fixed_dictionaries({}, optional=dict(options))


def _region(base: str) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "name": _words(300),
            "slug": st.from_regex(r"r[a-z0-9_]{0,12}", fullmatch=True),
            "crs": st.just(base),
            "illustrative": st.booleans(),
            "note": _words(2000),
            "districts": st.fixed_dictionaries({"D1": _words(100), "D2": _words(100)}),
        }
    )


def _dates() -> st.SearchStrategy[dt.date]:
    return st.sampled_from([TUESDAY, TUESDAY + dt.timedelta(days=1), dt.date(2026, 12, 31)])


def _zones() -> st.SearchStrategy[dict[str, object]]:
    lookup = {"file": "BASE/districts.csv", "zone": "code", "district": "district"}
    return st.fixed_dictionaries(
        {
            **{key: st.just(value) for key, value in _SOURCED.items()},
            "file": st.just("BASE/zones.gpkg"),
            "id": st.just("code"),
            "name": st.just("name"),
            "geography": st.just("squares"),
            "district": st.sampled_from([{"column": "district"}, lookup]),
        },
        optional={
            "points": st.just({"file": "BASE/points.csv", "id": "code"}),
            "finer": st.just({"file": "BASE/points.csv", "id": "code", "geography": "squares"}),
        },
    )


@st.composite
def _layers(draw: Draw) -> dict[str, object]:
    """Layers and rasters; the people from either."""
    optional = [name for name in _FIELDS if name != "population"]
    chosen = draw(st.lists(st.sampled_from(optional), unique=True))
    gridded = draw(st.sampled_from([False, False, False, True]))
    names = chosen if gridded else ["population", *chosen]
    cut = draw(st.integers(0, len(names)))
    parts = [part for part in (names[:cut], names[cut:]) if part]
    usual = {"title": "A layer", "file": "BASE/people.csv", "key": "code", "geography": "squares", **_SOURCED}
    layers = [
        {"id": f"layer_{i}", **usual, "fields": {name: _FIELDS[name] for name in part}} for i, part in enumerate(parts)
    ]
    grid = {"id": "grid", "title": "People", "file": "BASE/people.tif", "field": "population", "unit": "people"}
    return {**({"layers": layers} if layers else {}), **({"rasters": [{**grid, **_SOURCED}]} if gridded else {})}


def _spot(region: TinyRegion) -> st.SearchStrategy[dict[str, float]]:
    return st.builds(
        lambda place, east: dict(zip(("lon", "lat"), region.position(place, east), strict=True)),
        st.sampled_from([0, 1, 2, 3, 4, 5, 2.5, 7]),
        st.sampled_from([0, 0, 0, 1]),
    )


_DEFAULT = st.sampled_from(["", "true", "true", "false"])
_STATUS = st.sampled_from(["open", "permitted", "allocated", "housing"])


def _rows(prefix: str, row: st.SearchStrategy[Row], least: int, most: int) -> st.SearchStrategy[list[Row]]:
    numbered = st.lists(row, min_size=least, max_size=most)
    return numbered.map(lambda rows: [{"id": f"{prefix}{number}", **one} for number, one in enumerate(rows)])


def _place(region: TinyRegion, **more: st.SearchStrategy) -> st.SearchStrategy[Row]:
    return st.builds(
        lambda spot, rest: {**spot, **rest},
        _spot(region),
        st.fixed_dictionaries({"name": _words(200).filter(lambda text: "\n" not in text), **more}),
    )


def _centres(region: TinyRegion) -> st.SearchStrategy[list[Row]]:
    return _rows("C", _place(region, default=_DEFAULT), 1, 6).map(
        lambda rows: [{**rows[0], "default": "true"}, *rows[1:]]
    )


def _pilots(region: TinyRegion) -> st.SearchStrategy[list[Row]]:
    return _rows("P", _place(region, default=_DEFAULT, radius_m=st.sampled_from([1, 400, 800.5, 5000])), 0, 3)


def _sites(region: TinyRegion) -> st.SearchStrategy[list[Row]]:
    claims = {"claimed_jobs": st.sampled_from(["", "up to 2,700"]), "note": st.just("") | _words(30)}
    return _rows("S", _place(region, ha=st.sampled_from(["", 0, 1.5, "1,200"]), status=_STATUS, **claims), 0, 4)


@st.composite
def _corridors(draw: Draw, region: TinyRegion) -> list[Row]:
    """One to four corridors of two to four waypoints each, a step apart so that none is without length."""
    rows = []
    for number in range(draw(st.integers(1, 4))):
        name, start = draw(_words(200)), draw(st.integers(0, 4))
        for order in range(draw(st.integers(2, 4))):
            lon, lat = region.position(start + order / 2, draw(st.sampled_from([0, 0.5, 3])))
            rows.append({"id": f"K{number}", "name": name, "order": order, "lat": lat, "lon": lon})
    return rows


def _corridor_options() -> st.SearchStrategy[dict[str, object]]:
    buffer_m = st.sampled_from([1.0, 250.0, 1200.0, 20_000.0])
    return _some(
        {
            "buffer_m": buffer_m,
            "buffers_beside_m": st.lists(st.floats(1, 20_000) | buffer_m, max_size=4),
            "facts": st.just("BASE/facts.csv"),
        }
    )


@st.composite
def _options(draw: Draw, tables: Mapping[str, Sequence[Row]]) -> dict[str, object]:
    """The sections that only hold options, each of them there or not."""
    found = draw(
        _some(
            {
                "jobs_outside": st.just({"file": "BASE/beyond.csv", "id": "id"}),
                "streets": _streets() | _some({"detour": st.floats(1, 5)}),
                "scoring": _scoring(),
                "outputs": _some({"surface_cell_m": st.floats(50, 5000), "tiles": _tiles()}),
            }
        )
    )
    search, kpi = draw(_search())
    search_min = float(str(search.get("max_min", 120)))
    counted = sum(row["default"] != "false" for row in tables["centres"])
    found |= draw(_rarely({"destinations": _destinations(search_min), **_OTHER_TIMES}))
    kpi |= {"centres_at_least": draw(st.integers(1, counted)), "technical_choices": draw(st.booleans())}
    found["outputs"] = {"papers": False, **found.get("outputs", {})}
    if "pilots" in tables:
        found["pilots"] = {"file": "pilots.csv"}
    return {**found, "kpi": kpi, **({"search": search} if search else {})}


def _rarely(options: Mapping[str, st.SearchStrategy]) -> st.SearchStrategy[dict[str, object]]:
    """Each of these keys in one of four configurations: they cost searches of their own."""
    one_in_four = {name: st.sampled_from([False, False, False, True]) for name in options}
    return st.fixed_dictionaries(one_in_four).flatmap(
        lambda asked: st.fixed_dictionaries({name: options[name] for name, there in asked.items() if there})
    )


def _streets() -> st.SearchStrategy[dict[str, object]]:
    beyond = st.just({}) | st.just({"beyond": ["BASE/streets.osm"]})
    return beyond.map(lambda more: {"file": "BASE/streets.osm", **more})


def _destinations(max_min: float) -> st.SearchStrategy[list[dict[str, object]]]:
    """Up to two kinds of destination, read from the file of centres."""
    kind = st.fixed_dictionaries(
        {"id": st.sampled_from(["hospital", "park", "c0"]), "title": _words(100), "file": st.just("centres.csv")},
        optional={"cutoff_min": st.floats(1, max_min), "radius_m": st.floats(0, 5000)},
    )
    return st.lists(kind, max_size=2, unique_by=lambda one: str(one["id"]))


_PERIOD = st.builds(
    lambda title, days, hours: {"title": title, "days": days, "from": hours[0], "to": hours[1]},
    _words(100),
    st.sampled_from(["weekday", "saturday", "sunday", TUESDAY, TUESDAY + dt.timedelta(days=7)]),
    st.sampled_from([("07:00", "08:00"), ("8:00", "8:01"), ("00:00", "24:00"), ("22:00", "25:30"), ("06:30", "07:10")]),
)
_OBSERVED = (
    "BASE/delays.csv",  # of the run's date
    {"feeds": ["BASE/feed.zip"], "date": TUESDAY + dt.timedelta(days=7), "synthetic": True, **_SOURCED},
    {"feeds": ["BASE/feed.zip"], "date": TUESDAY + dt.timedelta(days=1), "modes": ["bus"]},
    {"delays": "BASE/delays.csv", "date": TUESDAY + dt.timedelta(days=2), "modes": ["bus", "rail"]},
)
_OTHER_TIMES: Mapping[str, st.SearchStrategy] = {
    "scenarios": st.just(["BASE/halved.toml"]),
    "hours": _some(
        {
            "usual_periods": st.sampled_from([False, False, True]),
            "curve": st.sampled_from(["05:00-24:00", "07:00-08:00", "06:00-10:00"]),
            "there_by": st.sampled_from(["09:00", "8:30", "9:29"]),
            "home_after": st.lists(st.sampled_from(["17:30", "22:00", "9:30", "24:00"]), min_size=1, unique=True),
        }
    ),
    "periods": st.lists(_PERIOD, max_size=2, unique_by=lambda one: str(one["title"])).map(
        lambda rows: [{"id": f"p{number}", **row} for number, row in enumerate(rows)]
    ),
    "observed": st.lists(st.sampled_from(_OBSERVED), min_size=1, max_size=2, unique_by=repr),
    "scale": st.just({}) | st.just({"regions": {"whole": ["D1", "D2"]}}) | st.just({"engine": "local", "parts": 3}),
}


def _tiles() -> st.SearchStrategy[dict[str, str]]:
    return st.just({"url": "https://tiles.example.org/{z}/{x}/{y}.png", "attribution": "somebody"})


@st.composite
def _search(draw: Draw) -> tuple[dict[str, object], dict[str, object]]:
    """The search's options and the headline's, which agree."""
    if draw(st.sampled_from([False, False, True])):
        return {}, draw(st.sampled_from([{}, {"cutoff_min": 45}, {"cutoff_min": 40.0}]))
    cutoffs = draw(
        st.lists(st.integers(1, 120) | st.floats(1, 120), min_size=1, max_size=4, unique_by=lambda c: round(60 * c))
    )
    percentiles = draw(st.lists(st.integers(1, 100).filter(lambda p: p != 50), max_size=4, unique=True))
    search = draw(
        _some(
            {
                "step_s": st.sampled_from([0, 0, 30, 60, 300, 3600]),
                "window": _windows(),
                "walk_kmh": st.floats(0.1, 20),
                "max_walk_min": st.floats(0, 240),
                "board_slack_s": st.integers(0, 3600),
                "max_rides": st.integers(1, 5),
                "max_change_walk_min": st.floats(0, 240),
                "modes": st.lists(st.sampled_from(["bus", "tram", "rail"]), min_size=1, max_size=2),
                "wheelchair": st.sampled_from(["required", "required_or_unknown"]),
            }
        )
    )
    search |= {
        "percentiles": [*percentiles, 50],
        "cutoffs_min": cutoffs,
        "max_min": draw(st.floats(max(cutoffs), 1440)),
    }
    return search, {"cutoff_min": draw(st.sampled_from(cutoffs))}


def _windows() -> st.SearchStrategy[str]:
    """Windows in and out of the feed's hours, up to a whole day."""
    usual = st.sampled_from(
        ["07:00-09:00", "07:00-08:00", "00:00-24:00", "00:00-01:00", "8:00-8:01", "23:30-25:00", "47:00-49:00"]
    )
    made = st.builds(
        lambda start, length: f"{start:02d}:15-{start + length:02d}:10", st.integers(0, 40), st.integers(1, 23)
    )
    return usual | made


def _scoring() -> st.SearchStrategy[dict[str, object]]:
    weights = st.just({"need": 0.2, "opportunity": 0.3, "connectivity": 0.5})
    by_dimension = {
        dimension: st.lists(
            st.sampled_from([one.column for one in INDICATORS if one.dimension == dimension]), unique=True, max_size=2
        )
        for dimension in ("need", "opportunity", "connectivity")
    }
    return _some(
        {
            "combined": st.booleans(),
            "preset": st.sampled_from(["equal", "need_led", "opportunity_led", "access_led"]),
            "weights": weights,
            "connectivity": st.sampled_from(["gap", "level"]),
            "draws": st.integers(1000, 3000),
            "seed": st.integers(0, 2**32 - 1),
            "indicators": _some(by_dimension),
        }
    )


# ---- odd values ----


@dataclass(frozen=True)
class Odd:
    """One value in an odd place: a key of the TOML ("search.step_s"), or a column of a table ("centres:lat")."""

    where: str
    value: object


_NUMBERS = st.sampled_from(
    [0, -1, 1, -500, 1.5, float("nan"), float("inf"), float("-inf"), 1e12, 1e300, 2**70, 1e-9, "12", "x", True, [], {}]
)
_NUMBER_KEYS = (
    "streets.detour", "centres.radius_m", "corridors.buffer_m", "search.step_s", "search.walk_kmh", "search.max_walk_min",
    "search.board_slack_s", "search.max_min", "search.max_rides",
    "search.max_change_walk_min", "kpi.cutoff_min", "kpi.centres_at_least", "scoring.draws",
    "scoring.seed", "outputs.surface_cell_m",
)  # fmt: skip
_LIST_KEYS = ("search.cutoffs_min", "search.percentiles", "search.modes", "corridors.buffers_beside_m")
_TEXT_KEYS = (
    "region.name", "region.slug", "region.note", "zones.geography", "timetable.source", "search.window", "zones.id",
    "search.wheelchair",
    "centres.file", "pilots.file", "sites.file", "corridors.facts", "streets.file", "zones.layer", "timetable.date",
)  # fmt: skip
_TEXTS = st.sampled_from(
    [
        *("", " ", "x" * 5000, "a\x00b", "\x1b[31m", "\ufffe", "..", "/", "no.csv", "http://a.b/c.csv", "7", 7, []),
        *("25:00-24:00", "99:00-99:30", "C:\\Users\\x"),
    ]
)
_SECTIONS = (
    *("layers", "rasters", "pilots", "sites", "streets", "search", "kpi", "scoring", "outputs", "corridors", "centres"),
    *("destinations", "scenarios", "hours", "periods", "observed", "scale"),
    "zones.district",
)
_CELLS = st.sampled_from(
    ["", "x", "nan", "1e400", "-1", "1e300", "0", "999", "0,5", "x" * 3000, "false", "a\x07b", "C0", "K0"]
)
_CELL_PLACES = tuple(f"{table}:{column}" for table, columns in _COLUMNS.items() for column in columns)

_ODD = st.one_of(
    st.builds(Odd, st.sampled_from(_NUMBER_KEYS), _NUMBERS),
    st.builds(
        Odd, st.sampled_from(_LIST_KEYS), st.lists(_NUMBERS, max_size=3) | st.just(list(range(1, 150))) | _NUMBERS
    ),
    st.builds(Odd, st.sampled_from(_TEXT_KEYS), _TEXTS),
    st.builds(Odd, st.just("region.crs"), st.sampled_from(FALSE_CRS)),
    st.builds(Odd, st.just("region.districts"), st.sampled_from([{}, {"D1": "South"}, {"D1": "", "D2": "x" * 3000}])),
    st.builds(Odd, st.sampled_from(_SECTIONS), st.sampled_from([None, {}, [], "", 3, {"unknown": 1}])),
    st.builds(Odd, st.sampled_from(_CELL_PLACES), _CELLS),
    st.builds(
        Odd, st.sampled_from([f"{name}:" for name in _COLUMNS]), st.sampled_from(["none", "one", "twice", "all off"])
    ),
    st.builds(Odd, st.just("pilots.instead"), st.sampled_from([{"P0": "P1"}, {"P0": "P0"}, {"x": "y"}])),
    st.builds(
        Odd, st.just("scoring.indicators"), st.sampled_from([{"need": ["imd_score"]}, {"need": []}, {"need": ["x"]}])
    ),
)


def _with_odd(valid: Configuration, odd: Sequence[Odd]) -> Configuration:
    sections, tables = dict(valid.sections), dict(valid.tables)
    for one in odd:
        if ":" in one.where:
            table, column = one.where.split(":")
            if tables.get(table):
                tables[table] = _odd_rows(tables[table], column, str(one.value))
        else:
            sections = _set(sections, one.where.split("."), one.value)
    return Configuration(valid.base, sections, tables)


def _odd_rows(rows: Sequence[Row], column: str, value: str) -> Sequence[Row]:
    """The rows with an odd last cell in a column; without a column, other rows altogether."""
    if column:
        return [*rows[:-1], {**rows[-1], column: value}]
    changed: Mapping[str, Sequence[Row]] = {
        "none": [],
        "one": rows[:1],
        "twice": [*rows, {**rows[0], "id": "again", "order": 99}],
        "all off": [{**row, "default": "false"} if "order" not in row else row for row in rows],
    }
    return changed[value]


def _set(sections: Sections, keys: Sequence[str], value: object) -> Sections:
    """The sections with one value changed; None takes it away."""
    first, *rest = keys
    inner = sections.get(first)
    if rest:
        return {**sections, first: _set(inner if isinstance(inner, dict) else {}, rest, value)}
    if value is None:
        return {name: one for name, one in sections.items() if name != first}
    return {**sections, first: value}


def departures(sections: Sections) -> int:
    """How many departures a search asks for, as far as its options can be read; 0 where they can't."""
    search = sections.get("search")
    try:
        start, end = window_s(search["window"])  # type: ignore[index]
        return int((end - start) / search["step_s"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 0
