"""The file NOTICE of the data folder: licence and attribution of every file, from the registry."""

from collections.abc import Iterable

from corridors.fetch.registry import Source

NOTICE_FILE = "NOTICE"
_HEAD = """NOTICE

The files in this folder come from the publishers below. Whoever shows maps, tables or reports made from them must keep
these attributions. OGL v3.0 is the Open Government Licence: nationalarchives.gov.uk/doc/open-government-licence/version/3
"""


def notice(sources: Iterable[Source]) -> str:
    """The text of NOTICE for these sources, in their order."""
    return "\n".join([_HEAD, *(_paragraph(source) for source in sources)])


def _paragraph(source: Source) -> str:
    lines = [source.title, f"  file: {source.file}", f"  publisher: {source.publisher}", f"  licence: {source.licence}"]
    return "\n".join([*lines, f"  {source.attribution}", ""])
