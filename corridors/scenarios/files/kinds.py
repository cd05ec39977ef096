"""The kinds of edits that a scenario file may have, each with its table."""

from collections.abc import Mapping

from corridors.scenarios.files.beside_tables import (
    InterchangeTable,
    LandUseTable,
    ReplaceFeedTable,
    StreetCloseTable,
    StreetLinkTable,
)
from corridors.scenarios.files.edit_tables import (
    AddStopTable,
    AddTripsTable,
    ChangeTimeTable,
    DivertTable,
    DwellTable,
    EditTable,
    ExtendTable,
    HeadwayTable,
    NewLineTable,
    OpenStationTable,
    RunTimeTable,
    SkipStopTable,
    ThroughRunTable,
    TruncateTable,
    WithdrawTable,
)

KINDS: Mapping[str, type[EditTable]] = {
    "new_line": NewLineTable,
    "extend": ExtendTable,
    "truncate": TruncateTable,
    "divert": DivertTable,
    "run_time": RunTimeTable,
    "dwell": DwellTable,
    "headway": HeadwayTable,
    "add_trips": AddTripsTable,
    "change_time": ChangeTimeTable,
    "withdraw": WithdrawTable,
    "skip_stop": SkipStopTable,
    "add_stop": AddStopTable,
    "open_station": OpenStationTable,
    "through_run": ThroughRunTable,
    "interchange": InterchangeTable,
    "street_link": StreetLinkTable,
    "street_close": StreetCloseTable,
    "land_use": LandUseTable,
    "replace_feed": ReplaceFeedTable,
}
