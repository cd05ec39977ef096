"""Cases 100 to 109: files that are the user's stay as they are, whatever is asked to be written over them."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from accessibility.kernels.jit import is_private
from corridors.fetch.errors import FetchError
from corridors.fetch.lockfile import LOCK_FILE, put_own_files, read_lock
from corridors.inputs import read as inputs
from corridors.runtime import interrupts
from tests.support.case_table import CaseTable
from tests.support.cli import ROOT, corridors
from tests.support.small_region import SmallRegion, write_small_region
from tests.survival.kill_harness import digests

pytestmark = pytest.mark.usefixtures("no_pictures")


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones included; what links point to, as a link."""
    return {
        str(path.relative_to(folder)): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() or path.is_symlink()
    }


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of the small region; never write to it."""
    home = tmp_path_factory.mktemp("finished")
    region = write_small_region(home / "region")
    ran = corridors("run", region.config, "--out", home / "out")
    assert ran.code == 0, ran.err
    return home / "out"


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished run for a test to change."""
    return Path(shutil.copytree(finished, tmp_path / "out"))


# ---- `run --out` ----


def test_a_run_into_the_folder_of_its_own_inputs_deletes_none_of_them(
    region: SmallRegion, monkeypatch: pytest.MonkeyPatch, case: CaseTable
) -> None:
    region.path("layers").mkdir()
    shutil.move(region.path("zones.gpkg"), region.path("layers") / "zones.gpkg")
    region.replace("config.toml", '"zones.gpkg"', '"layers/zones.gpkg"')
    monkeypatch.chdir(region.folder)
    before = everything(region.folder)
    ran = corridors("run", "config.toml", "--out", ".", "--verbose")
    assert ran.code == 2 and everything(region.folder) == before
    assert "layers would replace the input" in ran.err and "zones.gpkg" in ran.err and "reading zones" not in ran.err
    case.error(100, "`--out .` with an input in `layers/`", ran.err)


