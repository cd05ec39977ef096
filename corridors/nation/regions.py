"""Which region each zone and each centre belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context
from corridors.results import RunWarning
from layers import SAMPLE_SIZE

Int = npt.NDArray[np.int64]
NO_REGION = -1


@dataclass(frozen=True)
class Regions:
    """Regions, ascending by id, and whose are the zones and the centres (in their orders)."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    of_zone: Int  # (n_zones,) number of the region
    of_centre: Int  # (n_centres,) of the headline's set; number of the region, `NO_REGION` where one lies in no zone

    def warnings(self, centre_ids: npt.NDArray[np.object_]) -> tuple[RunWarning, ...]:
        """A warning that counts the centres in no region, and one that counts the regions without a centre."""
        outside = self.of_centre == NO_REGION
        bare = np.bincount(self.of_centre[~outside], minlength=len(self.ids)) == 0
        found = (
            (
                "centres_in_no_region",
                outside,
                centre_ids,
                "these centres lie in no zone and are nobody's own",
            ),
            (
                "regions_without_centres",
                bare,
                np.array(self.ids, object),
                "of these regions the headline can't be asked",
            ),
        )
        return tuple(
            RunWarning(code, int(which.sum()), float(which.mean()), tuple(map(str, ids[which][:SAMPLE_SIZE])), effect)
            for code, which, ids, effect in found
            if which.any()
        )


def regions_of(config: RunConfig, context: Context) -> Regions:
    """The regions of a configuration with `[scale]`: a centre belongs to the region of the zone in which it lies."""
    region_of_district = _by_district(config)
    codes = context.zones["district_code"].astype(str)
    own = codes.map(region_of_district)
    ids = tuple(sorted(set(own)))
    number = {region: place for place, region in enumerate(ids)}
    of_zone = own.map(number).to_numpy(np.int64)
    counted = context.centres.geometry[context.centres["default"].to_numpy(bool)]
    row, zone = context.zones.sindex.query(counted, predicate="intersects", sort=True)
    centre, first = np.unique(row, return_index=True)  # one on a border belongs to the first of its zones
    of_centre = np.full(len(counted), NO_REGION, np.int64)
    of_centre[centre] = of_zone[zone[first]]
    names = {**config.region.districts, **{region: region for region in _regions(config)}}
    return Regions(ids, tuple(names[region] for region in ids), of_zone, of_centre)


def _regions(config: RunConfig) -> Mapping[str, list[str]]:
    return {} if config.scale is None else config.scale.regions


def _by_district(config: RunConfig) -> dict[str, str]:
    """District code -> id of its region."""
    gathered = {code: region for region, codes in _regions(config).items() for code in codes}
    return {code: gathered.get(code, code) for code in config.region.districts}
