"""Sentences made from figures by rules, each with its denominator and no stronger than the figures allow."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from corridors.catalogue.headline_variants import CHANGED_QUESTIONS, REGISTRATIONS, TECHNICAL_CHOICES
from corridors.catalogue.near import NEAR_MEANS
from corridors.report.blocks.tables import NOT_COMPUTED, Record, is_suppressed, records
from corridors.report.blocks.wording import count, in_words, km, listed, number_of, percent, significant
from corridors.results import Kpi, Region, Results
from corridors.strategy import Strategy

CLOSE_SHARE = 0.01  # under one percentage point apart is "close to": the definition's variants move more than that


def the_test(kpi: Kpi) -> str:
    """The headline's test: "at least three strategic centres ... within 45 minutes", from the run's own definition."""
    at_least, hours = kpi.test.at_least, f", leaving {kpi.hours}" if kpi.hours else ""
    if at_least is None or kpi.test.cutoff_min is None:
        return "enough strategic centres can be reached in time by public transport (see the definition)"
    centres = f"{in_words(at_least)} strategic {'centre' if at_least == 1 else 'centres'}"
    return f"at least {centres} can be reached within {kpi.test.limit_words} by public transport{hours}"


def headline(results: Results) -> str:
    """The KPI as one sentence with its day, denominator, geography and test."""
    kpi, region = results.kpi, results.region
    if number_of(kpi.share) is None:
        return f"The headline was {NOT_COMPUTED}."
    return (
        f"On {results.day_words}, {percent(kpi.share)} of {count(kpi.people_total)} residents live in areas from "
        f"which {the_test(kpi)}: {count(kpi.people_within)} residents. The place is {region.name}"
        f"{': ' if region.note else ''}{region.note}."
    )


def registrations(results: Results) -> str:
    """Lines registered twice: how many trips that is, and the headline both ways; empty where no registrations overlap."""
    told = next((one for one in results.warnings if one.code.startswith("overlapping_registrations")), None)
    if told is None:
        return ""
    text = f"{told.effect[:1].upper()}{told.effect[1:].split('. In the departure window')[0].rstrip('.')}."
    other = next((one for one in results.kpi.variants if one.id == REGISTRATIONS), None)
    if other is None or number_of(other.share) is None or number_of(results.kpi.share) is None:
        return f"{text} The headline the other way was not searched in this run."
    one_way, other_way = "only the larger one runs", "both run"
    if told.code.endswith("_kept"):
        one_way, other_way = other_way, one_way
    return f"{text} The headline is {percent(results.kpi.share)} where {one_way}, {percent(other.share)} where {other_way}."


def arranged_calls(results: Results) -> str:
    """Calls by arrangement: how many trips have any, and the headline with and without; empty where the day has none."""
    told = next((one for one in results.warnings if one.code == "arranged_calls"), None)
    if told is None:
        return ""
    others = [
        f"{percent(one.share)} with {one.name.split(': ')[-1]}"
        for one in results.kpi.variants
        if one.changes == "arrangement" and number_of(one.share) is not None
    ]
    own = f"{told.effect.split('. In the departure window')[0].rstrip('.')}. The headline is {percent(results.kpi.share)} so"
    return (
        f"{own}; it would be {listed(others)}." if others else f"{own}; the other ways were not searched in this run."
    )


def missing_modes(results: Results) -> str:
    """Modes that the timetables lack though their stations lie in the region, and how to add them; empty without any."""
    told = [one.effect for one in results.warnings if one.code.startswith("no_") and one.code.endswith("_in_timetable")]
    return " ".join(f"{text.rstrip('.')}." for text in told)


def published(strategy: Strategy | None) -> str:
    """The strategy's own figure, marked as another measure; empty where the run names no strategy."""
    if strategy is None:
        return ""
    figure = strategy.published
    return (
        f"The strategy's own figure is {figure.share * 100:.0f} % ({figure.source}). It is another "
        "definition, whose hours, walking limits and treatment of waiting were never published, and another year. "
        "It stands here for comparison only: nothing in this report is calibrated to it, and a difference between "
        "the two figures is not progress or decline."
    )


def trust(region: Region) -> str:
    """Sentence on the uses for which a run's figures are not fit; empty where places and timetable are real."""
    if region.illustrative:
        return (
            "In this run people, deprivation, skills and jobs are invented, so no figure here describes a real place. "
            "The report shows how the evidence would be laid out."
        )
    if region.synthetic_timetable:
        return (
            "In this run the timetable is synthetic: people and places are real, but every travel time, and so "
            "every figure of access, is an example of the method and not a finding."
        )
    return ""


