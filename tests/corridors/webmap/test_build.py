"""What the web map of a run holds: words, layers and indicators, from results that never happened."""

import json
import re
import tomllib
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pydantic import ValidationError

from corridors.bundled import bundled_data
from corridors.catalogue.zone_times import ZoneTimes
from corridors.config.question import OutputsSection
from corridors.webmap.any_zone import left_out_words
from corridors.webmap.build import render_map
from corridors.webmap.indicators import indicators_of, with_words
from corridors.webmap.landmarks import base_layers
from maps.styles import NO_TEST
from tests.corridors.fake_results import fake_results, kpi, zones


def payload_of(html: str) -> dict[str, Any]:
    block = re.search(r'<script id="planner-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert block
    payload: dict[str, Any] = json.loads(block[1])
    return payload


def results_with(**columns: Any) -> Any:
    definition = dict(kpi().definition) | {"day": "Tuesday", "window": "07:00-09:00"}
    return fake_results(
        zones=zones().assign(**columns), kpi=kpi().__class__(**(vars(kpi()) | {"definition": definition}))
    )


def titles(payload: dict[str, Any]) -> list[str]:
    return [indicator["title"] for indicator in payload["indicators"]]


def test_minutes_are_to_a_place_and_not_to_a_code() -> None:
    payload = payload_of(render_map(results_with(minutes_to_A=20.0, minutes_to_B=np.nan)))
    found = {indicator["column"]: indicator for indicator in payload["indicators"]}
    assert found["minutes_to_A"]["title"] == "Minutes to Old Town"
    assert found["minutes_to_A"]["note"].startswith("Minutes to Old Town, door to door")
    assert found["minutes_to_B"]["missing"]["count"] == 96


def test_deciles_name_their_edition() -> None:
    found = {one["column"]: one["note"] for one in payload_of(render_map(results_with()))["indicators"]}
    assert found["imd_decile"] == "Index of Multiple Deprivation decile, 1 = most deprived. Edition: 2025."
    assert "Edition" not in found["no_car_share"]


def test_indicators_come_in_the_order_people_ask() -> None:
    payload = payload_of(
        render_map(
            results_with(
                minutes_to_A=20.0,
                doubly_disadvantaged=True,
                access_cluster="low access",
                jobs_within_cutoff=5.0,
                need=1.0,
            )
        )
    )
    wanted = [
        "Strategic centres within 45 minutes", "Meets the headline's test", "Near but disconnected", "Minutes to Old Town",
        "Deprivation (1 = most deprived)", "Households without a car", "Jobs within 45 minutes", "Doubly disadvantaged",
        "Clusters of low and good access", "Need",
    ]  # fmt: skip
    assert [title for title in titles(payload) if title in wanted] == wanted


def test_an_indicator_nobody_has_a_value_of_is_not_offered() -> None:
    found = titles(payload_of(render_map(results_with(level4_share=np.nan))))
    assert "Residents with Level 4+ qualifications" not in found
    assert "Clusters of low and good access" not in found


def test_causes_and_clusters_are_worded_and_keep_their_order_and_colours() -> None:
    codes = ["", "distance", "no_service", "walk"] * 24
    worded = with_words(zones().assign(loses_most_by=codes, access_cluster=["not significant", "low access"] * 48))
    found = {one.column: one for one in indicators_of(worded, pd.Series(dtype=str), pd.DataFrame(), NO_TEST)}
    causes, clusters = found["loses_most_by"].scale, found["access_cluster"].scale
    assert causes and clusters
    assert causes.categories == (
        "Walking", "Riding far", "No journey in the time searched", "Nothing: meets the test",
    )  # fmt: skip
    assert causes.counts(worded["loses_most_by"]) == (24, 24, 24, 24, 0)
    assert clusters.categories == ("Low access, more than chance explains", "Neither")


def test_the_card_of_a_zone_tells_its_journey() -> None:
    payload = payload_of(render_map(results_with(explanation="12 min walking, then nothing for an hour")))
    [note] = payload["zones"]["notes"]
    assert note["words"]["of"] == ["12 min walking, then nothing for an hour"]
    assert payload_of(render_map(results_with()))["zones"]["notes"] == []


def test_only_the_catchments_that_figures_are_for_are_drawn() -> None:
    results = results_with()
    other = results.catchments.assign(buffer_m=800.0)
    both = pd.concat([results.catchments.assign(buffer_m=1200.0), other])
    payload = payload_of(render_map(fake_results(**(vars(results) | {"catchments": both}))))
    [layer] = [layer for layer in payload["layers"] if layer["id"] == "catchments"]
    assert not layer["shown"]
    assert len(layer["shapes"]) == len(results.catchments)


def calls_at(*places: tuple[str, str, float, float]) -> gpd.GeoDataFrame:
    """Stops of a timetable: name, mode, and where they lie in the test zones' plane (metres)."""
    names, modes, x, y = zip(*places, strict=True) if places else ((), (), (), ())
    return gpd.GeoDataFrame({"name": names, "mode": modes}, geometry=gpd.points_from_xy(x, y), crs=zones().crs)


def test_stations_tram_and_place_names_stand_where_the_zones_are() -> None:
    here = base_layers(zones(), calls_at())
    names = set(here["stations"]["name"])
    assert "New Street" in names
    assert "Longbridge" not in names  # south of the test zones; of the second list
    assert "University" in names
    assert "Wolverhampton" not in names  # more than 1.5 km north of the test zones
    assert len(here["tram"]) == 2
    assert here["tram"].crs == zones().crs
    assert "Grand Central" in set(here["tramstops"]["name"])
    assert here["places"]["name"].is_unique


def test_every_station_of_the_timetable_is_drawn_once_and_the_list_adds_those_it_lacks() -> None:
    x, y = 400_000.0, 285_000.0
    listed = base_layers(zones(), calls_at())["stations"]
    new_street = listed[listed["name"] == "New Street"].geometry.iloc[0]
    stops = calls_at(
        ("Opened Yesterday", "rail", x, y), ("Opened Yesterday", "rail", x + 20, y + 20), ("A bus stop", "bus", x, y),
        ("Tram End", "tram", x, y + 3000), ("New Street", "rail", new_street.x + 700, new_street.y),
        ("Birmingham Moor St", "rail", *shapely.get_coordinates(listed[listed["name"] == "Moor Street"].geometry)[0]),
        ("Far away", "rail", x, y + 90_000),
    )  # fmt: skip
    here = base_layers(zones(), stops)
    names = here["stations"]["name"].tolist()
    assert names.count("Opened Yesterday") == names.count("New Street") == names.count("Birmingham Moor St") == 1
    assert "Moor Street" not in names  # the timetable calls it by another name
    assert {"A bus stop", "Tram End", "Far away"}.isdisjoint(names)
    assert set(listed["name"]) - {"Moor Street"} <= set(names)
    assert "Tram End" in set(here["tramstops"]["name"])


def test_every_rail_stop_of_the_demonstration_s_timetable_is_a_listed_station() -> None:
    """Longbridge was in the timetable and on no map."""
    listed = tomllib.loads((bundled_data() / "landmarks.toml").read_text(encoding="utf-8"))
    services = pd.read_csv(bundled_data() / "demo" / "rail_services.csv")["calls"].str.split(" > ").explode()
    called_at = set(services.str.replace(r" \d+$", "", regex=True))
    stations = pd.concat(pd.read_csv(bundled_data() / name) for name in listed["stations"]["files"])
    assert "Longbridge" in called_at
    assert called_at <= set(stations["name"])


def test_elsewhere_the_stations_are_those_of_the_timetable() -> None:
    far = zones().set_geometry(zones().translate(yoff=300_000))
    assert all(frame.empty for frame in base_layers(far, calls_at()).values())
    here = base_layers(far, calls_at(("Central", "rail", 400_000.0, 585_000.0)))
    assert here["stations"]["name"].tolist() == ["Central"]


@pytest.mark.parametrize("url", ["http://a.example/{z}/{x}/{y}.png", "https://a.example/tiles.png", "nonsense"])
def test_tiles_of_a_configuration_need_an_address_of_tiles(url: str) -> None:
    with pytest.raises(ValidationError, match="not the address of map tiles"):
        OutputsSection.model_validate({"tiles": {"url": url, "attribution": "Example"}})


def test_tiles_are_off_unless_named_with_their_attribution() -> None:
    assert OutputsSection().tiles is None
    with pytest.raises(ValidationError, match="attribution"):
        OutputsSection.model_validate({"tiles": {"url": "https://a.example/{z}/{x}/{y}.png"}})
    asked = {"url": "https://a.example/{z}/{x}/{y}.png", "attribution": "Example"}
    section = OutputsSection.model_validate({"tiles": asked}).tiles
    assert section
    html = render_map(results_with(), section.tiles)
    assert "Background: Example" in html
    assert "img-src data: https://a.example;" in html
    assert "img-src data:;" in render_map(results_with())


def test_figures_of_wards_say_so_and_people_read_what_a_figure_is() -> None:
    results = results_with()
    told = results.dictionary.copy()
    deciles = told["column"] == "imd_decile"
    told.loc[deciles, "title"] += " (IMD 2019; Ward 2022; value of the parent area)"
    assert deciles.any()
    payload = payload_of(render_map(replace(results, dictionary=told)))
    notes = {one["column"]: one["note"] for one in payload["indicators"]}
    assert notes["imd_decile"].endswith(" Published for Ward 2022; value of the parent area.")
    assert notes["no_car_share"] == "Households that have neither a car nor a van."
    titles_alone = [one["title"] for one in payload["indicators"] if one["note"] in {"", f"{one['title']}."}]
    assert titles_alone == []


@pytest.mark.parametrize(
    ("count", "said", "not_said"),
    [
        (
            8468,
            "zone_to_zone_most = 8468 the next run has them, for about 190 seconds of processor time and 21 MB",
            "matrix",
        ),
        (10_001, "The command corridors matrix writes them.", "the next run"),
    ],
)
def test_pairs_that_are_left_out_are_told_with_what_they_would_cost(count: int, said: str, not_said: str) -> None:
    run = fake_results()
    many = run.zones.iloc[np.zeros(count, int)]
    words = left_out_words(replace(run, zones=many, zone_times=ZoneTimes(None, 60, 2500)))
    assert f"the run has {count:,} zones, more than 2,500 (outputs.zone_to_zone_most)" in words
    assert said in words
    assert not_said not in words
    assert left_out_words(run) == ""
