"""The shape of the product's code, measured: rooms, floors and arrows of imports, lengths of functions and modules.

`python -m benchmarks.structure [FOLDER]` prints a table of the checkout at FOLDER (this one where none is named), so that
two states of the code can be set beside each other.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import networkx as nx

from benchmarks.shared import PROJECT

PACKAGES = ("accessibility", "layers", "maps", "corridors")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Code:
    """Every module of a checkout by dotted name: its syntax tree and its number of lines."""

    trees: dict[str, ast.Module]
    n_lines: dict[str, int]


def read_code(root: Path) -> Code:
    """The product's modules under a checkout's root."""
    trees, n_lines = {}, {}
    for file in sorted(file for package in PACKAGES for file in (root / package).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        name = ".".join(file.relative_to(root).with_suffix("").parts)
        trees[name], n_lines[name] = ast.parse(text), text.count("\n")
    return Code(trees, n_lines)


def import_graph(code: Code) -> "nx.DiGraph[str]":
    """Modules as nodes; an arrow from each to every module of the product that it imports from, wherever it does."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(code.trees)
    for name, tree in code.trees.items():
        for imported in _imported(tree):
            for other in (imported, imported.rpartition(".")[0], f"{imported}.__init__"):
                if other in code.trees and other != name:
                    graph.add_edge(name, other)
                    break
    return graph


def rooms_graph(graph: "nx.DiGraph[str]", package: str) -> "nx.DiGraph[str]":
    """The same between the rooms of one package: its sub-packages, and the modules of its own folder."""
    room = {name: ".".join(name.split(".")[:2]) for name in graph if name.startswith(f"{package}.")}
    rooms: nx.DiGraph[str] = nx.DiGraph()
    rooms.add_nodes_from(room.values())
    rooms.add_edges_from((room[a], room[b]) for a, b in graph.edges if a in room and b in room and room[a] != room[b])
    return rooms


def floors(graph: "nx.DiGraph[str]") -> int:
    """How many floors the graph has: the longest chain of imports, cycles counted as one floor."""
    return int(nx.dag_longest_path_length(nx.condensation(graph))) + 1


def body_lines(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    first = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (first[-1].end_lineno or 0) - first[0].lineno + 1 if first else 0


def n_parameters(function: Function) -> int:
    """How many parameters a caller sees, self and cls left out."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return sum(argument.arg not in {"self", "cls"} for argument in arguments)


def is_typed(function: Function) -> bool:
    """Whether every parameter and the answer have a type."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    given = [argument for argument in arguments if argument.arg not in {"self", "cls"}]
    return function.returns is not None and all(argument.annotation is not None for argument in given)


def once_called(code: Code) -> int:
    """Private functions of a module that are named once only beside their definition, and are at most three lines long."""
    found = 0
    for tree in code.trees.values():
        used = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        for node in tree.body:
            if isinstance(node, Function) and node.name.startswith("_") and used[node.name] == 1:
                found += body_lines(node) <= 3
    return found


def rows(root: Path) -> Iterator[tuple[str, str]]:
    """(what, how much) of a checkout."""
    code = read_code(root)
    graph = import_graph(code)
    functions = [node for tree in code.trees.values() for node in ast.walk(tree) if isinstance(node, Function)]
    lengths = sorted(body_lines(function) for function in functions)
    folders = Counter(name.rpartition(".")[0] for name in code.trees if not name.endswith("__init__"))
    yield "modules", str(len(code.trees))
    yield "folders", str(len(folders))
    yield "most modules in a folder", ", ".join(f"{name} {count}" for name, count in folders.most_common(4))
    for package in PACKAGES:
        inside = graph.subgraph([name for name in graph if name.startswith(f"{package}.")])
        rooms = rooms_graph(graph, package)
        yield (
            package,
            f"{inside.number_of_nodes()} modules on {floors(inside)} floors, {inside.number_of_edges()} arrows; "
            f"{rooms.number_of_nodes()} rooms on {floors(rooms)} floors, {rooms.number_of_edges()} arrows",
        )
    yield "cycles", str(sum(len(part) > 1 for part in nx.strongly_connected_components(graph)))
    yield "functions", str(len(functions))
    yield "lines of a body", f"median {median(lengths):g}, p90 {lengths[len(lengths) * 9 // 10]}, longest {lengths[-1]}"
    yield "bodies over 60 lines", str(sum(length > 60 for length in lengths))
    yield "modules over 350 lines", str(sum(n > 350 for n in code.n_lines.values()))
    yield "functions with over 6 parameters", str(sum(n_parameters(function) > 6 for function in functions))
    yield "helpers of three lines called once", str(once_called(code))
    yield "functions not fully typed", str(sum(not is_typed(function) for function in functions))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT
    for what, how_much in rows(root):
        print(f"{what:36} {how_much}")
