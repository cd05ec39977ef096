"""The report of a run: from `Results` to a view of plain blocks, and from that to pages; no figure is computed here."""

import datetime as dt
from collections.abc import Mapping

from corridors.report.blocks.view import Report
from corridors.report.figures.maps import corridor_figures, links_figures, region_figures
from corridors.report.hours.page import other_hours
from corridors.report.observed.page import on_observed_days
from corridors.report.places.place_pages import place_figures, view_place
from corridors.report.render.docx import render_docx
from corridors.report.render.html import render_html
from corridors.report.render.papers import render_papers
from corridors.report.render.pdf import render_pdf
from corridors.report.scenarios.board_note import view_scenario_note
from corridors.report.scenarios.listed import listed_chapter
from corridors.report.scenarios.view import marks, view_scenario
from corridors.report.sections import background, overview
from corridors.report.sections.appendix import zone_lists
from corridors.report.sections.board_note import view_board_note
from corridors.report.sections.corridors import corridor_pages
from corridors.report.sections.framework_pages import framework
from corridors.report.sections.journey_causes import failing
from corridors.report.sections.rank_sensitivity import sensitivity
from corridors.results import Results

__all__ = [
    "PAGES",
    "PAPERS",
    "WORD",
    "place_figures",
    "render_docx",
    "render_html",
    "render_papers",
    "render_pdf",
    "render_report",
    "report_pages",
    "report_papers",
    "view_board_note",
    "view_place",
    "view_report",
    "view_scenario",
    "view_scenario_note",
]

PAGES = ("report.html", "board_note.html")
WORD = "report.docx"
PAPERS = ("report.pdf", "board_note.pdf")


def render_report(results: Results) -> str:
    """The report as one self-contained HTML page: nothing fetched, no script, the same bytes for the same results."""
    return render_html(view_report(results))


def report_pages(report: Report, note: Report) -> Mapping[str, bytes]:
    """File name -> the report and the board's note as pages for a browser."""
    return {PAGES[0]: render_html(report).encode(), PAGES[1]: render_html(note).encode()}


def report_papers(report: Report, note: Report) -> Mapping[str, bytes]:
    """File name -> the report for Word, and the report and the board's note as PDFs."""
    return render_papers({WORD: report}, dict(zip(PAPERS, (report, note), strict=True)))


def view_report(results: Results) -> Report:
    """The report as blocks, in reading order: for a member of the public at the front, for an analyst at the back."""
    region = results.region
    sections = (
        overview.headline(results),
        overview.variants(results),
        overview.districts(results),
        overview.map_section(region_figures(results)),
        overview.travel_times(results),
        *((overview.corridors_compared(results),) if len(results.corridors) else ()),
        *corridor_pages(results, corridor_figures(results)),
        *((overview.pilots(results),) if len(results.pilots) else ()),
        *((overview.sites(results),) if len(results.sites) else ()),
        overview.links(results, links_figures(results)),
        overview.distribution(results),
        failing(results),
        *other_hours(results),
        *on_observed_days(results),
        *((sensitivity(results),) if len(results.corridors) else ()),
        *listed_chapter(results),
        *background.conflicts(region.strategy),
        *framework(results, overview.region_record(results), overview.corridor_records(results)),
        background.limits(results),
        *background.days(results),
        background.sources(results.provenance),
        background.warnings(results),
        background.again(results.command),
        *((zone_lists(results),) if len(results.corridors) else ()),
    )
    subtitle = f"Timetable of {results.day_words}" + (f"; {region.note}" if region.note else "")
    return Report(
        title=results.title,
        subtitle=subtitle,
        date=dt.date.fromisoformat(results.date),
        caution=region.caution,
        marks=marks(region),
        sections=sections,
    )
