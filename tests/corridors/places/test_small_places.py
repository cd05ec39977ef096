"""Places of fewer than ten zones: every output withholds the same rates, and none the counts."""

import json
import math

import pytest

from corridors.config.run_config import load_config
from corridors.outputs.csv_tables import tables
from corridors.outputs.layers import notes_by_table
from corridors.outputs.run_manifest import manifest
from corridors.pipeline import run
from corridors.places.places import is_small
from corridors.report.blocks.tables import records
from corridors.report.sections.sentences import extremes
from corridors.results import Results
from layers import with_integers
from tests.support.small_region import write_small_region


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Twelve zones: two districts of six, a corridor of ten at 1.2 km and of five at its least buffer, a pilot of one."""
    return run(load_config(write_small_region(tmp_path_factory.mktemp("places") / "small").config))


def test_places_are_small_below_ten_zones_or_a_hundred_people() -> None:
    assert is_small([9, 10, 10], [5000, 99, 100]).tolist() == [True, True, False]


def test_a_share_is_withheld_in_every_output_or_in_none(results: Results) -> None:
    by_place = results.tables.kpi_by_place.query("variant == 'headline'").set_index(["place_kind", "place_id"])
    shares = by_place["share"]
    for kind, frame in (("district", results.districts), ("corridor", results.corridors), ("pilot", results.pilots)):
        for ident, row in frame.iterrows():
            assert row["suppressed"] == by_place.loc[(kind, str(ident)), "suppressed"] == math.isnan(row["kpi_share"])
            assert row["kpi_share"] == pytest.approx(shares[kind, str(ident)], nan_ok=True)
            assert row["people_within"] == by_place.loc[(kind, str(ident)), "people_within"]
    assert results.districts["suppressed"].all() and not results.corridors["suppressed"].any()
    told = json.loads(manifest(results, {}, {}))
    assert told["kpi"]["districts"] == {"D1": None, "D2": None}
    assert [one["kpi_share"] for one in told["corridors"]] == results.corridors["kpi_share"].tolist()


def test_the_region_is_what_is_asked_about_and_always_told(results: Results) -> None:
    by_place = results.tables.kpi_by_place.query("variant == 'headline' and place_kind == 'region'")
    assert by_place["share"].tolist() == [results.kpi.share] and not by_place["suppressed"].any()


def test_buffers_and_fifths_of_few_zones_have_counts_alone(results: Results) -> None:
    for table in (results.tables.corridor_buffers, results.tables.distribution):
        assert (table["suppressed"] == (table["zones"] < 10)).all() and table["suppressed"].any()
        assert table.loc[table["suppressed"], ["kpi_share", "minutes_to_needed", "income_rate"]].isna().all().all()
        assert table[["people", "people_within"]].notna().all().all()


def test_sentences_on_districts_leave_out_those_whose_share_is_withheld(results: Results) -> None:
    assert "%" not in extremes(records(results.districts))


def test_means_of_counts_are_not_rounded_as_counts_are(results: Results) -> None:
    """1,000 of 1,200 residents reach three centres, the others two: 2.83 on average, in tables as in `run.json`."""
    by_name = dict(tables(results))
    notes_of = notes_by_table(by_name["data_dictionary"])
    written = {name: (by_name[name], notes_of[name]) for name in ("region", "corridors", "zones")}
    for name in ("region", "corridors"):
        table, notes = written[name]
        note = notes["centres_within_45"]
        assert note.unit == "count, mean" and note.title.endswith("mean over residents")
        assert with_integers(table, notes)["centres_within_45"].iloc[0] == table["centres_within_45"].iloc[0]
    assert written["region"][0]["centres_within_45"].iloc[0] == pytest.approx(17 / 6)
    assert written["zones"][1]["centres_within_45"].unit == "count"
