"""Times between all zones: those of `corridors matrix`, rounded up to steps of a byte."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from corridors.access.centre_access import measure_access
from corridors.access.zone_pairs import zone_to_zone
from corridors.catalogue.zone_times import in_steps, step_for
from corridors.config.question import OutputsSection
from corridors.config.run_config import load_config
from corridors.inputs.read import read_context, read_network
from maps import UNREACHED_STEPS
from tests.support.cli import corridors
from tests.support.feeds import csv_text, feed_text
from tests.support.small_region import SmallRegion, good_trips


def test_they_are_those_of_the_matrix(region: SmallRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    only_north = [one for one in good_trips() if one.row["route_id"] == "north"]
    region.feed(feed_text(*only_north))
    config = load_config(region.config)
    context = read_context(config)
    network = read_network(config, context.surroundings)
    access = measure_access(config, context, network)
    held = zone_to_zone(OutputsSection(), access, network)
    assert held is not None
    assert held.steps is not None
    monkeypatch.setattr("corridors.access.zone_pairs.BLOCK", 5)
    in_blocks = zone_to_zone(OutputsSection(), access, network)
    assert in_blocks is not None
    assert (in_blocks.steps == held.steps).all()
    points = context.points[["lon", "lat"]].rename_axis("id").reset_index()
    region.path("to.csv").write_text(csv_text(points.to_dict("records")), encoding="utf-8")
    out = region.path("m.csv")
    ran = corridors("matrix", region.config, "--to", region.path("to.csv"), "--out", out)
    assert ran.code == 0, ran.err
    table = pd.read_csv(out, dtype={"from_id": str, "to_id": str})
    ids = context.points.index.astype(str)
    matrix = table.pivot(index="from_id", columns="to_id", values="p50_s").loc[ids, ids].to_numpy(float)
    for row, seconds in enumerate(matrix):
        for column, each in enumerate(seconds):
            expected = UNREACHED_STEPS if np.isnan(each) else -(-int(each) // 60)
            assert held.steps[row, column] == expected
    assert 0 < (held.steps == UNREACHED_STEPS).sum() < held.steps.size
    assert (held.steps != held.steps.T).any(), "both ways differ"
    too_many = zone_to_zone(OutputsSection(zone_to_zone_most=len(ids) - 1), access, network)
    assert too_many is not None
    assert too_many.steps is None
    assert zone_to_zone(OutputsSection(zone_to_zone=False), access, network) is None
    quick = replace(access, kpi_cutoff_s=2730)
    finer = zone_to_zone(OutputsSection(), quick, network)
    assert finer is not None
    assert finer.steps is not None
    assert finer.step_s == 30
    within = (finer.steps != UNREACHED_STEPS) & (finer.steps.astype(int) * 30 <= 2730)
    assert (within == (matrix <= 2730)).all()


@pytest.mark.parametrize(
    ("cutoff_s", "longest_s", "step_s"),
    [(2700, 7200, 60), (2730, 7200, 30), (2700, 86_400, 341), (2701, 7200, 60), (2715, 3600, 15)],
)
def test_a_step_divides_the_cutoff_and_the_longest_journey_fits(cutoff_s: int, longest_s: int, step_s: int) -> None:
    assert step_for(cutoff_s, longest_s) == step_s
    assert in_steps(np.array([float(longest_s)]), step_s)[0] < UNREACHED_STEPS


def test_within_the_cutoff_is_exact_in_steps() -> None:
    seconds = np.array([0.0, 1.0, 2699.0, 2700.0, 2701.0, np.nan])
    steps = in_steps(seconds, step_for(2700, 7200))
    assert steps.tolist() == [0, 1, 45, 45, 46, UNREACHED_STEPS]
