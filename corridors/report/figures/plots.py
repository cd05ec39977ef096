"""Plots of the report, drawn by `maps` from frames and tables of Results; a plot without its columns is left out."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from corridors.catalogue.headline_variants import CHANGES, HEADLINE
from corridors.catalogue.observed import AS_TIMETABLED, CANCELLED
from corridors.dates import day_words
from corridors.report.blocks.tables import Record, about, is_suppressed, records
from corridors.report.blocks.view import Figure
from corridors.report.blocks.wording import in_words, listed, number_of, percent
from corridors.results import KpiVariant, Results
from maps import Reference, Sheet, Weighted, bars, cumulative, height_of_rows, lines, ranges, stacked, tornado

LONGEST_MIN = 120.0
NO_VARIANTS = (HEADLINE, "published")  # rows of the table of variants that change nothing of this run's own
MOST_DEPRIVED_FIFTH = 2  # national deciles 1 and 2
LEAST_ZONES = 10  # fewer make no curve
LEAST_HOURS = 3  # fewer make no curve
LEAST_EFFECT = 0.005  # of the spread of ranks, to be drawn


def definition_figures(results: Results) -> tuple[Figure, ...]:
    """Tornado chart of how far each choice in the definition moves the headline."""
    kpi = results.kpi
    title = "How far each choice in the definition moves the headline"
    return _definition_figures(results, kpi.share, kpi.variants, title, "headline")


def corridor_definition_figures(results: Results, corridor: Record) -> tuple[Figure, ...]:
    """Tornado chart of how far each choice in the definition moves one corridor's share; none where its rates are withheld."""
    every = about(results.tables.kpi_by_place, "corridor", corridor["id"])
    rows = [row for row in every if not is_suppressed(row)]
    shares = {str(row["variant"]): row.get("share") for row in rows}
    variants = [
        KpiVariant(
            str(row["variant"]),
            str(row.get("changes")),
            str(row.get("variant_name")),
            row["share"],
            row.get("people_within", math.nan),
        )
        for row in rows
        if row["variant"] not in NO_VARIANTS
    ]
    title = f"{corridor['name']}: how far each choice in the definition moves its share"
    return _definition_figures(results, shares.get("headline"), variants, title, "this corridor, headline's definition")


def _definition_figures(
    results: Results, share: object, variants: Sequence[KpiVariant], title: str, place_words: str
) -> tuple[Figure, ...]:
    start = number_of(share)
    if start is None:
        return ()
    spans = pd.DataFrame(_spans(start, variants), columns=["name", "low", "middle", "high"]).set_index("name")
    if spans.empty:
        return ()
    wide = spans.assign(width=spans["high"] - spans["low"]).sort_values("width", ascending=False, kind="stable")
    sheet = _rows_sheet(title, results, len(wide) * 1.3)
    drawn = tornado(wide, "share", "", sheet, Reference(start, f"{place_words} {percent(start)}"))
    return (Figure(drawn, f"{title}: % of residents who meet the test, one thing changed at a time."),)


def _spans(share: float, variants: Sequence[KpiVariant]) -> Iterator[tuple[str, float, float, float]]:
    """For each choice: its name with its extremes, the lowest share, the headline's, and the highest."""
    groups: dict[str, list[KpiVariant]] = {}
    for variant in variants:
        if number_of(variant.share) is not None:
            groups.setdefault(_choice(variant), []).append(variant)
    for choice, members in groups.items():
        low, high = (find(members, key=lambda one: one.share) for find in (min, max))
        extremes = low.name if low is high else f"{low.name} to {high.name}"
        name = f"{choice}: {extremes}" if choice != low.name else extremes
        yield name, min(low.share, share), share, max(high.share, share)


def _choice(variant: KpiVariant) -> str:
    return CHANGES.get(variant.changes, variant.name)


def travel_time_figures(results: Results) -> tuple[Figure, ...]:
    """Curves of the region's residents by minutes to the nearest centre, and to the last of enough centres."""
    zones = results.zones
    groups = {words: Weighted(zones[column], zones["population"]) for column, words in _measures(results)}
    title = "Residents by minutes to the strategic centres"
    return _curves(groups, title, results, "Each curve counts residents of areas, at the median departure")


