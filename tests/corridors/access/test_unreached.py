"""What is not known or not reached is counted with its residents."""

from pathlib import Path

import numpy as np
import pandas as pd

from accessibility import read_streets
from corridors.access.unreached import jobs_warnings, outside_jobs_warnings


def test_jobs_that_nobody_gives_are_counted() -> None:
    values = pd.DataFrame({"population": [100.0, 250.0, np.nan], "jobs": [5.0, np.nan, np.nan]}, index=["a", "b", "c"])
    (warning,) = jobs_warnings(values)
    assert (warning.code, warning.count, warning.sample) == ("jobs_not_known", 2, ("b", "c"))
    assert "with 250 residents" in warning.effect


def test_jobs_known_everywhere_or_not_asked_for_are_no_warning() -> None:
    assert jobs_warnings(pd.DataFrame({"population": [1.0], "jobs": [0.0]})) == ()
    assert jobs_warnings(pd.DataFrame({"population": [1.0]})) == ()


def test_jobs_beyond_the_last_street_are_counted(tmp_path: Path) -> None:
    """A street of 2.2 km to the north: one point 400 m east of its end, one 600 m; a degree of longitude is 68 km there."""
    osm = (
        '<osm version="0.6"><node id="1" lat="52.40" lon="-1.9"/><node id="2" lat="52.41" lon="-1.9"/>'
        '<node id="3" lat="52.42" lon="-1.9"/><way id="9" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/>'
        '<tag k="highway" v="residential"/></way></osm>'
    )
    (tmp_path / "streets.osm").write_text(osm)
    streets = read_streets(tmp_path / "streets.osm")
    points = pd.DataFrame(
        {"lon": [-1.9 + 400 / 68_000, -1.9 + 600 / 68_000], "lat": 52.41, "jobs": [10.0, 30.0]}, index=["near", "off"]
    )
    (warning,) = outside_jobs_warnings(points, streets)
    assert (warning.code, warning.count, warning.share, warning.sample) == (
        "jobs_outside_without_street",
        1,
        0.5,
        ("off",),
    )
    assert "of 40 jobs" in warning.effect
    assert outside_jobs_warnings(points.iloc[:1], streets) == outside_jobs_warnings(points, None) == ()
