"""Characters that no name may hold are replaced where text enters, and counted where somebody counts."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from layers.files import read_vector
from layers.tables.read import read_table, read_text
from layers.text import cleaned, cleaned_frame, counting_cleaned


def test_only_what_no_document_can_hold_is_replaced() -> None:
    assert cleaned("a\x00b\x1fc\x7fd\x9fe\ud83df\uffffg") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg"
    whole = "tab\t line\r\n naïve שלום 東京 \u200f \U0001f600 \xa0"
    assert cleaned(whole) == whole


def test_a_table_says_how_many_of_its_lines_changed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,na\x07me\na\x1b,x\nb,y\n", encoding="utf-8")
    with counting_cleaned() as findings:
        table = read_table(tmp_path / "t.csv", key="id", texts=["na\ufffdme"]).rows
        read_text(tmp_path / "t.csv")  # read twice, counted once
    assert table["na\ufffdme"].to_dict() == {"a\ufffd": "x", "b": "y"}
    (finding,) = findings
    assert (finding.code, finding.count, finding.total, finding.sample) == ("control_characters", 2, 3, ("1", "2"))


def test_a_clean_table_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,name\na,é\n", encoding="utf-8")
    with counting_cleaned() as findings:
        read_text(tmp_path / "t.csv")
    assert not findings


def test_a_layer_is_cleaned_in_its_cells_and_headings(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"na\x9bme": ["x\x07", "y", None], "n": [1, 2, 3]}, geometry=[shapely.Point(0, 0)] * 3, crs="EPSG:27700"
    )
    frame.to_file(tmp_path / "z.gpkg")
    with counting_cleaned() as findings:
        read = read_vector(tmp_path / "z.gpkg")
    assert read["na\ufffdme"].fillna("").tolist() == ["x\ufffd", "y", ""]
    assert read["n"].tolist() == [1, 2, 3]
    assert [finding.count for finding in findings] == [1]


def test_categories_and_mixed_columns_are_cleaned_too() -> None:
    frame = pd.DataFrame({"kind": pd.Categorical(["a\x1b", "b"]), "mixed": ["c\x1b", 5]})
    assert cleaned_frame(frame, "f").to_numpy().tolist() == [["a\ufffd", "c\ufffd"], ["b", 5]]
