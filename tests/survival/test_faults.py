"""Cases 58 and 61 to 68: what happens to a run from outside, and what is kept between runs."""

import ast
import hashlib
import io
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import networkx as nx
import numba
import numpy as np
import osmnx
import pytest

from accessibility.kernels.jit import compiled
from accessibility.streets.read import read_streets
from corridors.fetch.errors import FetchError, TryAgainError
from corridors.fetch.formats import check_format
from corridors.fetch.http.downloader import Downloader
from corridors.inputs.streets_cache import walkable_streets
from corridors.runtime.cache import KINDS, cache_home, cached_folder, entries
from tests.support import damage
from tests.support.asking import answer, matrix
from tests.support.case_table import CaseTable
from tests.support.cli import ROOT, corridors, corridors_process
from tests.support.feeds import feed_text
from tests.support.publishers import Publishers, Reply, TurnedClock, file_of, web_page
from tests.support.small_region import LON, SAMPLED_MINUTES_A_TO_F, STOPS, SmallRegion, good_trips, position
from tests.survival.kill_harness import digests


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("CORRIDORS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


# ---- disks ----


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes: room for the results of one small run, not of two."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.usefixtures("no_pictures")
def test_a_full_disk_is_one_clear_message_and_old_results_stay(
    region: SmallRegion, small_disk: Path, case: CaseTable
) -> None:
    out = small_disk / "out"
    ran = corridors("run", region.config, "--out", out)
    assert ran.code == 0, ran.err
    before = digests(out)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space left"):
        while True:
            stream.write(bytes(65536))
    ran = corridors("run", region.config, "--out", out)
    assert ran.code == 2
    assert "can't be written: the disk is full; free space" in ran.err
    assert digests(out) == before and not list(out.glob(".*"))
    case.error(62, "disk full", ran.err)


def test_a_read_only_output_folder_is_refused_before_the_work(
    region: SmallRegion, small_disk: Path, case: CaseTable
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    ran = corridors("run", region.config, "--out", small_disk / "out", "--verbose")
    assert ran.code == 2
    assert "can't be written" in ran.err and "--out" in ran.err
    assert "reading zones" not in ran.err
    case.error(62, "read-only output folder", ran.err)


# ---- one cache, several runs ----


def test_two_runs_at_once_build_once_and_agree(tmp_path: Path, cache: Path, case: CaseTable) -> None:
    built: list[Path] = []

    def build(folder: Path) -> None:
        built.append(folder)
        (folder / "content").write_text("made", encoding="utf-8")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: cached_folder("demo", "key", build), range(8)))
    assert len(built) == 1 and set(found) == {cache / "demo-key"}
    case.ends(63, "two runs at once on one cache", "resumed", "one builds, the others wait and use what it built")


def test_two_processes_that_begin_with_an_empty_cache_both_end_well(region: SmallRegion, tmp_path: Path) -> None:
    env = {"CORRIDORS_CACHE": str(tmp_path / "cache")}
    with ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(lambda _: corridors_process("check", region.config, env=env), range(2)))
    assert [process.returncode for process in ran] == [0, 0], [process.stderr for process in ran]


def test_two_runs_into_one_folder_are_refused_the_second_time(region: SmallRegion, tmp_path: Path) -> None:
    import fcntl

    stage = tmp_path / "out" / ".partial-other"
    stage.mkdir(parents=True)
    with (stage / ".lock").open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        ran = corridors("run", region.config, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "another run is writing to" in ran.err and "--out" in ran.err
    assert stage.is_dir()


# ---- damage to what is kept ----


def test_a_flipped_bit_in_a_kept_folder_is_found_and_it_is_built_again(cache: Path, case: CaseTable) -> None:
    def build(folder: Path) -> None:
        (folder / "inner").mkdir()
        (folder / "inner" / "content").write_bytes(bytes(1000))

    content = cached_folder("demo", "key", build) / "inner" / "content"
    for place in (0.0, 0.5, 0.999):
        damage.flipped(content, place)
        assert not entries()[0].whole
        assert cached_folder("demo", "key", build) / "inner" / "content" == content
        assert content.read_bytes() == bytes(1000)
    (content.parent / "planted").write_text("more", encoding="utf-8")
    cached_folder("demo", "key", build)
    assert not (content.parent / "planted").exists()
    case.ends(64, "a flipped byte in the cache", "rebuilt", "found by its SHA-256 and made again")


def test_a_flipped_bit_in_compiled_code_is_found_and_it_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: CaseTable
) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    source = tmp_path / "kernel.py"
    source.write_text("def double(x):\n    return 2 * x\n", encoding="utf-8")

    def asked() -> tuple[int, int]:
        """(answer, how often kept code was found), as the next process would have it."""
        module = runpy.run_path(str(source))
        kernel = compiled(module["double"])
        return kernel(21), sum(kernel.stats.cache_hits.values())

    assert asked() == (42, 0)
    assert asked() == (42, 1)
    for suffix in ("nbi", "nbc"):
        (file,) = (tmp_path / "cache").rglob(f"*.{suffix}")
        for place in (0.0, 0.3, 0.9):
            damage.flipped(file, place)
            assert asked() == (42, 0), f"{suffix} with a bit turned over at {place}"
            assert asked() == (42, 1)
    case.ends(64, "a flipped byte in compiled code", "rebuilt", "found by its SHA-256 and compiled again")


