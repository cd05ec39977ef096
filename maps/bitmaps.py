"""Bitmaps made small: flat drawings hold few colours, so a palette of them says all at a quarter of the bytes."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

PALETTE = 256


def with_palette(png: bytes) -> bytes:
    """The same picture in its 256 most frequent colours, kept exactly; rarer ones (soft edges) become the nearest."""
    with Image.open(io.BytesIO(png)) as image:
        cells = np.asarray(image.convert("RGB"), dtype=np.uint32)
    packed = (cells[..., 0] << 16) | (cells[..., 1] << 8) | cells[..., 2]
    colours, where, counts = np.unique(packed, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:PALETTE]]
    indexed = Image.fromarray(_nearest(colours, kept)[where].reshape(packed.shape).astype(np.uint8), mode="P")
    indexed.putpalette(_channels(kept).astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    indexed.save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _nearest(colours: npt.NDArray[np.uint32], kept: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Place in `kept` of the colour nearest to each of `colours`."""
    apart = _channels(colours)[:, None, :] - _channels(kept)[None, :, :]
    return np.asarray((apart * apart).sum(axis=2).argmin(axis=1))


def _channels(packed: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
    return np.column_stack([packed >> 16, (packed >> 8) & 255, packed & 255]).astype(np.int32)
