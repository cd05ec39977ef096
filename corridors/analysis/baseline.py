"""The social baseline: residents of each place described before anything is built, every cell with its source.

A baseline is read here as a dated, multi-domain description of residents, frozen so that change can be measured. No
official definition is published, and no target is implied.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corridors.access.kpi import definition
from corridors.analysis.assemble import Measured
from corridors.catalogue.baseline_columns import CELL_COLUMNS
from corridors.catalogue.measure import England, Measure
from corridors.catalogue.measures import BY_TIMETABLE, MEASURES, WANTED_DESTINATIONS, baseline_measures
from corridors.catalogue.place_kinds import PLACE_KINDS, REGION
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context
from corridors.places.places import Places
from corridors.scoring.scores import Float
from layers import FieldProvenance

# Known for less than half of a place's residents, a value describes the smaller part of them and is left out. From half on,
# the cell says for how many it is known.
LEAST_KNOWN_FOR_A_VALUE = 0.5
_ID_LENGTH = 12


class Baseline(NamedTuple):
    """Cells, and what their `definition` and `data` ids stand for: columns id, aspect, text."""

    cells: pd.DataFrame
    definitions: pd.DataFrame
    data: pd.DataFrame


class _Value(NamedTuple):
    value: float
    numerator: float
    denominator: float
    known_share: float


def social_baseline(measured: Measured) -> Baseline:
    """Every item for the region, its districts, the corridors (main catchment) and the pilots.

    A cell that has no value says why; rates of places below ten zones or a hundred people are withheld, counts are not.
    """
    places, zones = measured.places.of_kind(*PLACE_KINDS), _with_parts(measured.zones)
    traced, items = _Traced(measured), baseline_measures(measured.config.measures, measured.config.kpi.cutoff_min)
    rows = [
        _cell(item, place, _value(item, zones, shares), traced)
        for place, shares in zip(places.frame.itertuples(), places.shares, strict=True)
        for item in items
    ]
    cells = _compared(pd.DataFrame(rows), places, measured, items)
    return Baseline(cells[CELL_COLUMNS], _aspects(traced.definitions), _aspects(traced.data))


def _with_parts(zones: pd.DataFrame) -> pd.DataFrame:
    """The zones with the counts that items are made of."""
    people, decile = zones["population"], zones["imd_decile"]
    parts = {
        "near_but_disconnected_people": people * zones["near_but_disconnected"].astype(float),
        "decile1": (decile == 1).astype(float).where(decile.notna()),
        "decile_known": decile.notna().astype(float),
    }
    return pd.DataFrame(zones.drop(columns="geometry", errors="ignore")).assign(**parts)


def _value(item: Measure, zones: pd.DataFrame, shares: Float) -> _Value | None:
    """The item in one place; None where no zone of the run has the field. Zones in part count in part."""
    needed = [name for name in (item.counted, item.base) if name]
    if any(name not in zones or zones[name].isna().all() for name in needed):
        return None
    # Zones are counted whole: a zone is in the most deprived decile or it is not.
    part = (shares > 0).astype(float) if item.column == "decile1" else shares
    values = zones[item.counted].to_numpy(float)
    base = zones[item.base].to_numpy(float) if item.base else np.ones(len(zones))
    weights = part * np.nan_to_num(base)
    known = ~np.isnan(values) & ~np.isnan(base)
    people = shares * zones["population"].fillna(0.0).to_numpy(float)
    known_share = float(people[known].sum() / people.sum()) if people.sum() else float("nan")
    if item.of_place == "count":
        total = float((part * values)[known].sum())
        return _Value(total, total, float("nan"), known_share)
    denominator = float(weights[known].sum())
    top = (part * values)[known].sum() if item.of_place == "share" else (weights * values)[known].sum()
    value = float(top) / denominator if denominator else float("nan")
    return _Value(value, float(top) if item.of_place != "mean" else float("nan"), denominator, known_share)


def _cell(item: Measure, place: Any, found: _Value | None, traced: "_Traced") -> dict[str, object]:
    suppressed = bool(place.suppressed) and item.of_place != "count"
    status, reason = _status(item, found, suppressed, traced.illustrative)
    value = found.value if found and status not in {"missing", "suppressed"} else float("nan")
    shown = found if found and status != "missing" else _Value(*[float("nan")] * 4)
    source, vintage, geography = traced.origin(item)
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
        "numerator": shown.numerator,
        "denominator": shown.denominator,
        "known_share": shown.known_share,
        "status": status,
        "reason": reason,
        "source": source if found else "",
        "vintage": vintage if found else "",
        "geography": geography if found else "",
        "item_definition": traced.meaning(item),
        "place_definition": traced.rule(str(place.place_kind), str(place.place_id)),
        "data": traced.data_of(item) if found else "",
    }


def _status(item: Measure, found: _Value | None, suppressed: bool, illustrative: bool) -> tuple[str, str]:
    """(measured, illustrative, suppressed or missing; the reason where there is no value)."""
    if found is None:
        return "missing", _absent(item)
    if np.isnan(found.value):
        return "missing", "nobody in the place is counted by it"
    if found.known_share < LEAST_KNOWN_FOR_A_VALUE:
        return "missing", f"only {found.known_share * 100:.0f} % of the residents live in zones with a value"
    if suppressed:
        return (
            "suppressed",
            "fewer than 10 zones or 100 people: a rate would say more about chance than about the place",
        )
    return ("illustrative" if illustrative else "measured"), ""


def _absent(item: Measure) -> str:
    """What a run lacks that would give the item."""
    for ident, _ in WANTED_DESTINATIONS:
        if item.inputs == (ident,):
            return f"no layer of this run gives destinations called {ident}"
    return f"no layer of this run gives {item.counted.replace('_', ' ')}"


class _Traced:
    """Where values come from and what they mean, each distinct answer kept once under a short id."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._fields: Mapping[str, FieldProvenance] = {one.field: one for one in measured.context.fields}
        self._inputs = {one.id: one for one in (*measured.context.provenance, *measured.network.provenance)}
        self._rules = place_rules(measured.config, measured.context, measured)
        self._access = access_definition(measured)
        self.illustrative = measured.config.region.illustrative
        self.definitions: dict[str, Mapping[str, str]] = {}
        self.data: dict[str, Mapping[str, str]] = {}

    def origin(self, item: Measure) -> tuple[str, str, str]:
        """(source, vintage, geography) of an item's numerator, with its denominator's where that is another's."""
        timetable, zones = self._measured.config.timetable, self._measured.config.zones
        if item.domain == BY_TIMETABLE and item.counted not in self._fields:
            return f"this tool, from {timetable.source}", timetable.date.isoformat(), zones.geography
        found = list(dict.fromkeys(self._layers(item)))
        return (
            "; ".join(dict.fromkeys(one.source for one in found)),
            "; ".join(dict.fromkeys(one.vintage for one in found)),
            "; ".join(dict.fromkeys(one.resolution for one in found)),
        )

    def _layers(self, item: Measure) -> Iterator[FieldProvenance]:
        named = {"decile1": "imd_decile", "decile_known": "imd_decile", "meets_kpi": "population"}
        for field in (item.counted, item.base, *item.inputs):
            if (known := named.get(field, field)) in self._fields:
                yield self._fields[known]

    def meaning(self, item: Measure) -> str:
        """Id of what an item means: formula, zones, and the headline's definition for access."""
        formula = f"{item.of_place} of {item.counted}" + (f" by {item.base}" if item.base else "")
        aspects = {"formula": formula, "zones": self._measured.config.zones.geography}
        if item.domain == BY_TIMETABLE:
            aspects |= self._access
        return _remember(self.definitions, aspects)

    def rule(self, kind: str, place_id: str) -> str:
        """Id of how a place is drawn."""
        return _remember(self.definitions, {"place": self._rules[kind, place_id]})

    def data_of(self, item: Measure) -> str:
        """Id of what the cell was computed from: layers and feeds by vintage and content."""
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


