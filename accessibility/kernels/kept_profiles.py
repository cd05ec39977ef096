"""The kernels over kept profiles: which part of a window each journey serves, and what follows for times and shares.

The moments of a window are its departures by number; where every instant is a departure (`step_s` 0), they are its
seconds, and moment `m` stands for the instants after `start_s + m`, up to `start_s + m + 1`. A journey serves those who are
ready after the one before it has left, up to its own leaving. So all counts are exact, whatever the step.
"""

import numpy as np

from accessibility.kernels.arrays import Block, Boardings, Bool, Candidates, Profiles, Summary, Window
from accessibility.kernels.jit import compiled, inner
from accessibility.kernels.journey_profiles import reachable_boardings, useful_journeys
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32, Int64


@compiled
def profiles_of_points(
    points: tuple[int, int],
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    counts: Int32,
) -> tuple[Int32, Int32]:
    """The journeys worth making from each point to each destination of the block: (when to leave, when one arrives).

    Point after point, destination after destination, in order of leaving; fills their numbers `counts` (n_points,
    destinations of the block). The last one leaves after the window: who is left behind in it takes that one.
    Those that take too long even if nobody waits are left out.
    """
    leaves_s, arrives_s = np.empty(4096, np.int32), np.empty(4096, np.int32)
    filled, end_s, found = 0, window.start_s + window.n_departures, np.empty(LANES, np.int32)
    for point in range(points[0], points[1]):
        # Beyond the window too: of the boardings that take people as soon to their destination, the last is worth taking.
        boarding_leave_s, connection = reachable_boardings(
            point, window.start_s, end_s + window.max_duration_s, window.slack_s, boardings, candidates
        )
        shape = (LANES, len(connection))
        leave_s, arrive_s = np.empty(shape, np.int32), np.empty(shape, np.int32)
        useful_journeys(
            boarding_leave_s,
            connection,
            block.labels,
            block.asked[point],
            window.max_duration_s,
            leave_s,
            arrive_s,
            found,
        )
        for lane in range(counts.shape[1]):
            later = 0
            while later + 1 < found[lane] and leave_s[lane, later + 1] >= end_s:
                later += 1
            n = found[lane] - later
            if filled + n > len(leaves_s):
                more = np.empty(max(len(leaves_s), n), np.int32)
                leaves_s, arrives_s = np.concatenate((leaves_s, more)), np.concatenate((arrives_s, more))
            leaves_s[filled : filled + n] = leave_s[lane, later : found[lane]][::-1]
            arrives_s[filled : filled + n] = arrive_s[lane, later : found[lane]][::-1]
            counts[point - points[0], lane] = n
            filled += n
    return leaves_s[:filled].copy(), arrives_s[:filled].copy()