def variants_range(kpi: Kpi) -> str:
    """Sentences on how far the headline moves: by technical choices, and separately by other questions."""
    ranges = [
        _range(
            [share for one in kpi.variants if one.changes in changes and (share := number_of(one.share)) is not None],
            of,
        )
        for changes, of in (
            (TECHNICAL_CHOICES, "other technical choice"),
            (CHANGED_QUESTIONS, "other question"),
        )
    ]
    told = " ".join(text for text in ranges if text)
    return told and f"{told} So it should never be quoted without its definition."


def _range(shares: Sequence[float], of: str) -> str:
    if not shares:
        return ""
    if len(shares) == 1:
        return f"Under the one {of} tried the figure is {percent(shares[0])} of residents."
    return (
        f"Under the {in_words(len(shares))} {of}s tried the figure runs from {percent(min(shares))} to "
        f"{percent(max(shares))} of residents."
    )


def beside_the_edge(results: Results) -> str:
    """Sentences on residents close to the cutoff, and on the minutes beyond it of those who miss it."""
    zones, limit = results.zones, results.kpi.test.cutoff_min
    if limit is None or not {"population", "minutes_to_needed", "minutes_beyond_cutoff"} <= set(zones.columns):
        return ""
    people = zones["population"].fillna(0.0)
    if not people.sum() > 0:
        return ""
    close = people[(zones["minutes_to_needed"] - limit).abs() <= 1].sum()
    beyond = float((people * zones["minutes_beyond_cutoff"]).sum())
    missing = people[zones["minutes_beyond_cutoff"] > 0].sum()
    told = (
        f"{percent(close / people.sum())} of residents ({count(close)}) live in areas within a minute of "
        f"{results.kpi.test.limit_words}, on either side."
    )
    if not zones["minutes_beyond_cutoff"].notna().any():
        return (
            f"{percent(close / people.sum())} of residents ({count(close)}) live in areas at most a minute below "
            f"{results.kpi.test.limit_words}. The search ends there, so what lies beyond it is not known."
        )
    if not missing > 0:
        return told
    return (
        f"{told} Those who miss it are {beyond / missing:.1f} minutes beyond it on average (areas that do not reach "
        "the centre count with the longest time searched). Their minutes beyond it add up to about "
        f"{count(significant(beyond))} person-minutes; this sum does not hang on a single minute, as the headline does."
    )


def near_but_disconnected(results: Results) -> str:
    """How many are near but disconnected, and what that means."""
    people = next((row.get("near_but_disconnected_people") for row in records(results.tables.region)), None)
    if number_of(people) is None:
        return f"How many are near but disconnected was {NOT_COMPUTED}."
    who = "No residents live" if people == 0 else f"{count(people)} residents live"
    return (
        f"{who} in areas {NEAR_MEANS}, to the kilometre. A place that is not reached counts with the longest time searched; "
        "areas that reach no centre at all are left out."
    )


def at_once(kpi: Kpi) -> str:
    """The joint test beside the headline: enough centres from one and the same departure; empty where it was not computed."""
    share = next(
        (share for one in kpi.variants if one.id == "at_once" and (share := number_of(one.share)) is not None), None
    )
    at_least = kpi.test.at_least
    if share is None or at_least is None or at_least == 1:
        return ""
    return (
        f"The headline asks for each centre by itself whether half of all departures reach it. Asked for all at once, "
        f"{percent(share)} of residents live in areas where at least half of all departures reach {in_words(at_least)} centres "
        "from one and the same departure."
    )


def compared(value: object, reference: object) -> str:
    """ "below", "close to" or "above"; empty where either is missing."""
    left, right = number_of(value), number_of(reference)
    if left is None or right is None:
        return ""
    if abs(left - right) < CLOSE_SHARE:
        return "close to"
    return "above" if left > right else "below"


def against(value: object, reference: object) -> str:
    """ ", below the region's 41.0 %", to follow a percentage; empty where there is nothing to compare with."""
    word = compared(value, reference)
    return f", {word} the region's {percent(reference)}" if word else ""


