"""The house stays as it was drawn: which room may import which, and which library may be used where."""

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("accessibility", "layers", "maps", "corridors")
MAY_IMPORT = {
    "accessibility": {"accessibility"},
    "layers": {"layers"},
    "maps": {"maps"},
    "corridors": {"corridors", "accessibility", "layers", "maps"},
}
# Floors of each package, the ground first. A room is a sub-package or a module of the package's own folder, and imports from
# its own floor's lower ones only: never sideways, never upward.
FLOORS = {
    "accessibility": (
        ("errors", "compressed_rows", "globe"),
        ("legs", "repairs", "threads", "memo", "text"),
        ("repair_log",),
        ("kernels", "gtfs"),
        ("streets", "transxchange", "divided_stops"),
        ("feed",),
        ("timetable",),
        ("scenarios", "observed"),
        ("search",),
        ("measures", "graph", "scale"),
    ),
    "layers": (
        ("errors", "columns", "findings"),
        ("text",),
        ("files", "geometries"),
        ("tables",),
        ("reading", "writing"),
        ("rasters",),
    ),
    "maps": (("errors", "characters"), ("styles", "base_map"), ("web", "print")),
    "corridors": (
        ("errors", "version", "bundled", "dates"),
        ("strategy", "landmarks"),
        ("catalogue",),
        ("results",),
        ("scenario_results",),
        ("scoring",),
        ("runtime",),
        ("config",),
        ("inputs", "demo"),
        ("places", "fetch"),
        ("access", "equity"),
        ("analysis",),
        ("pipeline",),
        ("report", "webmap"),
        ("outputs",),
        ("runs", "matrix"),
        ("scenarios",),
        ("services", "checks", "setup", "nation"),
        ("portfolio", "live", "pack"),
        ("cli",),
        ("start",),
        ("__main__",),
    ),
}
# What shows a finished run knows what was found and what it is called, never how it was computed.
WAIST = ("report", "webmap", "outputs", "runs")
BEHIND_THE_WAIST = {"inputs", "places", "access", "equity", "analysis", "pipeline", "scoring"}
MOST_MODULES = 14
ABOUT_ONE_REGION = ("corridors.demo", "corridors.fetch", "corridors.cli")
WORDS_OF_A_REGION = re.compile(
    r"birmingham|west.?midlands|wolverhampton|walsall|sandwell|dudley|solihull|coventry|brierley|merry hill|wmca|metro_|"
    r"E0[58]\d{6}|\bUKC\b",
    re.IGNORECASE,
)
# Libraries that are let in at one door only: module names, or prefixes that end in a dot.
DOORS = {
    "rasterio": ("layers.rasters",),
    "folium": ("maps.web.",),
    "osmium": tuple(f"accessibility.streets.{name}" for name in ("base_map", "osm", "osm_ways", "squares")),
    "numba": ("accessibility.kernels.",),
    "typst": ("corridors.report.render.pdf", "maps.print.bitmaps"),
    "starlette": ("corridors.live.app", "corridors.live.guard"),
    "distributed": ("accessibility.scale.dask_cluster",),
    "uvicorn": ("corridors.live.commands",),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """(dotted name, syntax tree) of every module of the product."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names a tree imports, wherever in it: modules, and names taken from them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used in this house"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = dict(modules())
NAMES = sorted(MODULES)


def imported_modules(name: str) -> set[str]:
    """The product's modules that a module imports from, wherever in it."""
    found = {i if i in MODULES else i.rpartition(".")[0] for i in imports(MODULES[name])}
    return (found & set(MODULES)) - {name}


def room_of(name: str) -> str:
    """The room of a module: the first part of its name inside its package; "" for the package's own face."""
    return name.partition(".")[2].partition(".")[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_package_imports_only_those_below_it(name: str) -> None:
    allowed = MAY_IMPORT[name.split(".", maxsplit=1)[0]]
    ours = {imported.split(".")[0] for imported in imports(MODULES[name])} & {*PACKAGES, "tests", "benchmarks"}
    assert ours <= allowed


@pytest.mark.parametrize("name", NAMES)
def test_another_package_is_entered_by_its_face(name: str) -> None:
    """What a package offers the others is its `__all__`; nobody reaches past it into a room."""
    own = name.split(".", maxsplit=1)[0]
    for imported in imports(MODULES[name]):
        package, _, rest = imported.partition(".")
        if package in PACKAGES and package != own:
            assert rest in importlib.import_module(package).__all__, f"{imported} is not offered by {package}"


@pytest.mark.parametrize("package", FLOORS)
def test_every_room_stands_on_a_floor(package: str) -> None:
    rooms = {room_of(name) for name in NAMES if name.startswith(f"{package}.")}
    drawn = Counter(room for floor in FLOORS[package] for room in floor)
    assert rooms <= set(drawn)
    assert set(drawn.values()) == {1}


@pytest.mark.parametrize("name", NAMES)
def test_a_room_imports_only_from_floors_below(name: str) -> None:
    package, room = name.partition(".")[0], room_of(name)
    floor_of = {room: height for height, floor in enumerate(FLOORS[package]) for room in floor}
    if not room:
        return  # the package's face shows what stands anywhere in it
    strays = {
        other
        for other in imported_modules(name)
        if other.startswith(f"{package}.") and room_of(other) != room and floor_of[room_of(other)] >= floor_of[room]
    }
    assert not strays


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("corridors.") and room_of(name) in WAIST])
def test_what_shows_a_run_does_not_reach_behind_its_results(name: str) -> None:
    others = imported_modules(name)
    assert not {other for other in others if other.startswith("corridors.") and room_of(other) in BEHIND_THE_WAIST}
    assert not {other for other in others if other.startswith("accessibility")}


