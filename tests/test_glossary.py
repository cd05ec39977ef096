"""The words that people read are those of the glossary."""

import re
from pathlib import Path

from typer.main import get_command

from corridors.catalogue.columns import MEANINGS
from corridors.catalogue.evidence_columns import EVIDENCE_MEANINGS
from corridors.catalogue.measures import MEASURES
from corridors.cli import app
from corridors.report import view_report
from tests.corridors import fake_results as fake
from tests.corridors.report.report_text import texts_of

GLOSSARY = Path(__file__).resolve().parents[1] / "docs" / "glossary.md"
# Avoided for the thing beside them, and right for another: the cost of a warning, a sample of records, cells of a grid.
HAVE_ANOTHER_MEANING = {"node", "edge", "leg", "cost", "cell", "buffer", "scenario", "sample", "peak"}


def avoided() -> set[str]:
    """The words of the glossary's last column."""
    rows = re.findall(r"^\|[^|]+\|[^|]+\|([^|]*)\|$", GLOSSARY.read_text(encoding="utf-8"), re.M)
    words = {re.sub(r"\(.*?\)", "", row).strip() for row in rows[2:]}
    return words - {""} - HAVE_ANOTHER_MEANING


def test_no_avoided_word_is_read_by_anybody() -> None:
    titles = [text for one in MEASURES for text in (one.title, one.meaning, one.heading, one.place_title)]
    columns = [one[0] for one in (*MEANINGS.values(), *EVIDENCE_MEANINGS.values())]
    commands = get_command(app).commands.values()  # type: ignore[attr-defined]
    helps = [text for one in commands for text in (one.help, *(getattr(each, "help", "") for each in one.params))]
    read = "\n".join(filter(None, [*titles, *columns, *helps, *texts_of(view_report(fake.with_evidence()))])).lower()
    assert len(avoided()) > 5
    assert {word for word in avoided() if re.search(rf"\b{re.escape(word)}s?\b", read)} == set()
