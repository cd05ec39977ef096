"""Nomis tables from a server on loopback: pages by record offset, categories by code and by name, withheld cells."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest

from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.publishers.nomis import fetch_table
from corridors.fetch.registry import NomisTable
from tests.support.publishers import NOMIS_HOST, NomisDataset, Publishers, Reply, TurnedClock, nomis_server, web_page

ASK = NomisTable(
    kind="nomis",
    base=f"https://{NOMIS_HOST}/api/v01/dataset",
    dataset="NM_1_1",
    dimension="c_x",
    fixed={"measures": "20100", "date": "latest"},
    columns={"everybody": ("0",), "some": ("Active:Idle", "Student:Idle")},
)
CATEGORIES = {"0": "Total: All", "1": "Active", "2": "Active: Idle", "3": "Student:Idle"}
DISTRICTS = ["E08000025", "E08000026"]


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with Publishers() as server:
        yield server


@pytest.fixture
def web(publishers: Publishers) -> Iterator[Downloader]:
    session = publishers.session()
    with session.client:
        yield Downloader(session, [NOMIS_HOST])


def dataset(zones: int = 3, **odd: Mapping[str, int | None]) -> NomisDataset:
    """Zone n of a district has 100 + n people, n of them in each category of the idle; `odd` are other zones."""
    plain = {n: {"0": 100 + n, "1": 50, "2": n, "3": n} for n in range(zones)}
    return NomisDataset(
        "c_x",
        CATEGORIES,
        {
            district: {
                **{f"E01{district[-2:]}{n:04d}": row for n, row in plain.items()},
                **(odd if district == DISTRICTS[0] else {}),
            }
            for district in DISTRICTS
        },
    )


def serve(publishers: Publishers, table: NomisDataset, cap: int = 25_000) -> None:
    publishers.on_all_of(NOMIS_HOST, "/api/v01/dataset", nomis_server({"NM_1_1": table}, cap))


def test_each_district_is_asked_for_its_lsoas(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, dataset())
    table = fetch_table(ASK, DISTRICTS, web)[0].set_index("lsoa21_code")
    assert table.loc["E01250002"].to_dict() == {"everybody": 102, "some": 4}
    assert len(table) == 6
    assert [asked.query["geography"] for asked in publishers.asked] == ["E08000025TYPE151", "E08000026TYPE151"]


@pytest.mark.parametrize("cap", [1, 3, 4, 11, 12, 13])
def test_answers_cut_silently_are_paged(publishers: Publishers, web: Downloader, cap: int) -> None:
    """Three zones of four categories: twelve rows a district, whatever the cap."""
    serve(publishers, dataset(), cap)
    table = fetch_table(ASK, DISTRICTS, web)[0]
    assert table["everybody"].sum() == 2 * (100 + 101 + 102)
    assert publishers.asked[-1].query["RecordOffset"] == str((11 // cap) * cap)


def test_names_match_whatever_the_blanks_round_their_colons(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, dataset())
    spaced = replace(ASK, columns={"some": ("Active : Idle", "Student:  Idle")})
    assert fetch_table(spaced, DISTRICTS, web)[0]["some"].tolist() == [0, 2, 4, 0, 2, 4]


def test_a_withheld_part_makes_the_sum_unknown(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, dataset(odd={"0": None, "1": 5, "2": None, "3": 7}))
    row = fetch_table(ASK, DISTRICTS, web)[0].set_index("lsoa21_code").loc["odd"]
    assert np.isnan(row["everybody"])
    assert np.isnan(row["some"])


def test_a_category_that_is_not_there_is_named(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, dataset())
    with pytest.raises(FetchError, match="expected the categories Retired; it has Active; Active: Idle"):
        fetch_table(replace(ASK, columns={"old": ("Retired",)}), DISTRICTS, web)


def test_an_empty_answer_is_an_error_and_not_zero_people(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, dataset())
    with pytest.raises(FetchError, match="an empty answer, which is how Nomis says that the question is wrong"):
        fetch_table(replace(ASK, dataset="NM_2_1"), DISTRICTS, web)


def test_a_header_without_rows_is_an_error(publishers: Publishers, web: Downloader) -> None:
    header = b'"GEOGRAPHY_CODE","C_X","C_X_NAME","OBS_VALUE","RECORD_COUNT"\r\n'
    publishers.on(f"{ASK.base}/NM_1_1.data.csv", Reply(header, headers={"Content-Type": "text/csv"}))
    with pytest.raises(FetchError, match="E08000025: the answer ends after 0 of its rows"):
        fetch_table(ASK, DISTRICTS, web)[0]


def test_pages_that_end_before_the_count_are_an_error(publishers: Publishers, web: Downloader) -> None:
    header = '"GEOGRAPHY_CODE","C_X","C_X_NAME","OBS_VALUE","RECORD_COUNT"\r\n'
    page = Reply((header + '"E01000001",0,"Total: All",5,9\r\n').encode())
    publishers.on(f"{ASK.base}/NM_1_1.data.csv", page, Reply(header.encode()))
    with pytest.raises(FetchError, match="E08000025: the answer ends after 1 of its rows"):
        fetch_table(ASK, DISTRICTS, web)[0]


def test_an_answer_without_a_column_is_an_error(publishers: Publishers, web: Downloader) -> None:
    publishers.on(f"{ASK.base}/NM_1_1.data.csv", Reply(b'"GEOGRAPHY_CODE","C_X"\r\n"a",0\r\n'))
    with pytest.raises(FetchError, match="no column c_x_name, obs_value, record_count"):
        fetch_table(ASK, DISTRICTS, web)[0]


def test_an_error_page_with_status_200_is_not_read_as_a_table(publishers: Publishers, web: Downloader) -> None:
    publishers.on(f"{ASK.base}/NM_1_1.data.csv", web_page())
    with pytest.raises(FetchError, match="a web page instead of data"):
        fetch_table(ASK, DISTRICTS, web)[0]


def test_a_key_from_the_environment_is_sent_and_never_shown(
    publishers: Publishers, web: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRIDORS_NOMIS_UID", "0xs3cret")
    serve(publishers, dataset())
    fetch_table(ASK, DISTRICTS, web)[0]
    assert publishers.asked[0].query["uid"] == "0xs3cret"
    publishers.on(f"{ASK.base}/NM_1_1.data.csv", Reply(b"", 503))
    with pytest.raises(FetchError) as error:
        fetch_table(ASK, DISTRICTS, web)[0]
    assert "s3cret" not in str(error.value)


def test_districts_are_asked_a_second_apart(publishers: Publishers) -> None:
    time_s = TurnedClock()
    serve(publishers, dataset())
    session = publishers.session(time_s.clock)
    with session.client:
        fetch_table(ASK, [*DISTRICTS, DISTRICTS[0]], Downloader(session, [NOMIS_HOST]))
    assert time_s.slept_s == [1.0, 1.0]


HEAD = '"GEOGRAPHY_CODE","C_X","C_X_NAME","OBS_VALUE","RECORD_COUNT"\r\n'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (HEAD.encode() + b"E01\xff,0,Total,1,1\r\n", "not a table of commas in UTF-8"),
        ((HEAD + "E01,0,Total,1," + "9" * 5_000_000 + "\r\n").encode(), "not a table of commas in UTF-8"),
        ((HEAD + "E01,0,Total,1,²\r\n").encode(), "its number of rows is no number"),
        ((HEAD + "E01,0,Total,1,many\r\n").encode(), "its number of rows is no number"),
        ((HEAD.strip() + ',"C_X"\r\nE01,0,Total,1,1,0\r\n').encode(), "the column c_x stands in it more than once"),
    ],
)
def test_answers_of_another_shape_are_one_clear_error(
    publishers: Publishers, web: Downloader, body: bytes, words: str
) -> None:
    publishers.on_all_of(NOMIS_HOST, "/api/v01/dataset", lambda _: Reply(body, headers={"Content-Type": "text/csv"}))
    with pytest.raises(FetchError, match=words):
        fetch_table(ASK, DISTRICTS, web)[0]
