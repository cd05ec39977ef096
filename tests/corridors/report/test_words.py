"""Numbers and sentences of the report are worded by rules, each with an example a reader can check."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shapely import Point

from corridors.catalogue.headline_variants import ARRANGEMENTS, REGISTRATIONS
from corridors.report.blocks import wording
from corridors.report.blocks.layouts import CORRIDORS
from corridors.report.blocks.membership import belongs
from corridors.report.blocks.tables import worded
from corridors.report.sections import corridor_sentences as of_corridor
from corridors.report.sections import robustness, sentences
from corridors.results import KpiVariant, RunWarning
from tests.corridors import fake_results as fake


class TestNumbers:
    @pytest.mark.parametrize(
        ("share", "said"),
        [
            (0.41, "41.0 %"),
            (0.4105, "41.0 %"),
            (0, "0 %"),
            (-0.0, "0 %"),
            (1.0, "100 %"),
            (0.0004, "less than 0.1 %"),
            (0.0005, "0.1 %"),
            (0.9996, "more than 99.9 %"),
            (float("nan"), "n/a"),
            (None, "n/a"),
            (pd.NA, "n/a"),
            (np.float32(0.5), "50.0 %"),
        ],
    )
    def test_a_percentage_has_one_decimal_and_never_rounds_to_nothing_or_all(self, share: object, said: str) -> None:
        assert wording.percent(share) == said

    @pytest.mark.parametrize(
        ("value", "said"), [(1234567.4, "1,234,567"), (0, "0"), (0.3, "fewer than 1"), (None, "n/a")]
    )
    def test_a_count_has_thousands_apart_and_zero_is_not_missing(self, value: object, said: str) -> None:
        assert wording.count(value) == said

    @pytest.mark.parametrize(("value", "said"), [(0, "0"), (0.01, "less than 0.1"), (10.34, "10.3"), (np.nan, "n/a")])
    def test_a_decimal_tells_none_from_a_trace(self, value: object, said: str) -> None:
        assert wording.decimal(value) == said

    @pytest.mark.parametrize(
        ("share", "said"),
        [
            (0.0, "0"),
            (0.013, "+1.3"),
            (-0.013, "\u22121.3"),
            (2e-4, "between 0 and +0.1"),
            (-2e-4, "between \u22120.1 and 0"),
        ],
    )
    def test_a_trace_of_a_difference_is_between_none_and_the_least_shown(self, share: float, said: str) -> None:
        assert wording.signed_points(share) == said

    @pytest.mark.parametrize("blank", ["", "  ", None, float("nan"), pd.NA, pd.NaT])
    def test_blank_text_is_missing(self, blank: object) -> None:
        assert wording.words(blank) == "n/a"

    def test_text_that_looks_like_a_number_stays_text(self) -> None:
        assert wording.words("1,000-1,100") == "1,000-1,100"
        assert wording.words("up to 2,700") == "up to 2,700"
        assert wording.words(27000.0) == "27,000"

    def test_marks_of_provenance_become_words(self) -> None:
        said = [wording.basis(mark) for mark in ("[P]", "proposed", "stated", "hearsay")]
        assert said == ["proposed by this tool", "proposed by this tool", "stated in a public source", "hearsay"]


class TestEdge:
    """The sentence on what lies beyond the boundary: the fake region is 24 km wide, its western edge at `fake.WEST`."""

    def said(self, *jobs: float) -> str:
        """The sentence of a run with these jobs at points 2.5 km, 5 km, ... west of the region."""
        rim = {"variant": "without_rim", "place_kind": "region", "share": 0.6, "people": 40_000.0}
        points = fake.frame(
            {"jobs": list(jobs)}, [Point(fake.WEST - 2_500 * n, fake.SOUTH + 1_000) for n in range(1, len(jobs) + 1)]
        )
        zones = fake.zones().assign(jobs_within_cutoff=1_000.0)
        tables = fake.tables(kpi_by_place=pd.DataFrame([rim]))
        return robustness.edge(fake.fake_results(zones=zones, tables=tables, jobs_outside=points))

    def test_jobs_that_count_beyond_the_boundary_are_told_with_their_number_and_reach(self) -> None:
        assert self.said(3_000, 400, 0).endswith(
            "Jobs count in the region's own areas and, where they are reached, at 2 points outside them, up to 5.0 km from "
            "the boundary (3,400 jobs)."
        )

    @pytest.mark.parametrize("jobs", [(), (0.0,)])
    def test_without_any_the_regions_own_jobs_alone_are_told(self, jobs: tuple[float, ...]) -> None:
        assert self.said(*jobs).endswith("Jobs count in the region's own areas only.")


class TestRegistrations:
    """The sentence on lines registered twice."""

    def said(self, code: str, *variants: KpiVariant) -> str:
        effect = "90 of the day's 300 trips overlap; one was kept. In the departure window none of them calls"
        told = RunWarning(code, 90, 0.3, ("74 (Buses)",), effect)
        kpi = replace(fake.fake_results().kpi, share=0.4, variants=variants)
        return sentences.registrations(fake.fake_results(kpi=kpi, warnings=(told,)))

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("overlapping_registrations", "40.0 % where only the larger one runs, 45.0 % where both run."),
            ("overlapping_registrations_kept", "40.0 % where both run, 45.0 % where only the larger one runs."),
        ],
    )
    def test_the_headline_is_told_both_ways(self, code: str, words: str) -> None:
        other = KpiVariant(REGISTRATIONS, "registrations", "the other way", 0.45, 45_000)
        assert self.said(code, other) == f"90 of the day's 300 trips overlap; one was kept. The headline is {words}"

    def test_a_search_that_was_not_made_is_said_to_be_so(self) -> None:
        assert self.said("overlapping_registrations").endswith("the other way was not searched in this run.")

    def test_without_overlaps_nothing_is_said(self) -> None:
        assert self.said("another_warning") == ""


class TestCallsByArrangement:
    def said(self, *variants: KpiVariant) -> str:
        effect = (
            "9 of the day's 300 trips board by arrangement; these calls count as open. In the departure window none"
        )
        told = RunWarning("arranged_calls", 9, 0.03, ("T1",), effect)
        kpi = replace(fake.fake_results().kpi, share=0.4, variants=variants)
        return sentences.arranged_calls(fake.fake_results(kpi=kpi, warnings=(told,)))

    def test_the_headline_is_told_with_and_without(self) -> None:
        others = [
            KpiVariant(f"arranged_{one}", "arrangement", f"calls by arrangement: {ARRANGEMENTS[one]}", share, 1.0)
            for one, share in (("ask_driver", 0.35), ("closed", 0.3))
        ]
        start = "9 of the day's 300 trips board by arrangement; these calls count as open. The headline is 40.0 % so; it would be"
        assert self.said(others[1]) == f"{start} 30.0 % with all of them closed."
        assert self.said(*others) == (
            f"{start} 35.0 % with only those open that are agreed with the driver and 30.0 % with all of them closed."
        )

    def test_a_day_without_any_says_nothing(self) -> None:
        assert sentences.arranged_calls(fake.fake_results()) == ""
        assert self.said().endswith("the other ways were not searched in this run.")


class TestDeciles:
    def test_the_note_on_deciles_names_nation_and_edition(self) -> None:
        said = worded(CORRIDORS, fake.fake_results()).notes
        assert (
            "Decile 1: the most deprived tenth of small areas in England on the Index of Multiple Deprivation (2025)."
            in said
        )

    def test_an_edition_that_nobody_told_is_not_named(self) -> None:
        said = " ".join(worded(CORRIDORS, fake.fake_results(dictionary=pd.DataFrame())).notes)
        assert "on the Index of Multiple Deprivation." in said


class TestSentences:
    def test_the_headline_names_its_day_denominator_geography_and_test(self) -> None:
        assert sentences.headline(fake.fake_results()) == (
            "On Tuesday 24 March 2026, 52.3 % of 96,000 residents live in areas from which at least three strategic "
            "centres can be reached within 45 minutes by public transport, leaving between 07:00 and 09:00: 50,246 "
            "residents. The place is Testshire: the two test districts."
        )

    def test_the_headline_follows_the_runs_own_definition(self) -> None:
        asked = {"centres_at_least": "2", "cutoff_min": "30", "window": "every instant 19:00-21:00"}
        assert sentences.the_test(replace(fake.kpi(), definition=asked)) == (
            "at least two strategic centres can be reached within 30 minutes by public transport, leaving between 19:00 and "
            "21:00"
        )
        one = replace(fake.kpi(), definition={"centres_at_least": "1", "cutoff_min": "1"})
        assert "at least one strategic centre can be reached within 1 minute by" in sentences.the_test(one)

    def test_the_headline_claims_no_threshold_that_the_run_does_not_state(self) -> None:
        assert not re.search(r"\d|three", sentences.the_test(replace(fake.kpi(), definition={})))

    def test_the_joint_test_stands_beside_the_headline(self) -> None:
        said = sentences.at_once(fake.fake_results().kpi)
        assert "48.0 % of residents" in said and "three centres from one and the same departure" in said
        assert sentences.at_once(replace(fake.fake_results().kpi, variants=())) == ""

    def test_residents_beside_the_edge_and_how_far_beyond_it_others_are(self) -> None:
        """Ten areas of 100: two within a minute of 45, one of these beyond it; three beyond by 1, 9 and 75 minutes."""
        minutes = [10.0, 20, 30, 40, 44, 46, 54, np.nan, 20, 20]
        beyond = [0.0, 0, 0, 0, 0, 1, 9, 75, 0, 0]
        zones = pd.DataFrame({"population": 100.0, "minutes_to_needed": minutes, "minutes_beyond_cutoff": beyond})
        said = sentences.beside_the_edge(replace(fake.fake_results(), zones=zones))
        assert said.startswith("20.0 % of residents (200) live in areas within a minute of 45 minutes")
        assert "28.3 minutes beyond it on average" in said and "about 8,500 person-minutes" in said

    def test_minutes_beyond_the_edge_that_nobody_searched_are_not_said_to_be_none(self) -> None:
        zones = pd.DataFrame(
            {"population": 100.0, "minutes_to_needed": [44.5, 20, np.nan, 30], "minutes_beyond_cutoff": np.nan}
        )
        said = sentences.beside_the_edge(replace(fake.fake_results(), zones=zones))
        assert said.startswith("25.0 % of residents (100) live in areas at most a minute below 45 minutes")
        assert "what lies beyond it is not known" in said and "on either side" not in said

    def test_technical_choices_and_other_questions_have_a_range_each(self) -> None:
        said = sentences.variants_range(fake.fake_results().kpi)
        assert "Under the two other technical choices tried the figure runs from 45.0 % to 58.0 %" in said
        assert "other questions tried" in said and said.index("technical") < said.index("questions")

    def test_the_published_figure_is_marked_as_another_measure(self) -> None:
        said = sentences.published(fake.region().strategy)
        assert "41 %" in said
        assert all(
            words in said for words in ("another definition", "another year", "nothing in this report is calibrated")
        )

    @pytest.mark.parametrize(("illustrative", "word"), [(True, "invented"), (False, "synthetic")])
    def test_a_run_on_invented_or_synthetic_input_says_it_finds_nothing(self, illustrative: bool, word: str) -> None:
        assert word in sentences.trust(fake.region(illustrative))

    def test_a_run_on_real_input_carries_no_such_sentence(self) -> None:
        assert sentences.trust(fake.region(False, False)) == ""

    @pytest.mark.parametrize(
        ("value", "word"), [(0.40, "below"), (0.509, "close to"), (0.491, "close to"), (0.60, "above"), (np.nan, "")]
    )
    def test_under_one_point_apart_is_close(self, value: float, word: str) -> None:
        assert sentences.compared(value, 0.5) == word

    def test_what_the_corridors_hold_together_is_told_with_counts(self) -> None:
        row = {
            "buffer_m": 1200, "zones": 231, "zones_share": 231 / 1680, "region_zones": 1680,
            "decile1_zones": 80, "decile1_share_of_region": 80 / 444, "region_decile1_zones": 444,
        }  # fmt: skip
        said = sentences.together(row, 4)
        assert "Within 1.2 km, the four corridors together hold 18.0 %" in said
        assert "(80 of 444)" in said and "13.8 % of all its zones (231 of 1,680)" in said

    def test_holding_most_of_the_regions_deprivation_is_not_only(self) -> None:
        said = sentences.together({"buffer_m": 2000, "decile1_share_of_region": 0.6, "zones_share": 0.5}, 4)
        assert "only" not in said and "60.0 %" in said

    def test_holding_more_than_their_part_is_not_only(self) -> None:
        """19.1 % of the most deprived zones in 14.0 % of all zones is more than their part, and is not "only"."""
        row = {"buffer_m": 1200, "decile1_share_of_region": 0.191, "zones_share": 0.14}
        assert "hold 19.1 %" in sentences.together(row, 4)
        assert "hold only 19.1 %" in sentences.together({**row, "zones_share": 0.25}, 4)

    def test_what_was_not_computed_is_said_to_be_so(self) -> None:
        assert "not computed in this run" in sentences.together(None, 4)

    def test_corridors_that_change_places_between_buffers_are_not_distinguishable(self) -> None:
        said = sentences.order(buffer_rows(one=(0.3, 0.5), other=(0.4, 0.4)), "kpi_share", "access")
        assert "no two corridors are distinguishable" in said

    def test_corridors_within_a_point_are_not_distinguishable(self) -> None:
        rows = buffer_rows(one=(0.300, 0.3), other=(0.305, 0.4), third=(0.8, 0.8))
        said = sentences.order(rows, "kpi_share", "access")
        assert "not distinguishable" in said and said.endswith(": “one” and “other”.")

    def test_corridors_apart_at_every_buffer_keep_their_order(self) -> None:
        assert "same order" in sentences.order(buffer_rows(one=(0.3, 0.3), other=(0.4, 0.4)), "kpi_share", "access")

    def test_one_buffer_alone_supports_no_word_on_order(self) -> None:
        assert sentences.order(buffer_rows(one=(0.3,), other=(0.4,)), "kpi_share", "access") == ""

    def test_better_access_in_deprived_areas_is_not_called_the_end_of_the_matter(self) -> None:
        rows = [{"quintile": 1, "people": 10, "kpi_share": 0.7}, {"quintile": 5, "people": 20, "kpi_share": 0.3}]
        assert "not the same as there being no problem" in sentences.spread(rows)
        assert "no problem" not in sentences.spread([rows[0] | {"kpi_share": 0.2}, rows[1]])


def buffer_rows(**shares: tuple[float, ...]) -> list[dict[str, object]]:
    return [
        {"name": name, "buffer_m": 800.0 + 400 * number, "kpi_share": share}
        for name, values in shares.items()
        for number, share in enumerate(values)
    ]


class TestCorridorSentences:
    def test_need_gives_counts_and_compares_with_the_region(self) -> None:
        corridor = {"decile1_share": 0.375, "imd_decile1_zones": 3, "zones": 8, "no_car_share": 0.2}
        said = of_corridor.need(corridor, {"decile1_share": 0.264})
        assert said == (
            "37.5 % of its zones (3 of 8) are in the most deprived tenth nationally, above the region's 26.4 %; "
            "20.0 % of households have no car."
        )

    def test_rates_of_a_suppressed_corridor_stay_unsaid(self) -> None:
        corridor = {"suppressed": True, "decile1_share": 0.5, "kpi_share": 0.5, "people": 90, "zones": 2}
        assert "%" not in of_corridor.need(corridor, {}) + of_corridor.gap(corridor, 0.4)

    def test_none_disconnected_is_not_the_same_as_not_computed(self) -> None:
        corridor = {"kpi_share": 0.5, "people": 1000}
        assert "0 residents live" in of_corridor.gap(corridor | {"near_but_disconnected_people": 0}, 0.4)
        assert "1 resident lives" in of_corridor.gap(corridor | {"near_but_disconnected_people": 1}, 0.4)
        assert "not computed in this run" in of_corridor.gap(corridor | {"near_but_disconnected_people": np.nan}, 0.4)

    def test_the_place_is_proposed_by_this_tool(self) -> None:
        said = of_corridor.place({"length_km": 10.97, "zones": 58, "people": 93_000}, 1200, None)
        assert "11.0 km long" in said and "proposed by this tool" in said and "within 1.2 km of its line" in said

    def test_buffers_stand_side_by_side_among_what_is_uncertain(self) -> None:
        rows = [{"buffer_m": 800, "kpi_share": 0.31}, {"buffer_m": 2000, "kpi_share": 0.4}]
        said = " ".join(of_corridor.uncertain(rows, "along streets"))
        assert "at 0.8 km and 2.0 km from the line, 31.0 % and 40.0 % of residents" in said and "along streets" in said

    @pytest.mark.parametrize("held", ["a;b", "a b;b", ["a", "b"], ("b",), "b"])
    def test_a_zone_belongs_to_every_corridor_on_its_list(self, held: object) -> None:
        assert belongs(held, "b")
        assert not belongs(held, "ab")

    @pytest.mark.parametrize("ident", ["A34 north", "A34, north", "A34|north"])
    def test_an_id_of_several_words_is_one_id(self, ident: str) -> None:
        """A corridor of such an id held no area: nobody in it missed the test, and its sites were none."""
        assert belongs(f"b;{ident}", ident)
        assert not belongs(f"b;{ident}", "A34") and not belongs(ident, "north")

    def test_a_zone_without_a_list_belongs_nowhere(self) -> None:
        assert not belongs(np.nan, "b")
        assert not belongs("", "b")


TOUCHED = {"trips_touched": 3, "trips_in_window": 120, "touched_share": 0.025, "cause": "3 trips were dropped."}


class TestTouched:
    def test_trips_dropped_are_told_out_of_all_with_their_cause(self) -> None:
        assert of_corridor.touched([TOUCHED]) == (
            "The input: of 120 trips that call here in the departure window, 3 (2.5 %) had to be dropped or repaired "
            "(3 trips were dropped)."
        )

    def test_the_largest_problem_is_told_and_the_others_counted(self) -> None:
        larger = {**TOUCHED, "trips_touched": 9, "touched_share": 0.075}
        text = of_corridor.touched([TOUCHED, larger])
        assert "9 (7.5 %)" in text and text.endswith("Another 1 problem touched it too: see the warnings.")

    def test_a_corridor_that_none_touched_says_nothing(self) -> None:
        assert of_corridor.touched([]) == of_corridor.touched([{**TOUCHED, "trips_touched": 0}]) == ""
