"""PNG with a palette of 256 colours, at about a quarter of the bytes: flat drawings hold few colours."""

import io

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

PALETTE = 256


def png_with_palette(cells: npt.NDArray[np.uint8]) -> bytes:
    """PNG of (rows, columns, 3) RGB in its 256 most frequent colours, kept exactly; rarer ones become the nearest."""
    red, green, blue = (cells[..., band].astype(np.int64) for band in range(3))
    where, found = pd.factorize(((red << 16) | (green << 8) | blue).ravel())
    colours = np.column_stack([found >> 16, (found >> 8) & 255, found & 255]).astype(np.float32)
    kept = colours[np.argsort(-np.bincount(where), kind="stable")[:PALETTE]]
    indexed = Image.fromarray(_nearest(colours, kept)[where].reshape(cells.shape[:2]).astype(np.uint8), mode="P")
    indexed.putpalette(kept.astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    indexed.save(buffer, "PNG")
    return buffer.getvalue()


def _nearest(colours: npt.NDArray[np.float32], kept: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Row of `kept` nearest to each row of `colours`; exact, for whole numbers up to 255."""
    apart = (kept * kept).sum(axis=1) - 2 * colours @ kept.T
    return np.asarray(apart.argmin(axis=1))
