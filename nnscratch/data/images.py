"""Grey images: recognizing them among rows of numbers, and reading image files into their format.

Data that is recognized as images is scaled and drawn as such. MNIST's digits are light on dark, fit
into 20 × 20 of the 28 × 28 pixels, and have their centre of mass in the middle (LeCun, Cortes and
Burges 1998); image files are brought into that form.
"""

import re
import warnings
from collections.abc import Sequence
from math import ceil, isqrt, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import ImageFormat
from nnscratch.errors import DataError
from nnscratch.files.regular import open_regular

if TYPE_CHECKING:
    from PIL import Image

Grey = NDArray[np.float64]

_WHITE = 255.0
# Fewer than 8 × 8 numbers are more likely the columns of a table than pixels.
_SMALLEST_SIDE = 8
_NAME = re.compile(r"pixel_?(\d+)|(\d+)x(\d+)")
_FAINT = 0.2  # anything fainter than this share of the strongest stroke is background
_LOWEST_CONTRAST = 0.1
_SMALL = 20  # formats with fewer pixels a side have no margin
# An image of more pixels than the first is shrunk, since it is drawn into a few hundred anyway; one
# of more than the second, which may be a small file, would take hundreds of megabytes.
_ENOUGH_PIXELS, _MOST_PIXELS = 2_000_000, 16_000_000
_ORIENTATION = 0x0112
_SHADES = " .:-=+*#%@"


def image_of_shape(shape: tuple[int, ...], inputs: NDArray[Any]) -> ImageFormat | None:
    """Returns the format of grey images, or None if the rows are not grey images.

    Args:
        shape: The shape of one row before it was flattened: (height, width), (height, width, 1),
            or for bytes also (side · side,).
        inputs: The rows, (rows, height · width).
    """
    is_bytes = inputs.dtype == np.uint8
    if len(shape) == 1 and is_bytes:
        shape = _square(shape[0]) or shape
    if len(shape) < 2 or shape[2:] not in ((), (1,)):
        return None
    largest = float(inputs.max())
    # A few fractions may be a sequence of measurements rather than an image.
    if inputs.min() < 0 or largest == 0 or (min(shape[:2]) < _SMALLEST_SIDE and not is_bytes):
        return None
    if is_bytes:
        return ImageFormat(shape[0], shape[1], _WHITE)
    white = next(x for x in (1.0, _WHITE, largest) if largest <= x)
    return ImageFormat(shape[0], shape[1], white)


def image_of_names(names: Sequence[str]) -> ImageFormat | None:
    """Returns the format of square images whose columns are called pixel0, … or 1x1, …; or None."""
    found = [_NAME.fullmatch(name) for name in names]
    places = [tuple(int(n) for n in match.groups() if n) for match in found if match]
    square = _square(len(names))
    # In any other order, such as the alphabetical one, the columns are not an image row by row.
    if square is None or len(places) < len(names) or places != sorted(places):
        return None
    return ImageFormat(*square, _WHITE)


def are_bytes(table: NDArray[Any]) -> bool:
    """Returns whether all numbers are whole and from 0 to 255; a missing value, nan, is not."""
    return bool(((table >= 0) & (table <= _WHITE) & (table == np.floor(table))).all())


def _square(pixels: int) -> tuple[int, int] | None:
    side = isqrt(pixels)
    return (side, side) if side * side == pixels and side >= _SMALLEST_SIDE else None


def read_image(path: Path, form: ImageFormat) -> Grey:
    """Returns an image file as a row of pixels, (1, height · width), from 0 to `form.largest`.

    An image that is light on dark, of the right size and fills it is taken as it is. Any other is
    made light on dark, cropped to its strokes, scaled to fit and centred by mass.

    Raises:
        DataError: The file is not an image, or nothing in it stands out from the background.
    """
    grey = _read_grey(path)
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    background = float(np.median(frame))
    darker = background - float(grey.min())
    lighter = float(grey.max()) - background
    if max(darker, lighter) < _LOWEST_CONTRAST * _WHITE:
        raise DataError(f"{path}: nothing in the image stands out from its background")
    strokes = _crop(background - grey if darker > lighter else grey - background)
    ready = grey.shape == (form.height, form.width) and background <= _WHITE / 2
    if not ready or max(strokes.shape) < _box(form):
        grey = _centre(strokes, form)
    return (grey * (form.largest / _WHITE)).reshape(1, -1)


