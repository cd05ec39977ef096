"""Makes zipped documents (docx) reproducible: all members get a fixed time, so equal content has equal bytes."""

import io
import zipfile

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time possible in a zip; the time of a run is in its manifest


def with_fixed_times(archive: bytes) -> bytes:
    """The archive with every member dated 1980-01-01."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w") as target:
        for member in source.infolist():
            plain = zipfile.ZipInfo(member.filename, _FIXED_TIME)
            plain.compress_type = zipfile.ZIP_DEFLATED
            plain.external_attr = 0o644 << 16
            target.writestr(plain, source.read(member))
    return buffer.getvalue()
