"""The downloader against a server on loopback: politeness, redirects, resuming, and every way an answer goes wrong."""

import email.utils
import gzip
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from corridors.fetch.errors import AddressRefusedError, FetchError, RefusedError, TryAgainError
from corridors.fetch.formats import check_format
from corridors.fetch.http.addresses import OutwardTransport, check_host
from corridors.fetch.http.downloader import ATTEMPTS, USER_AGENT, Downloader, Session, open_session
from tests.support.publishers import Publishers, Reply, TurnedClock, file_of, json_reply, redirect, web_page

HOST = "files.example.org"
ADDRESS = f"https://{HOST}/a.bin"
CONTENT = bytes(range(256)) * 64


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with Publishers() as server:
        yield server


@pytest.fixture
def time_s() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def web(publishers: Publishers, time_s: TurnedClock) -> Iterator[Downloader]:
    session = publishers.session(time_s.clock)
    with session.client:
        yield Downloader(session, [HOST, "mirror.example.org"])


def accept(_path: Path) -> None:
    pass


def reject_all(_path: Path) -> None:
    raise TryAgainError("what it sent is not it")


def test_the_user_agent_names_the_project(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, Reply(b"yes"))
    assert web.answer(ADDRESS) == b"yes"
    assert publishers.asked[0].headers["user-agent"] == USER_AGENT
    assert USER_AGENT.startswith("inclusive-growth-corridors/")


def test_one_host_is_asked_once_a_second_and_another_at_once(
    publishers: Publishers, web: Downloader, time_s: TurnedClock
) -> None:
    publishers.on(ADDRESS, Reply(b"1"))
    publishers.on("https://mirror.example.org/a.bin", Reply(b"2"))
    for address in (ADDRESS, "https://mirror.example.org/a.bin", ADDRESS, ADDRESS):
        web.answer(address)
    assert time_s.slept_s == [1.0, 1.0]


