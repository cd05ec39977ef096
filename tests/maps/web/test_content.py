"""What a map is made of: problems found together, and the data block that carries it."""

import dataclasses
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from corridors.webmap.layer_styles import LAYERS, map_layers
from maps.errors import MapContentError
from maps.styles import NO_TEST
from maps.web.content import Indicator, MapContent, RunTable, ZoneNote
from maps.web.page_data import encode, script_safe_json
from maps.web.page_values import numbers_of, words_of
from tests.maps.conftest import HOSTILE, region_layers, squares


def test_every_problem_is_named_at_once() -> None:
    zones = squares().drop(columns="name")
    zones = pd.concat([zones, zones.iloc[:1]])
    twice = (
        Indicator("centres", "Centres", "reached"),
        Indicator("centres", "Again", "reached"),
        Indicator("x", "X", "share"),
    )
    stops = region_layers()["stops"].set_crs(None, allow_override=True)
    layers = (*map_layers({"stops": stops}, NO_TEST), *map_layers({"stops": stops}, NO_TEST))
    with pytest.raises(MapContentError) as caught:
        MapContent("T", zones, twice, notes=(ZoneNote("y", "Y"),), layers=layers, run_table=RunTable("rivers", "R"))
    message = str(caught.value)
    for expected in (
        "'centres' is given more than once", "no column 'x'", "no column 'y'", "no column 'name'", "more than once: Z00",
        "no layer is called 'rivers'", "'stops' is given more than once", "stops: no coordinate reference system",
    ):  # fmt: skip
        assert expected in message


def test_a_map_needs_an_indicator() -> None:
    with pytest.raises(MapContentError, match="no indicators"):
        MapContent("T", squares(), ())


def test_the_short_caution_keeps_the_key_words() -> None:
    content = MapContent(
        "T", squares(), (Indicator("centres", "C", "reached"),), "ILLUSTRATIVE: x. SYNTHETIC TIMETABLE: y"
    )
    assert content.short_caution == "ILLUSTRATIVE. SYNTHETIC TIMETABLE"


def test_layers_that_are_empty_are_not_offered(content: MapContent) -> None:
    layers = map_layers({**region_layers(), "sites": region_layers()["sites"].iloc[:0]}, NO_TEST)
    drawn = dataclasses.replace(content, layers=layers).drawn_layers()
    assert {layer.ident for layer in layers} - {layer.ident for layer in drawn} == {"sites"}


def test_each_zone_is_written_once_with_a_class_for_each_indicator(content: MapContent) -> None:
    payload = encode(content)
    assert len(payload["zones"]["shapes"]) == 36
    assert [len(indicator["classOf"]) for indicator in payload["indicators"]] == [36] * 7
    minutes = payload["indicators"][2]
    assert minutes["classOf"] == 6 * [0] + 6 * [1] + 6 * [3] + 12 * [4] + 6 * [-1]
    assert minutes["values"][-1] is None
    assert minutes["missing"]["pattern"] == "unreachable"
    assert minutes["missing"]["count"] == 6


def test_every_kind_of_layer_has_names_shapes_and_fields(content: MapContent) -> None:
    layers = {layer["id"]: layer for layer in encode(content)["layers"]}
    assert list(layers) == [
        layer for layer in LAYERS if not layer.startswith("scenario_")
    ]  # this map shows no scenario
    grades = layers["links"]["grades"]
    assert grades["of"][grades["at"][0]]["label"] == "6 to under 12"
    assert layers["centres"]["hollow"] == [1]
    assert layers["stops"]["kinds"]["of"] == ["bus", HOSTILE[0]]
    assert [field["title"] for field in layers["sites"]["fields"]] == ["Area", "Jobs (claimed)"]


def test_text_in_the_data_block_can_not_close_it_or_open_markup(content: MapContent) -> None:
    text = script_safe_json(encode(content))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["title"] == content.title


def test_numbers_are_short_and_missing_ones_are_null() -> None:
    assert numbers_of(pd.Series([1.0, 2.345, np.nan, np.inf, None]), "minutes") == [1, 2.3, None, None, None]


def test_repeated_words_are_written_once_and_others_as_they_are() -> None:
    assert words_of(pd.Series(["bus", "tram", "bus", "bus"])) == {"of": ["bus", "tram"], "at": [0, 1, 0, 0]}
    assert words_of(pd.Series(["north", "south", None])) == ["north", "south", ""]


def test_frames_in_other_reference_systems_give_the_same_page_data(
    content: MapContent, zones: gpd.GeoDataFrame
) -> None:
    degrees = dataclasses.replace(content, zones=zones.to_crs("EPSG:4326"))
    ours, theirs = encode(content)["zones"]["points"], encode(degrees)["zones"]["points"]
    assert np.abs(np.array(ours) - np.array(theirs)).max() <= 2
