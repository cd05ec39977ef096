"""Agreement with two other engines on Porto Alegre: cafein 0.29 and R5 7.5.1, door to door, median of 120 departures.

`python -m benchmarks.porto_alegre` prints the agreement table and the worst pairs.

The references beside the data were made from the filled EPTC bus feed and the Trensurb rail feed together, Monday
2019-05-13, 13:00-15:00, walking 3.6 km/h in legs of at most 20 minutes; the one of cafein was reproduced to the second.
Both take as median the 61st of the 120 departures in order (index 60), we the 60th (nearest rank), so the 61st is
asked for here. R5 gives up after 120 minutes, cafein never.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from accessibility.feed import read_feed
from accessibility.legs import Points, Walk, points
from accessibility.search.door_to_door import travel_times
from accessibility.search.spec import SearchSpec
from accessibility.streets.osm_ways import Rule
from accessibility.streets.read import StreetNetwork
from accessibility.streets.tags import passage
from accessibility.timetable.timetable import Timetable, build_timetable
from benchmarks.shared import PORTO_ALEGRE
from benchmarks.street_rules import cafein_passage, r5_passage, read_streets_by

DATE = dt.date(2019, 5, 13)
STREETS = PORTO_ALEGRE / "poa_osm.pbf"
FILLED, RAW, RAIL = (PORTO_ALEGRE / f"poa_{name}.zip" for name in ("eptc_filled", "eptc", "trensurb"))
WITHIN_MIN = (1, 2, 5)
MEDIAN = 50.0  # the 60th of 120
THEIR_MEDIAN = 50.5  # the 61st of 120


@dataclass(frozen=True)
class Reference:
    """Another engine's answers and how they were made."""

    name: str
    file: Path
    rule: Rule  # which ways it walks on
    board_slack_s: int
    whole_minutes: bool  # answers are floored to minutes
    max_duration_s: int

    def minutes(self) -> pd.Series:
        """Median minutes on (from_id, to_id), NaN = unreachable; the pairs in the order of our points."""
        answers = pd.read_csv(self.file).set_index(["from_id", "to_id"])["p50"]
        return answers.reindex(_pairs(read_points("points.csv"), read_points("dests9.csv")))

    def spec(self) -> SearchSpec:
        """The same question put to our engine."""
        return SearchSpec(
            window_start_s=13 * 3600,
            window_end_s=15 * 3600,
            walk=Walk(speed_kmh=3.6, max_s=1200),
            board_slack_s=self.board_slack_s,
            max_duration_s=self.max_duration_s,
            percentiles=(MEDIAN, THEIR_MEDIAN),
        )


CAFEIN = Reference("cafein", PORTO_ALEGRE / "reference" / "cafein_0.29_p50_min.csv", cafein_passage, 0, False, 14_400)
R5 = Reference("R5", PORTO_ALEGRE / "reference" / "r5_7.5.1_p50_min.csv", r5_passage, 60, True, 7_200)


def read_points(name: str) -> Points:
    """One of the point files beside the data."""
    table = pd.read_csv(PORTO_ALEGRE / name)
    return points(table["id"], table["lon"], table["lat"])


def read_timetable(bus: Path = FILLED) -> Timetable:
    """The bus feed and the rail feed on the day of the references."""
    return build_timetable(read_feed([bus, RAIL]), DATE)


def median_minutes(
    timetable: Timetable, streets: StreetNetwork, reference: Reference, percentile: float = THEIR_MEDIAN
) -> pd.Series:
    """Our median minutes for a reference's question, on (from_id, to_id), NaN = unreachable."""
    origins, destinations = read_points("points.csv"), read_points("dests9.csv")
    times = travel_times(timetable, streets, origins, destinations, reference.spec())
    seconds = pd.Series(times.percentile_s(percentile).ravel(), index=_pairs(origins, destinations))
    minutes: pd.Series = seconds / 60
    return minutes.map(np.floor) if reference.whole_minutes else minutes


def agreement(ours: pd.Series, theirs: pd.Series) -> dict[str, float]:
    """Shares of pairs within 1, 2 and 5 minutes; a pair that only one of the two reaches agrees with nothing."""
    either = ours.notna() | theirs.notna()
    apart = (ours - theirs)[either].abs().fillna(np.inf)
    shares = {f"within {minutes} min": float((apart <= minutes).mean()) for minutes in WITHIN_MIN}
    return {"pairs": len(apart), "only one reaches": int(np.isinf(apart).sum()), **shares}


def _pairs(origins: Points, destinations: Points) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([origins.ids, destinations.ids], names=["from_id", "to_id"])


def main() -> None:
    """Print the table of agreement, by our rule of streets and by theirs, and the ten worst pairs of each."""
    timetable = read_timetable()
    rows, worst = [], []
    for reference in (CAFEIN, R5):
        theirs = reference.minutes()
        for streets_by, rule in (("ours", passage), ("theirs", reference.rule)):
            ours = median_minutes(timetable, read_streets_by(rule, STREETS), reference)
            rows.append({"reference": reference.name, "rule of streets": streets_by, **agreement(ours, theirs)})
            apart = pd.DataFrame({"ours": ours, "theirs": theirs, "apart": ours - theirs})
            apart = apart.reindex(apart["apart"].abs().sort_values(ascending=False, kind="stable").index).head(10)
            worst.append(f"\n{reference.name}, rule of streets {streets_by}\n{apart.round(1).to_string()}")
    print(pd.DataFrame(rows).round(4).to_string(index=False), *worst, sep="\n")


if __name__ == "__main__":
    main()
