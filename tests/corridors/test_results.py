"""The tables of a run: which it has, in which order, and all of them changed at once."""

import pandas as pd

from corridors.results import Tables
from tests.corridors import fake_results as fake


def test_tables_come_in_the_order_of_their_fields_and_those_that_do_not_apply_are_left_out() -> None:
    names = [name for name, _ in fake.no_tables().items()]
    every = list(Tables.__dataclass_fields__)
    assert names == [name for name in every if name in names]
    assert set(every) - set(names) == {
        *("corridor_street_catchments", "pilot_variants"),
        "timetable_days",
        *("periods", "periods_by_place", "hours", "zones_by_hour", "way_back"),
        *("observed_days", "observed_by_place", "observed_lines"),
        *("rank_acceptability", "rank_pairs", "rank_choices", "rank_influence", "dominance"),
    }


def test_a_change_reaches_every_table_and_invents_none() -> None:
    pairs = pd.DataFrame({"measure": ["need"]})
    changed = fake.tables(rank_pairs=pairs).changed(lambda table: table.assign(seen=True))
    assert all("seen" in table for _, table in changed.items())
    assert changed.rank_pairs is not None and changed.dominance is None
