"""What can't be answered for a region is refused by `check` and `run` alike, and what is odd of its places is said."""

from collections.abc import Callable

import pytest

from corridors.access.centre_access import Access, centre_warnings, measure_access, window_variants
from corridors.access.variants import headline_variants
from corridors.config.limits import MOST_CENTRES, MOST_CORRIDORS, MOST_PILOTS, MOST_SITES
from corridors.config.run_config import RunConfig, load_config
from corridors.errors import ConfigError, InputMissingError
from corridors.inputs.files import require_files
from corridors.inputs.read import Context, Network, read_context, read_network
from corridors.places.requirements import require_answerable
from layers.errors import LayerError
from tests.support.cli import corridors
from tests.support.small_region import SmallRegion, people, place

pytestmark = pytest.mark.usefixtures("no_pictures")

Damage = Callable[[SmallRegion], None]


def with_people(**columns: object) -> Damage:
    return lambda region: region.table("people.csv", [{**row, **columns} for row in people()])


def with_centres(*rows: dict[str, object]) -> Damage:
    return lambda region: region.table("centres.csv", rows)


def with_config(old: str, new: str) -> Damage:
    return lambda region: region.replace("config.toml", old, new)


def many(table: str, count: int, **columns: object) -> Damage:
    rows = [{**place("B", "One of many"), "id": f"i{n}", **columns} for n in range(count)]
    return lambda region: region.table(f"{table}.csv", rows)


def many_corridors(region: SmallRegion) -> None:
    rows = [
        {**place(stop, "One of many"), "id": f"i{n}", "order": order}
        for n in range(MOST_CORRIDORS + 1)
        for order, stop in enumerate("BE")
    ]
    region.table("corridors.csv", rows)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            with_centres(place("A", "South"), place("C", "Middle")),
            "kpi.centres_at_least asks for 3 centres; of those in centres.csv 2 (A, C) count towards the headline",
        ),
        (
            with_centres(*({**place(stop, stop), "default": "false"} for stop in "ACF")),
            "asks for 3 centres; of those in centres.csv none count towards the headline (default true)",
        ),
        (with_people(population=0), "nobody lives here: population adds up to 0 over 12 zones (0 of them without a value)"),
        (with_people(population=""), "nobody lives here: population adds up to 0 over 12 zones (12 of them without a value)"),
        (
            lambda region: region.path("corridors.csv").write_text("id,name,order,lat,lon\n", encoding="utf-8"),
            "corridors.csv holds no corridor; write at least one",
        ),
        (with_config('file = "pilots.csv"', 'file = "pilots.csv"\ninstead = {B = "X"}'), "pilots.instead names X"),
        (
            with_config("[zones]", '[zones]\nfiner = {file = "no.csv", id = "code", geography = "postcodes"}'),
            "zones.finer.file",
        ),
        (many("centres", MOST_CENTRES + 1), f"{MOST_CENTRES + 1} centres are too many for one run; at most {MOST_CENTRES}"),
        (many("pilots", MOST_PILOTS + 1, radius_m=800), "301 pilots are too many for one run; at most 300"),
        (many("sites", MOST_SITES + 1, ha=1, status="open"), "5,001 sites are too many for one run; at most 5,000"),
        (many_corridors, "101 corridors are too many for one run; at most 100"),
        (with_centres({**place("A", "x" * 201)}), "centres.csv: names of more than 200 letters fit no map or heading (A: xxx"),
        (with_centres({**place("A", "South"), "id": "x" * 101}), "ids of more than 100 letters fit no map or heading"),
    ],
)  # fmt: skip
def test_what_can_not_be_answered_is_refused_with_what_to_do(region: SmallRegion, damage: Damage, said: str) -> None:
    damage(region)
    with pytest.raises((ConfigError, InputMissingError, LayerError)) as caught:
        answerable(load_config(region.config))
    assert said in str(caught.value)


def answerable(config: RunConfig) -> None:
    """What `check` and `run` both ask before any work."""
    require_files(config)
    require_answerable(config, read_context(config))


