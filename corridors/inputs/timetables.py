"""What a run makes of its feeds before the day's timetable is built: lines registered twice run once."""

from accessibility import Feed, Timetable, build_timetable, with_overlaps_told, without_overlaps
from corridors.config.sections import TimetableSection


def registered_once(section: TimetableSection, feed: Feed) -> tuple[Feed, Timetable | None]:
    """The feed as the configuration wants it, and the timetable under the other choice for overlapping registrations."""
    repaired = without_overlaps(feed, section.date)
    if repaired is feed:
        return feed, None
    kept = with_overlaps_told(feed, section.date)
    own, other = (repaired, kept) if section.overlapping_registrations == "repair" else (kept, repaired)
    return own, build_timetable(other, section.date)
