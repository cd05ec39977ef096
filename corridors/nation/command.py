"""`corridors run` with `[scale]`: read, answer, write tables, layer and page of many regions, and print them."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from corridors.access.kpi import definition
from corridors.config.run_config import RunConfig
from corridors.errors import ConfigError
from corridors.inputs.files import named_files, require_files
from corridors.inputs.proximity import require_near
from corridors.inputs.read import Context, Network, read_context, read_network
from corridors.matrix.by_blocks import require_dataset_room
from corridors.nation.answers import BASE, NationAnswer, answer_nation
from corridors.nation.layer import write_zones_layer
from corridors.nation.page import page_of_nation, residents_asked
from corridors.nation.regions import Regions, regions_of
from corridors.nation.tables import ALL, regions_table, zones_frame
from corridors.outputs.page_folder import write_folder
from corridors.places.requirements import require_answerable
from corridors.report.blocks.wording import count, percent
from corridors.runtime.command_words import as_published
from corridors.runtime.printing import say, show_table
from corridors.runtime.progress import Progress
from corridors.runtime.staging import Claim, claimed
from corridors.scenarios.answers import headline_spec
from corridors.scenarios.files.read import ScenarioSet, read_scenarios
from corridors.scenarios.land import with_land
from corridors.scenarios.run import provenance_of
from corridors.scenarios.worlds import Base, read_base, require_same_base, world_of

MANIFEST = "nation.json"
NAMES = (MANIFEST, "report.html", "tables", "layers")  # all that is written into the folder
_SHOWN = 12  # regions on the terminal


def run_nation(
    config: RunConfig, path: Path, out: Path, progress: Progress, *, with_scenarios: bool = True
) -> pd.DataFrame:
    """Answer a configuration with `[scale]` and write its folder; the table of regions.

    The shards stand in a folder beside it, from which a command that ended goes on. Raises `ScaleError` where that folder
    holds another question's, and otherwise as `corridors.pipeline.run`.
    """
    shards = out.with_name(f"{out.name}.shards")
    require_dataset_room(shards)
    chosen = [read_scenarios([file]) for file in config.scenarios] if with_scenarios else []
    if any(one.id == BASE for one in chosen):
        raise ConfigError(f"a scenario is called {BASE!r}, as the timetable without a scenario is; choose another id")
    with claimed(out, NAMES, [path, *(file for _, file in named_files(config))], MANIFEST) as claim:
        context, network, base = _read(config, chosen, progress)
        regions = regions_of(config, context)
        if ALL in regions.ids:
            raise ConfigError(f"a region is called {ALL!r}, as the row of all regions is; choose another id")
        centre_ids = context.centres.index[context.centres["default"].to_numpy(bool)].to_numpy(object)
        progress.warn((*context.warnings, *network.warnings, *regions.warnings(centre_ids)))
        answer = answer_nation(config, context, regions, _networks(network, base, chosen), shards, progress)
        with progress.stage("writing tables, layer and page"):
            return _written(claim, config, context, network, regions, answer, chosen, progress)


def _read(config: RunConfig, chosen: Sequence[ScenarioSet], progress: Progress) -> tuple[Context, Network, Base | None]:
    """Zones and network; where there are scenarios also the feed that they edit."""
    if chosen:
        base = read_base(config, progress.stage)
        for one in chosen:
            require_same_base(base, one)
        return base.context, base.network, base
    require_files(config)
    with progress.stage("reading zones and layers"):
        context = read_context(config)
        require_answerable(config, context)
    with progress.stage("reading timetables and streets"):
        network = read_network(config, context.surroundings)
        require_near(network.timetable, context.points["lon"], context.points["lat"], "zones")
    return context, network, None


def _networks(network: Network, base: Base | None, chosen: Sequence[ScenarioSet]) -> Iterator[tuple[str, Network]]:
    """The network as it is, and after each scenario."""
    yield BASE, network
    if base is not None:
        for one in chosen:
            yield one.id, world_of(base, one).network


def _written(  # noqa: PLR0913, PLR0917  # all that is written
    claim: Claim,
    config: RunConfig,
    context: Context,
    network: Network,
    regions: Regions,
    answer: NationAnswer,
    chosen: Sequence[ScenarioSet],
    progress: Progress,
) -> pd.DataFrame:
    people = {BASE: context.values["population"]} | {one.id: _residents(context, one) for one in chosen}
    table, zones = regions_table(config, people, regions, answer), zones_frame(config, context, regions, answer)
    words = definition(config, headline_spec(config))
    provenance = context.provenance + network.provenance + tuple(item for one in chosen for item in provenance_of(one))
    (claim.stage / "layers").mkdir()
    write_zones_layer(claim.stage / "layers" / f"{config.region.slug}.gpkg", config, zones, provenance)
    facts = {
        "command": as_published(sys.argv[1:]),
        "definition": words,
        "regions": table.to_dict("records"),
        "shards": {
            "folder": answer.shards.name,
            "blocks": len(answer.records),
            "pairs": sum(record.rows for record in answer.records),
            "cpu_s": round(sum(record.cpu_s for record in answer.records), 1),
        },
    }
    page = page_of_nation(table, words, config)
    plain = pd.DataFrame(zones.drop(columns="geometry")).reset_index()
    tables = [("regions", table), ("zones", plain)]
    write_folder(claim, page, tables, facts=facts, inputs=provenance, times=progress.times)
    return table


def _residents(context: Context, chosen: ScenarioSet) -> pd.Series:
    """The zones' residents after a scenario: homes that it builds count."""
    after, _ = with_land(context, chosen.edits)  # its problems were raised with those of its timetable
    return after.values["population"]


def print_nation(table: pd.DataFrame, config: RunConfig, out: Path) -> None:
    """Print the headline, the regions with the lowest shares, and where the page and the shards are."""
    k, cutoff_min = config.kpi.centres_at_least, config.kpi.cutoff_min
    base = table[table["scenario"] == BASE]
    every = base[base["region"] == ALL].iloc[0]
    say(
        (percent(every["share"]), "bold"),
        f" of {residents_asked(every, k)} ({count(every['people_within'])}) can reach {k} or more of their own region's centres "
        f"within {cutoff_min:g} minutes; {percent(every['share_any'])} of all can reach {k} or more of any region.",
    )
    lowest = base[base["region"] != ALL].sort_values(["share", "region"], kind="stable").head(_SHOWN)
    rows = [
        (
            str(row["region_name"]),
            f"{row['people']:,.0f}",
            str(row["centres"]),
            percent(row["share"]),
            percent(row["share_any"]),
        )
        for _, row in lowest.iterrows()
    ]
    title = (
        "Regions"
        if len(lowest) == len(base) - 1
        else f"The {len(lowest)} regions with the lowest shares of {len(base) - 1:,}"
    )
    show_table(title, ("region", "people", "centres", "own centres", "any region's"), rows, right=True)
    say(f"Report: {out / 'report.html'}")
    say(f"Shards: {out.with_name(f'{out.name}.shards')} (a Parquet dataset; delete it when nobody asks further)")