def test_a_file_arrives_whole_and_leaves_nothing_beside_it(
    publishers: Publishers, web: Downloader, tmp_path: Path
) -> None:
    publishers.on(ADDRESS, file_of(CONTENT))
    received = web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert received.etag and received.last_modified
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_who_watches_sees_the_bytes_come_and_how_many_are_expected(publishers: Publishers, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    publishers.on(ADDRESS, file_of(CONTENT, cut_at=5000), file_of(CONTENT))
    session = publishers.session()
    with session.client:
        web = Downloader(session, [HOST], watch=lambda got, of: seen.append((got, of)))
        web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (5000, len(CONTENT)) in seen
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_an_unchanged_file_is_not_sent_again(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    publishers.on(ADDRESS, file_of(CONTENT))
    etag = web.file(ADDRESS, tmp_path / "a.bin", judge=accept).etag
    (tmp_path / "a.bin").unlink()
    assert web.file(ADDRESS, tmp_path / "a.bin", known_etag=etag, judge=accept).unchanged
    assert not (tmp_path / "a.bin").exists()


def test_a_body_cut_short_is_resumed_where_it_ended(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    publishers.on(ADDRESS, file_of(CONTENT, cut_at=5000), file_of(CONTENT))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert publishers.asked[1].headers["range"] == "bytes=5000-"
    assert publishers.asked[1].headers["if-range"].startswith('"')


def test_a_later_command_goes_on_with_the_part_of_an_earlier_one(
    publishers: Publishers, web: Downloader, tmp_path: Path
) -> None:
    publishers.on(ADDRESS, file_of(CONTENT, cut_at=5000))
    hasty = Downloader(web._session, [HOST], attempts=1)
    with pytest.raises(FetchError, match=r"the answer was cut short.*What arrived so far is kept"):
        hasty.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin.part").stat().st_size == 5000
    assert not (tmp_path / "a.bin").exists()
    publishers.on(ADDRESS, file_of(CONTENT))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert publishers.asked[-1].headers["range"] == "bytes=5000-"


def test_a_part_of_an_older_version_is_thrown_away(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    """The rest of the new file must never be put behind the beginning of the old one."""
    newer = CONTENT[::-1]
    publishers.on(ADDRESS, file_of(CONTENT, cut_at=5000), file_of(newer))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == newer


def test_a_part_without_a_known_version_is_not_resumed(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    publishers.on(ADDRESS, Reply(CONTENT, cut_at=5000), Reply(CONTENT))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert "range" not in publishers.asked[1].headers


def test_a_weak_version_is_not_resumed(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    weak = {"ETag": 'W/"1"'}
    publishers.on(ADDRESS, Reply(CONTENT, headers=weak, cut_at=5000), Reply(CONTENT, headers=weak))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert "range" not in publishers.asked[1].headers


def test_a_part_longer_than_the_file_is_thrown_away(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    publishers.on(ADDRESS, file_of(CONTENT))
    etag = web.file(ADDRESS, tmp_path / "a.bin", judge=accept).etag
    (tmp_path / "a.bin.part").write_bytes(CONTENT + b"more")
    (tmp_path / "a.bin.part.json").write_text(json.dumps({"validator": etag}))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_server_that_sends_another_range_than_asked_is_asked_anew(
    publishers: Publishers, web: Downloader, tmp_path: Path
) -> None:
    wrong = Reply(CONTENT[:10], 206, {"Content-Range": f"bytes 0-9/{len(CONTENT)}", "ETag": '"1"'})
    publishers.on(ADDRESS, Reply(CONTENT, headers={"ETag": '"1"'}, cut_at=5000), wrong, file_of(CONTENT))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "changed",
    [
        {"Content-Range": f"bytes 5000-5003/{len(CONTENT)}"},
        {"Content-Range": f"bytes 5000-{len(CONTENT) - 1}/*"},
        {"Content-Range": "bytes 5000-5003/5004", "ETag": '"2"'},
        {"Content-Range": f"bytes 5000-{len(CONTENT) - 1}/{len(CONTENT)}", "ETag": '"2"'},
        {"Content-Range": f"bytes 5000-{len(CONTENT) - 1}/{len(CONTENT)}", "ETag": 'W/"1"'},
        {"Content-Range": f"bytes 5000-{len(CONTENT) - 1}/{len(CONTENT)}", "ETag": ""},
        {"Content-Range": f"bytes ²-{len(CONTENT) - 1}/{len(CONTENT)}"},
        {"Content-Range": ""},
    ],
    ids=[
        "not to the end",
        "no length",
        "shorter file",
        "other version",
        "weak version",
        "no version",
        "no number",
        "no range",
    ],
)
def test_a_rest_that_does_not_fit_the_part_starts_the_file_anew(
    publishers: Publishers, web: Downloader, tmp_path: Path, changed: dict[str, str]
) -> None:
    """RFC 9110, 15.3.7.3: parts are put together only of one version, and only to the last byte."""
    rest = {"ETag": '"1"', "Content-Range": f"bytes 5000-{len(CONTENT) - 1}/{len(CONTENT)}", **changed}
    rest = {name: value.encode().decode("latin-1") for name, value in rest.items()}
    publishers.on(
        ADDRESS,
        Reply(CONTENT, headers={"ETag": '"1"'}, cut_at=5000),
        Reply(b"xxxx", 206, rest),
        Reply(CONTENT, headers={"ETag": '"1"'}),
    )
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert [asked.headers.get("range") for asked in publishers.asked] == [None, "bytes=5000-", None]


def test_a_rest_shorter_than_it_says_starts_the_file_anew(
    publishers: Publishers, web: Downloader, tmp_path: Path
) -> None:
    """44 bytes of a table of 3,960 are a readable table too."""
    rest = {"ETag": '"1"', "Content-Range": f"bytes 5000-{len(CONTENT) - 1}/{len(CONTENT)}"}
    publishers.on(
        ADDRESS,
        Reply(CONTENT, headers={"ETag": '"1"'}, cut_at=5000),
        Reply(CONTENT[5000:5004], 206, rest),
        Reply(CONTENT, headers={"ETag": '"1"'}),
    )
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_file_known_by_its_time_of_change_is_resumed(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    known = {"Last-Modified": "Tue, 06 Oct 2015 02:00:00 GMT"}
    rest = {**known, "Content-Range": f"bytes 5000-{len(CONTENT) - 1}/{len(CONTENT)}"}
    publishers.on(ADDRESS, Reply(CONTENT, headers=known, cut_at=5000), Reply(CONTENT[5000:], 206, rest))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert publishers.asked[1].headers["if-range"] == known["Last-Modified"]


def test_a_file_changed_within_the_second_of_its_answer_is_not_resumed(
    publishers: Publishers, web: Downloader, tmp_path: Path
) -> None:
    """RFC 9110, 8.8.2.2: it may have changed twice in that second."""
    new = {"Last-Modified": email.utils.formatdate(time.time() + 3600, usegmt=True)}
    publishers.on(ADDRESS, Reply(CONTENT, headers=new, cut_at=5000), Reply(CONTENT, headers=new))
    web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert "range" not in publishers.asked[1].headers


@pytest.mark.parametrize("status", [206, 304, 416])
def test_an_answer_to_another_question_is_no_file(
    publishers: Publishers, web: Downloader, tmp_path: Path, status: int
) -> None:
    """A part where the whole was asked for, "unchanged" where nothing is known, "no such part" where none was named."""
    publishers.on(ADDRESS, Reply(b"" if status == 304 else b"a,b\n1,2\n", status, {"Content-Range": "bytes 0-7/3960"}))
    with pytest.raises(FetchError, match=rf"{status} .*which is no answer to what was asked"):
        web.file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [206, 304, 416])
def test_an_answer_to_another_question_is_no_small_answer(publishers: Publishers, web: Downloader, status: int) -> None:
    odd = Reply(b"" if status == 304 else b'{"a": 2}', status)
    publishers.on(ADDRESS, odd, json_reply({"a": 1}))
    assert web.json(ADDRESS) == {"a": 1}
    publishers.on(ADDRESS, odd)
    with pytest.raises(FetchError, match=rf"{status} .*which is no answer to what was asked"):
        web.answer(ADDRESS)


@pytest.mark.parametrize("packing", ["gzip", "gzip, gzip", "br", "deflate", "zstd", "x-unknown"])
def test_a_packed_answer_is_refused_unread(
    publishers: Publishers, web: Downloader, tmp_path: Path, packing: str
) -> None:
    """It was asked for as it is; gzip within gzip makes gigabytes of kilobytes before any limit acts."""
    publishers.on(ADDRESS, Reply(gzip.compress(gzip.compress(bytes(10**6))), headers={"Content-Encoding": packing}))
    for ask in (web.answer, web.first_bytes, lambda it: web.file(it, tmp_path / "a.bin", judge=accept)):
        with pytest.raises(FetchError, match=rf"sends it packed \({packing}\).*by hand"):
            ask(ADDRESS)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_said_to_be_unpacked_is_read(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, Reply(b"yes", headers={"Content-Encoding": "Identity"}))
    assert web.answer(ADDRESS) == b"yes"


@pytest.mark.parametrize("etag", ['"é"', "none", '"a" "b"', "\x1b[31m"])
def test_an_etag_that_is_none_is_not_kept(publishers: Publishers, web: Downloader, tmp_path: Path, etag: str) -> None:
    publishers.on(ADDRESS, Reply(CONTENT, headers={"ETag": etag}))
    assert web.file(ADDRESS, tmp_path / "a.bin", judge=accept).etag == ""
    web.file(ADDRESS, tmp_path / "a.bin", known_etag=etag, judge=accept)
    assert "if-none-match" not in publishers.asked[1].headers


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_publisher_is_asked_again_after_longer_and_longer_pauses(
    publishers: Publishers, web: Downloader, time_s: TurnedClock, status: int
) -> None:
    publishers.on(ADDRESS, Reply(b"busy", status), Reply(b"busy", status), Reply(b"at last"))
    assert web.answer(ADDRESS) == b"at last"
    assert time_s.slept_s == [2.0, 4.0]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_honoured(
    publishers: Publishers, web: Downloader, time_s: TurnedClock, status: int
) -> None:
    publishers.on(ADDRESS, Reply(b"", status, {"Retry-After": "37"}), Reply(b"yes"))
    assert web.answer(ADDRESS) == b"yes"
    assert time_s.slept_s == [37.0]


def test_retry_after_as_a_date_is_honoured(publishers: Publishers, web: Downloader, time_s: TurnedClock) -> None:
    date = email.utils.formatdate(time.time() + 60, usegmt=True)
    publishers.on(ADDRESS, Reply(b"", 503, {"Retry-After": date}), Reply(b"yes"))
    web.answer(ADDRESS)
    assert 50 < time_s.slept_s[0] <= 61


@pytest.mark.parametrize("odd", ["²", "٣", "-5", "soon", "9" * 500, "Fri, 31 Dec 99999 00:00:00 GMT"])
def test_a_retry_after_that_says_no_time_is_passed_by(
    publishers: Publishers, web: Downloader, time_s: TurnedClock, odd: str
) -> None:
    header = {"Retry-After": odd.encode().decode("latin-1")}
    publishers.on(ADDRESS, Reply(b"", 503, header), Reply(b"yes"))
    assert web.answer(ADDRESS) == b"yes"
    assert time_s.slept_s == [2.0]


@pytest.mark.parametrize("status", [404, 503])
def test_what_a_publisher_says_can_not_reach_the_terminal_as_a_command(
    publishers: Publishers, web: Downloader, status: int
) -> None:
    publishers.on(ADDRESS, Reply(b"", status, reason="\x1b[2JNot [/red] today"))
    with pytest.raises(FetchError, match=rf"answers {status} \ufffd\[2JNot \[/red\] today"):
        web.answer(ADDRESS)


def test_a_publisher_that_asks_for_an_hour_is_left_alone(
    publishers: Publishers, web: Downloader, time_s: TurnedClock
) -> None:
    publishers.on(ADDRESS, Reply(b"", 429, {"Retry-After": "3600"}))
    with pytest.raises(FetchError, match=r"files\.example\.org.*429.*left alone for 3,600 s"):
        web.answer(ADDRESS)
    assert len(publishers.asked) == 1
    assert time_s.slept_s == []


def test_attempts_end(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, Reply(b"", 503))
    with pytest.raises(FetchError, match=rf"503 Service Unavailable, after {ATTEMPTS} attempts"):
        web.answer(ADDRESS)
    assert len(publishers.asked) == ATTEMPTS


def test_a_missing_page_is_not_asked_for_twice(publishers: Publishers, web: Downloader) -> None:
    with pytest.raises(FetchError, match=r"404 Not Found.*corridors sources --probe"):
        web.answer(ADDRESS)
    assert len(publishers.asked) == 1


def test_a_web_page_with_status_200_is_no_answer(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, web_page(), json_reply({"a": 1}))
    assert web.json(ADDRESS) == {"a": 1}
    publishers.on(ADDRESS, web_page())
    with pytest.raises(FetchError, match="a web page instead of data"):
        web.json(ADDRESS)


@pytest.mark.parametrize(
    ("body", "words"), [(b"{not json", "not JSON"), (b"[1, 2]", "not an object"), (b"\xff\xfe", "not JSON")]
)
def test_what_is_not_a_json_object_is_refused(publishers: Publishers, web: Downloader, body: bytes, words: str) -> None:
    publishers.on(ADDRESS, Reply(body, headers={"Content-Type": "application/json"}))
    with pytest.raises(FetchError, match=words):
        web.json(ADDRESS)


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        (web_page().body, "zip"),
        (b"\xef\xbb\xbf\n<html>", "csv"),
        (b'{"error": "no such file"}', "zip"),
        (b"PK\x03\x04 and then it was cut short", "zip"),
        (b"a,b\n\0\0", "csv"),
        (b"no comma", "csv"),
        (b"{'a': 1}", "json"),
        (b"\0\0\0\x0d\x0a\x07not osm", "pbf"),
    ],
)
def test_a_file_of_another_kind_never_takes_the_place_of_an_older_one(
    publishers: Publishers, web: Downloader, tmp_path: Path, content: bytes, file_format: str
) -> None:
    """Whatever the label says, the bytes decide; the old file stays."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"the old file")
    publishers.on(ADDRESS, file_of(content, "application/zip"))
    with pytest.raises(FetchError, match=r"not a whole|web page"):
        web.file(ADDRESS, path, judge=lambda part: check_format(part, file_format))  # type: ignore[arg-type]
    assert path.read_bytes() == b"the old file"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


def test_a_right_file_under_a_wrong_label_is_taken(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    publishers.on(ADDRESS, file_of(b"a,b\n1,2\n", "text/html"))
    web.file(ADDRESS, tmp_path / "a.csv", judge=lambda part: check_format(part, "csv"))
    assert (tmp_path / "a.csv").read_bytes() == b"a,b\n1,2\n"


def test_a_publisher_that_falls_silent_is_given_up(publishers: Publishers, tmp_path: Path) -> None:
    publishers.on(ADDRESS, file_of(CONTENT, falls_silent_at=5000), file_of(CONTENT))
    session = publishers.session()
    session.client.timeout = httpx.Timeout(0.2)
    with session.client:
        Downloader(session, [HOST]).file(ADDRESS, tmp_path / "a.bin", judge=accept)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert publishers.asked[1].headers["range"] == "bytes=5000-"


def test_a_slow_drip_is_given_up(publishers: Publishers, tmp_path: Path) -> None:
    """Every byte in time for the read timeout, and yet the file would take weeks: here each look at the clock is 70 s."""
    publishers.on(ADDRESS, Reply(b"drip", blocks=4))
    session = publishers.session(TurnedClock(tick_s=70.0).clock)
    with session.client, pytest.raises(FetchError, match="less than 1,024 bytes a second, after one attempt"):
        Downloader(session, [HOST], attempts=1).file(ADDRESS, tmp_path / "a.bin", judge=accept)


def test_an_answer_without_end_is_cut_off(
    publishers: Publishers, web: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridors.fetch.http.downloader.MAX_ANSWER_BYTES", 1000)
    publishers.on(ADDRESS, Reply(bytes(2000)))
    with pytest.raises(FetchError, match="more than 1,000 bytes"):
        web.answer(ADDRESS)


def test_a_publisher_out_of_reach_is_one_clear_error(time_s: TurnedClock) -> None:
    with Publishers() as server:
        session: Session = server.session(time_s.clock)
    with (
        session.client,
        pytest.raises(FetchError, match=r"files\.example\.org/a\.bin: the connection failed \(not reached"),
    ):
        Downloader(session, [HOST]).answer(ADDRESS)
    assert time_s.slept_s == [2.0]


def test_an_allowed_redirect_is_followed(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, redirect("https://mirror.example.org/signed?key=s3cret"))
    publishers.on("https://mirror.example.org/signed", Reply(b"yes"))
    assert web.answer(ADDRESS) == b"yes"
    assert publishers.asked[1].query == {"key": "s3cret"}


def test_a_relative_redirect_is_followed(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, redirect("dated.bin", 307))
    publishers.on(f"https://{HOST}/dated.bin", Reply(b"yes"))
    assert web.answer(ADDRESS) == b"yes"


def test_raw_spaces_of_a_redirect_are_encoded(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, redirect("https://files.example.org/a file.bin"))
    publishers.on("https://files.example.org/a%20file.bin", Reply(b"content"))
    assert web.answer(ADDRESS) == b"content"


def test_what_can_only_be_asked_for_whole_is_asked_for_after_longer_pauses(
    publishers: Publishers, web: Downloader, time_s: TurnedClock, tmp_path: Path
) -> None:
    """Sent in chunks without a validator, and cut; a file that can be resumed is asked for again after 2 s."""
    content = bytes(1000)
    cut, whole = Reply(content, chunked=True, cut_at=500), Reply(content, chunked=True, blocks=3)
    publishers.on(ADDRESS, cut, cut, whole)
    web.file(ADDRESS, tmp_path / "a.bin", judge=lambda _: None)
    assert (tmp_path / "a.bin").read_bytes() == content
    assert [pause for pause in time_s.slept_s if pause > 1] == [15.0, 30.0]


def test_statuses_that_a_publisher_sends_by_mistake_are_asked_again(publishers: Publishers) -> None:
    publishers.on(ADDRESS, Reply(b"", 400), Reply(b"content"))
    session = publishers.session()
    with session.client:
        assert Downloader(session, ["files.example.org"], again=frozenset({400})).answer(ADDRESS) == b"content"
        publishers.on(ADDRESS, Reply(b"", 400), Reply(b"content"))
        with pytest.raises(RefusedError, match="answers 400"):
            Downloader(session, ["files.example.org"]).answer(ADDRESS)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://files.example.org/a.bin", "not an https:// address"),
        ("file:///etc/passwd", "not an https:// address"),
        ("ftp://files.example.org/a.bin", "not an https:// address"),
        ("https://elsewhere.example.com/a.bin", r"'elsewhere\.example\.com' is not in the registry.*--allow-host"),
        ("https://files.example.org.evil.com/a.bin", "is not in the registry"),
        ("https://files.example.org@evil.com/a.bin", "a user name or another port"),
        ("https://user:word@files.example.org/a.bin", "a user name or another port"),
        ("https://files.example.org:8443/a.bin", "a user name or another port"),
        ("https://[::1", r"files\.example\.org redirects to what can't be read as an address"),
        ("https://files.example.org/a\tb", "characters that no address has|can't be read as an address"),
        (r"https:\\files.example.org\a", r"files\.example\.org redirects to what can't be read as an address"),
        ("https://[", r"files\.example\.org redirects to what can't be read as an address"),
        ("https://xn--a/", r"files\.example\.org redirects to"),
        ("https://files.example.org:²/", r"files\.example\.org redirects to"),
        ("https://" + "a" * 70_000, r"files\.example\.org redirects to"),
    ],
)
def test_other_redirects_are_refused_and_nobody_is_asked(
    publishers: Publishers, web: Downloader, location: str, words: str
) -> None:
    publishers.on(ADDRESS, redirect(location))
    with pytest.raises(AddressRefusedError, match=words) as refused:
        web.answer(ADDRESS)
    assert "files.example.org redirects to" in str(refused.value)
    assert len(publishers.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "/vsicurl/https://files.example.org/a", "PG:host=files.example.org", "/etc/passwd", ""],
)
def test_what_is_not_an_https_address_is_never_opened(web: Downloader, address: str) -> None:
    with pytest.raises(AddressRefusedError, match="not contacted"):
        web.answer(address)


def test_redirects_without_end_are_cut_off(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, redirect(ADDRESS))
    with pytest.raises(FetchError, match="more than 5 redirects"):
        web.answer(ADDRESS)


def test_a_question_put_by_post_is_not_redirected(publishers: Publishers, web: Downloader) -> None:
    publishers.on(ADDRESS, redirect("https://mirror.example.org/a.bin", 307))
    with pytest.raises(FetchError, match="redirects a question put by POST"):
        web.answer(ADDRESS, form={"where": "1=1"})


def test_messages_never_show_a_query(publishers: Publishers, web: Downloader) -> None:
    """Keys and signatures stand there."""
    publishers.on(ADDRESS, redirect("https://mirror.example.org/gone?signature=s3cret"))
    publishers.on("https://mirror.example.org/gone", Reply(b"", 403))
    with pytest.raises(FetchError) as error:
        web.answer(ADDRESS, query={"uid": "s3cret"})
    assert "s3cret" not in str(error.value)
    assert "mirror.example.org/gone" in str(error.value)


def test_what_a_judge_refuses_is_not_resumed(publishers: Publishers, web: Downloader, tmp_path: Path) -> None:
    publishers.on(ADDRESS, file_of(CONTENT))
    with pytest.raises(FetchError, match="what it sent is not it"):
        web.file(ADDRESS, tmp_path / "a.bin", judge=reject_all)
    assert "range" not in publishers.asked[-1].headers
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0xa9fea9fe",
        "1.0xfe",
        "0251.0376.0251.0376",
        "8.8.8.8",
        "::1",
        "[fe80::1]",
        "fd00:ec2::254",
        "localhost",
        "a.localhost",
        "metadata.google.internal",
        "files.example.org.",
        "files.example.org:8443",
    ],
)
def test_a_host_to_allow_is_a_name_and_never_an_address(host: str) -> None:
    with pytest.raises(AddressRefusedError, match=r"--allow-host takes a host name such as files\.example\.org"):
        check_host(host)


@pytest.mark.parametrize("host", ["files.example.org", "7.example.org", "Mirror.Example.ORG ", "0x7f.example.com"])
def test_names_with_numbers_in_them_may_be_allowed(host: str) -> None:
    assert check_host(host) == host.strip().lower()


@pytest.mark.parametrize(
    "leads_to",
    [
        "127.0.0.1",
        "127.8.8.8",
        "169.254.169.254",
        "0.0.0.0",
        "100.100.100.200",
        "::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_inside_is_never_asked(
    leads_to: str, time_s: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name such as 169-254-169-254.example.org passes for a publisher's until it is looked up."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("93.184.215.14", leads_to)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("it was asked"))
    session = open_session(time_s.clock, OutwardTransport())
    with (
        session.client,
        pytest.raises(AddressRefusedError, match=r"files\.example\.org is not contacted: its name leads"),
    ):
        Downloader(session, [HOST]).answer(ADDRESS)


def test_a_line_leads_outward_unless_the_environment_names_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with open_session().client as client:
        assert isinstance(client._transport, OutwardTransport)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:3128")
    with open_session().client as client:
        assert not isinstance(client._transport, OutwardTransport)
