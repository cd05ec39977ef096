"""A report of its own for one corridor or pilot: two to four pages, made of the same parts as the report of the run."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import shapely

from corridors.catalogue.near import NEAR_MEANS
from corridors.errors import ConfigError
from corridors.report.blocks import layouts
from corridors.report.blocks.membership import belongs
from corridors.report.blocks.tables import Record, about, is_suppressed, records, table, titled, worded
from corridors.report.blocks.view import (
    Block,
    Bullets,
    Definitions,
    Figure,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Report,
    Section,
)
from corridors.report.blocks.wording import count, km, number_of, percent, plural
from corridors.report.figures.plots import corridor_travel_time
from corridors.report.places.place_map import map_of_place
from corridors.report.scenarios import layouts as scenario_layouts
from corridors.report.scenarios.view import marks
from corridors.report.sections import sentences
from corridors.report.sections.corridors import claims, summary_pairs
from corridors.report.sections.framework_facts import doubly_disadvantaged, evidence_of, without_a_car
from corridors.report.sections.journey_causes import journeys
from corridors.report.sections.overview import region_record, site_records
from corridors.results import Results

MOST_AREAS = 8
LISTED_IN = "tables/zones.csv of the run"
CORRIDOR, PILOT = "corridor", "pilot"


@dataclass(frozen=True)
class Place:
    """One corridor or pilot of a run: its record, and its zones as records and as a row of truth for each zone."""

    kind: str
    record: Record
    zones: Sequence[Record]
    inside: pd.Series

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.record["name"])


def place_of(results: Results, kind: str, ident: str) -> Place:
    """The place of a run with this id. Raises `ConfigError`, with the ids that there are, for another one."""
    frame = results.corridors if kind == CORRIDOR else results.pilots
    if ident not in frame.index:
        there = ", ".join(map(str, frame.index)) or "none"
        raise ConfigError(f"the run has no {kind} {ident!r}; it has {there}")
    record = next(row for row in records(frame) if row["id"] == ident)
    zones = results.zones
    if kind == CORRIDOR:
        inside = zones["corridor_ids"].map(lambda ids: belongs(ids, ident))
    else:  # a run does not list the zones of a pilot
        middles = zones.geometry.representative_point().to_numpy()
        inside = pd.Series(shapely.intersects(middles, frame.geometry[ident]), index=zones.index)
    return Place(kind, record, records(zones[inside.astype(bool)]), inside.astype(bool))


def view_place(results: Results, kind: str, ident: str) -> Report:
    """The report of one place as blocks: summary with six figures and a map, who misses out, sites, schemes, limits."""
    place = place_of(results, kind, ident)
    region = results.region
    sections = (
        _summary(results, place),
        _misses_out(results, place),
        _sites(results, place),
        *_schemes(results, place),
        _limits(results, place),
    )
    return Report(
        title=f"{place.name}: {'corridor' if kind == CORRIDOR else 'town-centre pilot'}",
        subtitle=f"{region.name}. Timetable of {results.day_words}; {region.note}",
        date=dt.date.fromisoformat(results.date),
        caution=region.caution,
        marks=marks(region),
        sections=sections,
        contents=False,
    )


def place_figures(results: Results, kind: str, ident: str) -> dict[str, Figure]:
    """File name without ending -> the figures of a place's report."""
    place = place_of(results, kind, ident)
    curves = corridor_travel_time(results, place.name, place.inside, place.kind)
    return {"map": map_of_place(results, kind, ident), **({"travel_times": curves[0]} if curves else {})}


def _summary(results: Results, place: Place) -> Section:
    blocks: tuple[Block, ...] = (
        *(KeyFigures(row) for row in _six_figures(results, place)),
        Definitions(
            summary_pairs(results, place.record, LISTED_IN) if place.kind == CORRIDOR else _pilot_pairs(results, place)
        ),
        map_of_place(results, place.kind, str(place.record["id"])),
    )
    return Section("summary", "In short", blocks)


def _six_figures(results: Results, place: Place) -> tuple[tuple[KeyFigure, ...], tuple[KeyFigure, ...]]:
    """Six figures in two rows; counts alone where the place is too small for rates."""
    record, region = place.record, region_record(results)
    people, within = number_of(record.get("people")), number_of(record.get("people_within"))
    missed = None if people is None or within is None else people - within
    deprived = KeyFigure(
        count(record.get("imd_decile1_zones", record.get("decile1_zones"))),
        "zones in the most deprived tenth",
        f"of {count(record.get('zones'))} zones",
    )
    missing = KeyFigure(count(missed), "residents miss the headline test", f"of {count(people)}")
    if is_suppressed(record):
        near = KeyFigure(
            count(record.get("near_but_disconnected_people")), "residents near but disconnected", NEAR_MEANS
        )
        size = (KeyFigure(count(people), "residents"), KeyFigure(count(record.get("zones")), "zones"))
        return (*size, deprived), (KeyFigure(count(within), "residents meet the headline test"), missing, near)
    minutes = results.kpi.test.limit_words
    return (
        (
            KeyFigure(
                percent(record.get("kpi_share")), "of residents meet the headline test", _beside(region, "kpi_share")
            ),
            missing,
            _mean(
                record, region, "minutes_to_needed", "minutes to the last centre needed, mean of residents who reach it"
            ),
        ),
        (
            _mean(record, region, "jobs_within_cutoff", f"jobs within {minutes}, on average"),
            deprived,
            KeyFigure(
                percent(record.get("no_car_share")), "of households have no car", _beside(region, "no_car_share")
            ),
        ),
    )


