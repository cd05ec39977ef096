"""A configuration's problems are told in our words: where, what was given, what is expected."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic_core import ErrorDetails, PydanticKnownError
from pydantic_core.core_schema import ErrorType

from corridors.config.problem_words import WORDS, words_of
from corridors.config.run_config import RunConfig, load_config
from corridors.errors import ConfigError
from tests.support.small_region import SmallRegion

_SAID_ELSEWHERE = {"value_error", "assertion_error", "extra_forbidden"}


def error_types(schema: Any) -> Iterator[str]:
    """The error types that values of a schema can end in, by the kinds of schema that stand in it."""
    if isinstance(schema, dict):
        if isinstance(kind := schema.get("type"), str):
            yield from _TYPES_OF.get(kind, (f"unlisted schema {kind}",))
            for bound in schema.keys() & _TYPES_OF_BOUND.keys():
                yield from _TYPES_OF_BOUND[bound]
        for value in schema.values():
            yield from error_types(value)
    elif isinstance(schema, (list, tuple)):
        for value in schema:
            yield from error_types(value)


_TYPES_OF = {
    "model": ("model_type", "model_attributes_type"),
    "model-fields": ("missing", "extra_forbidden", "model_type", "model_attributes_type"),
    "model-field": (),
    "str": ("string_type", "string_sub_type", "string_unicode", "string_too_short", "string_too_long", "string_pattern_mismatch"),
    "int": ("int_type", "int_parsing", "int_parsing_size", "int_from_float"),
    "float": ("float_type", "float_parsing", "finite_number"),
    "bool": ("bool_type", "bool_parsing"),
    "date": ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
    "list": ("list_type", "too_short", "too_long"),
    "dict": ("dict_type", "mapping_type", "too_short", "too_long"),
    "literal": ("literal_error",),
    "tagged-union": ("union_tag_invalid", "union_tag_not_found"),
    "lax-or-strict": (),
    "is-instance": ("is_instance_of",),
    **dict.fromkeys(("nullable", "union", "default", "definitions", "definition-ref", "chain", "json-or-python", "any"), ()),
    **dict.fromkeys(("function-before", "function-after", "function-wrap", "function-plain"), ("value_error",)),
    **dict.fromkeys(("no-info", "with-info"), ("value_error",)),
}  # fmt: skip
_TYPES_OF_BOUND = {
    "gt": ("greater_than",),
    "ge": ("greater_than_equal",),
    "lt": ("less_than",),
    "le": ("less_than_equal",),
}
_NEVER = {"union_tag_invalid", "union_tag_not_found", "is_instance_of", "string_sub_type", "string_unicode"}


def test_every_way_a_configuration_can_be_wrong_has_words_of_ours() -> None:
    """`union_tag...`: our tags always fit; `is_instance_of`: of paths, which are told as `path_type`."""
    possible = set(error_types(RunConfig.__pydantic_core_schema__))
    assert not {one for one in possible if one.startswith("unlisted")}
    assert {"missing", "finite_number", "model_type", "less_than_equal", "date_parsing"} <= possible
    assert possible - _NEVER <= WORDS.keys() | _SAID_ELSEWHERE


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_error_type_of_the_library_shows_its_own_text(kind: str) -> None:
    """Also those that no configuration ends in today."""
    context = {
        "min_length": 1, "max_length": 2, "actual_length": 3, "field_type": "List", "expected": "'a' or 'b'", "pattern": "x",
        "gt": 1.0, "ge": 1.0, "lt": 1.0, "le": 1.0, "multiple_of": 2.0, "error": "ours", "class_name": "Section",
    }  # fmt: skip
    problem: ErrorDetails = {"type": kind, "loc": ("a",), "msg": "THEIR TEXT", "input": "given", "ctx": context}
    said = words_of(problem)
    assert said
    assert not any(word in said for word in ("THEIR", "Input", "Section", "valid ", "instance"))


def test_the_templates_are_filled_by_what_the_library_says() -> None:
    """`less_than_equal` is the library's own name of a bound, and `le` that of its value."""
    assert PydanticKnownError("less_than_equal", {"le": 5}).context == {"le": 5}
    assert words_of({"type": "less_than_equal", "loc": ("a",), "msg": "", "input": 7, "ctx": {"le": 1000}}) == (
        "must be at most 1,000, not 7"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('district = { column = "district" }', "district = 3", "zones.district: must be a table"),
        ('district = { column = "district" }', 'district = { columm = "district" }', "zones.district.columm: unknown key"),
        ('district = { column = "district" }', 'district = { column = "" }', "zones.district.column: must have at least 1"),
        ("synthetic = true", 'synthetic = "perhaps"', "timetable.synthetic: must be true or false, not 'perhaps'"),
        ("synthetic = true", "synthetic = true\nstop_locations = 3", "timetable.stop_locations: must be the path of a file"),
        ("date = 2026-03-24", "date = 5", "timetable.date: 5 is not a date; write it such as 2026-03-24"),
        ("date = 2026-03-24", "date = 9999-12-31", "timetable.date: 9999-12-31 is not a day of the years 1970 to 2099"),
        ("date = 2026-03-24", "date = 2026-03-24T08:00:00", "must be a date such as 2026-03-24, without a time of day"),
        ('feeds = ["feed.zip"]', 'feeds = "feed.zip"', "timetable.feeds: must be a list in square brackets"),
        ("[outputs]", "[search]\nstep_s = 1.5\n[outputs]", "search.step_s: must be a whole number, not 1.5"),
        ("[outputs]", "[search]\nstep_s = -1\n[outputs]", "search.step_s: must be at least 0, not -1"),
        ("[outputs]", "[search]\nstep_s = 1\nwindow = '02:00-24:00'\n[outputs]", "a step of 1 s makes 82,800 departures"),
        ("[outputs]", '[scoring]\npreset = "mine"\n[outputs]', "scoring.preset: must be one of 'equal', 'need_led'"),
        ("[outputs]", '[scoring]\nindicators = {need = ["x"]}\n[outputs]', "x: not an indicator; those known are"),
        ('slug = "line"', 'slug = "The Line"', "region.slug: 'The Line' must be 1 to 40 of a-z, 0-9 and _: it names files"),
        ('name = "Line"', 'name = "\\u001b[31m"\nevil = "\\u001b"', "region.evil: unknown key"),
        ("fields.jobs", "fields.meets_kpi", "'meets_kpi' is the name of a column that the run makes itself"),
        ("fields.jobs", "fields.POPULATION", "two layers give the field 'population'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_was_given(region: SmallRegion, old: str, new: str, said: str) -> None:
    region.replace("config.toml", old, new)
    with pytest.raises(ConfigError) as caught:
        load_config(region.config)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        *((f"search.cutoffs_min = [45, {odd}]", "search.cutoffs_min.1: must be a finite number") for odd in ("nan", "inf")),
        ("search.cutoffs_min = [45, 1e12]", "search.cutoffs_min.1: must be at most 1,440.0, not 1000000000000.0"),
        ("search.cutoffs_min = [45, 150]", "cutoffs_min 150 is beyond max_min 120, where the search ends"),
        ("search.cutoffs_min = [45, 45.001]", "45, 45.001: given twice, or less than a second apart"),
        ("kpi.cutoff_min = 0.5", "kpi.cutoff_min: must be at least 1.0, not 0.5"),
        ("kpi.cutoff_min = inf", "kpi.cutoff_min: must be a finite number"),
        ("kpi.cutoff_min = 44", "kpi.cutoff_min 44 is not among search.cutoffs_min (40, 45, 50)"),
        *(
            (f"corridors.buffers_beside_m = [{odd}]", "corridors.buffers_beside_m.0: must be")
            for odd in ("nan", "inf", "-500", "1e12", "0")
        ),
        ("search.percentiles = [50, nan]", "search.percentiles.1: must be a finite number"),
        ("search.window = '99:00-99:30'", "the departure window must start between 00:00 and 48:00"),
        ("search.max_rides = 99999999999", "search.max_rides: must be at most 100, not 99999999999"),
        ("scoring.seed = -1", "scoring.seed: must be at least 0"),
        (f"search.percentiles = {[n / 100 for n in range(100, 200)]}", "must contain 50"),
        (f"search.percentiles = {[n / 100 for n in range(100, 201)]}", "must hold at most 100 entries; it holds 101"),
        (f"search.cutoffs_min = {list(range(1, 102))}", "search.cutoffs_min: must hold at most 100 entries; it holds 101"),
        (f"corridors.buffers_beside_m = {list(range(1, 22))}", "must hold at most 20 entries; it holds 21"),
        (f"corridors.buffers_beside_m = {[8] * 2000}", "must hold at most 20 entries; it holds 2000"),
    ],
)  # fmt: skip
def test_every_number_is_finite_and_bounded(region: SmallRegion, option: str, said: str) -> None:
    """Part 3, fault 17 and its kind; the option stands in the message as it was typed."""
    key, value = option.split(" = ", 1)
    section, name = key.split(".")
    text = region.config.read_text(encoding="utf-8")
    line = f"{name} = {value}\n"
    there = f"[{section}]\n"
    text = text.replace(there, there + line) if there in text else f"{text}\n{there}{line}"
    region.config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(region.config)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('file = "C:\\Users\\me\\zones.gpkg"', "write paths of Windows with / or between single quotes: 'C:\\Users"),
        ('file = "C:\\data"', "write paths of Windows with / or between single quotes"),
        ("a = " + "1" * 5000, "it holds a number of thousands of digits"),
        (".".join("a" * 30) + " = 1", "nested too deeply"),
        ("a = " + "[" * 30 + "]" * 30, "nested too deeply"),
        ("a = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_no_toml_for_a_run_says_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert said in str(caught.value)
    assert "hex value" not in str(caught.value)
