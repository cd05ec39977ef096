"""Jobs beyond the zones: those within the cutoff count, those inside a zone not twice, and bad rows are counted."""

import pytest

from corridors.access.centre_access import measure_access, zone_access
from corridors.config.run_config import load_config
from corridors.errors import ConfigError
from corridors.inputs.read import read_context, read_network
from corridors.places.requirements import require_answerable
from layers import LayersError
from tests.support.small_region import STOPS, SmallRegion, position

WEST_M = 1100.0  # of stop A, and 600 m outside the zone round it
_SECTION = '[jobs_outside]\nfile = "beyond.csv"\nid = "code"\n\n[centres]'


def beyond(region: SmallRegion, *rows: dict[str, object]) -> None:
    """Name these jobs in the configuration as lying beyond the zones."""
    region.table("beyond.csv", rows)
    if "[jobs_outside]" not in region.config.read_text(encoding="utf-8"):
        region.replace("config.toml", "[centres]", _SECTION)


def outside_a(jobs: object, code: str = "W") -> dict[str, object]:
    """Jobs `WEST_M` west of stop A; a degree of longitude is 0.61 of one of latitude there."""
    lon, lat = position("A")
    return {"code": code, "lon": lon - WEST_M / 1113.2 * 0.01 / 0.6088, "lat": lat, "jobs": jobs}


def jobs_reached(region: SmallRegion) -> dict[str, float]:
    """Jobs within the cutoff by zone."""
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    frame = zone_access(measure_access(config, context, network), context, network)
    return dict(frame["jobs_within_cutoff"])


def test_a_job_beyond_the_zones_counts_for_those_who_reach_it_in_time(region: SmallRegion) -> None:
    """From stop A a walk of 1,100 m x 1.3 at 4.8 km/h, 17.9 minutes; from the n-th stop after it n x 5 + 6 more.

    So it takes 43.9 minutes from E and 48.9 from F, and the limit is 45.
    """
    own = jobs_reached(region)
    beyond(region, outside_a(70))
    more = {zone: jobs - own[zone] for zone, jobs in jobs_reached(region).items()}
    assert {zone: gain for zone, gain in more.items() if zone.endswith("0")} == {
        **{f"Z{stop}0": 70 for stop in STOPS[:-1]},
        "ZF0": 0,
    }


def test_jobs_that_do_no_harm_are_counted(region: SmallRegion) -> None:
    """In a zone, without a point, withheld, a thousand kilometres away, on the other side of the world."""
    own = jobs_reached(region)
    lon, lat = position("B")
    beyond(
        region,
        {"code": "inside", "lon": lon, "lat": lat, "jobs": 500},
        {"code": "nowhere", "lon": "", "lat": lat, "jobs": 500},
        outside_a("*", "withheld"),
        {"code": "far", "lon": lon, "lat": lat - 9, "jobs": 500},
        {"code": "antipode", "lon": lon + 180, "lat": -lat, "jobs": 500},
    )
    assert jobs_reached(region) == own
    warned = {one.code: one for one in read_context(load_config(region.config)).warnings}
    assert warned["jobs_outside_in_a_zone"].sample == ("inside",)
    assert set(warned["jobs_outside_unusable"].sample) >= {"nowhere", "withheld"}
    assert warned["jobs_outside_in_a_zone"].share == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"jobs": -1}, r"beyond.csv: column jobs holds jobs below 0 \(W\)"),
        ({"jobs": "many"}, r"beyond.csv: column jobs: 1 cells are not numbers"),
        ({"lat": 250_000}, "no longitude and latitude in WGS84 degrees"),
    ],
)
def test_a_table_that_can_not_be_meant_is_refused(region: SmallRegion, row: dict[str, object], said: str) -> None:
    beyond(region, {**outside_a(70), **row})
    with pytest.raises(LayersError, match=said):
        read_context(load_config(region.config))


def test_jobs_beyond_the_zones_need_jobs_in_the_zones(region: SmallRegion) -> None:
    beyond(region, outside_a(70))
    region.replace("config.toml", 'fields.jobs = { column = "jobs", kind = "count", unit = "jobs" }\n', "")
    config = load_config(region.config)
    with pytest.raises(ConfigError, match="no layer gives those of the zones"):
        require_answerable(config, read_context(config))


def test_more_points_than_a_run_can_search_are_refused(region: SmallRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridors.places.requirements.MOST_OF_A_KIND", 1)
    beyond(region, outside_a(70), outside_a(70, "V"))
    config = load_config(region.config)
    with pytest.raises(ConfigError, match="2 points of jobs_outside are too many for one run; at most 1"):
        require_answerable(config, read_context(config))


def test_the_inputs_of_a_run_name_the_table(region: SmallRegion) -> None:
    beyond(region, outside_a(70))
    row = {one.id: one for one in read_context(load_config(region.config)).provenance}["jobs_outside"]
    assert (row.file, row.rows, row.source) == ("beyond.csv", 1, "not stated")
