"""Export of one layer of a finished run to another format, with its styles, notes and metadata."""

from collections.abc import Iterable
from pathlib import Path

from corridors.errors import ConfigError, OutputError
from corridors.outputs.layers import LAYERS, notes_of
from corridors.runs.finished import FinishedRun, finished_run
from corridors.runtime.own_files import is_sealed, listed_files, require_no_input, sha256_of, with_seal
from corridors.runtime.whole_files import whole_file
from layers import (
    FORMATS,
    LayersError,
    Notes,
    ordinary_file,
    read_layer_text,
    read_text,
    read_vector,
    side_files,
    write_layer,
)


def export_layer(results: Path, layer: str, file_format: str, out: Path | None) -> Path:
    """Write `layer` of the run in folder `results` as `file_format`; returns the file written.

    A file that is there is replaced only where `out` names it, and never one that the run read or wrote. Styles and records
    stand in files beside it where the format has no place for them.
    Raises `InputMissingError` for a folder that holds no finished run, `ConfigError` for unknown layers and formats,
    `OutputError` where a file is in the way.
    """
    run = finished_run(results)
    if layer not in LAYERS:
        raise ConfigError(f"there is no layer {layer!r}; a run has {', '.join(LAYERS)}")
    if f".{file_format}" not in FORMATS:
        choices = ", ".join(suffix.removeprefix(".") for suffix in FORMATS)
        raise ConfigError(f"{file_format!r} is not a format; choose one of {choices}")
    target = out or Path(f"{layer}.{file_format}")
    if target.suffix != f".{file_format}":
        raise ConfigError(f"--out {target} must end in .{file_format}, as --format says")
    layer_text = read_layer_text(run.package, layer)
    beside = {path: with_seal(text) for path, text in side_files(target, layer_text).items()}
    _require_free(run, target, named=out is not None)
    _require_side_files_free(beside)
    frame, notes = read_vector(run.package, layer), _notes(run.folder, layer)
    with whole_file(target) as written:
        write_layer(written, frame, layer, notes, layer_text)
    for path, text in beside.items():
        with whole_file(path) as written:
            written.write_text(text, encoding="utf-8", newline="\n")
    return target


def _require_free(run: FinishedRun, target: Path, named: bool) -> None:
    """Raise `OutputError` where `target` exists and must stay: not named by the user, an input, a run's file, or no layer."""
    require_no_input([target], [run.package, *(run.folder / name for name in listed_files(run.folder))])
    if not target.is_file():
        return
    if not named:
        raise OutputError(
            f"{target} is there already; name the file to write with --out, this one if it may be replaced"
        )
    read = {one["sha256"]: one.get("file") for one in run.manifest["inputs"] if isinstance(one.get("sha256"), str)}
    digest = sha256_of(target)
    if digest in read:
        raise OutputError(
            f"--out {target} is an input of the run ({read[digest]}) and is not replaced; choose another name"
        )
    try:
        if target.suffix != ".xlsx":
            ordinary_file(target, (target.suffix,))
    except LayersError as error:
        raise OutputError(f"--out {target} is there already and is no layer: {error}") from error


def _require_side_files_free(paths: Iterable[Path]) -> None:
    existing = [str(path) for path in paths if (path.exists() or path.is_symlink()) and not is_sealed(path)]
    if existing:
        raise OutputError(
            f"{', '.join(existing)} would hold the style or the record of the layer, and is there already; move it away, or "
            "choose another name with --out"
        )


def _notes(folder: Path, layer: str) -> Notes:
    """The notes of the layer's columns, from the run's dictionary; empty where that file is missing."""
    dictionary = folder / "tables" / "data_dictionary.csv"
    return notes_of(read_text(dictionary).rows, layer) if dictionary.is_file() else {}