@inner
def first_moment(before_s: int, ready_s: int, window: Window) -> int:
    """The first moment of the window for whoever is ready after `before_s` and not before `ready_s`."""
    if window.step_s == 0:
        return max(0, max(before_s, ready_s) - window.start_s)
    return max(0, -((window.start_s - max(before_s + 1, ready_s)) // window.step_s))


@inner
def past_moment(leave_s: int, window: Window) -> int:
    """The first moment of the window for which a journey that leaves at `leave_s` has gone."""
    if window.step_s == 0:
        return min(window.n_departures, leave_s - window.start_s)
    return min(window.n_departures, (leave_s - window.start_s) // window.step_s + 1)


@inner
def last_ready_s(past: int, window: Window) -> int:
    """Latest second at which people who leave at the moment before number `past` are ready to leave."""
    return window.start_s + (past if window.step_s == 0 else (past - 1) * window.step_s)


@inner
def journeys_in_window(first: int, count: int, leave_s: Int32, window: Window) -> tuple[int, int]:
    """Rows of the journeys that serve any of the window, of those in `first:first + count`."""
    end_s = window.start_s + window.n_departures * max(1, window.step_s)
    own_s = leave_s[first : first + count]
    start, end = int(np.searchsorted(own_s, window.start_s)), int(np.searchsorted(own_s, end_s))
    return first + start, first + min(end + 1, count)


@inner
def moments_within(
    journeys: tuple[int, int], leave_s: Int32, arrive_s: Int32, most_s: int, window: Window, waiting: bool
) -> int:
    """Moments of the window at which some journey takes at most `most_s`; unless `waiting`, the first wait not counted."""
    total, before_s = 0, window.start_s - 1
    for i in range(journeys[0], journeys[1]):
        lasting_s = most_s if waiting else window.max_duration_s
        if waiting or arrive_s[i] - leave_s[i] <= most_s:
            total += max(0, past_moment(leave_s[i], window) - first_moment(before_s, arrive_s[i] - lasting_s, window))
        before_s = leave_s[i]
    return total


@inner
def summarise_journeys(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    journeys: tuple[int, int],
    leave_s: Int32,
    arrive_s: Int32,
    walk_s: int,
    window: Window,
    waiting: bool,
    point: int,
    destination: int,
    summary: Summary,
) -> None:
    """Counts and percentiles over the window's moments, from one point to one destination by these journeys or on foot.

    A percentile is the least whole second within which enough of the moments fall.
    """
    ranks, cutoffs_s, percentile_s, within = summary
    for i in range(len(cutoffs_s)):
        most_s = min(cutoffs_s[i], window.max_duration_s)
        met = window.n_departures
        if walk_s > most_s:
            met = moments_within(journeys, leave_s, arrive_s, most_s, window, waiting)
        within[i, point, destination] = met
    longest_s = window.max_duration_s
    ever = window.n_departures
    if walk_s > longest_s:
        ever = moments_within(journeys, leave_s, arrive_s, longest_s, window, waiting)
    for r in range(len(ranks)):
        high = min(walk_s, longest_s + 1)
        low = 0 if ever >= ranks[r] else high
        while low < high:
            middle = (low + high) >> 1
            if moments_within(journeys, leave_s, arrive_s, middle, window, waiting) >= ranks[r]:
                high = middle
            else:
                low = middle + 1
        percentile_s[r, point, destination] = low if low <= longest_s else NEVER


@compiled
def summarise_profiles(
    points: tuple[int, int], profiles: Profiles, window: Window, waiting: bool, summary: Summary
) -> None:
    """Counts and percentiles of the window, as `summaries` gives them, from kept profiles.

    Unless `waiting`, the first wait is not counted: a journey takes as long as from leaving for it to arriving.
    """
    leave_s, arrive_s = profiles.leave_s, profiles.arrive_s
    for point in range(points[0], points[1]):
        for d in range(profiles.n_journeys.shape[1]):
            journeys = journeys_in_window(profiles.first[point, d], profiles.n_journeys[point, d], leave_s, window)
            walk_s = profiles.walk_s[point, d]
            summarise_journeys(journeys, leave_s, arrive_s, walk_s, window, waiting, point, d, summary)


@compiled
def fastest_of_points(points: tuple[int, int], profiles: Profiles, window: Window, fastest_s: Int32) -> None:
    """Fill `fastest_s` (n_points, n_destinations) with the least that any moment of the window takes, NEVER for none."""
    for point in range(points[0], points[1]):
        for d in range(profiles.n_journeys.shape[1]):
            start, end = journeys_in_window(
                profiles.first[point, d], profiles.n_journeys[point, d], profiles.leave_s, window
            )
            least, before_s = profiles.walk_s[point, d], window.start_s - 1
            for i in range(start, end):
                past = past_moment(profiles.leave_s[i], window)
                if past > first_moment(before_s, window.start_s, window):
                    least = min(least, profiles.arrive_s[i] - last_ready_s(past, window))
                before_s = profiles.leave_s[i]
            fastest_s[point, d] = least if least <= window.max_duration_s else NEVER


@compiled
def moments_reaching(
    points: tuple[int, int],
    profiles: Profiles,
    window: Window,
    cutoff_s: int,
    counted: Bool,
    moments: Int32,
) -> None:
    """Fill `moments` (n_points, n) with those of the window at which 1, 2, ... n of the `counted` destinations are reached.

    Reached within `cutoff_s`, at one and the same moment.
    """
    change = np.zeros(window.n_departures + 1, np.int32)
    for point in range(points[0], points[1]):
        change[:] = 0
        for d in np.flatnonzero(counted):
            if profiles.walk_s[point, d] <= cutoff_s:
                change[0] += 1
                continue
            start, end = journeys_in_window(
                profiles.first[point, d], profiles.n_journeys[point, d], profiles.leave_s, window
            )
            before_s = window.start_s - 1
            for i in range(start, end):
                first = first_moment(before_s, profiles.arrive_s[i] - cutoff_s, window)
                past = past_moment(profiles.leave_s[i], window)
                if first < past:
                    change[first] += 1
                    change[past] -= 1
                before_s = profiles.leave_s[i]
        moments[point] = 0
        reached, since = 0, 0
        for moment in range(window.n_departures + 1):
            # Most moments change nothing: they are counted together, when one does or the window ends.
            if change[moment] != 0 or moment == window.n_departures:
                for n in range(reached):
                    moments[point, n] += moment - since
                reached, since = reached + change[moment], moment


@compiled
def durations_at_moments(
    points: tuple[int, int], profiles: Profiles, departures_s: Int32, max_duration_s: int, seconds: Int32
) -> None:
    """Fill `seconds` (n_points, n_destinations, n) with the durations at `departures_s` (n,) ascending, NEVER where too long."""
    for point in range(points[0], points[1]):
        for d in range(profiles.n_journeys.shape[1]):
            i, end = profiles.first[point, d], profiles.first[point, d] + profiles.n_journeys[point, d]
            for k in range(len(departures_s)):
                while i < end and profiles.leave_s[i] < departures_s[k]:
                    i += 1
                lasting = profiles.walk_s[point, d]
                if i < end:
                    lasting = min(lasting, profiles.arrive_s[i] - departures_s[k])
                seconds[point, d, k] = lasting if lasting <= max_duration_s else NEVER


@compiled
def moments_taking(
    destinations: Int32, wanted_s: Int32, profiles: Profiles, window: Window, departures_s: Int64
) -> None:
    """Fill `departures_s` (n_points,) with the first whole second that takes the wanted time to the point's destination.

    Where none does to the second, the one that comes nearest below it; -1 where none takes that or less.
    """
    for point in range(len(destinations)):
        d, wanted = destinations[point], wanted_s[point]
        start, end = journeys_in_window(
            profiles.first[point, d], profiles.n_journeys[point, d], profiles.leave_s, window
        )
        walk_s, before_s, nearest = profiles.walk_s[point, d], window.start_s - 1, -1
        step_s = max(1, window.step_s)
        departures_s[point] = -1
        for i in range(start, end + 1):
            # The last turn is for whoever is left behind by the last journey and walks.
            arrive_s = profiles.arrive_s[i] if i < end else NEVER
            leave_s = profiles.leave_s[i] if i < end else window.start_s + (window.n_departures - 1) * step_s
            for ready_s in (before_s + 1, arrive_s - wanted):
                ahead = max(before_s + 1, ready_s, window.start_s) - window.start_s
                at_s = window.start_s - (-ahead // step_s) * step_s
                lasting = min(walk_s, arrive_s - at_s)
                if (
                    at_s <= leave_s
                    and at_s < window.start_s + window.n_departures * step_s
                    and nearest < lasting <= wanted
                ):
                    nearest, departures_s[point] = lasting, at_s
            before_s = leave_s