def test_no_folder_is_a_warehouse() -> None:
    folders = Counter(name.rpartition(".")[0] for name in NAMES if (ROOT / f"{name.replace('.', '/')}.py").is_file())
    assert {folder: count for folder, count in folders.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("library", DOORS)
def test_a_guarded_library_enters_at_its_own_door(library: str) -> None:
    users = {name for name, tree in MODULES.items() if any(i.split(".")[0] == library for i in imports(tree))}
    doors = DOORS[library]
    strays = {user for user in users if not any(user == d or (d.endswith(".") and user.startswith(d)) for d in doors)}
    assert users, f"{library} does no work at all"
    assert not strays


def test_no_module_imports_itself_round_a_corner() -> None:
    graph = nx.DiGraph()
    for name, tree in MODULES.items():
        top_level = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        for imported in imports(top_level):
            # A name may be a module or something in one; a package counts only for what stands in its own __init__.
            other = imported if imported in MODULES else imported.rpartition(".")[0]
            if other in MODULES and other != name:
                graph.add_edge(name, other)
    assert not list(nx.simple_cycles(graph))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("accessibility.kernels.")])
def test_the_kernels_hold_no_python_objects(name: str) -> None:
    """A kernel module imports arrays and numbers only: no frames, no networks; only the compiler's own knows files."""
    roots = {imported.split(".")[0] for imported in imports(MODULES[name])}
    files = set() if name.endswith(".jit") else {"pathlib", "os"}
    assert not roots & ({"pandas", "geopandas", "networkx", "shapely"} | files)


@pytest.mark.parametrize("name", NAMES)
def test_no_exported_function_carries_its_modules_name(name: str) -> None:
    last = name.rpartition(".")[2]
    assert last not in {node.name for node in MODULES[name].body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_the_code_speaks_of_one_region(name: str) -> None:
    """What belongs to the West Midlands stands in `data`; the demonstration and its fetching are about it."""
    if name.startswith(ABOUT_ONE_REGION):
        return
    texts = [node.value for node in ast.walk(MODULES[name]) if isinstance(node, ast.Constant)]
    assert [text for text in texts if isinstance(text, str) and WORDS_OF_A_REGION.search(text)] == []
