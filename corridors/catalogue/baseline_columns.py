"""The columns of a social baseline: one row a cell, a measure in a place."""

CELL_COLUMNS = [
    *("place_kind", "place_id", "place", "domain", "item", "title", "unit", "value", "numerator", "denominator"),
    *("known_share", "status", "reason", "source", "vintage", "geography"),
    *("district", "district_value", "region_value", "england_value", "england_source"),
    *("item_definition", "place_definition", "data"),
]
