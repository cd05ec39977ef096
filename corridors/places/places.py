"""Places for which figures are given, as shares of zones: region, districts, corridors, pilots, deprivation deciles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridors.catalogue.place_kinds import REGION
from corridors.scoring.scores import Float

Bool = npt.NDArray[np.bool_]

MIN_ZONES, MIN_PEOPLE = 10, 100  # below either, a rate says more about chance than about the place
QUINTILES = 5


def is_small(parts: npt.ArrayLike, people: npt.ArrayLike) -> Bool:
    """Whether places of `parts` areas and `people` are too small for rates: every output withholds those of such places.

    The whole region is never withheld: it is what a run is asked about.
    """
    return np.asarray((np.asarray(parts) < MIN_ZONES) | (np.asarray(people) < MIN_PEOPLE))


@dataclass(frozen=True)
class Places:
    """Places, and the share of each zone's people that lives in each place.

    frame    RangeIndex; place_kind (region, district, corridor, pilot, imd_decile), place_id, place (name), parts (zones,
             or output areas, counted), unit ("zones", "output areas"), suppressed (rates withheld)
    shares   (n_places, n_zones) 0-1
    """

    frame: pd.DataFrame
    shares: Float

    def of_kind(self, *kinds: str) -> "Places":
        """The places of the given kinds."""
        of_kinds = self.frame["place_kind"].isin(kinds).to_numpy()
        return Places(self.frame[of_kinds].reset_index(drop=True), self.shares[of_kinds])

    def and_(self, other: "Places") -> "Places":
        """These places, followed by `other` places over the same zones."""
        frame = pd.concat([self.frame, other.frame], ignore_index=True)
        return Places(frame, np.concatenate([self.shares, other.shares]))


def places_of(kind: str, names: pd.Series, members: pd.Series, zones: pd.DataFrame, unit: str = "zones") -> Places:
    """Places made of whole zones: `names` is place id -> name, `members` zone ids indexed by place id (repeated)."""
    inside = np.stack([zones.index.isin(members[members.index == ident]) for ident in names.index]) if len(names) else (
        np.zeros((0, len(zones)), bool)
    )  # fmt: skip
    return shared_places(kind, names, inside.astype(float), inside.sum(axis=1).tolist(), zones, unit)


def shared_places(
    kind: str, names: pd.Series, shares: Float, parts: Sequence[int], zones: pd.DataFrame, unit: str
) -> Places:
    """Places from known shares of zones (n_places, n_zones), with `parts` areas each; small places are suppressed."""
    people = shares @ zones["population"].fillna(0.0).to_numpy(float)
    frame = pd.DataFrame(
        {
            "place_kind": kind,
            "place_id": [str(ident) for ident in names.index],
            "place": names.to_numpy(),
            "parts": list(parts),
            "unit": unit,
            "suppressed": is_small(parts, people) & (kind != REGION),
        }
    )
    return Places(frame, shares)


def usual_places(region: str, zones: pd.DataFrame) -> Places:
    """The region, its districts, and national deprivation deciles (1 = most deprived) where zones have them."""
    all_zones = pd.Series(zones.index, index=[REGION] * len(zones))
    places = places_of(REGION, pd.Series([region], index=[REGION]), all_zones, zones)
    districts = zones.groupby("district_code")["district_name"].first()
    places = places.and_(places_of("district", districts, _members(zones["district_code"]), zones))
    if "imd_decile" not in zones or zones["imd_decile"].isna().all():
        return places
    decile = zones["imd_decile"].dropna().astype(int)
    names = pd.Series({n: f"deprivation decile {n}" for n in sorted(decile.unique())})
    return places.and_(places_of("imd_decile", names, _members(decile), zones))


def _members(groups: pd.Series) -> pd.Series:
    return pd.Series(groups.index, index=groups.to_numpy())
