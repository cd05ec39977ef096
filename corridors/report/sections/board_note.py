"""The note for a board: two pages, in plain words, from the same facts as the report."""

import datetime as dt

from corridors.catalogue.near import NEAR_MEANS
from corridors.catalogue.place_kinds import REGION
from corridors.report.blocks import layouts
from corridors.report.blocks.tables import records, table
from corridors.report.blocks.view import Block, Bullets, KeyFigure, KeyFigures, Paragraph, Report, Section, Table
from corridors.report.blocks.wording import count, percent
from corridors.report.figures.maps import region_figures
from corridors.report.figures.plots import buffer_figures
from corridors.report.scenarios.listed import listed_in_short
from corridors.report.sections import sentences
from corridors.report.sections.background import AT_THE_CUTOFF
from corridors.report.sections.framework_facts import doubly_disadvantaged, evidence_of, without_a_car
from corridors.report.sections.overview import (
    buffer_records,
    corridor_records,
    corridors_together,
    distribution_records,
    published_figure,
    region_record,
)
from corridors.results import Results

MOST_WORDS = 900
PAGES = 2


def view_board_note(results: Results) -> Report:
    """The board's note as blocks: question, answer, groups with less access, corridors, uncertainty and limits."""
    region = results.region
    return Report(
        title=results.title,
        subtitle=f"Note for the board. Timetable of {results.day_words}; {region.note}",
        date=dt.date.fromisoformat(results.date),
        caution=region.caution,
        marks=(),
        sections=(
            _answer(results),
            _behind(results),
            *((_corridors(results),) if len(results.corridors) else ()),
            _sure(results),
            _not_said(results),
        ),
        contents=False,
    )


def _answer(results: Results) -> Section:
    kpi, region = results.kpi, region_record(results)
    figures = KeyFigures(
        (
            KeyFigure(percent(kpi.share), "of residents meet the test, this run", f"of {count(kpi.people_total)}"),
            *published_figure(results, "published in {}", "another definition; not comparable"),
            KeyFigure(count(region.get("near_but_disconnected_people")), "residents near but disconnected", NEAR_MEANS),
        )
    )
    texts = [
        f"{sentences.headline(results)} {listed_in_short(results)}".strip(),
        sentences.registrations(results),
        sentences.missing_modes(results),
        sentences.trust(results.region),
    ]
    blocks: tuple[Block, ...] = (figures, *(Paragraph(text) for text in texts if text), *region_figures(results)[:1])
    return Section("answer", "Who can reach the strategic centres", blocks)


def _behind(results: Results) -> Section:
    region = evidence_of(results, REGION, REGION, region_record(results))
    texts = [
        sentences.spread(distribution_records(results)),
        sentences.extremes(records(results.districts)),
        without_a_car(region),
        doubly_disadvantaged(region),
    ]
    known = [text for text in texts if text]
    return Section("behind", "Who is behind", (Bullets(tuple(known or ["Not computed in this run."])),))


def _corridors(results: Results) -> Section:
    rows, region = corridor_records(results), region_record(results)
    text = sentences.together(corridors_together(results), len(rows))
    compared = table(rows, layouts.CORRIDORS_BRIEF, [region])
    overlap = "The corridors overlap, so their figures must not be added up."
    notes: tuple[Block, ...] = (Paragraph(overlap),) if len(rows) > 1 else ()
    return Section(
        "corridors",
        "The corridors, as drawn by this tool" if len(rows) != 1 else "The corridor, as drawn by this tool",
        (Paragraph(text), _bare(compared), *notes),
    )


def _bare(compared: Block) -> Block:
    """The table without the notes that the report carries."""
    return Table(compared.caption, compared.headings, compared.rows) if isinstance(compared, Table) else compared


def _sure(results: Results) -> Section:
    buffers = buffer_records(results)
    texts = [
        sentences.variants_range(results.kpi),
        sentences.order(buffers, "kpi_share", "the share of residents who meet the test"),
        f"Times are those of the timetable, not observed ones. Walking: {results.region.walking_basis}.",
        results.kpi.test.worded(AT_THE_CUTOFF),
    ]
    blocks: tuple[Block, ...] = (Bullets(tuple(text for text in texts if text)), *buffer_figures(results))
    return Section("sure", "How sure this is", blocks)


def _not_said(results: Results) -> Section:
    framework = results.region.strategy.framework if results.region.strategy else None
    items = (
        "It gives no order of merit. Need, opportunity and connectivity are kept apart, because no official "
        "weights are published and places differ in what they lack.",
        "It shows no cause and effect, and estimates no gain in jobs or output.",
        "It sets no target and commits no spending; jobs and homes at sites are their promoters' claims.",
        "It describes residents of areas, never individuals: not everyone in a deprived area is deprived.",
        *((f"Judgements under the {framework.title.lower()} are left to the board.",) if framework else ()),
        "The full report, map, tables and layers stand in the same folder as this note.",
    )
    return Section("not-said", "What this note does not say", (Bullets(items),))
