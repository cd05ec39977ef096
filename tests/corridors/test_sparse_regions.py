"""A run ends well whatever optional part of the configuration is absent, empty or of one row."""

import re
from collections.abc import Callable

import pandas as pd
import pytest

from corridors.config.run_config import load_config
from corridors.pipeline import run
from corridors.places.catchments import catchment_words
from corridors.report import render_report
from tests.support.agreement import RAN, outcome
from tests.support.small_region import SmallRegion, place

Change = Callable[[SmallRegion], None]


def without(*sections: str) -> Change:
    def change(region: SmallRegion) -> None:
        text = region.config.read_text(encoding="utf-8")
        for section in sections:
            text = re.sub(rf"\[{section}\]\n(?:[^\[\n].*\n|\n)*", "", text)
        region.config.write_text(text, encoding="utf-8")

    return change


def nothing_but_people(region: SmallRegion) -> None:
    """No pilots, no sites, one field; a corridor far from every zone; nobody fails the test."""
    without("pilots", "sites")(region)
    text = region.config.read_text(encoding="utf-8")
    text = re.sub(r"fields\.(?!population).*\n", "", text) + "[kpi]\ncentres_at_least = 1\n"
    region.config.write_text(text, encoding="utf-8")
    far = [{**place("A", "Far"), "id": "far", "order": n, "lon": -2.3 - n / 100} for n in range(2)]
    region.table("corridors.csv", far)


def all_off(region: SmallRegion) -> None:
    """Pilots that are all variants, and a file of sites with a header alone."""
    region.table("pilots.csv", [{**place("B", "Pilot B"), "radius_m": 800, "default": "false"}])
    region.path("sites.csv").write_text("id,name,lat,lon,ha,status\n", encoding="utf-8")


def bare(region: SmallRegion) -> None:
    """What a run truly needs: a timetable, zones with people, centres."""
    without("corridors", "pilots", "sites")(region)
    text = region.config.read_text(encoding="utf-8")
    region.config.write_text(re.sub(r"fields\.(?!population).*\n", "", text), encoding="utf-8")


@pytest.mark.parametrize("change", [without("pilots"), nothing_but_people, all_off, bare])
def test_a_run_ends_without_what_is_optional(region: SmallRegion, change: Change) -> None:
    """l18: a region without [pilots] passed `check`, then ended in a TypeError after the work."""
    change(region)
    assert outcome(region.config, region.path("out"), whole=False) == RAN


def test_words_of_no_catchment_are_still_text() -> None:
    """Numbers that are none at all stayed numbers, and text could not be added to them."""
    words = catchment_words(pd.Series(dtype=float), pd.Series(dtype=object))
    assert (list(words), words.dtype) == ([], object)


def test_a_site_with_the_id_of_a_centre_keeps_its_own_name(region: SmallRegion) -> None:
    region.table("sites.csv", [{**place("D", "Site D"), "id": "A", "ha": 10, "status": "open"}])
    near = run(load_config(region.config)).tables.near_but_disconnected
    assert list(near["place"].unique()) == ["Centre A", "Centre C", "Centre F", "Site D"]


def test_a_report_without_corridors_speaks_of_none(region: SmallRegion) -> None:
    bare(region)
    results = run(load_config(region.config))
    said = re.sub(r"<style.*?</style>|<[^>]+>", " ", render_report(results), flags=re.DOTALL)
    assert "Access to strategic centres: Line" in said
    assert re.findall(r"[^.]*\b(?:corridor|pilot)s?\b[^.]*\.", said, re.IGNORECASE) == []
