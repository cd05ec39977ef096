"""Membership of zones and sites in corridors, from the columns of Results."""


def belongs(corridor_ids: object, corridor_id: str) -> bool:
    """Whether a zone's or site's list of corridors, as text with ";" between or as a sequence, holds this one."""
    if isinstance(corridor_ids, str):
        return corridor_id in corridor_ids.split(";")
    return isinstance(corridor_ids, list | tuple | set | frozenset) and corridor_id in corridor_ids
