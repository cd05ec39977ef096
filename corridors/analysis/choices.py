"""What a run could have chosen otherwise and holds the figures for: catchments, sets of centres, hours."""

import pandas as pd

from corridors.access.centre_access import Access
from corridors.access.kpi import centre_sets
from corridors.config.run_config import RunConfig
from corridors.places.catchments import main_catchment
from corridors.scoring.uncertainty import Alternatives


def alternatives(config: RunConfig, access: Access, membership: pd.DataFrame, zones: pd.Index) -> Alternatives:
    """Catchments and definitions beside the run's own; `membership` has corridor_id, catchment, buffer_m, zone_id."""
    names = dict.fromkeys([main_catchment(config), *membership["catchment"]])
    members = {name: membership[membership["catchment"] == name].set_index("corridor_id")["zone_id"] for name in names}
    access_columns = {
        (name, window): pd.DataFrame(
            {
                "centres_within_cutoff": access.centres_within(counted=counted, times=times),
                "reliability": access.reliability(counted, times),
            },
            index=zones,
        )
        for name, counted in centre_sets(access).values()
        for window, times in access.windows.items()
    }
    return Alternatives(members, access_columns)