def corridor_travel_time(results: Results, name: str, inside: pd.Series, kind: str = "corridor") -> tuple[Figure, ...]:
    """Curves of one place's residents (`inside`: truth per zone), its deprived areas and the whole region by minutes."""
    zones = results.zones
    measures = _measures(results)
    if not measures or not inside.any():
        return ()
    column, words = measures[-1]
    deprived = inside & (zones["imd_decile"] <= MOST_DEPRIVED_FIFTH) if "imd_decile" in zones else inside & False
    groups = {
        f"this {kind}": Weighted(zones[column][inside], zones["population"][inside]),
        **(
            {"its areas in the most deprived fifth": Weighted(zones[column][deprived], zones["population"][deprived])}
            if deprived.sum() >= LEAST_ZONES
            else {}
        ),
        "whole region": Weighted(zones[column], zones["population"]),
    }
    title = f"{name}: residents by minutes to {words}"
    return _curves(groups, title, results, f"{title}, beside the whole region, at the median departure")


def _measures(results: Results) -> list[tuple[str, str]]:
    """Zone columns of minutes that this run holds, with what each counts minutes to."""
    least = results.kpi.test.at_least
    needed = "enough centres" if least is None else f"the {in_words(least)} nearest centres"
    targets = {"minutes_to_nearest": "the nearest centre"} | ({} if least == 1 else {"minutes_to_needed": needed})
    zones = results.zones
    return [(column, words) for column, words in targets.items() if column in zones and zones[column].notna().any()]


def _curves(groups: Mapping[str, Weighted], title: str, results: Results, caption: str) -> tuple[Figure, ...]:
    if not groups:
        return ()
    sheet = Sheet(title, results.region.caution, _timetable(results), width_in=7.0, height_in=3.2)
    test = results.kpi.test
    marks = [] if test.cutoff_min is None else [Reference(test.cutoff_min, test.limit_words)]
    ends = (
        f"Curves end below 100 % where some residents reach none within {LONGEST_MIN:.0f} minutes or the time searched."
    )
    return (Figure(cumulative(groups, "minutes, door to door", LONGEST_MIN, sheet, marks), f"{caption}. {ends}"),)


def buffer_figures(results: Results) -> tuple[Figure, ...]:
    """Chart of each corridor's share over all buffers, lowest to highest: how much the share depends on the buffer."""
    rows = [row for row in records(results.tables.corridor_buffers) if not is_suppressed(row)]
    table = pd.DataFrame(rows)
    if table.empty or "kpi_share" not in table or table["kpi_share"].isna().all():
        return ()
    names = results.corridors["name"]
    main = results.corridors["kpi_share"] if "kpi_share" in results.corridors else pd.Series(dtype=float)
    extremes = table.groupby("corridor_id")["kpi_share"].agg(["min", "max"])
    spans = pd.DataFrame({"low": extremes["min"], "middle": main.reindex(extremes.index), "high": extremes["max"]})
    spans.index = pd.Index([str(names.get(one, one)) for one in spans.index])
    title = "The share of residents who meet the test, at every buffer drawn"
    sheet = _rows_sheet(title, results, len(spans))
    region = Reference(results.kpi.share, f"whole region {percent(results.kpi.share)}")
    drawn = ranges(spans.sort_index(), "share", "", sheet, region)
    return (Figure(drawn, f"{title}. The dot is the main buffer, the bar runs from the lowest to the highest."),)


def quintile_figures(results: Results, rows: Sequence[Mapping[str, object]]) -> tuple[Figure, ...]:
    """Bar chart of the share who meet the test by national fifth of deprivation; `rows` have `group` and `kpi_share`."""
    shares = {str(row["group"]): number_of(row.get("kpi_share")) for row in rows}
    if not any(share is not None for share in shares.values()):
        return ()
    title = "Residents who meet the test, by deprivation of their area"
    sheet = _rows_sheet(title, results, len(shares))
    region = Reference(results.kpi.share, f"whole region {percent(results.kpi.share)}")
    drawn = bars(pd.Series(shares, dtype=float), "share", "", sheet, region)
    return (Figure(drawn, f"{title}: national fifths of areas, 1 the most deprived."),)


def acceptability_figure(results: Results, title: str, shares: pd.DataFrame, error: float | None) -> Figure:
    """Stacked bars of how often each corridor takes each rank in random draws; `shares` has a column per rank.

    `error` is the largest Monte Carlo error of the shares, 0-1; None where it is not known.
    """
    sheet = _rows_sheet(title, results, len(shares) + 0.6)
    sure = "" if error is None else f" Other draws would give shares within {error * 100:.1f} points of these."
    return Figure(stacked(shares, sheet), f"{title}: share of draws in which a corridor takes each rank.{sure}")


def _rows_sheet(title: str, results: Results, rows: float) -> Sheet:
    sheet = Sheet(title, results.region.caution, width_in=7.0)
    return Sheet(title, results.region.caution, width_in=7.0, height_in=height_of_rows(rows, sheet))


def _timetable(results: Results) -> str:
    return f"Timetable of {results.day_words}; {results.region.note}"


