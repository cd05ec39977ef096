"""The map of a scenario's differences."""

from corridors.report.blocks.view import Figure
from corridors.report.figures.maps import captioned, centre_points, district_outlines
from corridors.scenario_results import ScenarioResults
from maps import Overlay, Sheet, choropleth, scale_for

LINE_COLOUR = "#d55e00"


def difference_map(results: ScenarioResults, height_in: float = 4.6) -> tuple[Figure, ...]:
    """The map of minutes saved and lost, with the new lines."""
    title = "Minutes saved and lost to the last centre needed"
    zones = results.zones.assign(minutes_saved=results.minutes_saved)
    sheet = Sheet(title, results.region.caution, f"Timetable of {results.day_words}", width_in=7.0, height_in=height_in)
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
