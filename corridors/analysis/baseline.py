"""The social baseline: a description of each place's residents before anything is built, every cell with its source.

A baseline is understood here as a dated description of residents in several domains, kept unchanged so that change can be
measured. No official definition is published, and no target is implied.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corridors.access.kpi import definition
from corridors.analysis.assemble import MeasuredRun
from corridors.catalogue.baseline_columns import CELL_COLUMNS
from corridors.catalogue.measure import England, Measure
from corridors.catalogue.measures import BY_TIMETABLE, MEASURES, WANTED_DESTINATIONS, baseline_measures
from corridors.catalogue.place_kinds import PLACE_KINDS, REGION
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context
from corridors.places.places import Places
from corridors.scoring.scores import Float
from layers import FieldProvenance

# A value known for less than half of a place's residents is left out; from half on, the cell says for how many it is known.
LEAST_KNOWN_FOR_A_VALUE = 0.5
_ID_LENGTH = 12


class Baseline(NamedTuple):
    """Table of cells (columns `CELL_COLUMNS`) and tables of what their definition and data ids stand for (id, aspect, text)."""

    cells: pd.DataFrame
    definitions: pd.DataFrame
    data: pd.DataFrame


class _Value(NamedTuple):
    value: float
    numerator: float
    denominator: float
    known_share: float


def social_baseline(measured: MeasuredRun) -> Baseline:
    """Values of every item of the baseline for the region, its districts, the corridors (main catchment) and the pilots.

    A cell without a value says why. Rates of places below ten zones or a hundred people are withheld, counts are not.
    """
    places, sources = measured.places.of_kind(*PLACE_KINDS), _Sources(measured)
    items = baseline_measures(measured.config.measures, measured.config.kpi.cutoff_min)
    zones = _known_fields(measured.zones, items)
    rows = [
        _cell(item, place, _value(item, zones, shares), sources)
        for place, shares in zip(places.frame.itertuples(), places.shares, strict=True)
        for item in items
    ]
    cells = _compared(pd.DataFrame(rows), places, measured, items)
    return Baseline(cells[CELL_COLUMNS], _aspects(sources.definitions), _aspects(sources.data))


def _known_fields(zones: pd.DataFrame, items: Sequence[Measure]) -> dict[str, Float]:
    """(n_zones,) values of each field that items are computed from, by name; without fields that no zone has."""
    people, decile = zones["population"], zones["imd_decile"]
    parts = {
        "near_but_disconnected_people": people * zones["near_but_disconnected"].astype(float),
        "decile1": (decile == 1).astype(float).where(decile.notna()),
        "decile_known": decile.notna().astype(float),
        "working_age": zones.get("working_age", people),  # where nobody says how many are of working age: all residents
    }
    names = {"population", *(name for item in items for name in (item.counted, item.base))}
    columns = {name: parts.get(name, zones.get(name)) for name in names}
    fields = {name: values.to_numpy(float) for name, values in columns.items() if values is not None}
    return {name: values for name, values in fields.items() if not np.isnan(values).all()}


def _value(item: Measure, zones: Mapping[str, Float], shares: Float) -> _Value | None:
    """The item's value in one place, zones weighted by `shares` (n_zones,); None where no zone has the fields it needs."""
    if any(name not in zones for name in (item.counted, item.base) if name):
        return None
    # The item counts zones, so a zone that lies in the place in part counts as one.
    part = (shares > 0).astype(float) if item.column == "decile1" else shares
    values, population = zones[item.counted], np.nan_to_num(zones.get("population", np.nan))
    base = zones[item.base] if item.base else np.ones(len(values))
    weights = part * np.nan_to_num(base)
    known = ~np.isnan(values) & ~np.isnan(base)
    people = shares * population
    known_share = float(people[known].sum() / people.sum()) if people.sum() else float("nan")
    if item.of_place == "count":
        total = float((part * values)[known].sum())
        return _Value(total, total, float("nan"), known_share)
    denominator = float(weights[known].sum())
    top = (part * values)[known].sum() if item.of_place == "share" else (weights * values)[known].sum()
    value = float(top) / denominator if denominator else float("nan")
    return _Value(value, float(top) if item.of_place != "mean" else float("nan"), denominator, known_share)


def _cell(item: Measure, place: Any, measured: _Value | None, sources: "_Sources") -> dict[str, object]:
    suppressed = bool(place.suppressed) and item.of_place != "count"
    status, reason = _status(item, measured, suppressed, sources.illustrative)
    value = measured.value if measured and status not in {"missing", "suppressed"} else float("nan")
    parts = measured if measured and status != "missing" else _Value(*[float("nan")] * 4)
    source, vintage, geography = sources.origin(item)
    title, unit = item.of_places
    return {
        "place_kind": place.place_kind,
        "place_id": place.place_id,
        "place": place.place,
        "domain": item.domain,
        "item": item.ident,
        "title": title,
        "unit": unit,
        "value": value,
        "numerator": parts.numerator,
        "denominator": parts.denominator,
        "known_share": parts.known_share,
        "status": status,
        "reason": reason,
        "source": source if measured else "",
        "vintage": vintage if measured else "",
        "geography": geography if measured else "",
        "item_definition": sources.meaning(item),
        "place_definition": sources.rule(str(place.place_kind), str(place.place_id)),
        "data": sources.data_of(item) if measured else "",
    }


