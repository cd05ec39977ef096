"""The inputs and outputs of the kernels: named tuples of flat arrays, each with its layout."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accessibility.legs import Int32, Int64

Bool = npt.NDArray[np.bool_]
Lanes = npt.NDArray[np.uint16]  # a bit for each destination of a block


class Connections(NamedTuple):
    """Connections of all trips inside a span, ascending by departure; `n` is their number, and as a row means "none"."""

    departure_s: Int32  # (n,)
    arrival_s: Int32  # (n,)
    following: Int32  # (n,) the same trip's next connection, n if it ends here
    alight_stop: Int32  # (n,) the stop reached, -1 where alighting is not allowed
    trip: Int32  # (n,) trip number inside its pattern
    position: Int32  # (n,) position departed from
    zero_run: (
        Int32  # (n,) of connections of 0 s: the first of the run of such connections with the same departure; else -1
    )
    stayed: Bool  # (n,) a second time, for those who stayed aboard from another trip; nobody boards it


class Boardings(NamedTuple):
    """Connections that can be boarded, by position: those of `p` are `offset[p]:offset[p + 1]`, ascending by departure."""

    offset: Int32  # (n_positions + 1,)
    departure_s: Int32  # (n_boardings,)
    connection: Int32  # (n_boardings,)


class Calls(NamedTuple):
    """Positions at which patterns call at stops: those of stop `s` are `position[offset[s]:offset[s + 1]]`."""

    offset: Int32  # (n_stops + 1,)
    position: Int32  # (n_positions,)
    pattern: Int32  # (n_positions,) pattern of each position, by position number
    ride_s: Int32  # (n_positions,) running sum of the slowest hops between departures along each pattern


class Candidates(NamedTuple):
    """Useful boarding positions of points: those of point `i` are `offset[i]:offset[i + 1]`, ascending by position."""

    offset: Int64  # (n_points + 1,)
    position: Int32
    walk_s: Int32


class Chains(NamedTuple):
    """Trips as connections in riding order: those of trip `t` are `connection[offset[t]:offset[t + 1]]`."""

    offset: Int64  # (n_trips + 1,)
    connection: Int32


class Riding(NamedTuple):
    """Connections by their place in riding order, trip by trip: those of trip `t` are the places `offset[t]:offset[t + 1]`."""

    n_stops: int
    offset: Int64  # (n_trips + 1,)
    place: Int32  # (n,) of each connection
    end: Int32  # (n,) by place: the place after the trip's last connection
    stop: Int32  # (n,) by place: the stop reached, `n_stops` where alighting is not allowed
    arrival_s: Int32  # (n,) by place
    kept: (
        Bool  # (n,) by place: of those who stayed aboard from another trip, or may stay while this one becomes another
    )


class Transfers(NamedTuple):
    """Useful transfers: after connection `c` people may board `connection[offset[c]:offset[c + 1]]`."""

    offset: Int64  # (n_connections + 1,)
    connection: Int32


class Stays(NamedTuple):
    """Where people stay aboard while a trip becomes another: from `row`, the last connection of a trip, to `connection`.

    `source` is the last connection of the trip that becomes the other. It is `row` itself, or that of a later trip of the
    same pattern: whoever boarded the earlier one could have boarded that one at the same stop.
    """

    row: Int32  # (n_stays,) ascending
    connection: Int32  # (n_stays,) of those that are `stayed` in
    source: Int32  # (n_stays,)


class Network(NamedTuple):
    """The input of the backward pass that all destinations share."""

    connections: Connections
    transfers: Transfers  # those who stay aboard included
    stays: Stays
    running: Bool  # (n_connections,) whether it runs; nobody rides one that does not


class Egress(NamedTuple):
    """Walks from stops to one block of destinations."""

    reaches: Bool  # (n_stops,) whether the stop has a walk
    seconds: Int32  # (n_stops, LANES), NEVER where there is no walk


class Leaving(NamedTuple):
    """The boardings of points by when to leave for them: those of `p` are rows `offset[p - first]:offset[p - first + 1]`."""

    first: int  # point
    offset: Int64  # (n_points + 1,)
    leave_s: Int32  # (n_rows,) when to leave the point at the latest, ascending
    connection: Int32  # (n_rows,) boarded


class ByDeparture(NamedTuple):
    """The boardings of points by the last departure of a window of `n` that reaches them in time.

    Those of point `first + i` at departure `k` are rows `offset[i * n + k]:offset[i * n + k + 1]`.
    """

    first: int  # point
    offset: Int64  # (n_points * n + 1,)
    connection: Int32  # (n_rows,) boarded


class Block(NamedTuple):
    """One block of destinations, with the labels of its backward pass."""

    column: int  # number of its first destination
    labels: Int32  # (n_connections + 1, LANES)
    walk_s: Int32  # (n_points, LANES) direct walks from the points, NEVER where too far
    asked: Lanes  # (n_points,) destinations asked of each point; what is filled for the others is not said


class Summary(NamedTuple):
    """The percentiles and cutoffs of a search, and the arrays for its results."""

    ranks: Int32  # (n_ranks,) 1 = the fastest departure
    cutoffs_s: Int32  # (n_cutoffs,) the last is the longest duration allowed
    percentile_s: Int32  # (n_ranks, n_points, n_destinations) durations at those ranks, to be filled
    within: Int32  # (n_cutoffs, n_points, n_destinations) departures within those cutoffs, to be filled


class Window(NamedTuple):
    """Departures (or deadlines) at `start_s`, `start_s + step_s`, ..., and the limits of their journeys.

    If `step_s` is 0 they are all instants from `start_s` on, and `n_departures` is the length of the window in seconds.
    """

    start_s: int
    step_s: int
    n_departures: int
    slack_s: int
    max_duration_s: int
    arrive_by: bool


class Profiles(NamedTuple):
    """The journeys worth making from points to destinations: no other leaves as late and arrives as early.

    Those from `p` to `d` are rows `first[p, d]:first[p, d] + n_journeys[p, d]`, in order of leaving and of arriving.
    """

    first: Int64  # (n_points, n_destinations)
    n_journeys: Int32  # (n_points, n_destinations)
    leave_s: Int32  # (n_rows,) when to leave the point at the latest
    arrive_s: Int32  # (n_rows,)
    walk_s: Int32  # (n_points, n_destinations) a walk all the way, NEVER where too far
