"""docs/configuration.md is made from the models, and the columns that it lists are those that the readers ask for."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from corridors.config.table_columns import TABLE_COLUMNS
from layers import LayersError, read_centres, read_corridors, read_pilots, read_point_places, read_sites, read_text
from tests.support.configuration_page import PAGE, page

READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "centres.file": read_centres,
    "corridors.file": read_corridors,
    "corridors.facts": lambda path: read_text(path, ["id", "topic", "fact", "basis"]).rows,
    "pilots.file": read_pilots,
    "sites.file": read_sites,
    "destinations.file": read_point_places,
}
VALUES = {"lat": "52.5", "lon": "-1.9", "order": "1", "radius_m": "800", "status": "open", "default": "true", "ha": "5",
          "other_lat": "", "other_lon": ""}  # fmt: skip


def table(path: Path, setting: str, without: str = "") -> Path:
    """Two rows with every column of a table but one."""
    names = [column.name for column in TABLE_COLUMNS[setting] if column.name != without]
    rows = [{name: VALUES.get(name, f"a {name}") for name in names} for _ in range(2)]
    rows[1] |= {"order": "2", "lat": "52.6"} if "order" in names else {"id": "another"} if "id" in names else {}
    pd.DataFrame(rows)[names].to_csv(path, index=False)
    return path


def test_the_page_is_up_to_date() -> None:
    """`python -m tests.support.configuration_page` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("setting", TABLE_COLUMNS)
def test_needed_columns_are_asked_for_and_others_are_not(tmp_path: Path, setting: str) -> None:
    assert len(READERS[setting](table(tmp_path / "whole.csv", setting)))
    for column in TABLE_COLUMNS[setting]:
        if column.needed:
            with pytest.raises(LayersError, match=column.name):
                READERS[setting](table(tmp_path / "without.csv", setting, column.name))
        elif not column.name.startswith("other_"):
            assert len(READERS[setting](table(tmp_path / "without.csv", setting, column.name)))
