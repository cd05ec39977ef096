"""The data dictionary says which edition a figure is of, where two editions of one index stand in a run."""

import pandas as pd

from corridors.analysis.dictionary import data_dictionary
from corridors.config.run_config import load_config
from corridors.inputs.read import read_context
from tests.support.small_region import SmallRegion

_OLDER = """[[layers]]
id = "older"
title = "Deprivation, the edition before"
file = "people.csv"
key = "code"
geography = "squares"
vintage = "2019"
source = "made for a test"
licence = "MIT"
fields.imd2019_decile = { column = "decile", kind = "decile" }
fields.income_2019 = { column = "income", kind = "rate", unit = "fraction" }

[centres]"""


def test_deciles_of_two_editions_are_told_apart_by_their_titles(region: SmallRegion) -> None:
    region.replace("config.toml", "[centres]", _OLDER)
    config = load_config(region.config)
    context = read_context(config)
    rows = data_dictionary(config, context, {"zones": context.values}).set_index("column")["title"]
    # The layer of people is of 2026 and its title does not say so.
    assert rows["imd_decile"] == (
        "Index of Multiple Deprivation decile, 1 = most deprived (People, 2026; squares; by id)"
    )
    assert rows["imd2019_decile"].endswith("(Deprivation, the edition before, 2019; squares; by id)")
    # A column that the catalogue does not know is described by its layer; one that it knows needs no layer.
    assert rows["income_2019"].endswith("(Deprivation, the edition before, 2019; squares; by id)")
    assert rows["population"].endswith("(squares; by id)")


def test_what_no_timetable_has_a_part_in_names_its_layer(region: SmallRegion) -> None:
    """Residents and deciles of places are the layer's; who meets the test is computed; without a layer no source is named."""
    config = load_config(region.config)
    columns = ["people", "decile1_share", "income_rate", "employment_rate", "need", "kpi_share", "name"]
    rows = data_dictionary(config, read_context(config), {"districts": pd.DataFrame(columns=columns)}).set_index(
        "column"
    )
    assert set(rows.loc[["people", "decile1_share", "income_rate", "name"], "source"]) == {"made for a test"}
    assert rows.loc["need", "source"] == "computed by this tool; made for a test"
    assert rows.loc["kpi_share", "source"] == "computed by this tool; timetable: made for a test"
    assert tuple(rows.loc["employment_rate", ["source", "vintage"]]) == ("no layer of this run gives it", "")
    failing = data_dictionary(config, read_context(config), {"failing_causes": pd.DataFrame(columns=["people"])})
    assert failing["source"][0].startswith("computed by this tool")
