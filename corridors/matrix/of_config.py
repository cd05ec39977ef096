"""`corridors matrix CONFIG`: minutes from the zones of a configuration to other places, as a table and a layer of the zones."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import Points, TravelTimes, points, service_repairs, snap_repairs
from corridors.config.run_config import RunConfig, load_config
from corridors.errors import ConfigError, OutputError
from corridors.inputs.files import named_files, require_files
from corridors.inputs.proximity import require_near
from corridors.inputs.read import Context, Network, read_context, read_network, warnings_of
from corridors.inputs.timetables import box_round
from corridors.matrix.by_blocks import Answering, Asked, remove_shards_beside, times_of
from corridors.matrix.travel_matrix import SUFFIXES, MatrixSummary, read_points, require_free, write_table
from corridors.outputs.styles import in_classes
from corridors.pipeline import Stage, region_of
from corridors.results import Region
from corridors.runtime.own_files import require_no_input
from corridors.runtime.whole_files import require_room, whole_file
from layers import ColumnNote, LayerMetadata, NamedLayer, layers_in, write_geopackage
from maps import HeadlineTest, scale_for

MOST_COLUMNS = 500  # of the layer, one for each destination; a GeoPackage's table ends at 2,000
LAYER = "zones_to_destinations"
_NEAREST, _NEAREST_ID = "minutes_to_nearest", "nearest_id"


@dataclass(frozen=True)
class ZonesMatrix:
    """What is asked for: a configuration, the destinations, how near to one is there, and the table's file."""

    config: Path
    to: Path
    to_layer: str | None
    radius_m: float
    out: Path

    @property
    def layer_file(self) -> Path:
        """The GeoPackage beside the table."""
        return self.out.with_suffix(".gpkg")


def write_zones_matrix(
    asked: ZonesMatrix,
    stage: Stage,
    answering: Answering = Answering(),  # noqa: B008  # it is a value
) -> MatrixSummary:
    """Search from every zone to every destination as a run of the configuration searches, and write table and layer.

    Raises `ConfigError` for files that can't be used, `PlacesApartError` for destinations far from every stop, and
    `OutputError` where a file can't be written or replaced.
    """
    if asked.out.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"--out {asked.out} must end in {' or '.join(SUFFIXES)}; the layer is written beside it")
    answering.check()
    config = load_config(asked.config)
    require_files(config)
    files = (asked.out, asked.layer_file)
    require_no_input(files, [asked.config, asked.to, *(file for _, file in named_files(config))])
    require_free(asked.out)
    _require_own_layer(asked.layer_file)
    for file in files:
        require_room(file)
    with stage("reading zones, layers and destinations"):
        context = read_context(config)
        destinations = read_points(asked.to, asked.radius_m, asked.to_layer, "--to")
    with stage("reading timetables and streets"):
        network = _network(config, context, destinations)
    spec = config.search.spec(config.streets.detour)
    origins = points(context.points.index, context.points["lon"], context.points["lat"])
    with stage("travel times"):
        question = Asked(network.timetable, network.streets, origins, destinations, spec)
        times = times_of(question, asked.out, answering)
    with stage("writing"):
        write_table(origins, destinations, times, asked.out)
        with whole_file(asked.layer_file) as partial:
            write_geopackage(partial, [_layer(config, context, network, times)])
    remove_shards_beside(asked.out)
    repairs = [*service_repairs(network.timetable, spec.modes, spec.wheelchair)]
    if network.streets:
        repairs += snap_repairs(network.streets, destinations, "destinations")
    return MatrixSummary(
        times.seconds_or_unreached[0].size,
        float((times.departures_within[-1] > 0).mean()),
        "departure",
        f"walking {region_of(config).walking_basis}; every zone leaves from its point, {config.search.window}",
        (*context.warnings, *network.warnings, *warnings_of(repairs)),
    )


def _network(config: RunConfig, context: Context, destinations: Points) -> Network:
    to = pd.DataFrame({"lon": destinations.lon, "lat": destinations.lat})
    network = read_network(config, box_round(context.points, to))
    require_near(network.timetable, context.points["lon"], context.points["lat"], "zones")
    require_near(network.timetable, destinations.lon, destinations.lat, "destinations")
    return network


def _require_own_layer(file: Path) -> None:
    """Raise `OutputError` where the GeoPackage is there and holds anything but the layer of an earlier matrix."""
    if file.exists() and layers_in(file) != [LAYER]:
        raise OutputError(f"{file} is there already and is no layer of a matrix; move it away, or choose another --out")


def zones_frame(context: Context, times: TravelTimes) -> gpd.GeoDataFrame:
    """The zones with minutes to the nearest destination, its id, and minutes to each where they are few enough.

    Index zone_id; name, district_name, minutes_to_nearest, nearest_id, minutes_to_ID; minutes at the median departure, NaN
    where unreachable.
    """
    minutes = times.to_frame(50.0, wide=True)
    reached = minutes.notna().any(axis=1)
    nearest = minutes.fillna(np.inf).idxmin(axis=1).astype(str).where(reached, "")
    columns = {_NEAREST: minutes.min(axis=1).to_numpy(), _NEAREST_ID: nearest.to_numpy()}
    if minutes.shape[1] <= MOST_COLUMNS:
        columns |= {
            _column(str(ident), number): minutes.iloc[:, number].to_numpy() for number, ident in enumerate(minutes)
        }
    added = pd.DataFrame(columns, index=context.zones.index)
    return context.zones[["name", "district_name", "geometry"]].join(added)


def _column(ident: str, number: int) -> str:
    """The column of a destination; its number stands in for an id that would name another column."""
    return f"minutes_to_{number}" if ident.lower() == "nearest" else f"minutes_to_{ident}"


def _layer(config: RunConfig, context: Context, network: Network, times: TravelTimes) -> NamedLayer:
    frame, region = zones_frame(context, times), region_of(config)
    unit = ColumnNote("Minutes at the median departure; empty = not reached in the time searched", "min")
    notes = {str(column): unit for column in frame.columns if str(column).startswith("minutes_to_")}
    notes[_NEAREST_ID] = ColumnNote("Id of the nearest destination at the median departure", "text")
    scale = scale_for(frame[_NEAREST], "minutes", test=HeadlineTest(config.kpi.cutoff_min))
    styles = (
        [in_classes(_NEAREST, "Minutes to the nearest destination", "polygon", scale)]
        if frame[_NEAREST].notna().any()
        else []
    )
    shown = frame.assign(caution=region.caution) if region.caution else frame
    title = f"Minutes to destinations: {region.name}"
    return NamedLayer(LAYER, shown, title, styles, notes, _metadata(config, region, context, network))


def _metadata(config: RunConfig, region: Region, context: Context, network: Network) -> LayerMetadata:
    inputs = (*context.provenance, *network.provenance)
    return LayerMetadata(
        title=f"Minutes to destinations: {region.name}",
        abstract=f"Minutes from each zone at the median departure, {config.search.window} on {config.timetable.date}. "
        f"{region.name}: {region.note}. Timetable times, not observed ones.",
        lineage=[f"{one.title}: {one.source}. {one.file}, SHA-256 {one.sha256[:12]}" for one in inputs],
        licences=tuple(dict.fromkeys(f"{one.source}: {one.licence}" for one in inputs)),
        keywords=("accessibility", "public transport", region.name),
        vintage=config.timetable.date.isoformat(),
        caution=region.caution,
    )
