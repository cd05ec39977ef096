"""The report says what the run found, in words that can be relied on, on a page that fetches and runs nothing."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from corridors.report import render_report, view_report
from corridors.report.blocks import wording
from corridors.report.blocks.tables import Column, Layout, records, table
from corridors.report.blocks.view import Figure, Section, Table
from corridors.report.render.html import css_string, together
from corridors.report.sections.background import neutral
from corridors.report.sections.framework_pages import RULES
from corridors.strategy import read_strategy
from tests.corridors import fake_results as fake
from tests.corridors.report.report_text import texts_of

VOID = {"meta", "br", "col", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """The elements of a page in order, each as tag, attributes and the text directly or deeper inside it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.elements.append((tag, dict(attrs), text))
        if tag not in VOID:
            self.open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        for _, text in self.open:
            text.append(data)

    def all(self, *tags: str) -> list[tuple[str, dict[str, str | None], str]]:
        return [(tag, attrs, " ".join("".join(text).split())) for tag, attrs, text in self.elements if tag in tags]


@pytest.fixture(scope="module")
def html() -> str:
    return render_report(fake.fake_results())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def all_tables(sections: tuple[Section, ...]) -> list[Table]:
    found: list[Table] = []
    for section in sections:
        found += [block for block in section.blocks if isinstance(block, Table)] + all_tables(section.sections)
    return found


def all_figures(sections: tuple[Section, ...]) -> list[Figure]:
    found: list[Figure] = []
    for section in sections:
        found += [block for block in section.blocks if isinstance(block, Figure)] + all_figures(section.sections)
    return found


class TestTables:
    LAYOUT = Layout(
        "Places", (Column("name", "Name", wording.words), Column("share", "Share", wording.percent, rate=True))
    )

    def test_missing_zero_and_suppressed_are_three_things(self) -> None:
        rows = [
            {"name": "a", "share": 0.0},
            {"name": "b", "share": np.nan},
            {"name": "c", "share": 0.4, "suppressed": True},
        ]
        drawn = table(rows, self.LAYOUT)
        assert isinstance(drawn, Table)
        assert [row.cells[1].text for row in drawn.rows] == ["0 %", "n/a", "suppressed"]
        assert len(drawn.notes) == 2

    def test_a_column_that_was_not_computed_is_named(self) -> None:
        drawn = table([{"name": "a"}], self.LAYOUT)
        assert isinstance(drawn, Table)
        assert drawn.notes == ("Columns not computed in this run: Share.",)

    def test_an_empty_table_says_so(self) -> None:
        assert table([], self.LAYOUT).kind == "absent"

    def test_the_index_is_the_id(self) -> None:
        assert records(pd.DataFrame({"name": ["x"]}, index=["k"])) == [{"name": "x", "id": "k"}]


