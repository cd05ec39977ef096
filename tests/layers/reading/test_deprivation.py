"""Deprivation, people and qualifications: direction, edition, parts of wholes, gaps."""

import numpy as np
import pandas as pd
import pytest

from layers.errors import GeographyError, LayerError
from layers.reading.deprivation import check_direction, check_edition, check_ranks, decile_shares
from layers.reading.people import check_people, no_car_share
from layers.reading.qualifications import Reference, gap, implied_share, persons_short
from layers.reading.shares import detected_unit, to_share

DECILES = pd.Series([1, 1, 2, 5, 10], index=list("abcde"), name="imd_decile", dtype="float64")


def test_shares_count_zones_with_a_decile_only() -> None:
    shares = decile_shares(pd.concat([DECILES, pd.Series({"f": np.nan})]))
    assert list(shares.loc["all"]) == [5, 0.4, 0.6]
    assert list(shares.columns) == ["zones", "decile_1_share", "decile_1_2_share"]


def test_shares_by_group_have_their_own_denominator() -> None:
    district = pd.Series({"a": "X", "b": "X", "c": "Y", "d": "Y", "e": "Y"})
    shares = decile_shares(DECILES, district)
    assert shares["zones"].to_dict() == {"X": 2, "Y": 3}
    assert shares["decile_1_2_share"].to_dict() == pytest.approx({"X": 1.0, "Y": 1 / 3})


def test_decile_one_goes_with_low_ranks_and_high_scores() -> None:
    rank = pd.Series([3, 9, 40, 60, 99], index=DECILES.index, name="imd_rank")
    check_direction(DECILES, rank, rises_with_deprivation=False, where="imd.csv")
    check_direction(DECILES, 100 - rank, rises_with_deprivation=True, where="imd.csv")
    with pytest.raises(
        LayerError, match=r"imd.csv: deciles run the wrong way against imd_rank \(rank correlation -0.9"
    ):
        check_direction(11 - DECILES, rank, rises_with_deprivation=False, where="imd.csv")


def test_two_zones_or_unrelated_columns_say_nothing_about_direction() -> None:
    check_direction(DECILES[:2], pd.Series({"a": 9, "b": 3}), rises_with_deprivation=False, where="imd.csv")
    unrelated = pd.Series([5, 5, 5, 5, 5], index=DECILES.index)
    check_direction(DECILES, unrelated, rises_with_deprivation=False, where="imd.csv")


@pytest.mark.parametrize(
    ("vintage", "geography", "allowed"),
    [
        ("2019", "LSOA 2011", True),
        ("2025", "LSOA 2021", True),
        ("2019", "LSOA 2021", False),
        ("2025", "lsoa2011", False),
        ("illustrative", "hexagons", True),
        ("2019", "MSOA 2011", True),
    ],
)
def test_each_edition_goes_with_its_own_areas(vintage: str, geography: str, allowed: bool) -> None:
    if allowed:
        check_edition(vintage, geography, "imd.csv")
    else:
        with pytest.raises(GeographyError, match="ranks and deciles do not carry over"):
            check_edition(vintage, geography, "imd.csv")


def test_a_rank_past_the_last_area_gives_another_edition_away() -> None:
    check_ranks(pd.Series([1, 32_844]), "2019", "imd.csv")
    with pytest.raises(LayerError, match=r"rank 33,755 does not exist in 2019 \(32,844 areas were ranked\)"):
        check_ranks(pd.Series([1, 33_755]), "2019", "imd.csv")


def test_parts_above_their_whole_are_counted_and_many_are_an_error() -> None:
    people = pd.DataFrame({"households": 500.0, "households_no_car": 100.0}, index=range(100))
    people.loc[3, "households_no_car"] = 600.0
    findings = check_people(people, "census.csv")
    assert [(finding.code, finding.count, finding.sample) for finding in findings] == [("part_above_whole", 1, ("3",))]
    swapped = people.rename(columns={"households": "households_no_car", "households_no_car": "households"})
    with pytest.raises(LayerError, match="households_no_car is larger than households in 99 of 100 zones"):
        check_people(swapped, "census.csv")


def test_disclosure_control_of_a_few_people_is_no_finding() -> None:
    people = pd.DataFrame({"population": [300.0], "population_16plus": [305.0]})
    assert check_people(people, "census.csv") == ()


def test_households_without_a_car_are_a_share_of_households_where_there_are_any() -> None:
    share = no_car_share(pd.Series([50.0, 0.0]), pd.Series([200.0, 0.0]))
    assert share[0] == 0.25
    assert np.isnan(share[1])


def test_a_column_shows_its_unit() -> None:
    assert detected_unit(pd.Series([0.1, 0.9])) == "fraction"
    assert detected_unit(pd.Series([12.0, 40.0])) == "percent"
    assert detected_unit(pd.Series([120.0, 400.0])) == "count"


def test_few_small_percentages_may_be_percentages() -> None:
    rare = pd.Series([0.4, 0.8], name="unemployment")
    assert to_share(rare, "percent").tolist() == pytest.approx([0.004, 0.008])
    with pytest.raises(LayerError, match="looks like a fraction"):
        to_share(pd.Series([0.4] * 10, name="level4"), "percent")


def test_a_count_above_its_base_is_an_error() -> None:
    with pytest.raises(LayerError, match=r"above the people it is counted among in 1 areas \(1\)"):
        to_share(pd.Series([5.0, 30.0], name="level4"), "count", pd.Series([20.0, 20.0]))


ENGLAND = Reference(0.339, "16+", "Census 2021", "2021")


def test_the_gap_is_in_points_and_persons_and_never_negative_in_persons() -> None:
    """28.9 % of 1,000 against 33.9 %: five points, fifty people; an area above the reference needs nobody."""
    gaps = gap(pd.Series([0.289, 0.439]), pd.Series([1000.0, 1000.0]), "16+", ENGLAND)
    assert gaps["gap_points"].tolist() == pytest.approx([5.0, -10.0])
    assert gaps["gap_persons"].tolist() == pytest.approx([50.0, 0.0])


def test_a_census_share_is_not_held_against_a_survey_rate() -> None:
    survey = Reference(0.43, "16-64", "Annual Population Survey", "2021")
    with pytest.raises(LayerError, match="people 16\\+ can't be compared with a rate of people 16-64"):
        gap(pd.Series([0.3]), pd.Series([100.0]), "16+", survey)


def test_the_strategys_skills_gap_implies_a_national_rate_of_39_percent() -> None:
    """825,500 qualified of 2.572 m aged 16-64, 181,538 more needed (docs/domain.md section 7)."""
    share = implied_share(825_500, 181_538, 2_572_000)
    assert share == pytest.approx(0.392, abs=0.003)
    assert persons_short(825_500, 2_572_000, share) == pytest.approx(181_538)
    assert persons_short(2_000_000, 2_572_000, share) == 0
