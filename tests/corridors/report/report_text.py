"""Every word of a report's view, without drawing or rendering it."""

from collections.abc import Iterator

from corridors.report.blocks.view import (
    Absent,
    Block,
    Bullets,
    Command,
    Definitions,
    Figure,
    KeyFigures,
    Paragraph,
    Report,
    Section,
    Table,
)


def texts_of(report: Report) -> list[str]:
    """Title, caution and the texts of all blocks in reading order; captions of pictures, but not their alternatives."""
    return [
        report.title,
        report.subtitle,
        report.caution,
        *(text for one in report.sections for text in section_texts(one)),
    ]


def section_texts(section: Section) -> Iterator[str]:
    """The title and the texts of a section and of those in it."""
    yield section.title
    for block in section.blocks:
        yield from block_texts(block)
    for inner in section.sections:
        yield from section_texts(inner)


def block_texts(block: Block) -> list[str]:
    """The texts of one block."""
    match block:
        case Paragraph() | Absent() | Command():
            return [block.text]
        case Bullets():
            return list(block.items)
        case Definitions():
            return [text for pair in block.pairs for text in pair]
        case KeyFigures():
            return [text for one in block.figures for text in (one.value, one.label, one.detail)]
        case Figure():
            return [block.caption]
        case Table():
            cells = [cell.text for row in block.rows for cell in row.cells]
            return [block.caption, *(one.title for one in block.headings), *cells, *block.notes, block.source]