def influence_figure(results: Results, called: str, rows: Sequence[Record]) -> tuple[Figure, ...]:
    """Bar chart of each choice's effect on the ranks of a measure, the largest first; choices without effect are only named."""
    effects = {str(row["title"]): number_of(row.get("total_effect")) or 0.0 for row in rows}
    drawn = pd.Series(effects, dtype=float).sort_values(ascending=False, kind="stable")
    shown = drawn[drawn >= LEAST_EFFECT]
    if shown.empty:
        return ()
    title = f"What the ranks on {called} hang on"
    picture = bars(shown, "share", "", _rows_sheet(title, results, len(shown) * 1.2))
    none = listed([name for name in drawn.index if name not in shown.index])
    rest = f" Below {LEAST_EFFECT * 100:g} %, or no part of this measure: {none}." if none else ""
    caption = f"{title}: part of the spread of ranks that would remain if all but this choice were known.{rest}"
    return (Figure(picture, caption),)


def causes_figure(results: Results, shares: pd.DataFrame) -> Figure:
    """Stacked bars of the causes by which residents out of reach lose most time; rows are places, columns causes."""
    title = "What residents out of reach lose most time by"
    sheet = _rows_sheet(title, results, len(shares) * 1.2 + 0.6)
    return Figure(stacked(shares, sheet), f"{title}: % of the residents out of reach in each place.")


def inequality_figure(results: Results, curves: pd.DataFrame) -> tuple[Figure, ...]:
    """Lorenz and concentration curves of jobs within reach, or of the first measure there is."""
    measures = list(curves["measure"].unique())
    measure = "jobs_within_cutoff" if "jobs_within_cutoff" in measures else str(measures[0])
    of_measure = curves[curves["measure"] == measure]
    wide = of_measure.pivot_table(index="people_share", columns="curve", values="value_share")
    wide = wide.rename(
        columns={"lorenz": "Lorenz: from least access", "concentration": "concentration: from most deprived"}
    )
    subject = {"jobs_within_cutoff": "jobs within reach", "centres_within_cutoff": "centres within reach"}.get(
        measure, measure
    )
    title = f"How {subject} are shared among residents"
    sheet = Sheet(title, results.region.caution, width_in=7.0, height_in=4.0)
    drawn = lines(wide.assign(equality=wide.index), "share of residents", "share of access", sheet)
    caption = (
        f"{title}. The Lorenz curve puts residents of the worst-served areas first, the concentration curve those of "
        "the most deprived; a concentration curve above the line of equality means more access where deprivation is higher."
    )
    return (Figure(drawn, caption),)


def hours_figures(results: Results) -> tuple[Figure, ...]:
    """The headline through the day as a curve, beside that of its own hours; none where no hours were asked about."""
    rows = records(results.tables.hours)
    shares = [number_of(row["share"]) for row in rows]
    if len(rows) < LEAST_HOURS or None in shares:
        return ()
    by_hour = pd.DataFrame({"leaving in this hour": shares, "the headline": results.kpi.share}) * 100
    curve = by_hour.set_axis([int(str(row["start"]).split(":")[0]) for row in rows])
    title = "Residents who meet the test, by the hour in which they leave"
    sheet = Sheet(title, results.region.caution, width_in=7.0, height_in=3.2)
    drawn = lines(curve, "hour of the day", "% of residents", sheet)
    return (Figure(drawn, f"{title}. Each hour is asked about alone, at its median departure."),)


def observed_figures(results: Results) -> tuple[Figure, ...]:
    """The headline by observed day: with unmatched trips as timetabled (dot) and cancelled (end of the bar)."""
    table = results.tables.observed_days
    if table is None or len(table) < 2:
        return ()
    by_way = table.pivot_table(index="date", columns="unmatched", values="share_observed")
    if not {AS_TIMETABLED, CANCELLED} <= set(by_way):
        return ()
    both = by_way[[AS_TIMETABLED, CANCELLED]]
    spans = pd.DataFrame({"low": both.min(axis=1), "middle": by_way[AS_TIMETABLED], "high": both.max(axis=1)})
    spans.index = pd.Index([day_words(dt.date.fromisoformat(str(date))) for date in spans.index])
    usual = table[table["unmatched"] == AS_TIMETABLED]
    mean = float(usual["share_timetabled"].mean())
    title = "Residents who meet the test on observed days"
    sheet = _rows_sheet(title, results, len(spans))
    drawn = ranges(spans, "share", "", sheet, Reference(mean, f"timetabled, mean {percent(mean)}"))
    return (
        Figure(
            drawn, f"{title}. The dot has unmatched trips as timetabled, the other end of the bar has them cancelled."
        ),
    )
