"""One layer of a finished run, written in the format somebody asks for."""

from pathlib import Path

from corridors.errors import ConfigError
from corridors.finished import finished_run
from corridors.published_layers import LAYERS, notes_of
from layers.columns import Notes
from layers.export import write_layer
from layers.files import read_vector
from layers.tables import read_text

FORMATS = ("gpkg", "parquet", "fgb", "geojson", "csv", "xlsx")


def export_layer(results: Path, layer: str, file_format: str, out: Path | None) -> Path:
    """Write `layer` of the run in folder `results` as `file_format`; returns the file written.

    Raises `InputMissingError` for a folder that holds no finished run, `ConfigError` for unknown layers and formats.
    """
    run = finished_run(results)
    if layer not in LAYERS:
        raise ConfigError(f"there is no layer {layer!r}; a run has {', '.join(LAYERS)}")
    if file_format not in FORMATS:
        raise ConfigError(f"{file_format!r} is not a format; choose one of {', '.join(FORMATS)}")
    target = out or Path(f"{layer}.{file_format}")
    if target.suffix != f".{file_format}":
        raise ConfigError(f"--out {target} must end in .{file_format}, as --format says")
    return write_layer(target, read_vector(run.package, layer), layer, _notes(run.folder, layer))


def _notes(folder: Path, layer: str) -> Notes:
    """What the columns mean, from the run's own dictionary; nothing where somebody took it away."""
    dictionary = folder / "tables" / "data_dictionary.csv"
    return notes_of(read_text(dictionary).rows, layer) if dictionary.is_file() else {}
