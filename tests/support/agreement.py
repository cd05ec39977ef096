"""Do `check` and `run` agree on a configuration? Refused by both in our own words, or run with every output readable."""

import contextlib
import csv
import io
import json
import re
import traceback
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import pyogrio
import rasterio
import shapely

from tests.support.cli import Ran, corridors, no_pictures

REFUSED, RAN = "refused", "ran"
FOREIGN = re.compile(  # words of libraries, which no user should meet
    r"pydantic|Input should|valid (dictionary|list|string|integer|number|boolean)|errors\.|Traceback|pyogrio|numpy|lxml|"
    r"shapely|geopandas|pandas|<class|object at 0x|dtype|Errno|invalid literal|Exception|ValueError|TypeError|None\b",
)
UNSAID = re.compile(r"(?<![\w-])(nan|None|undefined|inf|NaN|NaT|Infinity|<NA>)(?![\w-])(?! of\b)")


class DisagreementError(AssertionError):
    """What `check` passed a run did not finish, or a refusal was not in our words."""


def outcome(config: Path, out: Path, *, whole: bool = True) -> str:
    """`REFUSED` or `RAN`; raises `DisagreementError` where neither is true.

    What is not `whole` costs half: a refused configuration is not also run, and a run draws no picture and no workbook.
    """
    checked = _ended(corridors, "check", config)
    if checked.code == 2:
        _require_own_words(checked)
        if not whole:
            return REFUSED
        ran = _ended(corridors, "run", config, "--out", out, "--quiet")
        if ran.code != 2 or out.exists():
            raise DisagreementError(f"check refuses ({checked.err[:300]!r}), run ends with {ran.code}")
        return REFUSED
    if checked.code != 0:
        raise DisagreementError(f"check ends with {checked.code}: {checked.err}")
    with contextlib.nullcontext() if whole else no_pictures():
        ran = _ended(corridors, "run", config, "--out", out, "--quiet")
    if ran.code != 0:
        raise DisagreementError(f"check passes, run ends with {ran.code}: {ran.err}")
    if problems := list(unreadable(out, workbook=whole)):
        raise DisagreementError("\n".join(problems))
    return RAN


def _ended(command: Callable[..., Ran], *words: object) -> Ran:
    try:
        return command(*words)
    except Exception as error:
        raise DisagreementError(f"{words[0]}: {''.join(traceback.format_exception(error))}") from error


def _require_own_words(ran: Ran) -> None:
    if not ran.err.strip() and not ran.out.strip():
        raise DisagreementError("refused without a word")
    if found := FOREIGN.search(ran.err):
        raise DisagreementError(f"{found[0]!r} is no word of ours: {ran.err}")


def unreadable(out: Path, *, workbook: bool = True) -> Iterator[str]:
    """A problem for every output that can't be read or says what nobody should read."""
    many_regions: dict[str, Callable[[Path], object]] = {
        "nation.json": _strict_json, "report.html": _page, "layers/*.gpkg": _package, "tables/*.csv": _table,
    }  # fmt: skip
    one_region: dict[str, Callable[[Path], object]] = {
        "run.json": _strict_json, "report.html": _page, "board_note.html": _page, "maps/index.html": _map_page,
        "layers/*.gpkg": _package, "layers/*.parquet": gpd.read_parquet, "layers/*.tif": _grid,
        "layers/*.qgs": ElementTree.parse, "tables/*.csv": _table, **({"tables/*.xlsx": _workbook} if workbook else {}),
    }  # fmt: skip
    readers = many_regions if (out / "nation.json").exists() else one_region
    for pattern, read in readers.items():
        files = sorted(out.glob(pattern))
        if not files:
            yield f"no {pattern}"
        for file in files:
            try:
                read(file)
            except Exception as error:
                yield f"{file.relative_to(out)}: {type(error).__name__}: {error}"


def _strict_json(path: Path) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


class _Texts(HTMLParser):
    """What stands on a page, and the JSON blocks in it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"script", "style"}:
            self._inside.append(f"{tag} {attrs}")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.texts.append(data)
        elif "json" in self._inside[-1]:
            self.scripts.append(data)


def _parsed(path: Path) -> _Texts:
    parser = _Texts()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    assert parser.texts, "an empty page"
    return parser


def _page(path: Path) -> None:
    for text in _parsed(path).texts:
        found = UNSAID.search(text)
        assert not found, f"{found and found[0]!r} in {text[:200]!r}"


def _map_page(path: Path) -> None:
    page = _parsed(path)
    assert page.scripts, "no data in the page"
    for script in page.scripts:
        json.loads(script, parse_constant=lambda constant: _raise(f"{constant} in the map's data"))


def _raise(message: str) -> None:
    raise ValueError(message)


def _package(path: Path) -> None:
    for name, _ in pyogrio.list_layers(path):
        _, _, shapes, columns = pyogrio.raw.read(path, layer=name)  # without frames, which take most of the time
        if shapes is not None:
            shapely.from_wkb(shapes)
        assert len({len(column) for column in columns}) == 1


def _grid(path: Path) -> None:
    with rasterio.open(path) as raster:
        assert raster.read(1).size


def _table(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    assert heading and {len(row) for row in rows} <= {len(heading)}


def _workbook(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith(".xml"):
                ElementTree.parse(io.BytesIO(archive.read(name)))
