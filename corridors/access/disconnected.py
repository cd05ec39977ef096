"""Near but disconnected: who lives near a centre or an employment site, and takes far longer than others at that distance.

A threshold in minutes finds nobody near a place, since 3 km in 45 minutes is a walking pace. So each zone's time to a place is
compared with what residents of the region take to any such place at the same straight distance.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.access.centre_access import Access, Bool, Float
from corridors.catalogue.near import NEAR_KM, NEAR_RADII_KM, SLOWER_TIMES
from corridors.inputs.read import Context
from corridors.places.places import MIN_ZONES
from corridors.scoring.scores import weighted_quantile

_BAND_KM = 1.0  # distances that differ by less count as the same


@dataclass(frozen=True)
class Nearness:
    """Distances and times of every zone to every place: a centre of the headline's set, or an employment site."""

    zone_ids: pd.Index
    people: Float  # (n_zones,)
    place_ids: list[str]
    names: list[str]
    distance_km: Float  # (n_zones, n_places), straight
    minutes: (
        Float  # (n_zones, n_places) at the median departure; a place not reached counts with the longest time searched
    )
    reaches_none: Bool  # (n_zones,) whose points may not be where people live: `corridors.access.unreached` counts them
    yardstick: "Nearness | None" = None  # whose usual minutes count; None: its own

    def measured_by(self, before: "Nearness") -> "Nearness":
        """These minutes beside what was usual `before`, and of zones that reached a centre then.

        Whoever is left with nothing after a change is not spared by it, and slower services for all help nobody.
        """
        return replace(self, reaches_none=before.reaches_none, yardstick=before)

    @cached_property
    def usual_minutes(self) -> Float:
        """(n_zones, n_places) median minutes of residents as far from a place, to the kilometre; NaN for few zones."""
        if self.yardstick is not None:
            return self.yardstick.usual_minutes
        usual = np.full(self.minutes.shape, np.nan)
        band = np.floor(self.distance_km / _BAND_KM).astype(int)
        weights = np.where(self.reaches_none, 0.0, self.people)[:, None] * np.ones(self.minutes.shape)
        for number in range(int(max(NEAR_RADII_KM) / _BAND_KM) + 1):
            inside = (band == number) & (weights > 0)
            if inside.any(axis=1).sum() >= MIN_ZONES:
                usual[band == number] = weighted_quantile(self.minutes[inside], weights[inside], 0.5)
        return usual

    def disconnected(self, radius_km: float = NEAR_KM) -> Bool:
        """Whether a place is within the radius of each zone, and takes far longer than usual there, (n_zones, n_places)."""
        slow = self.minutes >= SLOWER_TIMES * self.usual_minutes  # the comparison is False for NaN
        return np.asarray((self.distance_km <= radius_km) & slow & ~self.reaches_none[:, None])

    def zones(self) -> pd.Series:
        """Whether each zone is near any place but disconnected; index zone_id."""
        return pd.Series(self.disconnected().any(axis=1), index=self.zone_ids, name="near_but_disconnected")

    def by_place(self) -> pd.DataFrame:
        """place_id, place, radius_km, zones, people, minutes and usual_minutes (means over these people), for every radius."""
        rows = []
        for radius_km in NEAR_RADII_KM:
            disconnected = self.disconnected(radius_km)
            for number, (ident, name) in enumerate(zip(self.place_ids, self.names, strict=True)):
                here = disconnected[:, number]
                people = self.people[here]
                means = [
                    float(np.average(minutes[here, number], weights=people)) if people.sum() > 0 else np.nan
                    for minutes in (self.minutes, self.usual_minutes)
                ]
                rows.append((ident, name, radius_km, int(here.sum()), float(people.sum()), *means))
        return pd.DataFrame(
            rows, columns=["place_id", "place", "radius_km", "zones", "people", "minutes", "usual_minutes"]
        )


def nearness(access: Access, context: Context) -> Nearness:
    """Distances and times of every zone to the centres of the headline's set and to the employment sites."""
    employment = context.sites["status"].ne("housing").to_numpy(bool)
    centres, sites = context.centres[access.centre_default], context.sites[employment]
    places = np.concatenate([_xy(centres), _xy(sites)])
    zones = context.points[["x", "y"]].to_numpy()
    metres = np.hypot(zones[:, None, 0] - places[None, :, 0], zones[:, None, 1] - places[None, :, 1])
    minutes = np.concatenate(
        [access.minutes(access.centres)[:, access.centre_default], access.minutes(access.sites)[:, employment]], axis=1
    )
    return Nearness(
        zone_ids=context.zones.index,
        people=context.values["population"].fillna(0.0).to_numpy(float),
        place_ids=[*centres.index, *sites.index],
        names=[*centres["name"], *sites["name"]],  # a site may have the id of a centre
        distance_km=metres / 1000,
        minutes=np.where(np.isnan(minutes), access.spec.max_duration_s / 60, minutes),
        reaches_none=access.reaches_none(),
    )


def _xy(places: gpd.GeoDataFrame) -> Float:
    return np.column_stack([places.geometry.x, places.geometry.y])