def streets_file(folder: Path) -> Path:
    """A street along the line, a node every 55 m."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for i in range(101):
        graph.add_node(i, y=position(STOPS[0])[1] + i * 0.0005, x=LON)
    for i in range(100):
        graph.add_edge(i, i + 1, length=55.6, highway="footway")
    osmnx.save_graphml(graph, folder / "streets.graphml")
    return folder / "streets.graphml"


def test_kept_streets_are_those_of_the_file(tmp_path: Path, cache: Path) -> None:
    file = streets_file(tmp_path)
    fresh = read_streets(file)
    for _ in range(2):
        streets = walkable_streets(file, None)
        assert streets is not None and streets.repairs == fresh.repairs
        for name in ("node_lon", "node_lat", "segment_start", "segment_end", "segment_m", "forward_m", "backward_m"):
            assert np.array_equal(getattr(streets, name), getattr(fresh, name)), name
    assert [entry.kind for entry in entries()] == ["streets"]


def test_another_file_of_the_same_name_is_read_anew(tmp_path: Path, cache: Path) -> None:
    file = streets_file(tmp_path)
    walkable_streets(file, None)
    file.write_text(file.read_text(encoding="utf-8").replace("55.6", "77.7"), encoding="utf-8")
    streets = walkable_streets(file, None)
    assert streets is not None and streets.segment_m.max() == 77.7
    assert len(entries()) == 2


def test_a_pickle_planted_in_the_cache_is_never_loaded(tmp_path: Path, cache: Path, case: CaseTable) -> None:
    """Planted with care: its digest is in order, only its content is a pickled object."""

    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(tmp_path / "exploded"),)

    file = streets_file(tmp_path)
    walkable_streets(file, None)
    (entry,) = entries()
    arrays = entry.path / "streets.npz"
    planted = io.BytesIO()
    np.save(planted, np.array([Bomb()], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(arrays, "w") as archive:
        for name in (
            "node_lon",
            "node_lat",
            "segment_start",
            "segment_end",
            "segment_m",
            "forward_m",
            "backward_m",
            "component",
        ):
            archive.writestr(f"{name}.npy", planted.getvalue())
    listed = entry.path / "digests.json"
    digests_now = json.loads(listed.read_text(encoding="utf-8"))
    digests_now["streets.npz"] = hashlib.sha256(arrays.read_bytes()).hexdigest()
    listed.write_text(json.dumps(digests_now), encoding="utf-8")
    streets = walkable_streets(file, None)
    assert streets is not None and len(streets.node_lon) == 101
    assert not (tmp_path / "exploded").exists()
    case.ends(58, "a pickle in the cache", "refused", "arrays are loaded without pickle; the streets are read again")


def test_no_module_loads_pickles() -> None:
    unsafe = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
    for package in ("accessibility", "corridors", "layers", "maps"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not unsafe & {name.partition(".")[0] for name in names}, file
                allows = isinstance(node, ast.keyword) and node.arg == "allow_pickle"
                assert not allows or (isinstance(node.value, ast.Constant) and node.value.value is False), file


def test_the_cache_can_be_listed_and_cleared(tmp_path: Path, cache: Path) -> None:
    walkable_streets(streets_file(tmp_path), None)
    (cache / "notes-of-mine").mkdir()
    ran = corridors("cache", "info")
    assert ran.code == 0 and KINDS["streets"] in ran.out and "whole" in ran.out and "notes-of-mine" not in ran.out
    damage.flipped(entries()[0].path / "streets.npz", 0.5)
    assert "damaged: will be made again" in corridors("cache", "info").out
    assert "MB freed" in corridors("cache", "clear").out
    assert cache_home() == cache and [path.name for path in cache.iterdir()] == ["notes-of-mine"]


def test_a_cache_that_cannot_be_written_does_not_stop_a_run(
    region: SmallRegion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("CORRIDORS_CACHE", str(tmp_path / "file" / "cache"))
    assert answer(region, osm=streets_file(tmp_path)).minutes == SAMPLED_MINUTES_A_TO_F


def test_a_demonstration_without_a_place_for_it_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    process = corridors_process(
        "run", "--out", tmp_path / "out", env={"CORRIDORS_CACHE": str(tmp_path / "file" / "cache")}
    )
    assert process.returncode == 2
    assert "can't be written" in process.stderr and "CORRIDORS_CACHE" in process.stderr
    assert process.stderr.count("\n") == 1


# ---- sources and networks ----

HOST = "files.example.org"
ADDRESS = f"https://{HOST}/a.zip"
CONTENT = bytes(range(256)) * 64


def other_checksum(_path: Path) -> None:
    raise TryAgainError("its checksum is not the one expected")


def must_be_a_zip(path: Path) -> None:
    check_format(path, "zip")


@pytest.mark.parametrize(
    ("what", "reply", "judge", "expected"),
    [
        ("answers too slowly", Reply(b"drip", blocks=4), must_be_a_zip, "less than 1,024 bytes a second"),
        ("sends an error page with status 200", web_page(), must_be_a_zip, "a web page"),
        ("has a checksum that differs", file_of(CONTENT), other_checksum, "its checksum is not the one expected"),
    ],
)
def test_a_source_that_fails_is_one_clear_error_and_the_old_file_stays(
    tmp_path: Path, case: CaseTable, what: str, reply: Reply, judge: Callable[[Path], None], expected: str
) -> None:
    old = tmp_path / "a.zip"
    old.write_bytes(b"old")
    with Publishers() as publishers:
        publishers.on(ADDRESS, reply)
        session = publishers.session(TurnedClock(tick_s=70.0 if "slowly" in what else 0.0).clock)
        with session.client, pytest.raises(FetchError) as failed:
            Downloader(session, [HOST]).file(ADDRESS, old, judge=judge)
    assert expected in str(failed.value) and HOST in str(failed.value)
    assert old.read_bytes() == b"old"
    case.error(65, f"a source that {what}", str(failed.value))


def test_a_source_that_breaks_off_is_resumed(tmp_path: Path, case: CaseTable) -> None:
    with Publishers() as publishers:
        publishers.on(ADDRESS, file_of(CONTENT, cut_at=5000), file_of(CONTENT))
        session = publishers.session(TurnedClock().clock)
        with session.client:
            Downloader(session, [HOST]).file(ADDRESS, tmp_path / "a.zip", judge=lambda _: None)
        asked = publishers.asked[1].headers["range"]
    assert (tmp_path / "a.zip").read_bytes() == CONTENT and asked == "bytes=5000-"
    case.ends(65, "a source that breaks off", "resumed", "asked again from where it ended")


@pytest.fixture
def no_network() -> list[str]:
    """Words before a command that leave it without any network."""
    words = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
        pytest.skip("taking the network away needs unshare and the right to use it")
    return words


def test_a_run_needs_no_network(region: SmallRegion, tmp_path: Path, no_network: list[str], case: CaseTable) -> None:
    command = [*no_network, sys.executable, "-m", "corridors", "run", region.config, "--out", tmp_path / "out"]
    done = subprocess.run(list(map(str, command)), check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").is_file()
    case.as_meant(66, "a run without any network", "nothing is asked of it")


def test_fetching_without_a_network_is_one_clear_error(tmp_path: Path, no_network: list[str], case: CaseTable) -> None:
    command = [*no_network, sys.executable, "-m", "corridors", "fetch", "west_midlands", "--only", "bank_holidays"]
    done = subprocess.run(
        [*command, "--to", str(tmp_path / "to")], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 2
    assert "the connection failed" in done.stderr and "try later" in done.stderr and "Traceback" not in done.stderr
    case.error(66, "fetching without any network", done.stderr.removeprefix("error: "))


# ---- memory, clocks, locales ----


def limited(kilobytes: int, *words: object) -> subprocess.CompletedProcess[str]:
    """A command under a limit on its address space."""
    command = f'ulimit -v {kilobytes} && exec "$@"'
    process = ["bash", "-c", command, "bash", sys.executable, "-m", "corridors", *map(str, words)]
    return subprocess.run(process, check=False, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v is kept by Linux only")
def test_too_little_memory_is_one_clear_message_before_the_work(
    region: SmallRegion, tmp_path: Path, case: CaseTable
) -> None:
    done = limited(1_000_000, "run", region.config, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "ulimit -v" in done.stderr and "a run needs 3 GB or more" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
    case.error(67, "a memory limit below need", done.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v is kept by Linux only")
def test_memory_that_ends_on_the_way_is_one_clear_message(region: SmallRegion, case: CaseTable) -> None:
    """A limit that is enough for the small feed, and not for one with nearly as many departures as are taken at all."""
    kilobytes = 3_150_000
    assert limited(kilobytes, "check", region.config).returncode == 0
    usual = {
        "start_time": "00:00:00",
        "end_time": "72:00:00",
        "headway_secs": 15,
        "exact_times": 1,
    }  # 17,280 departures
    rows = [{"trip_id": row.row["trip_id"], **usual} for row in good_trips()[:57]]
    region.feed(feed_text(*good_trips()).setting("frequencies.txt", *rows))
    done = limited(kilobytes, "check", region.config)
    assert done.returncode == 2, done.stderr[-500:]
    assert "out of memory" in done.stderr and "Traceback" not in done.stderr
    case.error(67, "memory that ends on the way", done.stderr)


def test_headways_that_would_fill_the_memory_are_refused_before_they_do(region: SmallRegion) -> None:
    """Ninety million departures laid out from headways of a second: some 5 GB."""
    rows = [
        {
            "trip_id": row.row["trip_id"],
            "start_time": "00:00:00",
            "end_time": "72:00:00",
            "headway_secs": 1,
            "exact_times": 1,
        }
        for row in good_trips()[:58]
    ]
    region.feed(feed_text(*good_trips()).setting("frequencies.txt", *rows))
    said = corridors("check", region.config)
    assert "check headway_secs" in said.out + said.err and "Traceback" not in said.out + said.err


@pytest.fixture
def comma_locale(tmp_path: Path) -> dict[str, str]:
    """The environment of a country that writes 3,14, made for the test."""
    folder = tmp_path / "locales"
    folder.mkdir()
    make = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")]
    if not shutil.which("localedef") or subprocess.run(make, check=False, capture_output=True).returncode:
        pytest.skip("making a locale needs localedef and its sources")
    return {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8"}


def test_clocks_and_locales_change_no_byte(
    region: SmallRegion, tmp_path: Path, comma_locale: dict[str, str], case: CaseTable
) -> None:
    region.replace("config.toml", 'name = "Line"', 'name = "Línea – 線"')
    plain = corridors("run", region.config, "--out", tmp_path / "out")
    assert plain.code == 0, plain.err
    before = digests(tmp_path / "out")
    command = (
        "import locale, sys; locale.setlocale(locale.LC_ALL, ''); assert locale.localeconv()['decimal_point'] == ','; "
        "from corridors.start import main; sys.argv[0] = 'corridors'; main()"
    )
    env = {**os.environ, **comma_locale, "TZ": "Pacific/Kiritimati", "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, "-c", command, "run", str(region.config), "--out", str(tmp_path / "out")]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=ROOT, env=env)
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "out") == before
    manifest = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert manifest["started"].endswith("+00:00")
    for what in ("time zone", "locale with a decimal comma", "terminal that can write ASCII only"):
        case.as_meant(68, f"another {what}", "the same bytes; times of a run are in UTC")


def test_interrupting_while_results_are_put_in_place_waits_for_them(tmp_path: Path) -> None:
    code = (
        "import os, signal, corridors.runtime.interrupts as i; i.listen()\n"
        "with i.finishing():\n    os.kill(os.getpid(), signal.SIGINT); print('put in place', flush=True)\n"
        "print('never reached')"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (130, "put in place\n")
    assert signal.SIGINT == 2 and "interrupted" in done.stderr


def test_a_matrix_is_whole_or_not_there(region: SmallRegion) -> None:
    ran, table = matrix(region, out=region.folder / "nowhere" / "matrix.csv")
    assert ran.code == 2 and "can't be written" in ran.err
    assert not table.exists()