def _status(item: Measure, measured: _Value | None, suppressed: bool, illustrative: bool) -> tuple[str, str]:
    """(status: measured, illustrative, suppressed or missing; the reason where there is no value)."""
    if measured is None:
        return "missing", _reason_absent(item)
    if np.isnan(measured.value):
        return "missing", "nobody in the place is counted by it"
    if measured.known_share < LEAST_KNOWN_FOR_A_VALUE:
        return "missing", f"only {measured.known_share * 100:.0f} % of the residents live in zones with a value"
    if suppressed:
        return (
            "suppressed",
            "fewer than 10 zones or 100 people: a rate would say more about chance than about the place",
        )
    return ("illustrative" if illustrative else "measured"), ""


def _reason_absent(item: Measure) -> str:
    """The reason why a run has no values of the item: the layer that it lacks."""
    for ident, _ in WANTED_DESTINATIONS:
        if item.inputs == (ident,):
            return f"no layer of this run gives destinations called {ident}"
    return f"no layer of this run gives {item.counted.replace('_', ' ')}"


class _Sources:
    """Sources and definitions of cells; each distinct definition is kept once, under a short id made from its text."""

    def __init__(self, measured: MeasuredRun) -> None:
        self._measured = measured
        self._fields: Mapping[str, FieldProvenance] = {one.field: one for one in measured.context.fields}
        self._inputs = {one.id: one for one in (*measured.context.provenance, *measured.network.provenance)}
        self._rules = place_rules(measured.config, measured.context, measured)
        self._access = access_definition(measured)
        self.illustrative = measured.config.region.illustrative
        self.definitions: dict[str, Mapping[str, str]] = {}
        self.data: dict[str, Mapping[str, str]] = {}

    def origin(self, item: Measure) -> tuple[str, str, str]:
        """(source, vintage, geography) of an item: those of its numerator, then of its denominator where they differ."""
        timetable, zones = self._measured.config.timetable, self._measured.config.zones
        if item.domain == BY_TIMETABLE and item.counted not in self._fields:
            return f"this tool, from {timetable.source}", timetable.date.isoformat(), zones.geography
        layers = list(dict.fromkeys(self._layers(item)))
        return (
            "; ".join(dict.fromkeys(layer.source for layer in layers)),
            "; ".join(dict.fromkeys(layer.vintage for layer in layers)),
            "; ".join(dict.fromkeys(layer.resolution for layer in layers)),
        )

    def _layers(self, item: Measure) -> Iterator[FieldProvenance]:
        made_from = {"decile1": "imd_decile", "decile_known": "imd_decile", "meets_kpi": "population"}
        for field in (item.counted, item.base, *item.inputs):
            if (read := made_from.get(field, field)) in self._fields:
                yield self._fields[read]

    def meaning(self, item: Measure) -> str:
        """Id of an item's definition: its formula, its zones, and for items of access the headline's definition."""
        base = "population" if item.base == "working_age" and "working_age" not in self._fields else item.base
        formula = f"{item.of_place} of {item.counted}" + (f" by {base}" if base else "")
        aspects = {"formula": formula, "zones": self._measured.config.zones.geography}
        if item.domain == BY_TIMETABLE:
            aspects |= self._access
        return _remember(self.definitions, aspects)

    def rule(self, kind: str, place_id: str) -> str:
        """Id of the rule by which a place is drawn."""
        return _remember(self.definitions, {"place": self._rules[kind, place_id]})

    def data_of(self, item: Measure) -> str:
        """Id of the inputs that an item is computed from: layers and feeds, each by vintage and checksum."""
        layers = {one.layer for one in self._layers(item)}
        wanted = {ident: one for ident, one in self._inputs.items() if ident in {"zones", *layers, *item.inputs}}
        if item.domain == BY_TIMETABLE:
            feeds = [one.id for one in self._measured.network.provenance]
            wanted |= {ident: self._inputs[ident] for ident in feeds if ident in self._inputs}
        aspects = {ident: f"{one.vintage}, sha256 {one.sha256[:_ID_LENGTH]}" for ident, one in sorted(wanted.items())}
        if item.domain == BY_TIMETABLE:
            aspects["service day"] = self._measured.config.timetable.date.isoformat()
        return _remember(self.data, aspects)


