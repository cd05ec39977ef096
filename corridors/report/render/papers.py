"""Reports for Word and on paper, made side by side."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from corridors.report.blocks.view import Figure, Report, Section
from corridors.report.render.docx import render_docx
from corridors.report.render.pdf import render_pdf
from maps import Picture

_AT_ONCE = 2  # threads that make bitmaps or lay out papers, neither of which holds up Python


def render_papers(words: Mapping[str, Report], pdfs: Mapping[str, Report]) -> dict[str, bytes]:
    """File name -> the bytes of the reports `words` for Word, and of the reports `pdfs` as PDFs."""
    for picture in _pictures([*words.values(), *pdfs.values()]):
        picture.content  # noqa: B018  # drawn here: matplotlib draws in one thread at a time
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        bitmaps = pool.map(lambda picture: picture.bitmap, _pictures(words.values()))
        laid_out = {name: pool.submit(render_pdf, report) for name, report in pdfs.items()}
        list(bitmaps)
        documents = {name: render_docx(report) for name, report in words.items()}
        return {**documents, **{name: paper.result() for name, paper in laid_out.items()}}


def _pictures(reports: Iterable[Report]) -> Iterator[Picture]:
    for report in reports:
        yield from _pictures_in(report.sections)


def _pictures_in(sections: Iterable[Section]) -> Iterator[Picture]:
    for section in sections:
        yield from (block.picture for block in section.blocks if isinstance(block, Figure))
        yield from _pictures_in(section.sections)
