"""The notebook docs/analysis.ipynb, run without Jupyter: code cells in order in one namespace, their outputs kept in it.

`python -m tests.support.notebook OUT` runs it beside a finished run of the demonstration (its folder OUT) and writes the outputs
anew; a test runs it and compares. What Jupyter would add (nbclient, a kernel, ZeroMQ) is some thirty packages for a page of code.
"""

import ast
import base64
import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "analysis.ipynb"
Cell = dict[str, Any]


def cells() -> list[Cell]:
    """The cells of the notebook as they are stored."""
    stored: list[Cell] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return stored


def run_cells() -> Iterator[list[Cell]]:
    """The outputs of each code cell, run in the current folder."""
    mpl.use("Agg")
    known: dict[str, Any] = {}
    for cell in cells():
        if cell["cell_type"] == "code":
            yield list(_outputs("".join(cell["source"]), known))


def _outputs(source: str, known: dict[str, Any]) -> Iterator[Cell]:
    """What a cell prints, what its last line is, and the figure that it drew."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(ast.Module(body, []), NOTEBOOK.name, "exec"), known)
        value = eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), known) if last else None
    if said.getvalue():
        yield {"output_type": "stream", "name": "stdout", "text": said.getvalue()}
    if value is not None and not plt.get_fignums():
        data = {"text/plain": repr(value)}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = value._repr_html_()
        yield {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}
    if plt.get_fignums():
        picture = io.BytesIO()
        plt.savefig(picture, dpi=60, format="png", bbox_inches="tight", metadata={"Software": None})
        plt.close("all")
        data = {"image/png": base64.b64encode(picture.getvalue()).decode()}
        yield {"output_type": "display_data", "metadata": {}, "data": data}


def _write(finished: Path) -> None:
    os.chdir(finished.parent)
    stored, outputs = cells(), run_cells()
    for number, cell in enumerate(stored):
        cell["id"] = f"cell-{number}"
        if cell["cell_type"] == "code":
            cell |= {"outputs": next(outputs), "execution_count": None, "metadata": {}}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": stored, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    NOTEBOOK.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write(Path(sys.argv[1]).resolve())
