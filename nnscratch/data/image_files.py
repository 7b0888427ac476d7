"""Pictures from files, made to look like those a network was trained on.

MNIST's digits are light on dark, fit into 20 × 20 of the 28 × 28 pixels, and have their centre of
mass in the middle (LeCun, Cortes and Burges 1998); so has whatever is read here.
"""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import ImageFormat
from nnscratch.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

Grey = NDArray[np.float64]

_WHITE = 255.0
_FAINT = 0.2  # less than this share of the darkest stroke is paper
_LOWEST_CONTRAST = 0.1
_SMALL = 20  # pictures smaller than this have no margin
_SHADES = " .:-=+*#%@"


def read_image(path: Path, form: ImageFormat) -> Grey:
    """Returns the pixels of a picture in a row, (1, height · width), from 0 to `form.largest`.

    A picture that is light on dark, just of the right size and full is taken as it is. Any other is
    made light on dark, cut to what is drawn, scaled to fit and centred by its mass.

    Raises:
        DataError: The file is no picture, or shows nothing.
    """
    grey = _read_grey(path)
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(frame))
    darker, lighter = paper - float(grey.min()), float(grey.max()) - paper
    if max(darker, lighter) < _LOWEST_CONTRAST * _WHITE:
        raise DataError(f"{path}: shows nothing that stands out from its background")
    strokes = _cut(paper - grey if darker > lighter else grey - paper)
    ready = grey.shape == (form.height, form.width) and paper <= _WHITE / 2
    if not ready or max(strokes.shape) < _box(form):
        grey = _centre(strokes, form)
    return (grey * (form.largest / _WHITE)).reshape(1, -1)


def draw_text(row: NDArray[Any], form: ImageFormat) -> str:
    """Returns a picture as lines of characters, two for a pixel, fuller ones for lighter pixels."""
    share = np.clip(np.asarray(row, np.float64) / form.largest, 0.0, 1.0)
    shades = np.round(share * (len(_SHADES) - 1)).astype(int).reshape(form.height, form.width)
    return "\n".join("".join(2 * _SHADES[shade] for shade in line).rstrip() for line in shades)


def _read_grey(path: Path) -> Grey:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                upright = _in_colour(ImageOps.exif_transpose(file))
    except OSError as error:
        reason = error.strerror or "it is none, or it is damaged"
        raise DataError(f"{path}: cannot be read as a picture: {reason}") from None
    except MemoryError:
        raise
    except Exception as error:
        # A damaged picture is a SyntaxError, a struct.error and more to the library.
        raise DataError(f"{path}: cannot be read as a picture: {error}") from error
    for paper in ("white", "black"):
        page = Image.alpha_composite(Image.new("RGBA", upright.size, paper), upright)
        grey = np.asarray(page.convert("L"), np.float64)
        if np.ptp(grey) >= _LOWEST_CONTRAST * _WHITE:
            break  # else it may be drawn in white on nothing
    return grey


def _in_colour(picture: "Image.Image") -> "Image.Image":
    """Returns a picture of any kind as one of 8-bit colours with transparency."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits for a pixel, of which Pillow would keep the lowest 8
        picture = Image.fromarray((np.asarray(picture) / 257).clip(0, 255).astype(np.uint8))
    return picture.convert("RGBA")


def _cut(strokes: Grey) -> Grey:
    """Returns the part with something on it, its strongest stroke white and its paper black."""
    strokes = strokes * (_WHITE / strokes.max())
    strokes[strokes < _FAINT * _WHITE] = 0.0
    rows, columns = np.flatnonzero(strokes.any(axis=1)), np.flatnonzero(strokes.any(axis=0))
    return strokes[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _centre(strokes: Grey, form: ImageFormat) -> Grey:
    from PIL import Image

    height, width = strokes.shape
    scale = _box(form) / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.fromarray(strokes.astype(np.float32)).resize(size, Image.Resampling.BOX)
    small = np.clip(np.asarray(picture, np.float64), 0.0, _WHITE)
    small *= _WHITE / small.max()  # a thin pen on a large page fades otherwise
    top = _offset(small.sum(axis=1), form.height)
    left = _offset(small.sum(axis=0), form.width)
    page = np.zeros((form.height, form.width))
    page[top : top + len(small), left : left + small.shape[1]] = small
    return page


def _box(form: ImageFormat) -> int:
    """Returns the side of the square that a drawing fills: 20 of 28 pixels."""
    side = min(form.height, form.width)
    return side * 5 // 7 if side >= _SMALL else side


def _offset(mass: Grey, length: int) -> int:
    """Returns where to begin so that the centre of mass is in the middle, all within `length`."""
    centre = float(np.dot(np.arange(len(mass)) + 0.5, mass) / mass.sum())
    return int(np.clip(round(length / 2 - centre), 0, length - len(mass)))
