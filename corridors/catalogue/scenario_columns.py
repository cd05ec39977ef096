"""Titles and units of the columns of a run's tables on the scenarios that its configuration lists."""

from collections.abc import Mapping

_SCENARIO, _PLACES, _ZONES, _EDITS = "scenarios", "scenario_places", "scenario_zones", "scenario_edits"
_GAINS: Mapping[str, tuple[str, str]] = {
    "people_gaining": ("Residents who gain a minute or more to the last centre needed", "people"),
    "people_losing": ("Residents who lose a minute or more to the last centre needed", "people"),
    "people_unchanged": ("Residents for whom it takes as long as before, to less than a minute", "people"),
    "people_entering": ("Residents of zones that meet the headline's test with the scenario only", "people"),
    "people_leaving": ("Residents of zones that meet the headline's test without the scenario only", "people"),
    "people_added": ("Residents of homes that the scenario builds", "people"),
    "people_added_within": ("of these, residents of zones that meet the test", "people"),
    "minutes_saved_by_gainers": ("Person-minutes saved by those who gain", "person-minutes"),
    "minutes_lost_by_losers": ("Person-minutes lost by those who lose", "person-minutes"),
}
_SHARES: Mapping[str, tuple[str, str]] = {
    "share_base": ("Share of residents of zones that meet the headline's test, before", "share 0-1"),
    "share": ("Share of residents of zones that meet the headline's test, with the scenario", "share 0-1"),
}
_ID = {"scenario_id": ("Scenario", "text")}
_OF_SCENARIOS: Mapping[str, tuple[str, str]] = {
    **_ID,
    "title": ("Title of the scenario", "text"),
    "status": ("Status, as the file's author states it", "text"),
    "as_of": ("Day or year of the status", "text"),
    "source": ("Source, as the file states it", "text"),
    "note": ("Note", "text"),
    "file": ("Scenario file", "text"),
    "sha256": ("Fingerprint of the file", "SHA-256"),
    "edits": ("Edits; 0: not modelled", "count"),
    "people_base": ("Residents of all zones, before", "people"),
    "people": ("Residents of all zones, with the scenario", "people"),
    "people_within_base": ("Residents of zones that meet the headline's test, before", "people"),
    "people_within": ("Residents of zones that meet the headline's test, at the middle timetable", "people"),
    **_SHARES,
    **_GAINS,
    "timetables": ("Timetables tried, because the phases of headway services are not known", "count"),
    "people_within_lowest": ("Residents who meet the test at the timetable with fewest", "people"),
    "people_within_highest": ("Residents who meet the test at the timetable with most", "people"),
    "people_within_low_run_times": ("Residents who meet the test with the shortest run times", "people"),
    "people_within_high_run_times": ("Residents who meet the test with the longest run times", "people"),
    "vehicle_hours_change": ("Vehicle-hours of the day, change", "hours"),
    "vehicle_km_change": ("Vehicle-kilometres of the day in straight lines, change", "km"),
    "vehicles_at_once_base": ("Most vehicles under way at once in the whole timetable, before", "count"),
    "vehicles_at_once": ("Most vehicles under way at once in the whole timetable, with the scenario", "count"),
}
_OF_ZONES: Mapping[str, tuple[str, str]] = {
    **_ID,
    "people": ("Residents", "people"),
    "change": ("Whether the zone gains or loses a minute or more to the last centre needed", "text"),
    "minutes_saved": ("Minutes saved to the last centre needed; one not reached counts with the longest time", "min"),
    "enters_test": ("Whether it meets the headline's test with the scenario only", "true/false"),
    "leaves_test": ("Whether it meets the headline's test without the scenario only", "true/false"),
}
_OF_EDITS: Mapping[str, tuple[str, str]] = {
    **_ID,
    "edit_id": ("Edit", "text"),
    "kind": ("Kind of edit", "text"),
    "what": ("What it changes", "text"),
    "edit_basis": ("Basis of the edit", "text"),
    "key": ("Number of the edit", "text"),
    "value": ("Its value", "text"),
    "basis": ("Its basis: stated, proposed, claimed, computed, recalled or assumed", "text"),
}
SCENARIO_LINES, SCENARIO_STOPS = "scenario_lines", "scenario_stops"  # layers
_OF_LINES: Mapping[str, tuple[str, str]] = {
    **_ID,
    "scenario": ("Title of the scenario", "text"),
    "status": ("Status, as the file's author states it", "text"),
    "edit_id": ("Edit that makes it", "text"),
    "number": ("Number of the line", "text"),
    "operator": ("Operator", "text"),
    "mode": ("Mode", "text"),
    "direction": ("Direction", "text"),
}
_OF_STOPS: Mapping[str, tuple[str, str]] = {
    **_ID,
    "scenario": ("Title of the scenario", "text"),
    "stop_id": ("Stop", "text"),
    "lines": ("Lines of the scenario that call", "text"),
    "new": ("Whether the timetable has no such stop", "true/false"),
}
# (table or layer, column) -> title, unit
SCENARIO_MEANINGS: Mapping[tuple[str, str], tuple[str, str]] = {
    (table, column): meaning
    for table, columns in (
        (_SCENARIO, _OF_SCENARIOS),
        (_PLACES, {**_ID, **_GAINS, **_SHARES}),
        (_ZONES, _OF_ZONES),
        (_EDITS, _OF_EDITS),
        (SCENARIO_LINES, _OF_LINES),
        (SCENARIO_STOPS, _OF_STOPS),
    )
    for column, meaning in columns.items()
}