def draw_text(row: NDArray[Any], form: ImageFormat) -> str:
    """Returns an image as lines of text, two characters a pixel, denser for lighter pixels."""
    share = np.clip(np.asarray(row, np.float64) / form.largest, 0.0, 1.0)
    shades = np.round(share * (len(_SHADES) - 1)).astype(int).reshape(form.height, form.width)
    return "\n".join("".join(2 * _SHADES[shade] for shade in line).rstrip() for line in shades)


def _read_grey(path: Path) -> Grey:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with open_regular(path) as content, Image.open(content) as file:
                upright = _as_small_rgba(path, file)
    except OSError as error:
        reason = error.strerror or "it is not an image file, or it is damaged"
        raise DataError(f"{path}: cannot be read as an image: {reason}") from None
    except DataError:
        raise
    except Exception as error:
        # Pillow raises SyntaxError, struct.error and others for a damaged image.
        raise DataError(f"{path}: cannot be read as an image: {error}") from error
    for background in ("white", "black"):
        page = Image.alpha_composite(Image.new("RGBA", upright.size, background), upright)
        grey = np.asarray(page.convert("L"), np.float64)
        if np.ptp(grey) >= _LOWEST_CONTRAST * _WHITE:
            break  # otherwise it may be drawn in white on a transparent background
    return grey


def _as_small_rgba(path: Path, image: "Image.Image") -> "Image.Image":
    """Returns an image as 8-bit colours with transparency, upright, and shrunk if it is large."""
    from PIL import Image, ImageOps

    side = isqrt(_ENOUGH_PIXELS)
    image.draft(None, (side, side))  # a JPEG can be read smaller than it is
    pixels = image.width * image.height
    if pixels > _MOST_PIXELS:
        size = f"{image.width:,} × {image.height:,} pixels"
        raise DataError(f"{path}: has {size}; at most {_MOST_PIXELS:,} can be read")
    image.load()  # of some formats, the orientation is known only then
    exif = Image.Exif()
    exif[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    if image.mode.startswith("I"):  # 16 bits a pixel, of which Pillow would keep the lowest 8
        image = Image.fromarray((np.asarray(image) // 257).clip(0, 255).astype(np.uint8))
    image = image.convert("RGBA")
    if pixels > _ENOUGH_PIXELS:
        image = image.reduce(ceil(sqrt(pixels / _ENOUGH_PIXELS)))
    image.info["exif"] = exif.tobytes()
    return ImageOps.exif_transpose(image)


def _crop(strokes: Grey) -> Grey:
    """Returns the part that is drawn on, the strongest stroke white and the background black."""
    strokes = strokes * (_WHITE / strokes.max())
    strokes[strokes < _FAINT * _WHITE] = 0.0
    rows = np.flatnonzero(strokes.any(axis=1))
    columns = np.flatnonzero(strokes.any(axis=0))
    return strokes[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _centre(strokes: Grey, form: ImageFormat) -> Grey:
    """Returns an image of the format with the strokes scaled to fit and centred by mass."""
    from PIL import Image

    height, width = strokes.shape
    scale = _box(form) / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = Image.fromarray(strokes.astype(np.float32)).resize(size, Image.Resampling.BOX)
    small = np.clip(np.asarray(scaled, np.float64), 0.0, _WHITE)
    small *= _WHITE / small.max()  # otherwise a thin pen on a large page fades
    top = _offset(small.sum(axis=1), form.height)
    left = _offset(small.sum(axis=0), form.width)
    page = np.zeros((form.height, form.width))
    page[top : top + len(small), left : left + small.shape[1]] = small
    return page


def _box(form: ImageFormat) -> int:
    """Returns the side of the square that the strokes fill: 20 of 28 pixels."""
    side = min(form.height, form.width)
    return side * 5 // 7 if side >= _SMALL else side


def _offset(mass: Grey, length: int) -> int:
    """Returns the start that puts the centre of mass in the middle, with all mass in `length`."""
    centre = float(np.dot(np.arange(len(mass)) + 0.5, mass) / mass.sum())
    return int(np.clip(round(length / 2 - centre), 0, length - len(mass)))
