"""Random small timetables and walks for hypothesis: few stops, short hops, overtaking, loops and forbidden boardings."""

from typing import NamedTuple

from hypothesis import strategies as st

from accessibility.legs import LegTable
from accessibility.prepared import PreparedNetwork, boarding_candidates, prepare
from accessibility.search_arrays import Candidates
from accessibility.timetable import Timetable
from accessibility.travel_times import SearchSpec
from tests.support.networks import legs, timetable_of
from tests.support.oracle import Call

START_S, END_S, LONGEST_S = 1000, 1060, 120
N_STOPS, N_POINTS, N_DESTINATIONS = 6, 3, 2


class Scene(NamedTuple):
    """A timetable with the walks of a search: access, changes, egress (destination -> stops), direct (destination -> points)."""

    timetable: Timetable
    access: LegTable
    changes: LegTable
    egress: LegTable
    direct: LegTable

    def prepared(self, spec: SearchSpec) -> tuple[PreparedNetwork, Candidates]:
        """The network made ready for a search, and where its points can board."""
        span_s = (spec.window_start_s, spec.window_end_s + spec.max_duration_s)
        network = prepare(self.timetable, self.changes, span_s, spec.board_slack_s)
        return network, boarding_candidates(network.calls, network.boardings, self.access)


@st.composite
def trips(draw: st.DrawFn) -> list[Call]:
    """A trip of 2-6 calls, stops repeating freely, hops of 0-15 s, dwells mostly 0, some boarding or alighting forbidden."""
    clock = draw(st.integers(START_S - 30, END_S + LONGEST_S))
    calls = []
    for stop in draw(st.lists(st.integers(0, N_STOPS - 1), min_size=2, max_size=6)):
        arrival = clock + draw(st.sampled_from([0, 0, 1, 3, 5, 7, 15]))
        clock = arrival + draw(st.sampled_from([0, 0, 0, 2, 10]))
        flags = draw(st.sampled_from([(True, True)] * 6 + [(True, False), (False, True)]))
        calls.append(Call(stop, arrival, clock, *flags))
    return calls


@st.composite
def services(draw: st.DrawFn) -> list[list[Call]]:
    """Trips, some repeated later with other speeds (so that some overtake)."""
    found = []
    for calls in draw(st.lists(trips(), min_size=1, max_size=6)):
        for shift in draw(st.lists(st.integers(-10, 40), min_size=1, max_size=4)):
            slower = draw(st.sampled_from([0, 0, 0, 1, 2]))
            delays = [shift + slower * i for i in range(len(calls))]
            found.append(
                [
                    call._replace(arrival_s=call.arrival_s + delay, departure_s=call.departure_s + delay)
                    for call, delay in zip(calls, delays, strict=True)
                ]
            )
    return found


def walks(n_from: int, n_to: int) -> st.SearchStrategy[list[tuple[int, int, int]]]:
    """Random legs as (from, to, seconds)."""
    one = st.tuples(st.integers(0, n_from - 1), st.integers(0, n_to - 1), st.integers(0, 30))
    return st.lists(one, max_size=3 * n_from)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A random timetable with random walks; waiting at a stop is allowed at all stops but at most one."""
    forbidden = draw(st.lists(st.integers(0, N_STOPS - 1), max_size=1))
    waiting = [(stop, stop, 0) for stop in range(N_STOPS) if stop not in forbidden]
    return Scene(
        timetable=timetable_of(N_STOPS, draw(services())),
        access=legs(N_POINTS, draw(walks(N_POINTS, N_STOPS))),
        changes=legs(N_STOPS, [*draw(walks(N_STOPS, N_STOPS)), *waiting]),
        egress=legs(N_DESTINATIONS, draw(walks(N_DESTINATIONS, N_STOPS))),
        direct=legs(N_DESTINATIONS, draw(walks(N_DESTINATIONS, N_POINTS))),
    )


def specs() -> st.SearchStrategy[SearchSpec]:
    """Searches over the random scenes: slack, limits on rides and steps vary."""
    return st.builds(
        SearchSpec,
        window_start_s=st.just(START_S),
        window_end_s=st.just(END_S),
        step_s=st.sampled_from([1, 7, 20]),
        board_slack_s=st.sampled_from([0, 0, 1, 5]),
        max_rides=st.sampled_from([None, None, 1, 2, 3]),
        max_duration_s=st.just(LONGEST_S),
        percentiles=st.just((1.0, 25.0, 50.0, 75.0, 100.0)),
        cutoffs_s=st.just((20, 45)),
    )
