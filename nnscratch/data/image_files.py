"""Reading image files into the format of the images that a network was trained on.

MNIST's digits are light on dark, fit into 20 × 20 of the 28 × 28 pixels, and have their centre of
mass in the middle (LeCun, Cortes and Burges 1998); images read here are brought into that form.
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
_FAINT = 0.2  # anything fainter than this share of the strongest stroke is background
_LOWEST_CONTRAST = 0.1
_SMALL = 20  # formats with fewer pixels a side have no margin
_SHADES = " .:-=+*#%@"


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
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                upright = _as_rgba(ImageOps.exif_transpose(file))
    except OSError as error:
        reason = error.strerror or "it is not an image file, or it is damaged"
        raise DataError(f"{path}: cannot be read as an image: {reason}") from None
    except MemoryError:
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


def _as_rgba(image: "Image.Image") -> "Image.Image":
    """Returns an image of any mode as 8-bit colours with transparency."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits a pixel, of which Pillow would keep the lowest 8
        image = Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype(np.uint8))
    return image.convert("RGBA")


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
