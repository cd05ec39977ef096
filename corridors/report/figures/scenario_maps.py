"""The map of a scenario's differences."""

from corridors.report.blocks.view import Figure
from corridors.report.figures.maps import captioned, centre_points, district_outlines
from corridors.results import Results
from corridors.scenario_results import ScenarioResults
from maps import Overlay, Sheet, choropleth, scale_for

LINE_COLOUR = "#d55e00"


def difference_map(results: ScenarioResults, height_in: float = 4.6) -> tuple[Figure, ...]:
    """The map of minutes saved and lost, with the new lines."""
    title = "Minutes saved and lost to the last centre needed"
    zones = results.zones.assign(minutes_saved=results.minutes_saved)
    source = f"Timetable of {results.day_words}"
    sheet = Sheet(title, results.region.caution, source, 7.0, height_in, results.base_map)
    lines = results.lines
    drawn = (
        ()
        if lines.empty
        else (Overlay(lines, "Lines of the scenario,\nstraight from stop to stop", "lines", LINE_COLOUR),)
    )
    overlays = (*district_outlines(results.places["districts"]), *drawn, *centre_points(results.places["centres"]))
    picture = choropleth(
        zones, "minutes_saved", scale_for(zones["minutes_saved"], "change", "minutes"), sheet, overlays
    )
    caption = (
        f"{title}, at the median departure. A change of less than a minute counts as no change; losses are hatched."
    )
    return (captioned(picture, caption),)


def listed_map(results: Results) -> tuple[Figure, ...]:
    """The lines that the listed scenarios make, over the centres that areas reach now; none where no line is made."""
    if results.listed is None or results.listed.lines.empty or "centres_within_cutoff" not in results.zones:
        return ()
    test, lines = results.kpi.test, results.listed.lines
    title = "Lines of the scenarios, over the strategic centres that areas reach without them"
    sheet = Sheet(title, results.region.caution, f"Timetable of {results.day_words}", 7.0, 4.6, results.base_map)
    drawn = Overlay(lines, "Lines of scenarios,\nstraight from stop to stop", "lines", LINE_COLOUR)
    overlays = (*district_outlines(results.districts), drawn, *centre_points(results.centres))
    scale = scale_for(results.zones["centres_within_cutoff"], "reached", "centres", test)
    picture = choropleth(results.zones, "centres_within_cutoff", scale, sheet, overlays)
    return (
        captioned(
            picture, f"{title}, within {test.limit_words}. No alignment is known: lines are straight from stop to stop."
        ),
    )