class TestView:
    def test_a_run_that_computed_nothing_else_still_makes_a_report(self) -> None:
        html = render_report(fake.bare_results())
        assert html.count("not computed in this run") >= 8
        assert "52.3 %" in html

    def test_every_chapter_is_there_in_reading_order(self) -> None:
        titles = [section.id for section in view_report(fake.fake_results()).sections]
        assert titles == [
            "headline", "variants", "districts", "maps", "times",
            "corridors", "corridor-1", "corridor-2", "corridor-3", "corridor-4",
            "pilots", "sites", "links", "distribution", "failing", "sensitivity", "conflicts", "framework",
            "limits", "sources", "warnings", "command", "zones",
        ]  # fmt: skip

    def test_the_framework_holds_eight_fundamentals_seven_priorities_and_no_judgement(self) -> None:
        framework = next(part for part in view_report(fake.fake_results()).sections if part.id == "framework")
        sheets = all_tables((framework,))
        told = read_strategy("west_midlands_lis").framework
        assert (len(told.of_region), len(told.of_corridors)) == (8, 7)
        named = {rule for lines in (told.of_region, told.of_corridors) for rules in lines.values() for rule in rules}
        assert named <= set(RULES)
        assert [len(sheet.rows) for sheet in sheets] == [8, 7, 7, 7, 7]
        assert all(cell.blank and not cell.text for sheet in sheets for row in sheet.rows for cell in row.cells[2:])

    def test_a_note_of_every_corridor_is_said_once_and_one_of_its_own_on_its_page(self) -> None:
        corridors = fake.corridors().assign(note="drawn by us")
        shared = " ".join(texts_of(view_report(fake.fake_results(corridors=corridors))))
        assert shared.count("drawn by us") == 1
        assert " ".join(texts_of(view_report(fake.fake_results()))).count("extent is ambiguous") == 1

    def test_links_are_the_busiest_first_and_few(self) -> None:
        links = next(part for part in view_report(fake.fake_results()).sections if part.id == "links")
        names = [row.cells[0].text for row in all_tables((links,))[0].rows]
        assert names == [f"Stop {number}" for number in range(19, 4, -1)]

    def test_a_site_without_a_claim_has_no_claimant_to_miss(self) -> None:
        sites = next(part for part in view_report(fake.fake_results()).sections if part.id == "sites")
        drawn = all_tables((sites,))[0]
        column = [heading.title for heading in drawn.headings].index("Jobs claimed")
        assert [row.cells[column].text for row in drawn.rows] == ["up to 2,700", "no claim known"]
        assert [row.cells[column + 1].text for row in drawn.rows] == ["promoter, in public sources", "–"]

    def test_a_corridor_without_a_listed_site_says_of_which_list(self) -> None:
        run = fake.fake_results()
        alone = replace(run, sites=run.sites.assign(corridor_ids=""))
        report = view_report(alone)
        one = next(part for part in report.sections if part.id == "corridor-1")
        said = texts_of(replace(report, sections=(one,)))
        assert any(
            "No site of the 2 in the run's list of sites lies within" in text
            and "Land and sites named below are claims of public sources, and are not in that list." in text
            for text in said
        )

    def test_areas_left_behind_miss_the_test_and_lie_in_the_corridor(self) -> None:
        results = fake.fake_results()
        alpha = next(part for part in view_report(results).sections if part.id == "corridor-1")
        areas = next(part for part in alpha.sections if part.id.endswith("areas"))
        names = [row.cells[0].text for row in all_tables((areas,))[0].rows]
        zones = results.zones[results.zones["name"].isin(names)]
        assert set(zones["corridor_ids"]) == {"alpha"} and not zones["meets_kpi"].any()
        assert names[0] == "Area 21"  # the most residents

    def test_nothing_in_results_is_changed(self) -> None:
        results = fake.fake_results()
        render_report(results)
        pd.testing.assert_frame_equal(pd.DataFrame(results.zones), pd.DataFrame(fake.zones()))
        pd.testing.assert_frame_equal(results.tables.corridor_buffers, fake.buffers())

    def test_the_same_results_give_the_same_bytes(self, html: str) -> None:
        assert render_report(fake.fake_results()) == html