def place_rules(config: RunConfig, context: Context, measured: Measured) -> dict[tuple[str, str], str]:
    """(kind, id) of every place -> how it is drawn, in words that change when the place does."""
    rules = {(REGION, REGION): f"districts {', '.join(sorted(config.region.districts))}"}
    rules |= {("district", code): f"district {code}" for code in context.zones["district_code"].unique()}
    metres = f"zones whose point is within {config.corridors.buffer_m:g} m, straight, of"
    for ident, line in context.corridors.geometry.items():
        spots = " ".join(f"{x:.0f},{y:.0f}" for x, y in line.coords) if line.geom_type == "LineString" else line.wkt
        rules["corridor", str(ident)] = f"{metres} {spots}"
    for pilot in measured.circles.frame.itertuples():
        spot = measured.pilots.geometry[pilot.place_id]
        within = f"within {measured.pilots['radius_m'][pilot.place_id]:g} m of {spot.x:.0f},{spot.y:.0f}"
        rules["pilot", str(pilot.place_id)] = f"{pilot.unit} {within}"
    return rules


def access_definition(measured: Measured) -> dict[str, str]:
    """The headline's definition without its day, and the centres it counts."""
    words = {key: text for key, text in definition(measured.config, measured.access.spec).items() if key != "day"}
    centres = measured.context.centres[measured.access.centre_default]
    spots = ", ".join(f"{ident} {lat:.4f},{lon:.4f}" for ident, lat, lon in centres[["lat", "lon"]].itertuples())
    return {**words, "centres": spots}