def _beside(region: Record, name: str) -> str:
    known = number_of(region.get(name)) is not None
    return f"whole region {percent(region[name])}" if known else "no value of the region"


def _mean(record: Record, region: Record, name: str, label: str) -> KeyFigure:
    known = number_of(region.get(name)) is not None
    return KeyFigure(
        count(record.get(name)), label, f"whole region {count(region[name])}" if known else "no value of the region"
    )


def _pilot_pairs(results: Results, place: Place) -> tuple[tuple[str, str], ...]:
    record, region = place.record, region_record(results)
    where = (
        f"A circle of {km(record.get('radius_m'))} round {place.name}, proposed by this tool. It holds "
        f"{plural(record.get('zones'), 'zone', 'zones')} with {plural(record.get('people'), 'resident', 'residents')}."
    )
    if is_suppressed(record):
        gap = "It holds too few zones or people for rates; only counts are shown."
    else:
        beside = sentences.against(record.get("kpi_share"), region.get("kpi_share"))
        gap = f"{percent(record.get('kpi_share'))} of its residents live in areas that meet the headline test{beside}."
    return (("Place", where), ("Gap", gap))


def _misses_out(results: Results, place: Place) -> Section:
    evidence = evidence_of(results, place.kind, place.record["id"], place.record)
    missed = [row for row in place.zones if number_of(row.get("meets_kpi")) == 0]
    groups = " ".join(text for text in (without_a_car(evidence), doubly_disadvantaged(evidence)) if text)
    blocks: list[Block] = [Paragraph(groups)] if groups else []
    if missed:
        most = sorted(missed, key=lambda row: -(number_of(row.get("population")) or 0.0))
        layout = worded(layouts.LEFT_BEHIND, results)
        shown = table(
            most[:MOST_AREAS],
            titled(replace(layout, caption=layout.caption.replace(CORRIDOR, place.kind)), place.record),
        )
        more = len(missed) - MOST_AREAS
        blocks += [
            *corridor_travel_time(results, place.name, place.inside, place.kind),
            shown,
            *(
                [Paragraph(f"{count(more)} more areas miss it: tables/zones.csv of the run lists them.")]
                if more > 0
                else []
            ),
            *journeys(place.record, most[:MOST_AREAS]),
        ]
    else:
        blocks.append(Paragraph("Its areas meet the headline test."))
    return Section("misses-out", "Who misses out, and why", tuple(blocks))


def _sites(results: Results, place: Place) -> Section:
    if place.kind == CORRIDOR:
        return Section("sites", "Sites and claims", claims(results, place.record))
    circle = results.pilots.geometry[place.record["id"]]
    within = set(results.sites.index[shapely.intersects(results.sites.geometry.to_numpy(), circle)])
    rows = [row for row in site_records(results) if row["id"] in within]
    blocks: tuple[Block, ...] = (Paragraph("None of the run's list of sites lies in the circle."),)
    return Section("sites", "Sites and claims", (table(rows, titled(layouts.SITES, place.record)),) if rows else blocks)


def _schemes(results: Results, place: Place) -> tuple[Section, ...]:
    """What each listed scenario changes here; none where the run answered none."""
    found = results.listed
    if found is None:
        return ()
    titles = {row["scenario_id"]: row["title"] for row in records(found.scenarios)}
    rows = [
        {**row, "scenario": titles[row["scenario_id"]], "share_change": row["share"] - row["share_base"]}
        for row in about(found.scenario_places, place.kind, place.record["id"])
    ]
    moved = {row["scenario_id"] for row in rows}
    others = [str(row["title"]) for row in records(found.scenarios) if row["edits"] and row["scenario_id"] not in moved]
    intro = (
        "Each is answered alone, by the same search, and compared with the timetable as it is. They are no forecasts; "
        "the run's report says what is unknown of them."
    )
    blocks: list[Block] = [Paragraph(intro)]
    if rows:
        layout = replace(scenario_layouts.SCENARIO_PLACES, caption="Who gains and who loses, scenario by scenario")
        blocks.append(table(rows, titled(layout, place.record)))
    if others:
        blocks.append(Paragraph(f"Nobody here gains or loses a minute or more by: {'; '.join(others)}."))
    return (Section("schemes", "What the schemes would do", tuple(blocks)),)


def _limits(results: Results, place: Place) -> Section:
    drawn = "line and buffer" if place.kind == CORRIDOR else "circle"
    items = (
        f"The {drawn} of this {place.kind} have no official boundary: they are proposed by this tool."
        if place.kind == CORRIDOR
        else f"The {drawn} has no official boundary: it is proposed by this tool. Areas are listed where their middle lies in "
        "it; figures count residents by the points of the run.",
        f"Times are those of the timetable for {results.day_words}, not observed ones. Walking: "
        f"{results.region.walking_basis}.",
        "Figures describe residents of areas, never individuals. Nothing here shows cause and effect.",
        "Jobs, homes and hectares of sites are claims of those who promote them, and are never added up.",
        "Other places' figures overlap with these: never add them up. The run's report has the definition, the variants of "
        "the headline and the sources.",
    )
    return Section("limits", "Limits", (Bullets(items),))
