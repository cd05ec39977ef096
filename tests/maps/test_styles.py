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
    HeadlineTest,
    Scale,
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


def test_exactly_the_cutoff_is_still_within_it_and_a_second_more_is_not() -> None:
    values = pd.Series([0.0, 14.9, 15.0, 44.99, 45.0, 45 + 1 / 60, 89.0, 119.9, 120.0, 400.0])
    scale = minutes_scale(45)
    assert scale.class_of(values).tolist() == [0, 0, 0, 2, 2, 3, 4, 5, 5, 6]
    assert [one.label for one in scale.classes[2:4]] == ["Over 30 to 45", "Over 45 to 60"]


@pytest.mark.parametrize(
    ("cutoff_min", "labels"),
    [
        (60, ["Up to 20", "Over 20 to 40", "Over 40 to 60", "Over 60 to 80", "Over 80 to 120", "Over 120 to 160", "Over 160"]),
        (42.5, [
            "Up to 14", "Over 14 to 28", "Over 28 to 42.5", "Over 42.5 to 57", "Over 57 to 85", "Over 85 to 113", "Over 113",
        ]),
        (3, ["Up to 1", "Over 1 to 2", "Over 2 to 3", "Over 3 to 4", "Over 4 to 6", "Over 6 to 8", "Over 8"]),
    ],
)  # fmt: skip
def test_the_colours_of_minutes_turn_at_whatever_the_cutoff_is(cutoff_min: float, labels: list[str]) -> None:
    scale = minutes_scale(cutoff_min)
    assert [one.label for one in scale.classes] == labels
    within = scale.class_of(pd.Series([cutoff_min, cutoff_min + 1 / 60]))
    assert [scale.classes[number].colour for number in within] == [MINUTE_COLOURS[2], MINUTE_COLOURS[3]]


def test_without_one_cutoff_no_colour_turns_and_no_number_of_centres_meets_the_test() -> None:
    """Two runs with different tests on one map."""
    assert not {one.colour for one in minutes_scale().classes} & set(MINUTE_COLOURS[1:])
    assert not any("meets" in one.label for one in scale_for(pd.Series([0, 5]), "reached").classes)


def test_missing_minutes_mean_unreachable_and_other_missing_values_mean_no_data() -> None:
    nothing = pd.Series([np.nan, 3.0])
    assert minutes_scale().class_of(nothing).tolist() == [-1, 0]
    assert minutes_scale().missing.label.startswith("Not reachable")
    assert scale_for(nothing, "share").missing.label == "No data"
    assert minutes_scale().missing.colour != scale_for(nothing, "share").missing.colour


def test_centres_have_a_class_for_each_number_and_say_which_meet_the_test() -> None:
    scale = centres_scale(9, at_least=3)
    assert len(scale.classes) == 10
    assert scale.class_of(pd.Series([0, 2, 3, 9])).tolist() == [0, 2, 3, 9]
    assert ["meets" in item.label for item in scale.classes] == [False] * 3 + [True] * 7
    assert len({item.colour for item in scale.classes}) == 10


def test_centres_scale_reaches_the_test_even_where_no_zone_does() -> None:
    assert len(scale_for(pd.Series([0, 1]), "reached", test=HeadlineTest(45, 3)).classes) == 4


@pytest.mark.parametrize("at_least", [1, 2, 5])
def test_the_centres_that_meet_the_test_are_those_the_test_asks_for(at_least: int) -> None:
    scale = scale_for(pd.Series([0, 9]), "reached", test=HeadlineTest(45, at_least))
    assert ["meets" in one.label for one in scale.classes] == [False] * at_least + [True] * (10 - at_least)
    assert len({one.colour for one in scale.classes}) == 10


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


def test_minutes_that_one_of_the_two_does_not_reach_are_not_called_missing_data() -> None:
    assert change_scale(pd.Series([-10.0, np.nan]), "min").missing.label == "Not reached in one of the two"
    for other in (change_scale(pd.Series([-1.0, np.nan]), "jobs"), change_scale(pd.Series([np.nan]), "min")):
        assert other.missing.label == "No data"


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
        (3, "reached", "centres", "3"),
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
    [
        MINUTE_COLOURS,
        SEQUENTIAL_COLOURS,
        DECILE_COLOURS,
        tuple(item.colour for item in centres_scale(5, at_least=3).classes),
    ],
    ids=["minutes", "sequential", "deciles", "centres"],
)
def test_neighbouring_classes_can_be_told_apart(colours: tuple[str, ...], vision: np.ndarray) -> None:
    seen = [lab(colour, vision) for colour in colours]
    assert min(np.linalg.norm(a - b) for a, b in pairwise(seen)) > 7


def in_order(scale: Scale) -> list[float]:
    """The lightness (L*) of the classes on a grey print."""
    return [float(lab(item.colour, np.eye(3))[0]) for item in scale.classes]


@pytest.mark.parametrize(
    ("most", "at_least"), [(9, 3), (7, 3), (3, 3), (5, 1), (5, 5), (30, 12), (0, None), (9, None), (500, 200)]
)
def test_a_grey_print_orders_numbers_of_centres_from_none_palest_to_all_darkest(
    most: int, at_least: int | None
) -> None:
    light = in_order(centres_scale(most, at_least))
    assert all(a - b > 1.5 for a, b in pairwise(light))


@pytest.mark.parametrize("cutoff_min", [None, 3.0, 45.0, 60.0])
def test_a_grey_print_orders_minutes_from_near_darkest_to_far_palest(cutoff_min: float | None) -> None:
    assert all(b - a > 3 for a, b in pairwise(in_order(minutes_scale(cutoff_min))))


def test_a_grey_print_orders_every_other_measure_and_hatches_losses() -> None:
    numbers = pd.Series(range(1, 101))
    for scale in (quantile_scale(numbers), quantile_scale(pd.concat([numbers, pd.Series([0] * 50)])), flag_scale()):
        assert all(a - b > 3 for a, b in pairwise(in_order(scale)))
    assert all(b - a > 3 for a, b in pairwise(in_order(decile_scale())))
    change = change_scale(pd.Series([-10.0, -2.0, 0.0, 2.0, 10.0]), "min")
    assert [item.hatched for item in change.classes] == [True, True, False, False, False]
    assert len({round(light) for light in in_order(change)[2:]}) == 3


def test_missing_classes_share_no_colour_with_any_palette() -> None:
    used = {*MINUTE_COLOURS, *SEQUENTIAL_COLOURS, *DECILE_COLOURS}
    assert not used & {NO_DATA_COLOUR, UNREACHABLE_COLOUR}


@pytest.mark.parametrize(("most", "at_least"), [(25, 3), (26, 3), (200, 3), (200, 150), (40, 200), (30, None)])
def test_many_centres_share_classes_that_never_lie_on_both_sides_of_the_test(most: int, at_least: int | None) -> None:
    """A page tells classes by one letter each, of 26."""
    scale = centres_scale(most, at_least)
    assert len(scale.classes) <= 26
    assert [scale.classes[0].lower, scale.classes[-1].upper] == [0, most + 1]
    assert all(one.upper == next_one.lower for one, next_one in pairwise(scale.classes))
    if at_least is not None and at_least <= most:
        assert at_least in {one.lower for one in scale.classes}
    assert {one.lower for one in scale.classes if "meets" in one.label} == {
        one.lower for one in scale.classes if at_least is not None and one.lower >= at_least
    }
    assert (scale.class_of(pd.Series(range(most + 1))) >= 0).all()
