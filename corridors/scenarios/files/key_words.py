"""What each key of a scenario file means, in one line: for the JSON Schema and for docs/configuration.md."""

from collections.abc import Mapping

_BETWEEN = "The two stops between which the edit acts."
_LAYOVER = "Minutes that a vehicle stands at the end of its line; counts towards vehicles."

# Name of the table's class -> key as it is written -> what it means.
SCENARIO_WORDS: Mapping[str, Mapping[str, str]] = {
    "HeadTable": {
        "id": "Short name: a-z, 0-9 and _.",
        "title": "What the scenario is called.",
        "status": "How far it is: proposed here, funded, aspiration.",
        "as_of": "The day of which the status is known.",
        "source": "Who says so.",
        "note": "Anything that readers should know.",
        "base": "The timetable that the file was written for; another one is refused.",
        "requires": "Ids of scenarios whose files must stand before this one.",
        "conflicts": "Ids of scenarios that it can't be combined with.",
        "costs": "Unit costs, only if money is to be counted.",
    },
    "BaseTable": {
        "date": "The day of the timetable.",
        "feeds": 'File name = "sha256:" and the digest of each timetable file.',
    },
    "CostTable": {
        "currency": "Such as GBP.",
        "vehicle_hour": "Cost of a vehicle-hour.",
        "vehicle_km": "Cost of a vehicle-kilometre.",
        "peak_vehicle": "Cost of a vehicle, for each service day.",
        "source": "Who says so.",
    },
    "TriedTable": {
        "at": "When it was answered.",
        "what": "The edits of that answer.",
        "edits": "How many edits it had.",
        "people_within_change": "People who meet the test more than in the base; below 0 fewer.",
        "gap_change": "Person-minutes beyond the cutoff more than in the base; below 0 fewer.",
    },
    "RangeTable": {
        "low": "Lowest value.",
        "central": "Value that is shown.",
        "high": "Highest value.",
    },
    "StopTable": {
        "id": "Id of the stop in the timetable.",
        "name": "Name of the stop.",
        "at": "Place, [latitude, longitude]; makes a new stop where the timetable has no such id.",
        "visit": "Which call is meant, where a trip calls twice.",
    },
    "LineTable": {
        "number": "Number of the line.",
        "operator": "Operator, where several have the number.",
        "direction": "Direction of the trips.",
        "variant": "A headsign, or 1 for the usual way.",
        "from": "First time of departure.",
        "to": "Last time of departure, excluded.",
        "expect_trips": "How many departures are meant; another number is an error.",
    },
    "LineName": {"number": "Number of the new line.", "operator": "Its operator."},
    "ServiceTable": {
        "from": "First time of departure.",
        "to": "Last time of departure, excluded.",
        "every": "Time between departures.",
        "vehicles": "Number of vehicles, instead of `every`.",
    },
    "EditTable": {
        "id": "Id of the edit, unique in the file.",
        "kind": "What the edit does.",
        "basis": "Where its numbers come from.",
        "source": "Who says so.",
        "note": "Anything that readers should know.",
    },
    "_Line": {"line": "The line whose trips change."},
    "_Hops": {
        "speed_kmh": "Speed between stops.",
        "run_s": "Seconds of each ride between neighbouring stops, instead of the speed.",
        "dwell_s": "Seconds at each stop.",
    },
    "_Inserted": {
        "stop": "The stop at which trips call too.",
        "between": _BETWEEN,
        "adds_s": "Seconds that the call adds, without the time at the stop.",
        "dwell_s": "Seconds at the stop.",
    },
    "NewLineTable": {
        "line": "Number and operator of the new line.",
        "stops": "Its stops, in order.",
        "mode": "Its mode.",
        "both_ways": "Whether it runs back too.",
        "service": "Departures by headway or vehicles.",
        "departures": "Exact departures, instead of `service`.",
        "departures_back": "Exact departures of the way back.",
        "layover_min": _LAYOVER,
        "days": "Weekdays on which it runs. By default the day of the run.",
        "wheelchair": "As in GTFS: 1 accessible, 2 not, 0 unknown.",
    },
    "ExtendTable": {"at": "The end from which trips go on.", "stops": "The new stops, in order."},
    "TruncateTable": {"at": "The stop at which trips end or start.", "keep": "Which part stays."},
    "DivertTable": {
        "between": _BETWEEN,
        "via": "The stops of the new way.",
        "anchor": "The stop at which times stay as they are.",
    },
    "RunTimeTable": {
        "between": _BETWEEN,
        "factor": "Factor on the run time.",
        "saved_s": "Seconds saved, instead of a factor.",
        "anchor": "The stop at which times stay as they are.",
        "released": "What vehicles do that are no longer needed: stay idle, or raise the frequency.",
        "layover_min": _LAYOVER,
    },
    "DwellTable": {
        "dwell_s": "Seconds at the stops.",
        "at": "The stops. By default all.",
        "anchor": "The stop at which times stay as they are.",
    },
    "HeadwayTable": {
        "every": "A headway in place of the line's departures.",
        "factor": "Factor on the headways; exact departures stay exact.",
        "layover_min": _LAYOVER,
    },
    "AddTripsTable": {
        "departures": "Exact departures of the added trips.",
        "service": "Added departures by headway or vehicles.",
        "layover_min": _LAYOVER,
    },
    "ChangeTimeTable": {"later": "How much later; with a minus, earlier."},
    "SkipStopTable": {"stops": "The stops that are left out.", "saves_s": "Seconds that each saves."},
    "OpenStationTable": {"lines": "The lines that call there."},
    "ThroughRunTable": {
        "first": "The line that arrives.",
        "second": "The line as which its trips go on.",
        "at": "The stop at which they go on.",
        "second_at": "The stop at which the second line begins, where it is another.",
        "max_wait": "Longest time between arriving and going on.",
    },
    "InterchangeTable": {
        "places": "The stops between which people change.",
        "minutes": "Minutes to change between any two of them, walk included.",
    },
    "StreetLinkTable": {
        "start": "One end, [latitude, longitude].",
        "end": "The other end, [latitude, longitude].",
        "metres": "Its length. By default the straight line.",
        "both_ways": "Whether it may be walked back too.",
    },
    "StreetCloseTable": {
        "start": "One end, [latitude, longitude].",
        "end": "The other end, [latitude, longitude].",
        "radius_m": "Metres round the line within which ways are closed.",
    },
    "LandUseTable": {
        "use": "homes, jobs, or the id of a kind of destination.",
        "at": "Place, [latitude, longitude].",
        "count": "How many homes or jobs.",
        "people_per_home": "Residents of a home.",
        "name": "What it is called.",
    },
    "ReplaceFeedTable": {"files": "Timetable files in place of the run's."},
}
