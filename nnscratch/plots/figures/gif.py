"""How a network learns: its answers and the loss over the epochs, as an animated GIF."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnscratch.errors import UsageError
from nnscratch.files.atomic import replacing
from nnscratch.plots.figures.answers import Answers, Points
from nnscratch.plots.figures.curves import History, draw_loss
from nnscratch.plots.figures.line import Line
from nnscratch.plots.figures.plane import Plane
from nnscratch.plots.figures.style import COLORS, entitle, new_figure, without_glyph_warnings

if TYPE_CHECKING:
    from matplotlib.transforms import Bbox
    from PIL.Image import Image

# Milliseconds of a frame, and of the last one.
_FRAME, _REST = 150, 2500
_WIDTH, _HEIGHT = 8.0, 4.4
# Of so many pictures, about, the colours are chosen.
_SAMPLES = 8
_NEARLY_WHITE = 250
_DPI = 80


class Frame(NamedTuple):
    """What is answered after an epoch, and what stands above it."""

    epoch: int
    caption: str
    answers: Answers


def check_gif(path: Path) -> None:
    """Does nothing if a path's suffix is that of an animation.

    Raises:
        UsageError: It is not .gif.
    """
    if path.suffix.lower() != ".gif":
        raise UsageError(f"{path}: an animation's name ends in .gif")


def draw_frames(
    title: str,
    span: Line | Plane,
    frames: Sequence[Frame],
    points: Sequence[Points],
    history: History,
) -> "Iterator[Image]":
    """Yields a picture for each epoch: the answers, and the loss until then.

    Args:
        title: The run.
        span: Where.
        frames: What is answered there, epoch by epoch.
        points: The data.
        history: The columns of metrics.csv.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    places: list[Bbox] = []
    title_place = (0.5, 0.98)
    for epoch, caption, answers in frames:
        figure = new_figure(_WIDTH, _HEIGHT)
        figure.set_dpi(_DPI)
        heading = entitle(figure, title, *([span.note] if span.note else []))
        left, right = figure.subplots(1, 2, width_ratios=[1.2, 1])
        span.draw(left, answers, points)
        draw_loss(right, history, epoch)
        left.set_title(caption, loc="left", fontsize="medium")
        if places:  # those of the first picture, so that nothing trembles
            figure.set_layout_engine("none")
            heading.set_position(title_place)
            for axes, place in zip(figure.axes, places, strict=True):
                axes.set_position(place)
        canvas = FigureCanvasAgg(figure)
        with without_glyph_warnings():
            canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib has not typed it
        if not places:
            # As they were laid out: a scale with arrows makes itself smaller than its place.
            places = [axes.get_position(original=True) for axes in figure.axes]
            title_place = heading.get_position()
        pixels = np.asarray(canvas.buffer_rgba())[:, :, :3]  # type: ignore[no-untyped-call]  # nor this
        yield Image.fromarray(np.ascontiguousarray(pixels))


def save_gif(images: "Sequence[Image]", path: Path, *, exclusive: bool = False) -> None:
    """Writes pictures as an animation that begins again after a rest.

    Raises:
        UsageError: The suffix is not .gif.
        OSError: The file cannot be written; FileExistsError: `exclusive`, and it is there.
    """
    check_gif(path)
    from PIL.Image import Dither

    palette = _choose_palette(images[:: max(1, len(images) // _SAMPLES)])
    flat: list[Any] = [image.quantize(palette=palette, dither=Dither.NONE) for image in images]
    durations = [_FRAME] * (len(flat) - 1) + [_REST]
    with replacing(path, exclusive=exclusive) as file:
        flat[0].save(
            file,
            format="GIF",
            save_all=True,
            append_images=flat[1:],
            duration=durations,
            loop=0,
            optimize=False,
        )


def _choose_palette(images: "Sequence[Image]") -> "Image":
    """Returns one palette for all frames, or colours would flicker, with those of points in it."""
    from matplotlib.colors import to_rgb
    from PIL import Image

    width, height = images[0].size
    strip = Image.new("RGB", (width * len(images), height))
    for i, image in enumerate(images):
        strip.paste(image, (i * width, 0))
    exact = [round(255 * part) for color in ("white", *COLORS) for part in to_rgb(color)]
    palette = strip.quantize(256 - len(exact) // 3)
    numbers = (palette.getpalette() or [])[: 768 - len(exact)]
    # Pillow takes what is near for white, unless what is near is white.
    pale = [number if number < _NEARLY_WHITE else 255 for number in numbers]
    palette.putpalette(pale + exact)
    return palette
