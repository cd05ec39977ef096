"""Sentences of one corridor: its place, its need, its gap and what is uncertain of them."""

from collections.abc import Sequence

from corridors.report.blocks.tables import NOT_COMPUTED, Record, is_suppressed
from corridors.report.blocks.wording import count, decimal, km, listed, number_of, percent, plural
from corridors.report.sections.sentences import against
from corridors.strategy import Strategy


def place(corridor: Record, buffer_m: float | None, strategy: Strategy | None, listed_in: str = "the appendix") -> str:
    """Sentence on a corridor's length, area and population, on who drew its line, and where its zones are listed."""
    explored = f", {strategy.corridors}" if strategy else ""
    size = (
        f"{decimal(corridor.get('length_km'))} km long"
        if number_of(corridor.get("length_km")) is not None
        else "of unstated length"
    )
    within = f"within {km(buffer_m)} of its line" if buffer_m is not None else "within its buffer"
    return (
        f"A corridor {size}{explored}. It has no official boundary: line and buffer are proposed by this tool. "
        f"It holds {plural(corridor.get('zones'), 'zone', 'zones')} with "
        f"{plural(corridor.get('people'), 'resident', 'residents')}, counted by zones whose centre point lies {within}; "
        f"{listed_in} lists them."
    )


def need(corridor: Record, region: Record) -> str:
    """Sentences on deprivation, cars and qualifications of a corridor's areas, each beside the region's."""
    if is_suppressed(corridor):
        return "The corridor holds too few zones or people for rates; only counts are shown."
    parts = [
        _rate(corridor, region, "decile1_share", f"{_decile1_count(corridor)} in the most deprived tenth nationally"),
        _rate(corridor, region, "no_car_share", "of households have no car"),
        _rate(corridor, region, "level4_share", "of adults hold a Level 4 qualification or higher"),
    ]
    known = [part for part in parts if part]
    return f"{_capital('; '.join(known))}." if known else f"Deprivation, cars and qualifications were {NOT_COMPUTED}."


def _decile1_count(corridor: Record) -> str:
    in_decile1, zones = corridor.get("imd_decile1_zones"), corridor.get("zones")
    if number_of(in_decile1) is None or number_of(zones) is None:
        return "of its zones are"
    return f"of its zones ({count(in_decile1)} of {count(zones)}) are"


def _rate(corridor: Record, region: Record, name: str, what: str) -> str:
    if number_of(corridor.get(name)) is None:
        return ""
    return f"{percent(corridor[name])} {what}{against(corridor[name], region.get(name))}"


def gap(corridor: Record, region_share: object) -> str:
    """Sentences on a corridor's share of the headline beside the region's, and on residents near but disconnected."""
    if is_suppressed(corridor) or number_of(corridor.get("kpi_share")) is None:
        text = "The share of its residents who meet the headline test is not shown: too few zones, or not computed."
    else:
        text = (
            f"{percent(corridor['kpi_share'])} of its {count(corridor.get('people'))} residents live in areas that "
            f"meet the headline test{against(corridor['kpi_share'], region_share)}."
        )
    missed = corridor.get("near_but_disconnected_people")
    if number_of(missed) is None:
        return f"{text} How many are near but disconnected was {NOT_COMPUTED}."
    near = "no residents live" if missed == 0 else plural(missed, "resident lives", "residents live")
    return f"{text} {_capital(near)} in areas that are near a centre or site but disconnected from it."


def uncertain(
    rows: Sequence[Record], walking_basis: str, cutoffs: Sequence[str] = (), effects: Sequence[Record] = ()
) -> tuple[str, ...]:
    """Sentences on the uncertainty of one corridor's figures.

    `rows` are its buffers, `cutoffs` the other cutoffs tried ("40 minutes"), `effects` what dropped or repaired trips cost.
    """
    shown = [row for row in rows if number_of(row.get("kpi_share")) is not None and not is_suppressed(row)]
    notes = []
    if len(shown) > 1:
        buffers = listed([km(row["buffer_m"]) for row in shown])
        shares = listed([percent(row["kpi_share"]) for row in shown])
        notes.append(
            f"The drawing: at {buffers} from the line, {shares} of residents meet the test.{_decile1_range(shown)}"
        )
    else:
        notes.append(f"The drawing: figures at other buffers were {NOT_COMPUTED}.")
    tried = f"; see the variants at {listed(list(cutoffs))}" if cutoffs else ""
    notes.append(f"The cut-off: areas just past it count as missing the test{tried}.")
    notes.append(f"Times are those of the timetable, not observed ones; walking: {walking_basis}.")
    return (*notes, *([text] if (text := touched(effects)) else []))


def touched(effects: Sequence[Record]) -> str:
    """Sentences on the effects of dropped or repaired trips on a corridor, the largest first; empty where there are none."""
    known = [row for row in effects if number_of(row.get("trips_touched")) and number_of(row.get("trips_in_window"))]
    if not known:
        return ""
    largest = max(known, key=lambda row: number_of(row["trips_touched"]) or 0.0)
    others = len(known) - 1
    more = f" Another {plural(others, 'problem', 'problems')} touched it too: see the warnings." if others else ""
    return (
        f"The input: of {count(largest['trips_in_window'])} trips that call here in the departure window, "
        f"{count(largest['trips_touched'])} ({percent(largest.get('touched_share'))}) had to be dropped or repaired "
        f"({str(largest.get('cause')).rstrip('.')}).{more}"
    )


def _decile1_range(rows: Sequence[Record]) -> str:
    if any(number_of(row.get("decile1_share")) is None for row in rows):
        return ""
    return f" The share of its zones in decile 1 is {listed([percent(row['decile1_share']) for row in rows])}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