class TestPage:
    def test_language_title_and_one_main_heading(self, page: Page) -> None:
        assert page.all("html")[0][1]["lang"] == "en-GB"
        assert page.all("title")[0][2] == page.all("h1")[0][2] == "Inclusive growth corridors: Testshire"
        assert len(page.all("h1")) == 1

    def test_headings_never_skip_a_level(self, page: Page) -> None:
        levels = [int(tag[1]) for tag, _, _ in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_ids_are_unique_and_links_lead_to_them(self, page: Page) -> None:
        ids = [attrs["id"] for _, attrs, _ in page.elements if "id" in attrs]
        assert len(ids) == len(set(ids))
        named = [str(attrs["href"]) for _, attrs, _ in page.all("a")]
        named += [f"#{attrs['aria-labelledby']}" for _, attrs, _ in page.elements if "aria-labelledby" in attrs]
        assert named and set(named) <= {f"#{one}" for one in ids}

    def test_every_table_has_a_caption_and_scoped_headings(self, page: Page) -> None:
        tables, captions = page.all("table"), page.all("caption")
        assert len(tables) == len(captions) > 20
        assert all(text for _, _, text in captions)
        assert len({text for _, _, text in captions}) == len(captions)
        assert {attrs.get("scope") for _, attrs, _ in page.all("th")} == {"col", "row"}

    def test_every_picture_has_words_and_comes_from_the_page_itself(self, page: Page) -> None:
        pictures = page.all("img")
        assert len(pictures) == len(all_figures(view_report(fake.fake_results()).sections)) >= 15
        assert all(
            len(str(attrs["alt"])) > 40 and str(attrs["src"]).startswith("data:image/") for _, attrs, _ in pictures
        )

    def test_nothing_is_fetched_and_nothing_runs(self, page: Page, html: str) -> None:
        tags = {tag for tag, _, _ in page.elements}
        assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
        names = {name for _, attrs, _ in page.elements for name in attrs}
        assert not {name for name in names if name.startswith("on")} | (names & {"style", "srcset", "action"})
        addresses = [str(attrs[name]) for _, attrs, _ in page.elements for name in ("src", "href") if name in attrs]
        assert addresses and all(address.startswith(("#", "data:image/")) for address in addresses)
        assert not re.search(r"@import|url\(", html)

    def test_the_policy_allows_the_stylesheet_by_its_fingerprint_only(self, html: str) -> None:
        style = html[html.index("<style>") + len("<style>") : html.index("</style>")]
        fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"default-src 'none'; img-src data:; style-src 'sha256-{fingerprint}'" in html

    def test_hostile_names_are_shown_as_text(self, page: Page) -> None:
        text = " ".join(text for _, _, text in page.all("th", "td", "h2"))
        for name in (
            fake.HOSTILE,
            fake.HOSTILE_CORRIDOR,
            fake.HOSTILE_PILOT,
            "javascript:alert(3)",
            "East & <b>bold</b>",
        ):
            assert name in text
        assert not page.all("b")

    def test_a_hostile_region_cannot_leave_the_stylesheet(self) -> None:
        name = "</style><script>alert(1)</script>"
        hostile = replace(fake.region(), name=name)
        page = Page(render_report(replace(fake.bare_results(), region=hostile)))
        assert not page.all("script")
        assert name in page.all("h1")[0][2]

    def test_text_for_the_stylesheet_is_spelt_in_code_points(self) -> None:
        assert css_string('a: "<') == r'"a\00003a\000020\000022\00003c"'

    def test_a_number_stays_beside_its_unit_and_the_text_stays_inert(self) -> None:
        assert together("<b> 61.0 % of 5 km") == (
            '&lt;b&gt; <span class="together">61.0 %</span> of <span class="together">5 km</span>'
        )

    def test_the_caution_heads_the_page_every_section_every_table_and_every_print(self, page: Page, html: str) -> None:
        caution = fake.region().caution
        assert caution in page.all("div")[0][2]
        marked = [text for _, _, text in page.all("section") if text.startswith("Illustrative Synthetic timetable")]
        assert len(marked) == len(view_report(fake.fake_results()).sections)
        assert all("(illustrative; synthetic timetable)" in text for _, _, text in page.all("caption"))
        assert f"@top-left {{ content: {css_string(caution)};" in html

    def test_real_input_carries_no_caution(self) -> None:
        report = view_report(fake.fake_results(region=fake.region(False, False)))
        text = " ".join(
            [*texts_of(report), *report.marks, *(one.picture.alt for one in all_figures(report.sections))]
        ).lower()
        assert "illustrative" not in text and "synthetic" not in text

    def test_no_percentage_has_more_than_one_decimal_and_none_is_nan(self, page: Page) -> None:
        text = page.all("main")[0][2]
        assert re.search(r"\d+\.\d %", text) and not re.search(r"\d\.\d{2,} ?%", text)
        assert not re.search(r"\b(?:nan|NaN|None|NaT|inf)\b", text)

    def test_the_suppressed_rate_is_nowhere_on_the_page(self, page: Page) -> None:
        text = page.all("main")[0][2]
        assert "99.9 %" not in text and "suppressed" in text

    def test_warnings_sources_and_command_are_shown(self, page: Page) -> None:
        text = page.all("main")[0][2]
        for words in ("3 stops dropped; no corridor loses a trip", "less than 0.1 %", "OGL v3.0", "abababababab"):
            assert words in text
        assert page.all("code")[0][2] == "corridors run a&b.toml --out <folder>"

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("corridors run --out /home/ann/my results -v", "corridors run --out <folder>"),
            ("corridors run /data/wm/config.toml --out=x", "corridors run config.toml --out <folder>"),
            ("corridors run C:\\wm\\config.toml --quiet --log-json /tmp/log.json", "corridors run config.toml"),
            ("corridors run --out /a b --export-gtfs /c d.zip", "corridors run --out <folder>"),
            ("corridors run", "corridors run"),
        ],
    )
    def test_the_command_names_no_folder_of_one_machine(self, typed: str, shown: str) -> None:
        assert neutral(typed) == shown

    def test_conflicts_inside_the_strategy_are_set_out(self, page: Page) -> None:
        text = page.all("main")[0][2]
        assert all(words in text for words in ("£332 million", "£322 million", "“trebled”", "46 %"))
