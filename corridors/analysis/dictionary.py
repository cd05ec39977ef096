"""The data dictionary: every column of every layer and table in words, with unit, source and vintage."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from corridors.catalogue.columns import DICTIONARY_COLUMNS, meaning_of
from corridors.catalogue.measures import BY_TIMETABLE
from corridors.config.run_config import RunConfig
from corridors.config.sections import PerhapsSourcedSection, SourcedSection
from corridors.config.values import NOT_STATED
from corridors.inputs.read import Context
from layers import FieldProvenance

# Tables of zones and of whole places: elsewhere the same names count who is reached.
_WHOLE_PLACES = (
    *("zones", "region", "districts", "corridors", "pilots", "pilot_variants", "distribution", "fifths_by_place"),
    *("corridor_buffers", "corridor_street_catchments", "corridors_together"),
)
_DECILES = ("decile1_zones", "decile1_share", "imd_decile1_zones", "region_decile1_zones", "decile1_share_of_region")
_COUNTED_IN = {"people": "population", **dict.fromkeys(_DECILES, "imd_decile")}  # column -> field
_OF_ZONES = ("zone_id", "district_code", "zones", "region_zones")
_NO_LAYER = "no layer of this run gives it"

# Figures that each edition of an index makes anew: two editions of one are not the same figure.
_OF_AN_EDITION = ("decile", "rank", "score")


class _Origin(NamedTuple):
    source: str
    vintage: str


def data_dictionary(config: RunConfig, context: Context, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Table of the columns of `tables` (name -> frame), one row each, named index columns included; `DICTIONARY_COLUMNS`."""
    fields = {field.field: field for field in context.fields}
    origins = _origins(config, context)
    titles = {layer.id: layer.title for layer in config.layers} | {one.id: one.title for one in config.rasters}
    timetable = config.timetable
    known, counted = {measure.column for measure in config.measures}, _counted(config, context)
    computed = _Origin(f"computed by this tool; timetable: {timetable.source}", timetable.vintage)

    def rows() -> Iterator[tuple[str, str, str, str, str, str]]:
        for table, frame in tables.items():
            for column in [*(name for name in frame.index.names if name), *frame.columns]:
                if column == "geometry":
                    continue
                title, unit = meaning_of(str(column), config.measures, table)
                field = fields.get(str(column))
                own = origins.get((table, str(column)))
                origin = own or (counted.get(str(column), computed) if table in _WHOLE_PLACES else computed)
                if field:
                    edition = field.kind in _OF_AN_EDITION or field.field not in known
                    named = f"{_edition(titles[field.layer], field)}; " if edition else ""
                    title, unit = f"{title} ({named}{field.resolution}; {field.method})", unit or field.unit
                    origin = _Origin(field.source, field.vintage)
                yield table, str(column), title, unit, *origin

    return pd.DataFrame(rows(), columns=DICTIONARY_COLUMNS)


def _edition(layer_title: str, field: FieldProvenance) -> str:
    """The layer's title, and its vintage where the title does not say it."""
    return layer_title if field.vintage in layer_title else f"{layer_title}, {field.vintage}"


def _origins(config: RunConfig, context: Context) -> dict[tuple[str, str], _Origin]:
    """(table, column) -> origin, for the columns that come from an input file or are computed from its fields alone."""
    frames: Mapping[str, tuple[pd.DataFrame, SourcedSection | PerhapsSourcedSection | None]] = {
        "zones": (context.zones, config.zones),
        "centres": (context.centres, config.centres),
        "corridors": (context.corridors, config.corridors),
        "pilots": (context.pilots, config.pilots),
        "sites": (context.sites, config.sites),
    }
    origins = {
        (table, str(column)): _origin(section)
        for table, (frame, section) in frames.items()
        if section is not None
        for column in (frame.index.name, *frame.columns)
    }
    origins["corridors", "length_km"] = _origin(config.corridors)
    base = config.base_map if config.base_map.file else config.streets
    origins |= {("base_map", column): _origin(base) for column in ("kind", "class", "name", "rank")}
    origins["districts", "name"] = _origin(config.zones)
    return origins


def _counted(config: RunConfig, context: Context) -> dict[str, _Origin]:
    """Column -> origin, for the columns of `_WHOLE_PLACES` in which no timetable has a part: made from layers alone."""
    fields = {field.field: field for field in context.fields}

    def origin(*names: str) -> _Origin:
        found = [fields[name] for name in names if name in fields]
        words = (
            "; ".join(dict.fromkeys(texts)) for texts in ([one.source for one in found], [one.vintage for one in found])
        )
        return _Origin(*words) if found else _Origin(_NO_LAYER, "")

    of_layers = [one for one in config.measures if one.domain not in {"", BY_TIMETABLE}]
    origins = {
        name: origin(one.counted, one.base) if one.counted in fields else _Origin(_NO_LAYER, "")
        for one in of_layers
        for name in (one.column, one.ident)
    }
    needed = [one for one in of_layers if one.scored and one.scored.dimension == "need"]
    need = origin(*(name for one in needed for name in (one.counted, one.base)))
    origins["need"] = need._replace(source=f"computed by this tool; {need.source}")
    origins |= {column: origin(field) for column, field in _COUNTED_IN.items()}
    return origins | dict.fromkeys(_OF_ZONES, _origin(config.zones))


def _origin(section: SourcedSection | PerhapsSourcedSection) -> _Origin:
    file = getattr(section, "file", None)
    source = (
        section.source if section.source != NOT_STATED or file is None else f"{file.name}; its source is not stated"
    )
    return _Origin(source, section.vintage)
