"""The house stays as it was drawn: which package may import which, and which library may be used where."""

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

from accessibility.kernels.jit import KERNEL_MODULES

ROOT = Path(__file__).parents[1]
PACKAGES = ("accessibility", "layers", "maps", "corridors")
MAY_IMPORT = {
    "accessibility": {"accessibility"},
    "layers": {"layers"},
    "maps": {"maps"},
    "corridors": {"corridors", "accessibility", "layers", "maps"},
}
# Libraries that are let in at one door only: module names, or prefixes that end in a dot.
DOORS = {
    "rasterio": ("layers.rasters",),
    "folium": ("maps.",),
    "osmium": ("accessibility.streets.osm",),
    "numba": ("accessibility.kernels.jit", *(f"accessibility.{module}" for module in KERNEL_MODULES)),
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


@pytest.mark.parametrize("name", NAMES)
def test_a_package_imports_only_those_below_it(name: str) -> None:
    allowed = MAY_IMPORT[name.split(".", maxsplit=1)[0]]
    ours = {imported.split(".")[0] for imported in imports(MODULES[name])} & {*PACKAGES, "tests", "benchmarks"}
    assert ours <= allowed


@pytest.mark.parametrize("library", DOORS)
def test_a_guarded_library_enters_at_its_own_door(library: str) -> None:
    users = {name for name, tree in MODULES.items() if any(i.split(".")[0] == library for i in imports(tree))}
    doors = DOORS[library]
    strays = {user for user in users if not any(user == d or (d.endswith(".") and user.startswith(d)) for d in doors)}
    assert users, f"{library} does no work at all"
    assert not strays


def test_every_kernel_is_known_to_the_cache_of_compiled_code() -> None:
    users = {name for name, tree in MODULES.items() if "accessibility.kernels.jit.compiled" in set(imports(tree))}
    assert users <= {f"accessibility.{module}" for module in KERNEL_MODULES}


def test_what_is_printed_goes_through_one_module() -> None:
    """Only there is text of others kept from moving the cursor or being taken for markup."""
    printers = {
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printers == {"corridors.runtime.printing", "corridors.start"}  # start must not load anything large
    tables = {name for name, tree in MODULES.items() if {"rich.table.Table", "rich.markup.escape"} & set(imports(tree))}
    assert tables == {"corridors.runtime.printing"}


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


def test_the_kernels_hold_no_python_objects() -> None:
    """A kernel module imports arrays and numbers only: no frames, no networks, no files."""
    for module in KERNEL_MODULES:
        roots = {name.split(".")[0] for name in imports(MODULES[f"accessibility.{module}"])}
        assert not roots & {"pandas", "geopandas", "networkx", "shapely", "pathlib", "os"}


@pytest.mark.parametrize("name", NAMES)
def test_no_check_of_the_product_is_an_assertion(name: str) -> None:
    """Python's -O takes assertions away, and with them whatever they refused."""
    assert not [node.lineno for node in ast.walk(MODULES[name]) if isinstance(node, ast.Assert)]
