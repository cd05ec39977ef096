"""Classes, colours and words of values: breaks that a reader can check by hand."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from maps.styles import (
    DECILE_COLOURS,
    MINUTE_COLOURS,
    NO_DATA_COLOUR,
    SEQUENTIAL_COLOURS,
    UNREACHABLE_COLOUR,
    as_text,
    category_scale,
    centres_scale,
    change_scale,
    decile_scale,
    flag_scale,
    minutes_scale,
    quantile_scale,
    scale_for,
    value_words,
)


def test_minutes_fall_in_fixed_classes_and_45_is_already_outside_the_test() -> None:
    values = pd.Series([0.0, 14.9, 15.0, 44.99, 45.0, 89.0, 119.9, 120.0, 400.0])
    assert minutes_scale().class_of(values).tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 6]


def test_missing_minutes_mean_unreachable_and_other_missing_values_mean_no_data() -> None:
    nothing = pd.Series([np.nan, 3.0])
    assert minutes_scale().class_of(nothing).tolist() == [-1, 0]
    assert minutes_scale().missing.label.startswith("Not reachable")
    assert scale_for(nothing, "share").missing.label == "No data"
    assert minutes_scale().missing.colour != scale_for(nothing, "share").missing.colour


def test_centres_have_a_class_for_each_number_and_say_which_meet_the_test() -> None:
    scale = centres_scale(9)
    assert len(scale.classes) == 10
    assert scale.class_of(pd.Series([0, 2, 3, 9])).tolist() == [0, 2, 3, 9]
    assert ["meets" in item.label for item in scale.classes] == [False] * 3 + [True] * 7
    assert len({item.colour for item in scale.classes}) == 10


def test_centres_scale_reaches_the_test_even_where_no_zone_does() -> None:
    assert len(scale_for(pd.Series([0, 1]), "centres").classes) == 4


def test_deciles_run_from_most_to_least_deprived() -> None:
    scale = decile_scale()
    assert scale.class_of(pd.Series([1, 10, np.nan])).tolist() == [0, 9, -1]
    assert "most deprived" in scale.classes[0].label
    assert "least deprived" in scale.classes[9].label


def test_quantiles_put_a_fifth_of_the_zones_in_each_class() -> None:
    scale = quantile_scale(pd.Series(range(1, 101)))
    assert [item.lower for item in scale.classes] == [1, 21, 41, 60, 80]
    assert scale.counts(pd.Series(range(1, 101))) == (20, 20, 19, 20, 21, 0)


def test_zero_is_a_class_of_its_own_where_many_zones_hold_nothing() -> None:
    values = pd.Series([0, 0, 0, 10, 20, 30, 40, 50, np.nan])
    scale = quantile_scale(values)
    assert scale.classes[0].label == "0"
    assert scale.counts(values)[0] == 3
    assert scale.counts(values)[-1] == 1


@pytest.mark.parametrize("values", [[], [np.nan], [5.0, 5.0], [0.0, 0.0]])
def test_a_column_with_nothing_to_divide_still_has_a_scale(values: list[float]) -> None:
    series = pd.Series(values, dtype=float)
    assert sum(quantile_scale(series).counts(series)) == len(values)


def test_percentages_are_labelled_as_such_and_breaks_are_round() -> None:
    labels = [item.label for item in quantile_scale(pd.Series(np.linspace(0.1, 0.6, 101)), "share").classes]
    assert labels[0] == "10 % to under 20 %"
    assert labels[-1] == "50 % to 60 %"


@pytest.mark.parametrize("missing", [None, pd.NA, np.nan])
def test_flags_know_yes_no_and_missing(missing: object) -> None:
    assert flag_scale().class_of(pd.Series([True, False, missing], dtype=object)).tolist() == [1, 0, -1]


def test_categories_keep_their_order_and_unknown_words_are_missing() -> None:
    assert category_scale(["b", "a"]).class_of(pd.Series(["a", "b", "c", None])).tolist() == [1, 0, -1, -1]


def test_changes_are_cut_at_zero_and_alike_on_both_sides() -> None:
    scale = change_scale(pd.Series([-10.0, -2.0, 0.0, 2.0, 10.0]), "min")
    assert scale.class_of(pd.Series([-10.0, -2.0, 0.0, 2.0, 10.0])).tolist() == [0, 1, 2, 3, 4]
    assert scale.classes[2].label == "No change"


def test_one_scale_given_to_two_maps_gives_them_the_same_breaks() -> None:
    both = pd.Series([1.0, 2.0, 3.0, 4.0, 100.0])
    scale = quantile_scale(both)
    assert scale.class_of(both[:2]).tolist() == scale.class_of(both).tolist()[:2]


@pytest.mark.parametrize(
    ("value", "kind", "unit", "words"),
    [
        (38.25, "minutes", "", "38.2 min"),
        (0.4125, "share", "", "41.2 %"),
        (0, "share", "", "0.0 %"),
        (1204, "number", "jobs", "1,204 jobs"),
        (12.34, "number", "ha", "12.3 ha"),
        (True, "flag", "", "Yes"),
        (0, "flag", "", "No"),
        (3, "centres", "centres", "3"),
        ("low", "category", "", "low"),
    ],
)
def test_values_read_as_people_say_them(value: object, kind: str, unit: str, words: str) -> None:
    assert value_words(value, kind, unit) == words  # type: ignore[arg-type]


def test_text_is_empty_where_missing_and_whole_numbers_have_no_point() -> None:
    assert as_text(pd.Series([None, 800.0, "x", pd.NA], dtype=object)).tolist() == ["", "800", "x", ""]


# Colour-vision deficiency, full strength: Machado, Oliveira and Fernandes (2009), in linear RGB.
VISION = {
    "usual": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, vision: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as seen with a kind of vision."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(np.clip(TO_XYZ @ np.clip(vision @ linear, 0, 1), 1e-6, None) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISION.values(), ids=VISION.keys())
@pytest.mark.parametrize(
    "colours",
    [MINUTE_COLOURS, SEQUENTIAL_COLOURS, DECILE_COLOURS, tuple(item.colour for item in centres_scale(5).classes)],
    ids=["minutes", "sequential", "deciles", "centres"],
)
def test_neighbouring_classes_can_be_told_apart(colours: tuple[str, ...], vision: np.ndarray) -> None:
    seen = [lab(colour, vision) for colour in colours]
    assert min(np.linalg.norm(a - b) for a, b in pairwise(seen)) > 7


def test_missing_classes_share_no_colour_with_any_palette() -> None:
    used = {*MINUTE_COLOURS, *SEQUENTIAL_COLOURS, *DECILE_COLOURS}
    assert not used & {NO_DATA_COLOUR, UNREACHABLE_COLOUR}