def _remember(known: dict[str, Mapping[str, str]], aspects: Mapping[str, str]) -> str:
    ident = hashlib.sha256(json.dumps(aspects, sort_keys=True).encode()).hexdigest()[:_ID_LENGTH]
    known.setdefault(ident, aspects)
    return ident


def place_rules(config: RunConfig, context: Context, measured: MeasuredRun) -> dict[tuple[str, str], str]:
    """(kind, id) of every place -> the rule by which it is drawn, as a text that changes when the place does."""
    rules = {(REGION, REGION): f"districts {', '.join(sorted(config.region.districts))}"}
    rules |= {("district", code): f"district {code}" for code in context.zones["district_code"].unique()}
    metres = f"zones whose point is within {config.corridors.buffer_m:g} m, straight, of"
    for ident, line in context.corridors.geometry.items():
        waypoints = " ".join(f"{x:.0f},{y:.0f}" for x, y in line.coords) if line.geom_type == "LineString" else line.wkt
        rules["corridor", str(ident)] = f"{metres} {waypoints}"
    for pilot in measured.circles.frame.itertuples():
        centre = measured.pilots.geometry[pilot.place_id]
        within = f"within {measured.pilots['radius_m'][pilot.place_id]:g} m of {centre.x:.0f},{centre.y:.0f}"
        rules["pilot", str(pilot.place_id)] = f"{pilot.unit} {within}"
    return rules


def access_definition(measured: MeasuredRun) -> dict[str, str]:
    """The headline's definition in words, by aspect, without its day and with the centres it counts."""
    words = {key: text for key, text in definition(measured.config, measured.access.spec).items() if key != "day"}
    centres = measured.context.centres[measured.access.centre_default]
    positions = ", ".join(f"{ident} {lat:.4f},{lon:.4f}" for ident, lat, lon in centres[["lat", "lon"]].itertuples())
    return {**words, "centres": positions}


def _compared(cells: pd.DataFrame, places: Places, measured: MeasuredRun, items: Sequence[Measure]) -> pd.DataFrame:
    """The cells with columns of the main district's, the region's and England's values."""
    keys = zip(cells["place_kind"], cells["place_id"], cells["item"], strict=True)
    values = dict(zip(keys, cells["value"].tolist(), strict=True))
    main = _main_districts(places, measured.zones)
    names = dict(zip(measured.zones["district_code"], measured.zones["district_name"], strict=True))
    codes = [main[kind, ident] for kind, ident in zip(cells["place_kind"], cells["place_id"], strict=True)]
    counts = cells["item"].isin([item.ident for item in items if item.of_place == "count"])
    beside = {
        "district": [names.get(code, "") for code in codes],
        "district_value": [values.get(("district", code, item), np.nan) for code, item in zip(codes, cells["item"], strict=True)],
        "region_value": [values.get((REGION, REGION, item), np.nan) for item in cells["item"]],
    }  # fmt: skip
    in_england = measured.config.region.nation_name == "England"
    england = [
        _england(item, vintage) if in_england else None
        for item, vintage in zip(cells["item"], cells["vintage"], strict=True)
    ]
    cells = cells.assign(**beside)
    cells.loc[counts, ["district_value", "region_value"]] = np.nan  # a count of a larger place compares nothing
    return cells.assign(
        england_value=[one.value if one else np.nan for one in england],
        england_source=[one.source if one else "" for one in england],
    )


_ENGLAND: Mapping[str, England] = {one.ident: one.england for one in MEASURES if one.england}
_INDICES = {"2015", "2019", "2025"}


def _england(item: str, vintage: str) -> England | None:
    """England's value of an item, where there is one of the cell's vintage."""
    if item == "decile1_share" and vintage in _INDICES:
        return England(0.1, vintage, "a tenth of England's areas, by construction")
    england = _ENGLAND.get(item)
    return england if england and vintage.startswith(england.vintage) else None


def _main_districts(places: Places, zones: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(kind, id) -> code of the district where most people of a corridor or pilot live; "" where two tie, or for other places."""
    people = zones["population"].fillna(0.0).to_numpy(float)
    districts = {}
    by_district = pd.DataFrame((people * places.shares).T, index=zones["district_code"]).groupby(level=0).sum()
    for place, (_, residents) in zip(places.frame.itertuples(), by_district.items(), strict=True):
        most = residents.index[residents == residents.max()]
        one_main = place.place_kind in {"corridor", "pilot"} and residents.sum() > 0 and len(most) == 1
        districts[str(place.place_kind), str(place.place_id)] = str(most[0]) if one_main else ""
    return districts


def _aspects(known: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    rows = [(ident, aspect, text) for ident, aspects in sorted(known.items()) for aspect, text in aspects.items()]
    return pd.DataFrame(rows, columns=["id", "aspect", "text"])
