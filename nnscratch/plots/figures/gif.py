"""Animations as GIF files: what a network predicts and its loss, epoch by epoch."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nnscratch.files.atomic import replacing
from nnscratch.plots.figures import style
from nnscratch.plots.figures.learning_curves import History, draw_loss
from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.varied_inputs import VariedInputs

if TYPE_CHECKING:
    from matplotlib.transforms import Bbox
    from PIL.Image import Image

# How long a frame and the last frame are shown, in milliseconds.
_FRAME_TIME = 150
_LAST_FRAME_TIME = 2500
# In inches.
_WIDTH = 8.0
_HEIGHT = 4.4
_DPI = 80
# The colours are chosen from about as many frames.
_PALETTE_FRAMES = 8
_NEARLY_WHITE = 250


class Frame(NamedTuple):
    """What is predicted after an epoch, and the text above it."""

    epoch: int
    caption: str
    response: Response


def draw_frames(
    title: str,
    inputs: VariedInputs,
    frames: Sequence[Frame],
    points: Sequence[DataPoints],
    history: History,
) -> "Iterator[Image]":
    """Yields an image for each frame: the response, and the loss until then.

    Args:
        title: The run.
        inputs: The line or the plane.
        frames: What is predicted there, epoch by epoch.
        points: The data.
        history: The columns of metrics.csv.
    """
    places: list[Bbox] = []
    title_place = (0.5, 0.98)
    for epoch, caption, response in frames:
        figure = style.new_figure(_WIDTH, _HEIGHT, nested=True)
        figure.set_dpi(_DPI)
        heading = style.set_title(figure, *filter(None, (title, inputs.note)))
        left, right = figure.subplots(1, 2, width_ratios=[1.2, 1])
        inputs.draw(left, response, points)
        draw_loss(right, history, epoch)
        left.set_title(caption, loc="left", fontsize="medium")
        if places:  # the layout of the first frame, so that nothing moves
            figure.set_layout_engine("none")
            heading.set_position(title_place)
            for axes, place in zip(figure.axes, places, strict=True):
                axes.set_position(place)
        image = style.draw_pixels(figure)
        if not places:
            # The original ones: a colour bar with arrows makes itself smaller than its place.
            places = [axes.get_position(original=True) for axes in figure.axes]
            title_place = heading.get_position()
        yield image


def save_gif(images: "Sequence[Image]", path: Path, *, exclusive: bool = False) -> None:
    """Writes images as an animation that starts again after a pause.

    Raises:
        UsageError: The suffix is not .gif.
        OSError: The file cannot be written; FileExistsError: `exclusive`, and it exists.
    """
    from PIL.Image import Dither

    style.check_format(path, ["gif"])
    palette = _choose_palette(images[:: max(1, len(images) // _PALETTE_FRAMES)])
    frames: list[Any] = [image.quantize(palette=palette, dither=Dither.NONE) for image in images]
    with replacing(path, exclusive=exclusive) as file:
        frames[0].save(
            file,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=[_FRAME_TIME] * (len(frames) - 1) + [_LAST_FRAME_TIME],
            loop=0,
            optimize=False,
        )


def _choose_palette(images: "Sequence[Image]") -> "Image":
    """Returns one palette for all frames, so that colours do not flicker, with those of points."""
    from matplotlib.colors import to_rgb
    from PIL import Image

    width, height = images[0].size
    strip = Image.new("RGB", (width * len(images), height))
    for i, image in enumerate(images):
        strip.paste(image, (i * width, 0))
    colors = ("white", *style.COLORS)
    exact = [round(255 * channel) for color in colors for channel in to_rgb(color)]
    palette = strip.quantize(256 - len(exact) // 3)
    channels = (palette.getpalette() or [])[: 768 - len(exact)]
    # Pillow takes the nearest colour for white, unless that is white.
    pale = [channel if channel < _NEARLY_WHITE else 255 for channel in channels]
    palette.putpalette(pale + exact)
    return palette
