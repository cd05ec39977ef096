"""What each key of a configuration means, in one line: for the JSON Schema, which editors show, and for docs/configuration.md."""

from collections.abc import Mapping

from pydantic import BaseModel

_OF_INPUT = {
    "source": "Who published the input; stands in the report and in the layers.",
    "licence": "Under which licence it was published.",
    "vintage": "How old it is: the year or the edition.",
}
_LON_LAT = {
    "lon": "Column of the longitude in degrees (WGS84).",
    "lat": "Column of the latitude in degrees (WGS84).",
}

# Name of the section's class -> key -> what it means.
KEY_WORDS: Mapping[str, Mapping[str, str]] = {
    "RunConfig": {
        "region": "The region: its name, coordinate system and districts.",
        "timetable": "The timetables, and the day on which people travel.",
        "streets": "The streets on which people walk; without a file they walk in straight lines times a detour factor.",
        "base_map": "What maps draw under and between the zones; by default what the streets' file holds.",
        "zones": "The areas whose residents are counted.",
        "layers": "Tables of values by zone: residents, jobs, deprivation and others. One of them gives `population`.",
        "rasters": "Rasters of counts that give the zones one field each.",
        "centres": "The strategic centres that people are to reach.",
        "corridors": "Corridors, for which figures are given. Leave the section out where there are none.",
        "pilots": "Town-centre pilots, for which figures are given. Leave the section out where there are none.",
        "sites": "Employment and opportunity sites. Leave the section out where there are none.",
        "jobs_outside": "Jobs beyond the zones that residents may reach.",
        "destinations": "Kinds of places that people travel to other than the centres, such as hospitals.",
        "scenarios": "Scenario files, each answered alone; written before the first section.",
        "search": "How people travel: when, how far they walk, how long.",
        "kpi": "The headline: how many centres within how many minutes.",
        "hours": "The headline through the day and on the way home.",
        "periods": "Parts of days for which the headline is answered anew.",
        "observed": "What ran on past days, to be set beside the timetable; a text is the file of one day.",
        "scale": "Many regions at once, each with its own centres, answered block by block; `corridors run` then writes these.",
        "scoring": "Which measures count as need, opportunity and connectivity, and what they weigh.",
        "outputs": "What is written beside the tables.",
    },
    "SourcedSection": _OF_INPUT,
    "PerhapsSourcedSection": _OF_INPUT,
    "RegionSection": {
        "name": "Name of the region, as titles give it.",
        "slug": "Short name: a-z, 0-9 and _. It names the files of layers.",
        "crs": "Coordinate system in which the region is measured: projected, in metres, true to 1 % at the zones.",
        "illustrative": "true where people, deprivation or jobs are invented; every page, layer and table then says so.",
        "note": "In a few words, which geography the figures are for.",
        "nation": "Whose index of deprivation the deciles belong to. By default that of the districts' GSS codes.",
        "strategy": "Name of a bundled strategy whose published figure and framework stand beside the run's figures.",
        "districts": "Code of each district = its name. Zones of other districts are left out.",
    },
    "TimetableSection": {
        "feeds": "Timetable files: GTFS (zip or folder) or TransXChange (.xml or a zip of it).",
        "date": "The day on which people travel: a working day in term.",
        "synthetic": "true where the timetable is not the one that runs; every page then says so.",
        "stop_locations": "CSV of stops and their places, such as NaPTAN, for TransXChange without coordinates.",
        "overlapping_registrations": "A service that stands in the feeds twice: leave the smaller one out, or run both.",
        "calls_by_arrangement": "Calls to be booked or agreed with the driver: all open, only the latter, or all closed.",
    },
    "StreetsSection": {
        "file": "Streets: .osm.pbf, .osm, .osm.gz, .osm.bz2 or .graphml.",
        "beyond": "Streets of neighbouring areas, joined to the region's.",
        "elevation": "GeoTIFF of heights in metres, so that slopes change the walking speed.",
        "detour": "Factor on straight lines, where there are no streets.",
    },
    "BaseMapSection": {
        "show": "Whether maps draw roads, rail, water, green and built-up land and names of places.",
        "file": "Instead of the streets' file: another .osm.pbf, or a layer with the columns kind, class and name (docs/map.md).",
        "layer": "Layer of the file, where it holds several.",
    },
    "ZonesSection": {
        "file": "Polygons: .gpkg, .geojson, .shp, .fgb or .parquet.",
        "layer": "Layer of the file, where it holds several.",
        "id": "Column of the zones' codes, which tables refer to.",
        "name": "Column of the zones' names; may be the column of the codes.",
        "geography": "What the zones are, with their vintage, such as LSOA 2021.",
        "district": 'Where the district of each zone is found: { column = "..." } of the zones, or a lookup table.',
        "points": "Table with one point for each zone at which its people's journeys start. By default a point inside.",
        "finer": "Table of points of smaller areas, at which the people of a zone are shared out.",
    },
    "DistrictColumn": {"column": "Column of the zones that holds the code of the district."},
    "DistrictLookup": {
        "file": "CSV with a row for each zone.",
        "zone": "Column of the zone's code.",
        "district": "Column of the district's code.",
    },
    "PointsTable": {"file": "CSV with a row for each zone.", "id": "Column of the zone's code.", **_LON_LAT},
    "FinerPoints": {
        "file": "CSV with a row for each point.",
        "id": "Column of the point's code.",
        **_LON_LAT,
        "people": "Column of the residents at each point. By default all points of a zone count the same.",
        "geography": "What the points stand for, such as output areas 2021.",
    },
    "LayerSection": {
        "id": "Short name of the layer: a-z, 0-9 and _.",
        "title": "What the layer is called.",
        "file": "CSV with a row for each area.",
        "key": "Column of the area's code.",
        "geography": "What the areas are, with their vintage: that of the zones, or another with a `lookup`.",
        "fields": "Name of the field = its column and kind. The known names are listed below.",
        "lookup": "How values of another geography come to the zones: a lookup table, outlines, or points of people.",
        "share_by": "Field of the zones by which an area's counts are shared out among its zones.",
    },
    "FieldSection": {
        "column": "Column of the table.",
        "kind": "count (added up), rate (averaged by people), decile, score or rank.",
        "unit": "Unit, such as people, jobs or ha. Of a rate: fraction, percent, or count (of the field `base`).",
        "base": "Column of the people among whom a rate with the unit count is counted.",
    },
    "LookupSection": {
        "file": "CSV with a row for each pair of an area and a zone.",
        "source": "Column of the area's code.",
        "target": "Column of the zone's code.",
        "weight": "Column of the share of the area that lies in the zone.",
        "change": "Column of the codes of change between editions: U, S, M, X.",
    },
    "OutlinesSection": {
        "file": "Outlines of the layer's areas; values are shared out by area.",
        "id": "Column of the area's code.",
    },
    "PeoplePointsSection": {
        "file": "CSV of points at which people live; values are shared out by people.",
        "source": "Column of the code of the layer's area.",
        **_LON_LAT,
        "weight": "Column of the people at the point.",
    },
    "RasterSection": {
        "id": "Short name of the raster: a-z, 0-9 and _.",
        "title": "What the raster is called.",
        "file": "GeoTIFF of counts: people in each cell.",
        "field": "Field of the zones that it gives.",
        "unit": "Unit of the field.",
    },
    "PlacesSection": {"file": "CSV of the places, or a layer of them; its columns stand below."},
    "CentresSection": {"radius_m": "Metres from the centre's point within which one has arrived."},
    "CorridorsSection": {
        "file": "CSV of waypoints, or a layer of lines.",
        "facts": "CSV of what is known of the corridors.",
        "buffer_m": "Metres from the line within which a zone belongs to the corridor.",
        "buffers_beside_m": "Other distances, whose figures are always shown beside.",
    },
    "PilotsSection": {"instead": "Id of a pilot = id of the row of the same file that takes its place."},
    "JobsOutsideSection": {
        "file": "CSV of points beyond the zones.",
        "id": "Column of the point's code.",
        **_LON_LAT,
        "jobs": "Column of the jobs at the point.",
    },
    "DestinationsSection": {
        "id": "Short name: a-z, 0-9 and _. It names the columns minutes_to_ID and reaches_ID.",
        "title": "One of these places in words, such as hospital.",
        "cutoff_min": "Minutes within which one counts as reached. By default the headline's.",
        "radius_m": "Metres from a place within which one has arrived.",
    },
    "SearchSection": {
        "window": "Times at which people leave, HH:MM-HH:MM, the end excluded.",
        "step_s": "Seconds between departures that are tried; 0: every instant, nothing is sampled.",
        "walk_kmh": "Walking speed on level ground.",
        "max_walk_min": "Longest walk to the first stop and from the last one.",
        "board_slack_s": "Seconds between reaching a stop and boarding, at every boarding.",
        "percentiles": "Percentiles of the time over the window; 50 must be one, each other is a variant of the headline.",
        "cutoffs_min": "Time limits for which shares of departures are kept; the headline's must be one of them.",
        "max_min": "Longest journey, 1.5 times the cutoff or more; longer ones count as unreachable.",
        "max_rides": "Most rides of a journey. By default there is no limit.",
        "max_change_walk_min": "Longest walk between two rides. By default `max_walk_min`.",
        "modes": "Modes that people ride, such as bus and tram. By default all.",
        "wheelchair": "Board only what the feed marks as accessible (required), or also what it says nothing about.",
    },
    "KpiSection": {
        "cutoff_min": "Time limit of the headline.",
        "centres_at_least": "How many centres have to be reached within it.",
        "without": "Ids of centres that variants leave out, one in each.",
        "technical_choices": "Whether walks, boarding and centre points are varied too; each takes a search.",
    },
    "HoursSection": {
        "usual_periods": "Whether the usual parts of the week (data/periods.toml) stand before one's own `[[periods]]`.",
        "curve": "Whole hours of the working day for which the headline is asked one by one, HH:MM-HH:MM.",
        "there_by": "Time by which one has to be in the centres, for the way there and back.",
        "home_after": "Times at which one leaves for home: at the median departure of the hour after each.",
    },
    "PeriodSection": {
        "id": "Short name: a-z, 0-9 and _. It names the columns meets_kpi_ID and needed_minutes_ID.",
        "title": "What the period is called, such as Evening.",
        "days": "weekday (the run's date, or the working day nearest to it), saturday, sunday (the nearest), or a date.",
        "from": "First departure, HH:MM; hours past 24:00 are those after midnight.",
        "to": "End of the departures, HH:MM, excluded.",
    },
    "ObservedSection": {
        "feeds": "Corrected feeds of one day: GTFS with the times at which trips ran, as tools make it from vehicle positions.",
        "delays": "Table (.csv, .parquet) of delays: line, stop, hour, delay_s, and where it has them date and operator.",
        "date": "Day of the feeds, where they hold several; day of the delays, where the table has no dates.",
        "modes": "Modes that the observations cover, such as bus; others run as timetabled. By default those that they hold.",
        "columns": 'Columns of the table under other names: { line = "LineRef", delay_s = "mean_delay" }.',
        "synthetic": "true where the observations were made by rule; every page, layer and table then says so.",
    },
    "ScaleSection": {
        "engine": "Who searches: local (the threads of this machine) or dask (a cluster; the extra `cluster`).",
        "address": "Dask scheduler, such as tcp://10.0.0.5:8786. By default one of this machine.",
        "parts": "Number of parts in which the network is prepared, so that less memory is needed; no answer depends on it.",
        "regions": "Id of each region of several districts = their codes; every other district is a region of its own.",
    },
    "ScoringSection": {
        "combined": "Whether a combined rank of the corridors is given beside the three dimensions.",
        "preset": "Weights of the three dimensions in the combined rank.",
        "weights": "Weights of your own instead: need, opportunity and connectivity, together 1.",
        "connectivity": "Whether the combined rank counts the lack of connectivity, or its level.",
        "indicators": "Measures of each dimension, instead of the usual ones.",
        "editions": "Other editions of scored figures, over which ranks are drawn too.",
        "draws": "Number of random draws of ranks.",
        "seed": "Seed of the draws: the same seed gives the same figures.",
    },
    "EditionSection": {
        "name": "What the edition is called.",
        "columns": "Scored field = the field that stands in for it.",
    },
    "OutputsSection": {
        "surface_cell_m": "Side of the cells of the rasters.",
        "papers": "Whether the report is also written as a Word document and as PDFs.",
        "tiles": "Online background of the map. Without it the map asks the network for nothing.",
        "zone_to_zone": "Whether the map answers where one can get to from any zone, and from where one gets there.",
        "zone_to_zone_most": "Number of zones above which it doesn't: time and file grow with its square.",
    },
    "TilesSection": {
        "url": "Address of the tiles, with {z}, {x} and {y}.",
        "attribution": "What their publisher asks to be shown.",
    },
}


def meaning_of(model: type[BaseModel], key: str, words: Mapping[str, Mapping[str, str]] = KEY_WORDS) -> str:
    """What a key means in a section or one of its bases. Raises KeyError for a key without words."""
    for section in model.__mro__:
        if key in words.get(section.__name__, {}):
            return words[section.__name__][key]
    raise KeyError(f"{model.__name__}.{key}")