def test_files_that_no_run_wrote_are_named_before_the_work_and_stay(
    region: SmallRegion, tmp_path: Path, case: CaseTable
) -> None:
    folder = tmp_path / "out"
    for name in ("layers/code.py", "maps/essay.md", "tables/a.csv", "tables/b.csv", "tables/deep/c.csv", "report.pdf"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    before = everything(folder)
    ran = corridors("run", region.config, "--out", folder, "--verbose")
    assert ran.code == 2 and everything(folder) == before and "reading zones" not in ran.err
    assert "6 file(s)" in ran.err and "layers/code.py" in ran.err and "and 1 more" in ran.err
    case.error(100, "files of others where results would go", ran.err)


def test_results_of_an_earlier_run_are_replaced_and_other_files_beside_them_stay(
    region: SmallRegion, out: Path
) -> None:
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    region.replace("config.toml", 'slug = "line"', 'slug = "other"')
    assert corridors("run", region.config, "--out", out).code == 0
    assert (out / "layers" / "other.gpkg").exists() and not (out / "layers" / "line.gpkg").exists()
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def edit_the_report(out: Path) -> str:
    with (out / "report.html").open("a", encoding="utf-8") as stream:
        stream.write("<!-- my remark -->")
    return "report.html"


def edit_the_manifest(out: Path) -> str:
    manifest = json.loads((out / "run.json").read_text(encoding="utf-8"))
    (out / "run.json").write_text(json.dumps({**manifest, "seed": 7}), encoding="utf-8")
    return "run.json"


def add_a_layer(out: Path) -> str:
    (out / "layers" / "mine.geojson").write_text("{}", encoding="utf-8")
    return "layers/mine.geojson"


def link_a_folder(out: Path) -> str:
    (out / "tables" / "linked").symlink_to(out.parent / "region")
    return "tables/linked"


def link_a_table(out: Path) -> str:
    shutil.move(out / "tables" / "kpi.csv", out.parent / "kpi.csv")
    (out / "tables" / "kpi.csv").symlink_to(out.parent / "kpi.csv")
    return "tables/kpi.csv"


@pytest.mark.parametrize("change", [edit_the_report, edit_the_manifest, add_a_layer, link_a_folder, link_a_table])
def test_what_the_user_changed_in_a_run_is_theirs(
    region: SmallRegion, out: Path, change: Callable[[Path], str], case: CaseTable
) -> None:
    named = change(out)
    before = everything(out.parent)
    ran = corridors("run", region.config, "--out", out)
    assert ran.code == 2 and everything(out.parent) == before
    assert named in ran.err
    case.error(100, change.__name__.replace("_", " ") + " of a finished run", ran.err)


def test_a_manifest_that_lists_files_of_others_gives_no_right_to_them(region: SmallRegion, tmp_path: Path) -> None:
    """Forged, or of an earlier version of the tool: what is not sealed counts for nothing."""
    folder = tmp_path / "out"
    (folder / "layers").mkdir(parents=True)
    (folder / "layers" / "mine.txt").write_text("mine", encoding="utf-8")
    listed = {"schema_version": 1, "files": {"layers/mine.txt": "0" * 64}}
    (folder / "run.json").write_text(json.dumps(listed), encoding="utf-8")
    before = everything(folder)
    assert corridors("run", region.config, "--out", folder).code == 2
    assert everything(folder) == before


def test_a_failing_configuration_leaves_the_output_folder_alone(region: SmallRegion, out: Path) -> None:
    (out / ".partial-old").mkdir()
    region.replace("config.toml", "[zones]", "[zones")
    before = everything(out)
    assert corridors("run", region.config, "--out", out).code == 2
    assert everything(out) == before and (out / ".partial-old").is_dir()


def test_an_output_folder_inside_an_input_or_the_cache_is_refused(
    region: SmallRegion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: CaseTable
) -> None:
    region.path("feed").mkdir()
    shutil.unpack_archive(region.path("feed.zip"), region.path("feed"))
    region.replace("config.toml", '"feed.zip"', '"feed"')
    for folder in (region.path("feed"), region.path("feed") / "results"):
        ran = corridors("run", region.config, "--out", folder)
        assert ran.code == 2 and "lies in the input folder" in ran.err
        assert not list(region.path("feed").glob("r*.json")) and not (region.path("feed") / "results").exists()
    case.error(100, "`--out` inside an input folder", ran.err)
    monkeypatch.setenv("CORRIDORS_CACHE", str(tmp_path / "cache"))
    ran = corridors("run", region.config, "--out", tmp_path / "cache" / "streets-1")
    assert ran.code == 2 and "lies in the cache" in ran.err
    case.error(100, "`--out` inside the cache", ran.err)


def test_results_that_are_read_again_as_inputs_are_not_replaced(region: SmallRegion, out: Path) -> None:
    region.replace("config.toml", 'file = "zones.gpkg"', 'file = "../out/layers/line.gpkg"\nlayer = "zones"')
    region.replace("config.toml", 'id = "code"\nname = "name"', 'id = "zone_id"\nname = "name"')
    before = digests(out)
    ran = corridors("run", region.config, "--out", out)
    assert ran.code == 2 and "would replace the input" in ran.err
    assert digests(out) == before


@pytest.mark.parametrize("words", [["--out", ""], ["--out="], ["--log-json", " "]])
def test_an_empty_name_is_not_the_current_folder(
    region: SmallRegion, monkeypatch: pytest.MonkeyPatch, words: list[str], case: CaseTable
) -> None:
    monkeypatch.chdir(region.folder)
    before = everything(region.folder)
    ran = corridors("run", "config.toml", *words)
    assert ran.code == 2 and everything(region.folder) == before
    assert words[0].rstrip("=") in ran.err
    case.error(100, f"an empty name, as of an unset variable: {' '.join(words).strip()}", ran.err)


def test_the_command_that_is_published_holds_no_folder_of_the_user(region: SmallRegion, out: Path) -> None:
    home = str(region.folder)
    for name in ("run.json", "report.html", "board_note.html", "tables/baseline.json"):
        assert home not in (out / name).read_text(encoding="utf-8"), name
    assert (
        json.loads((out / "run.json").read_text(encoding="utf-8"))["command"] == "corridors run config.toml --out out"
    )


# ---- `--log-json` ----


@pytest.mark.parametrize("name", ["config.toml", "people.csv", "layer.geojson", "package.json", "log"])
def test_a_log_never_takes_the_place_of_another_file(region: SmallRegion, name: str, case: CaseTable) -> None:
    if not region.path(name).exists():
        region.path(name).write_text('{"mine": true}', encoding="utf-8")
    before = everything(region.folder)
    ran = corridors("check", region.config, "--log-json", region.path(name))
    assert ran.code == 2 and everything(region.folder) == before
    assert "--log-json" in ran.err
    case.error(101, f"`--log-json` over another file ({name})", ran.err)


def test_an_earlier_log_is_written_anew(region: SmallRegion, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    sizes = []
    for _ in range(2):
        assert corridors("check", region.config, "--log-json", log).code == 0
        sizes.append(len(log.read_text(encoding="utf-8").splitlines()))
    assert sizes[0] == sizes[1] > 0


def test_a_log_on_a_full_disk_is_one_clear_message(
    region: SmallRegion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: CaseTable
) -> None:
    monkeypatch.setattr("corridors.runtime.progress._is_log", lambda _path: True)
    (tmp_path / "full.jsonl").symlink_to("/dev/full")
    ran = corridors("check", region.config, "--log-json", tmp_path / "full.jsonl")
    assert ran.code == 2
    case.error(104, "`--log-json` on a full disk", ran.err)


def test_what_is_printed_on_a_full_disk_is_one_clear_message(region: SmallRegion, case: CaseTable) -> None:
    with Path("/dev/full").open("wb") as full:
        words = [sys.executable, "-m", "corridors", "sources"]
        done = subprocess.run(words, check=False, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    case.error(104, "a terminal or file that takes no more", done.stderr)


# ---- single files: `matrix`, `export`, `compare-map`, `compare`, `baseline` ----


@pytest.mark.parametrize("name", ["from.csv", "linked.csv", "mine.csv", "mine.parquet"])
def test_a_matrix_never_takes_the_place_of_an_input_or_of_another_table(
    region: SmallRegion, name: str, case: CaseTable
) -> None:
    table = "id,lon,lat\nA,-1.9,52.4\n"
    for file in ("from.csv", "mine.csv", "mine.parquet"):
        region.path(file).write_text(table, encoding="utf-8")
    region.path("linked.csv").hardlink_to(region.path("from.csv"))
    words = ["--gtfs", region.path("feed.zip"), "--origins", region.path("from.csv"), "--destinations"]
    words += [region.path("from.csv"), "--date", "2026-03-24", "--window", "07:00-08:00", "--out", region.path(name)]
    before = everything(region.folder)
    ran = corridors("matrix", *words)
    assert ran.code == 2 and "--out" in ran.err and everything(region.folder) == before
    case.error(101, f"`matrix --out` over another file ({name})", ran.err)


def test_an_export_never_takes_the_place_of_a_file_that_nobody_named(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: CaseTable
) -> None:
    """In the region's own folder the default name is that of an input."""
    region = write_small_region(tmp_path / "mine")
    monkeypatch.chdir(region.folder)
    before = everything(region.folder)
    ran = corridors("export", out, "--layer", "zones")
    assert ran.code == 2 and everything(region.folder) == before
    case.error(101, "`export` where a file of the default name is", ran.err)
    shutil.copyfile(out.parent / "mine" / "zones.gpkg", tmp_path / "free.gpkg")
    for named in (out / "layers" / "line.gpkg", out / "layers" / "zones.parquet"):
        suffix = named.suffix.removeprefix(".")
        ran = corridors("export", out, "--layer", "zones", "--format", suffix, "--out", named)
        assert ran.code == 2 and "would replace the input" in ran.err
    assert corridors("export", out, "--layer", "zones", "--out", tmp_path / "free.gpkg").code == 0


def test_an_export_never_takes_the_place_of_an_input_of_the_run(
    finished: Path, tmp_path: Path, case: CaseTable
) -> None:
    before = everything(finished.parent / "region")
    zones = finished.parent / "region" / "zones.gpkg"
    ran = corridors("export", finished, "--layer", "zones", "--out", zones)
    assert ran.code == 2 and everything(finished.parent / "region") == before
    case.error(101, "`export --out` over an input of the run", ran.err.replace(str(zones.parent), ""))
    (tmp_path / "essay.gpkg").write_text("words", encoding="utf-8")
    ran = corridors("export", finished, "--layer", "zones", "--out", tmp_path / "essay.gpkg")
    assert ran.code == 2 and "is no layer" in ran.err
    (tmp_path / "z.qml").write_text("my style", encoding="utf-8")
    ran = corridors("export", finished, "--layer", "zones", "--format", "fgb", "--out", tmp_path / "z.fgb")
    assert ran.code == 2 and "z.qml" in ran.err and not (tmp_path / "z.fgb").exists()
    (tmp_path / "z.qml").unlink()
    for _ in range(2):
        words = ["--layer", "zones", "--format", "fgb", "--out", tmp_path / "z.fgb"]
        assert corridors("export", finished, *words).code == 0


def test_a_comparison_takes_the_place_of_an_earlier_one_only(out: Path, tmp_path: Path, case: CaseTable) -> None:
    page = out / "maps" / "compare.html"
    for _ in range(2):
        assert corridors("compare-map", out, out).code == 0
    page.write_text(page.read_text(encoding="utf-8").replace("</html>", "<!-- mine --></html>"), encoding="utf-8")
    before = everything(out)
    ran = corridors("compare-map", out, out)
    assert ran.code == 2 and everything(out) == before
    case.error(101, "`compare-map` over a page that was changed", ran.err)
    ran = corridors("compare-map", out, out, "--out", out / "report.html")
    assert ran.code == 2 and "would replace" in ran.err
    (tmp_path / "comparison.csv").write_text("mine,yours\n", encoding="utf-8")
    ran = corridors("compare", out, out, "--out", tmp_path)
    assert ran.code == 2 and (tmp_path / "comparison.csv").read_text(encoding="utf-8") == "mine,yours\n"
    case.error(101, "`compare --out` over another table", ran.err)


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def write_text(path: Path, text: str, *_: object, **__: object) -> int:
        path.write_bytes(text[:1].encode())
        raise OSError(errno.ENOSPC, "No space left on device")

    real = Path.write_text
    monkeypatch.setattr(
        Path,
        "write_text",
        lambda path, *words, **more: (real if path.name == interrupts.MARK else write_text)(path, *words, **more),
    )


@pytest.mark.parametrize("command", ["baseline", "compare-map"])
def test_a_full_disk_leaves_no_part_of_a_file_and_the_next_attempt_works(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, case: CaseTable
) -> None:
    runs = {
        "baseline": [finished, "--out", tmp_path / "kept"],
        "compare-map": [finished, finished, "--out", tmp_path / "c.html"],
    }
    with monkeypatch.context() as patch:
        full_disk(patch)
        ran = corridors(command, *runs[command])
    assert ran.code == 2 and "No space left" in ran.err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    case.error(104, f"`{command}` on a full disk", ran.err)
    assert corridors(command, *runs[command]).code == 0


# ---- folders of runs that are damaged ----

BROKEN = {
    "cut short": b'{"date": "2026',
    "a list": b"[]",
    "empty": b"{}",
    "not UTF-8": b'"\xff"',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_damaged_manifest_is_one_message_in_every_command(
    out: Path, tmp_path: Path, how: str, case: CaseTable
) -> None:
    (out / "run.json").write_bytes(BROKEN[how])
    for words in (["export", out, "--layer", "zones", "--out", tmp_path / "z.gpkg"], ["compare-map", out, out]):
        ran = corridors(*words)
        assert ran.code == 2 and "run.json is not the whole manifest" in ran.err
    case.error(103, f"a manifest that is {how}", ran.err)


def test_a_geopackage_without_its_centres_or_cut_short_is_one_message(
    out: Path, tmp_path: Path, case: CaseTable
) -> None:
    package = out / "layers" / "line.gpkg"
    whole = package.read_bytes()
    gpd.read_file(package, layer="zones").to_file(tmp_path / "zones.gpkg", layer="zones")
    shutil.copyfile(tmp_path / "zones.gpkg", package)
    ran = corridors("compare-map", out, out)
    assert ran.code == 2 and "no layer centres" in ran.err
    case.error(103, "a GeoPackage without centres", ran.err)
    package.write_bytes(whole[:5000])
    for words in (["export", out, "--layer", "zones", "--out", tmp_path / "z.gpkg"], ["compare-map", out, out]):
        ran = corridors(*words)
        assert ran.code == 2 and "line.gpkg" in ran.err
    case.error(103, "a GeoPackage cut short", ran.err)


@pytest.mark.parametrize(
    ("key", "value"),
    [("cells", None), ("cells", "words"), ("cells", [{}]), ("service_day", None), ("slug", "../../x"), ("data", [])],
)
def test_a_damaged_baseline_is_one_message_in_every_command(
    out: Path, tmp_path: Path, key: str, value: object, case: CaseTable
) -> None:
    file = out / "tables" / "baseline.json"
    content = json.loads(file.read_bytes())
    content[key] = value
    file.write_text(json.dumps({name: part for name, part in content.items() if part is not None}), encoding="utf-8")
    for words in (["baseline", out, "--out", tmp_path / "kept"], ["compare", out, out]):
        ran = corridors(*words)
        assert ran.code == 2 and "no whole baseline" in ran.err and key in ran.err
    assert not (tmp_path / "kept").exists() and not (tmp_path / "x.json").exists()
    case.error(103, f"a baseline whose {key} is {json.dumps(value) if value is not None else 'missing'}", ran.err)


# ---- signals, the cache, inputs that change ----


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_while_it_makes_pdfs_leaves_nothing(tmp_path: Path, number: int, case: CaseTable) -> None:
    """PDFs that are made again and again stand for the run."""
    code = (
        "import datetime as dt, sys; from pathlib import Path; from corridors.report import render_pdf\n"
        "from corridors.report.blocks.view import Paragraph, Report, Section\n"
        "from corridors.runtime.interrupts import listen\n"
        "from corridors.runtime.staging import claimed\n"
        "section = Section('a', 'A', (Paragraph('words ' * 3000),)); listen()\n"
        "with claimed(Path(sys.argv[1]), ['run.json']) as claim:\n"
        "    while True:\n"
        "        page = render_pdf(Report('R', '', dt.date(2026, 3, 24), '', (), (section,)))\n"
        "        (claim.stage / 'a.pdf').write_bytes(page); print('written', flush=True)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "out")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout and process.stdout.readline() == "written\n"
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "interrupted" in err
    assert not list((tmp_path / "out").glob("*")) and not list((tmp_path / "out").glob(".*"))
    case.ends(
        105,
        f"{signal.Signals(number).name} while PDFs are made",
        "resumed",
        "it ends, and nothing half-written is left",
    )


def test_the_cache_may_be_cleared_while_a_run_uses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: CaseTable
) -> None:
    monkeypatch.setenv("CORRIDORS_CACHE", str(tmp_path / "cache"))
    code = (
        "from corridors.runtime.cache import cached_folder; import sys\n"
        "print(cached_folder('demo', 'key', lambda folder: (folder / 'households.csv').write_text('x')), flush=True)\n"
        "sys.stdin.read()"
    )
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as user:
        assert user.stdout
        entry = Path(user.stdout.readline().strip())
        ran = corridors("cache", "clear")
        assert ran.code == 0 and "1 kept folder(s) are in use" in ran.out
        assert (entry / "households.csv").exists()
        user.communicate("")
    assert "in use" not in corridors("cache", "clear").out
    assert not list((tmp_path / "cache").iterdir())
    case.ends(106, "`cache clear` while a run uses what is kept", "as meant", "what is in use stays, and that is said")


def test_an_input_that_changes_while_it_is_read_is_one_message(
    region: SmallRegion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: CaseTable
) -> None:
    read = inputs.read_layers

    def changing(*words: Any) -> Any:
        found = read(*words)
        region.replace("people.csv", ",100,", ",110,")
        return found

    monkeypatch.setattr(inputs, "read_layers", changing)
    ran = corridors("run", region.config, "--out", tmp_path / "out")
    assert ran.code == 2 and "people.csv changed while it was read" in ran.err and not (tmp_path / "out").exists()
    case.error(108, "an input that changes while it is read", ran.err)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_compiled_code_is_kept_only_where_nobody_else_can_write(tmp_path: Path, case: CaseTable) -> None:
    assert (
        is_private(tmp_path / "cache" / "kernels") and (tmp_path / "cache" / "kernels").stat().st_mode & 0o777 == 0o700
    )
    (tmp_path / "cache" / "kernels").chmod(0o770)
    assert not is_private(tmp_path / "cache" / "kernels")
    (tmp_path / "cache" / "kernels").chmod(0o755)
    (tmp_path / "cache").chmod(0o777)
    assert not is_private(tmp_path / "cache" / "kernels")
    (tmp_path / "cache").chmod(0o1777)  # sticky: others can't move the folder away
    assert is_private(tmp_path / "cache" / "kernels")
    case.ends(
        109, "a cache that others can write to", "refused", "compiled code is neither kept there nor loaded from there"
    )


# ---- the data folder's lock, links beside files ----

ENTRY = {
    "file": "population.csv",
    "sha256": "0" * 64,
    "bytes": 1,
    "rows": 1,
    "retrieved_at": "2026-03-01T10:00:00+00:00",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"file": "../../x.csv"}, "none of the sources"),
        ({"day": '2026-03-24\n[outputs.tiles]\nurl = "http://x"'}, "day of mye_lsoa21"),
        ({"retrieved_at": "2026-03-01\nx"}, "retrieved_at of mye_lsoa21"),
        ({"etag": "a\r\nb"}, "etag"),
        ({"sha256": "short"}, "sha256 of mye_lsoa21"),
        ({"bytes": "many"}, "can't be read"),
    ],
)
def test_a_lock_that_was_edited_is_one_message(
    tmp_path: Path, change: Mapping[str, object], said: str, case: CaseTable
) -> None:
    (tmp_path / LOCK_FILE).write_text(json.dumps({"sources": {"mye_lsoa21": ENTRY | dict(change)}}), encoding="utf-8")
    with pytest.raises(FetchError, match=said) as raised:
        read_lock(tmp_path)
    case.error(107, f"an edited lock ({next(iter(change))})", str(raised.value))


def test_a_lock_that_is_no_lock_is_one_message_and_a_good_one_is_read(tmp_path: Path) -> None:
    for text in ("[" * 100_000, "[]", '{"sources": 1}', '{"sources": {"unknown": 1}}', "\udcff"):
        (tmp_path / LOCK_FILE).write_bytes(text.encode(errors="surrogateescape"))
        with pytest.raises(FetchError, match="damaged"):
            read_lock(tmp_path)
    (tmp_path / LOCK_FILE).write_text(json.dumps({"sources": {"mye_lsoa21": ENTRY}}), encoding="utf-8")
    assert read_lock(tmp_path)["mye_lsoa21"].bytes == 1


def test_files_of_ours_are_replaced_only_while_they_are_as_we_wrote_them(tmp_path: Path, case: CaseTable) -> None:
    (tmp_path / "config.toml").write_text("a stranger's", encoding="utf-8")
    assert put_own_files(tmp_path, {"config.toml": "one", "NOTICE": "one"}) == ["config.toml"]
    assert put_own_files(tmp_path, {"NOTICE": "two"}) == []
    assert (tmp_path / "NOTICE").read_text(encoding="utf-8") == "two"
    (tmp_path / "NOTICE").write_text("edited", encoding="utf-8")
    assert put_own_files(tmp_path, {"NOTICE": "three"}) == ["NOTICE"]
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.name != LOCK_FILE} == {
        "config.toml": "a stranger's",
        "NOTICE": "edited",
    }
    words = (
        "kept as they are, because they were changed or placed by hand; the bundled ones come once they are moved away"
    )
    case.ends(102, "files of the data folder that the user changed or had there before", "as meant", words)


def test_a_link_at_the_name_of_an_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine", encoding="utf-8")
    (tmp_path / ".NOTICE.partial").symlink_to(tmp_path / "precious")
    put_own_files(tmp_path, {"NOTICE": "text"})
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "mine"
