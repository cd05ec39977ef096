"""The report on paper: the page laid out by WeasyPrint, where the `pdf` extra is installed."""

from typing import Any

_PROFILE = "pdf/ua-1"  # tagged for screen readers, with bookmarks and a language


def pdf_possible() -> bool:
    """Whether WeasyPrint and the libraries it draws with are here."""
    return _weasyprint() is not None


def render_pdf(page: str) -> bytes:
    """A page of `render_html` as a tagged PDF with bookmarks, running titles and page numbers; same page, same bytes.

    Nothing but the pictures inside the page is read. Call it only where `pdf_possible`.
    """
    weasyprint = _weasyprint()
    inline_only = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
    document = weasyprint.HTML(string=page, url_fetcher=inline_only)
    written: bytes = document.write_pdf(pdf_variant=_PROFILE, pdf_tags=True)
    return written


def _weasyprint() -> Any:
    """The module, or None: imported only when asked for, because it takes most of a second."""
    try:
        import weasyprint
    except (ImportError, OSError):  # OSError: the package is here, its text library (Pango) is not
        return None
    return weasyprint