def together(row: Record | None, corridors: int) -> str:
    """Sentence on the corridors' share of the region's residents and of its most deprived areas; part of every report."""
    share = None if row is None else number_of(row.get("decile1_share_of_region"))
    if row is None or share is None:
        return f"How much of the region's deprivation the corridors hold together was {NOT_COMPUTED}."
    minority, part = share < 0.5, number_of(row.get("zones_share"))
    few = minority and (part is None or share < part)  # with more than their part of all zones, "only" would mislead
    them = "the corridor holds" if corridors == 1 else f"the {in_words(corridors)} corridors together hold"
    outside = "it" if corridors == 1 else "them"
    text = (
        f"Within {km(row.get('buffer_m'))}, {them} "
        f"{'only ' if few else ''}{percent(share)} of the region's zones in the most deprived tenth nationally, "
        f"decile 1{_of(row, 'decile1_zones', 'region_decile1_zones')}, and {percent(row.get('zones_share'))} of all "
        f"its zones{_of(row, 'zones', 'region_zones')}."
    )
    return f"{text} Most of the region's most deprived zones lie outside {outside}." if minority else text


def _of(row: Record, part: str, whole: str) -> str:
    if number_of(row.get(part)) is None or number_of(row.get(whole)) is None:
        return ""
    return f" ({count(row[part])} of {count(row[whole])})"


def order(rows: Sequence[Record], measure: str, called: str) -> str:
    """Sentence on whether the corridors can be put in order on a measure: a pair that changes places between buffers cannot.

    `rows` are one per corridor and buffer with `name` and `buffer_m`. A pair is not distinguishable where it changes
    places between buffers or comes within one percentage point at any of them.
    """
    values: dict[str, dict[float, float]] = {}
    for row in rows:
        value, buffer_m = number_of(row.get(measure)), number_of(row.get("buffer_m"))
        if value is not None and buffer_m is not None and not is_suppressed(row):
            values.setdefault(str(row["name"]), {})[buffer_m] = value
    pairs = list(combinations(values, 2))
    if not pairs or len({buffer_m for by_buffer in values.values() for buffer_m in by_buffer}) < 2:
        return ""
    unclear = [f"“{one}” and “{other}”" for one, other in pairs if not _apart(values[one], values[other])]
    if not unclear:
        return f"On {called} the corridors keep the same order at every buffer, at least one percentage point apart."
    if len(unclear) == len(pairs):
        return f"On {called} no two corridors are distinguishable: which comes first depends on the buffer drawn."
    return (
        f"On {called} these pairs are not distinguishable, because they change places between buffers or come within "
        f"one percentage point: {'; '.join(unclear)}."
    )


def _apart(one: Mapping[float, float], other: Mapping[float, float]) -> bool:
    differences = [one[buffer_m] - other[buffer_m] for buffer_m in one.keys() & other.keys()]
    return bool(differences) and (
        all(difference >= CLOSE_SHARE for difference in differences)
        or all(difference <= -CLOSE_SHARE for difference in differences)
    )


def extremes(districts: Sequence[Record]) -> str:
    """Sentence on the districts with the lowest and the highest share; districts with equal shares are all named."""
    known = [row for row in districts if number_of(row.get("kpi_share")) is not None and not is_suppressed(row)]
    if len(known) < 2:
        return ""
    low, high = (find(float(row["kpi_share"]) for row in known) for find in (min, max))
    if low == high:
        return f"In every district the share is {percent(low)}."
    ends = (listed([str(row["name"]) for row in known if float(row["kpi_share"]) == end]) for end in (low, high))
    return "Among districts the share runs from {} in {} to {} in {}.".format(
        *(part for end, names in zip((low, high), ends, strict=True) for part in (percent(end), names))
    )


def spread(rows: Sequence[Record]) -> str:
    """Sentence that compares the most and the least deprived fifth."""
    known = [
        row
        for row in rows
        if number_of(row.get("quintile")) is not None and number_of(row.get("kpi_share")) is not None
    ]
    if len(known) < 2:
        return ""
    ordered = sorted(known, key=lambda row: float(row["quintile"]))
    most, least = ordered[0], ordered[-1]
    text = (
        "Areas are cut into national fifths by deprivation, 1 the most deprived. In this region's areas of fifth "
        f"{count(most['quintile'])}, {percent(most['kpi_share'])} of {count(most.get('people'))} residents meet the "
        f"test; in those of fifth {count(least['quintile'])}, {percent(least['kpi_share'])} of "
        f"{count(least.get('people'))}."
    )
    if compared(most["kpi_share"], least["kpi_share"]) == "above":
        return f"{text} Much deprivation is central and well served: that is not the same as there being no problem."
    return text
