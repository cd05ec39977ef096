"""Bitmaps of vector pictures, and PNG files with a palette of 256 colours.

Such a file has a quarter of the bytes of full colour, as flat drawings hold few colours.
"""

import io

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

PALETTE = 256
_CSS_DPI = 96
_PAGE = (
    "#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "stretch")'
)


def rasterised(svg: bytes, size: tuple[int, int], dpi: int) -> npt.NDArray[np.uint8]:
    """(rows, columns, 3) RGB of a vector picture of `size` (width, height) CSS pixels, on white, with `dpi` dots to an inch.

    Typst does it, as it does for papers, in two thirds of the time that matplotlib takes to draw a bitmap, and lets other
    threads work meanwhile. Letters must be outlines: no font is read.
    """
    import typst  # takes a tenth of a second, and a run that makes no bitmap needs none

    width, height = (72 / _CSS_DPI * pixels for pixels in size)
    page = _PAGE.format(width=width, height=height).encode()
    no_fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    png = typst.compile(page, format="png", ppi=dpi, sys_inputs={"svg": svg.decode()}, font_paths=no_fonts)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def png_with_palette(cells: npt.NDArray[np.uint8]) -> bytes:
    """PNG bytes of an image, (rows, columns, 3) RGB: its 256 most frequent colours exactly, rarer ones as the nearest of them."""
    red, green, blue = (cells[..., band].astype(np.int64) for band in range(3))
    colour_of_cell, distinct = pd.factorize(((red << 16) | (green << 8) | blue).ravel())
    colours = np.column_stack([distinct >> 16, (distinct >> 8) & 255, distinct & 255]).astype(np.float32)
    palette = colours[np.argsort(-np.bincount(colour_of_cell), kind="stable")[:PALETTE]]
    indexed = Image.fromarray(
        _nearest(colours, palette)[colour_of_cell].reshape(cells.shape[:2]).astype(np.uint8), mode="P"
    )
    indexed.putpalette(palette.astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    indexed.save(buffer, "PNG")
    return buffer.getvalue()


def _nearest(colours: npt.NDArray[np.float32], palette: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """(n_colours,) row of `palette` nearest to each row of `colours`; exact for whole numbers up to 255."""
    distances = (palette * palette).sum(axis=1) - 2 * colours @ palette.T
    return np.asarray(distances.argmin(axis=1))
