"""What counts as near: to a place that people may yet be cut off from, and to the region's boundary."""

NEAR_KM, NEAR_RADII_KM = 5.0, (3.0, 5.0, 8.0)  # straight; the first is that of the zones' column
SLOWER_TIMES = 1.5  # near but disconnected: this many times the median of residents at the same distance, or more
NEAR_MEANS = (
    f"within {NEAR_KM:g} km, in a straight line, of a centre or an employment site, from where it takes at least "
    f"{SLOWER_TIMES:g} times as long to get there as it takes the median resident at that distance from such a place"
)
RIM_KM = 3.0  # this near the region's boundary, what lies beyond it matters and may be missing from the inputs
