"""Zipped documents (docx, xlsx, qgz) made the same bytes every time: members keep their order and lose their clock."""

import io
import zipfile

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say; the time of a run stands in its manifest


def without_clock(archive: bytes, replaced: dict[str, bytes] | None = None) -> bytes:
    """The archive with every member dated 1980-01-01; `replaced` gives members that get other content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w") as target:
        for member in source.infolist():
            content = (replaced or {}).get(member.filename, source.read(member))
            plain = zipfile.ZipInfo(member.filename, _FIXED_TIME)
            plain.compress_type = zipfile.ZIP_DEFLATED
            plain.external_attr = 0o644 << 16
            target.writestr(plain, content)
    return buffer.getvalue()