def test_check_and_run_refuse_alike(region: SmallRegion) -> None:
    """Two centres where the headline asks for three: l16."""
    with_centres(place("A", "South"), place("C", "Middle"))(region)
    out = region.path("out")
    for ended in (corridors("check", region.config), corridors("run", region.config, "--out", out)):
        assert (ended.code, out.exists()) == (2, False)
        assert "kpi.centres_at_least asks for 3 centres" in ended.err


def test_a_grid_of_too_many_cells_is_refused_before_the_work(
    region: SmallRegion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.rasters.MAX_CELLS", 100)
    with pytest.raises(LayerError, match=r"a surface of .* use cells larger than 200 m"):
        answerable(load_config(region.config))


def test_a_name_of_the_longest_length_runs_and_a_longer_one_names_its_row(region: SmallRegion) -> None:
    region.table("pilots.csv", [{**place("B", "x" * 200), "radius_m": 800}])
    answerable(load_config(region.config))
    region.table("pilots.csv", [{**place("B", "x" * 100_000), "radius_m": 800}])
    with pytest.raises(
        LayerError, match=r"pilots.csv: names of more than 200 letters .* \(B: xxxxxxxxxxxxxxxxxxxx\.\.\.\)"
    ):
        answerable(load_config(region.config))


@pytest.mark.parametrize(
    ("most", "said"),
    [
        (
            3 * 12 * 120 - 1,
            "12 zones, 3 centres and the 120 minutes of search.window are more than",
        ),
        (4 * 12 * 6 - 1, "12 zones, 4 centres and sites and 6 percentiles and cutoffs are more than 287 travel times"),
    ],
)
def test_a_search_that_no_memory_holds_is_refused(
    region: SmallRegion, monkeypatch: pytest.MonkeyPatch, most: int, said: str
) -> None:
    monkeypatch.setattr("corridors.places.requirements.MOST_VALUES", most)
    with pytest.raises(ConfigError) as caught:
        answerable(load_config(region.config))
    assert said in str(caught.value)


def test_one_centre_under_three_ids_is_said(region: SmallRegion) -> None:
    """It would meet "three centres" alone: Part 3, fault 7."""
    region.table("centres.csv", [{**place("C", f"Name {n}"), "id": f"c{n}"} for n in range(3)])
    found = {one.code: one for one in read_context(load_config(region.config)).warnings}["places_at_one_spot"]
    assert (found.count, found.share, found.sample) == (3, 1.0, ("c0", "c1", "c2"))
    assert found.effect.startswith("centres.csv: these places stand at one spot.")


def test_a_centre_that_no_zone_reaches_is_said_with_its_name(region: SmallRegion) -> None:
    far = {**place("F", "Far away"), "id": "far", "lat": 54.9}
    region.table("centres.csv", [*(place(stop, f"Centre {stop}") for stop in "ACF"), far])
    (found,) = centre_warnings(accessed(region)[0])
    assert (found.code, found.count, found.sample) == ("centres_no_zone_reaches", 1, ("far (Far away)",))


def accessed(region: SmallRegion) -> tuple[Access, Context, Network]:
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    return measure_access(config, context, network), context, network


def test_variants_that_nobody_could_meet_are_left_out(region: SmallRegion) -> None:
    """Three centres: "at least 4 of 3" would be 0 % and widen the range of the answer: l16."""
    found = headline_variants(*accessed(region))
    assert {one.id for one in found if one.changes == "centres"} == {"k1", "k2"}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("07:00-09:00", ["07:00-09:00", "06:30-08:30", "07:00-10:00"]),
        ("00:00-24:00", ["00:00-24:00", "00:00-23:30"]),  # 33: an hour more is more than a day
        ("00:15-23:45", ["00:15-23:45", "00:00-23:15"]),
    ],
)
def test_windows_of_nearly_a_day_have_fewer_variants(region: SmallRegion, window: str, expected: list[str]) -> None:
    region.replace("config.toml", "[outputs]", f'[search]\nwindow = "{window}"\n[outputs]')
    config = load_config(region.config)
    assert list(window_variants(config.search.spec(1.3))) == expected
