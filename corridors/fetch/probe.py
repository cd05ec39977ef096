"""Probe of the sources: one request to each, to see which addresses of the registry still answer."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import Downloader, Session
from corridors.fetch.registry import ArcGisLayer, DatedFile, FileAt, FromUser, GovUkAttachment, NomisTable, Source

_DAYS_BACK = 7  # an archive of days may be some days behind


@dataclass(frozen=True)
class Probe:
    """The answer of one source; `answered` is None where it was not asked."""

    source: Source
    host: str
    answered: bool | None
    words: str


def probe_sources(sources: list[Source], session: Session) -> Iterator[Probe]:
    """The answer of each source, asked once without retries."""
    for source in sources:
        address = _address(source)
        if not address:
            yield Probe(source, "", None, "not asked: needs an account, or a file of your own")
            continue
        host = urlsplit(address).hostname or ""
        try:
            response = Downloader(session, source.hosts, attempts=1).first_bytes(address)
        except FetchError as error:
            yield Probe(source, host, False, str(error))
            continue
        headers = [response.headers.get(name, "") for name in ("content-type", "last-modified")]
        yield Probe(source, host, True, ", ".join([str(response.status_code), *filter(None, headers)]))


def _address(source: Source) -> str:
    ask = source.ask
    match ask:
        case FileAt():
            return ask.url
        case DatedFile():
            return (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=_DAYS_BACK)).strftime(ask.url)
        case GovUkAttachment():
            page = urlsplit(ask.page)
            return f"{page.scheme}://{page.netloc}/api/content{page.path}"
        case ArcGisLayer():
            return f"{ask.base}/{ask.pinned}/FeatureServer/0?f=json"
        case NomisTable():
            return f"{ask.base}/{ask.dataset}.overview.json"
        case FromUser():
            return ""
