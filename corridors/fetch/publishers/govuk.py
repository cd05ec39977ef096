"""Addresses of GOV.UK attachments, which change with every correction, from the list of their page."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.registry import GovUkAttachment


def resolve_attachment(ask: GovUkAttachment, web: Downloader) -> tuple[str, str]:
    """(address of the attachment, "" or the reason why it is the pinned one), from the GOV.UK content API.

    Of several fitting attachments one whose title says "File 7" goes first (the number that the pattern asks for), then the
    one uploaded last: media ids begin with the time of upload in hexadecimal.
    """
    page = urlsplit(ask.page)
    try:
        content = web.json(f"{page.scheme}://{page.netloc}/api/content{page.path}")
    except FetchError as error:
        return ask.pinned, f"the page's list of attachments could not be had ({error}); the pinned address was used"
    found = ((_titled(ask, title), _address(ask.page, url)) for title, url in _attachments(content))
    fitting = [
        (titled, address)
        for titled, address in found
        if address and re.fullmatch(ask.pattern, urlsplit(address).path.rpartition("/")[2])
    ]
    if not fitting:
        return ask.pinned, f"the page lists no file named like {ask.pattern}; the pinned address was used"
    return max(fitting)[1], ""


def _titled(ask: GovUkAttachment, title: str) -> bool:
    """Whether a title names the file that the pattern does: "File 7" for File_7..."""
    number = re.match(r"File_(\d+)", ask.pattern)
    return bool(number and re.search(rf"\bFile {number[1]}\b", title))


def _attachments(content: dict[str, object]) -> Iterator[tuple[str, str]]:
    """(title, address) of each."""
    details = content.get("details")
    listed = details.get("attachments") if isinstance(details, dict) else None
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            yield str(item.get("title", "")), item["url"]


def _address(page: str, url: str) -> str:
    """An attachment's full address; "" where `url` can't be read as one."""
    try:
        address = urljoin(page, url)
        urlsplit(address)
    except ValueError:
        return ""
    return address