def _compared(cells: pd.DataFrame, places: Places, measured: Measured, items: Sequence[Measure]) -> pd.DataFrame:
    """The cells with the main district's, the region's and England's values beside them."""
    values = cells.set_index(["place_kind", "place_id", "item"])["value"]
    main = _main_districts(places, measured.zones)
    names = dict(zip(measured.zones["district_code"], measured.zones["district_name"], strict=True))
    codes = [main[kind, ident] for kind, ident in zip(cells["place_kind"], cells["place_id"], strict=True)]
    counts = cells["item"].isin([item.ident for item in items if item.of_place == "count"])
    beside = {
        "district": [names.get(code, "") for code in codes],
        "district_value": [values.get(("district", code, item), np.nan) for code, item in zip(codes, cells["item"], strict=True)],
        "region_value": [values.get((REGION, REGION, item), np.nan) for item in cells["item"]],
    }  # fmt: skip
    at_home = measured.config.region.nation_name == "England"
    england = [
        _england(item, vintage) if at_home else None
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
    """England's value where the cell is of the same source and year."""
    if item == "decile1_share" and vintage in _INDICES:
        return England(0.1, vintage, "a tenth of England's areas, by construction")
    found = _ENGLAND.get(item)
    return found if found and vintage.startswith(found.vintage) else None


def _main_districts(places: Places, zones: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(kind, id) -> the district that holds most of a corridor's or pilot's people; "" where two do, or for larger places."""
    people = zones["population"].fillna(0.0).to_numpy(float)
    found = {}
    for place, shares in zip(places.frame.itertuples(), places.shares, strict=True):
        held = pd.Series(people * shares, index=zones["district_code"]).groupby(level=0).sum()
        most = held.index[held == held.max()]
        own = place.place_kind in {"corridor", "pilot"} and held.sum() > 0 and len(most) == 1
        found[str(place.place_kind), str(place.place_id)] = str(most[0]) if own else ""
    return found


def _aspects(known: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    rows = [(ident, aspect, text) for ident, aspects in sorted(known.items()) for aspect, text in aspects.items()]
    return pd.DataFrame(rows, columns=["id", "aspect", "text"])
