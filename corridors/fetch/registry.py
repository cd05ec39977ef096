"""The registry of sources: publisher, licence, how to ask for it, and the file on disk."""

import datetime as dt
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from platformdirs import user_data_path
from pydantic import ConfigDict, Field, TypeAdapter

from corridors.bundled import bundled_data

Format = Literal["zip", "csv", "json", "pbf"]
Area = Literal["region", "neighbours"]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class FileAt:
    """One file at a fixed address."""

    kind: Literal["file"]
    url: str
    format: Format
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True)
class DatedFile:
    """One file for each day: `url` is a strftime pattern of the day.

    Where it is no longer there, it is `inner`, a pattern of a name, in the zip `bundle` of all files of that day. `gap` are
    the first and last of days that were never kept.
    """

    kind: Literal["dated"]
    url: str
    format: Format
    bundle: str = ""
    inner: str = ""
    gap: tuple[dt.date, dt.date] | None = None
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True)
class GovUkAttachment:
    """A file attached to a GOV.UK page, found by `pattern` of its name; `pinned` is its address where that fails."""

    kind: Literal["govuk"]
    page: str
    pattern: str
    pinned: str
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True)
class ArcGisLayer:
    """A layer of an ArcGIS server: the newest service whose name fits `pattern`, else `pinned`.

    Rows are selected by the codes of the areas `select`, in the source's area, in the field `key`. `fields` are our
    names and patterns of the publisher's names, which hold the year.
    """

    kind: Literal["arcgis"]
    base: str
    pattern: str
    pinned: str
    select: Literal["districts", "zones", "output areas"]
    key: str
    fields: Mapping[str, str]
    shape: Literal["none", "points", "polygons"] = "none"
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True)
class NomisTable:
    """A Nomis dataset by small area: `columns` are our names and the codes or names of `dimension` that are summed."""

    kind: Literal["nomis"]
    base: str
    dataset: str
    dimension: str
    fixed: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    by: Literal["LSOA 2021", "OA 2021"] = "LSOA 2021"
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


@dataclass(frozen=True)
class FromUser:
    """A file that only the user can get; `hint` tells the user how."""

    kind: Literal["user"]
    hint: str
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


Ask = Annotated[FileAt | DatedFile | GovUkAttachment | ArcGisLayer | NomisTable | FromUser, Field(discriminator="kind")]


@dataclass(frozen=True)
class Source:
    """One row of the registry; `data/sources.toml` says what each field means."""

    id: str
    title: str
    publisher: str
    licence: str
    attribution: str
    vintage: str
    file: str
    hosts: tuple[str, ...]
    confidence: Literal["A", "B", "C"]
    ask: Ask
    download: str = ""
    rows: int | None = None
    min_rows: int | None = None
    columns: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    sha256: str = ""
    optional: bool = False
    needs_key: bool = False
    needed: bool = True  # whether a run stops without it; it goes on without the others, and names them
    any_rows: bool = False  # set by a user who accepts another number of rows than the registry's
    terms: str = ""  # shown before the file is asked for
    area: Area = "region"  # whose districts or zones are asked for
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT


def read_sources_registry() -> list[Source]:
    """All sources of the bundled West Midlands configuration, in the order in which they are fetched."""
    return TypeAdapter(list[Source]).validate_python(_registry()["sources"])


def neighbouring_districts() -> tuple[str, ...]:
    """GSS codes of the districts that come within 10 km of the West Midlands, whose jobs its residents may reach."""
    return tuple(TypeAdapter(dict[str, str]).validate_python(_registry()["neighbours"]))


def _registry() -> dict[str, object]:
    return tomllib.loads((bundled_data() / "sources.toml").read_text(encoding="utf-8"))


def data_folder() -> Path:
    """The folder of fetched files: that of the variable CORRIDORS_DATA, else one in the user's data folder."""
    folder = os.environ.get("CORRIDORS_DATA")
    return Path(folder) if folder else user_data_path("corridors") / "west_midlands"
