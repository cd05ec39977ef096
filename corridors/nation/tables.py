"""Tables of a run over many regions: each region in each scenario, and each zone."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.access.kpi import share_of_people
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context
from corridors.nation.answers import BASE, NOWHERE, Int, NationAnswer, Reach
from corridors.nation.regions import NO_REGION, Regions

ALL = "all"


def regions_table(
    config: RunConfig, people: Mapping[str, pd.Series], regions: Regions, answer: NationAnswer
) -> pd.DataFrame:
    """A row for each scenario and region, and for all regions together; `people` are the zones' residents in each scenario.

    Columns: scenario, region, region_name, zones, people, centres (in the region), people_asked (whose region has
    `centres_at_least` centres), people_within and share (of these, who reach as many of their own region's centres in time; empty
    where the region has fewer), people_within_any and share_any (of all people,
    centres of any region), people_nearest_across and share_nearest_across (whose nearest centre is another region's),
    people_reaching_none, mean_nearest_min (of those who reach a centre).
    """
    counted = _centres_counted(regions)
    rows = [
        row
        for scenario, reach in answer.reaches.items()
        for row in _rows(scenario, config.kpi.centres_at_least, people[scenario], regions, reach, counted)
    ]
    return pd.DataFrame(rows)


def _centres_counted(regions: Regions) -> Int:
    """(n_regions,) centres of the headline's set that lie in each region."""
    return np.bincount(regions.of_centre[regions.of_centre != NO_REGION], minlength=len(regions.ids))


def _rows(  # one row's parts
    scenario: str, least: int, people: pd.Series, regions: Regions, reach: Reach, centres: Int
) -> list[dict[str, object]]:
    of_nearest = np.where(reach.nearest == NOWHERE, NO_REGION, regions.of_centre[reach.nearest])
    across = (reach.nearest != NOWHERE) & (of_nearest != regions.of_zone)
    asked = centres[regions.of_zone] >= least
    every = np.ones(len(people), bool)
    places = [(ALL, "all regions", every, int(centres.sum()))]
    places += [
        (ident, regions.names[number], regions.of_zone == number, int(centres[number]))
        for number, ident in enumerate(regions.ids)
    ]
    rows = []
    for ident, name, inside, n_centres in places:
        share, within, n_asked = share_of_people(people[inside & asked], (reach.own_within >= least)[inside & asked])
        share_any, within_any, total = share_of_people(people[inside], (reach.within >= least)[inside])
        share_across, people_across, _ = share_of_people(people[inside], across[inside])
        reached = inside & (reach.nearest != NOWHERE)
        known = people.fillna(0.0).to_numpy(float)[reached]
        rows.append(
            {
                "scenario": scenario,
                "region": ident,
                "region_name": name,
                "zones": int(inside.sum()),
                "people": total,
                "centres": n_centres,
                "people_asked": n_asked,
                "people_within": within if (inside & asked).any() else np.nan,
                "share": share,
                "people_within_any": within_any,
                "share_any": share_any,
                "people_nearest_across": people_across,
                "share_nearest_across": share_across,
                "people_reaching_none": total - float(known.sum()),
                "mean_nearest_min": float(known @ reach.nearest_min[reached] / known.sum()) if known.sum() else np.nan,
            }
        )
    return rows


def zones_frame(config: RunConfig, context: Context, regions: Regions, answer: NationAnswer) -> gpd.GeoDataFrame:
    """The zones with what they reach; index zone_id.

    name, district_code, region, population, own_centres_within, centres_within, meets_kpi (own region's centres), meets_any,
    minutes_to_nearest_own, minutes_to_nearest, nearest_id, nearest_region; meets_kpi_ID and minutes_to_nearest_ID of scenarios.
    """
    least, base = config.kpi.centres_at_least, answer.reaches[BASE]
    centre_ids = context.centres.index[context.centres["default"].to_numpy(bool)].to_numpy(object)
    reached = base.nearest != NOWHERE
    nearest_region = np.where(reached, regions.of_centre[base.nearest], NO_REGION)
    named = np.array([*regions.ids, ""], object)  # the last is NO_REGION's
    columns: dict[str, object] = {
        "region": named[regions.of_zone],
        "population": context.values["population"].to_numpy(),
        "own_centres_within": base.own_within,
        "centres_within": base.within,
        "meets_kpi": base.own_within >= least,
        "meets_any": base.within >= least,
        "minutes_to_nearest_own": base.nearest_own_min,
        "minutes_to_nearest": base.nearest_min,
        "nearest_id": np.where(reached, centre_ids[base.nearest], ""),
        "nearest_region": named[nearest_region],
    }
    for scenario, reach in answer.reaches.items():
        if scenario != BASE:
            columns[f"meets_kpi_{scenario}"] = reach.own_within >= least
            columns[f"minutes_to_nearest_{scenario}"] = reach.nearest_min
    zones = context.zones[["name", "district_code", "geometry"]]
    return zones.join(pd.DataFrame(columns, index=zones.index))
