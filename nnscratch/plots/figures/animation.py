"""Animations: what a network predicts and its loss, epoch by epoch, as a GIF, WebP or MP4 file."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from nnscratch.errors import NNScratchError
from nnscratch.files.atomic import replacing
from nnscratch.plots.figures import style
from nnscratch.plots.figures.learning_curves import History, draw_loss
from nnscratch.plots.figures.response import DataPoints, Response, add_class_legend
from nnscratch.plots.figures.varied_inputs import InputPlane, VariedInputs

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("gif", "webp", "mp4")
# How long a frame and the last frame are shown, in milliseconds.
_FRAME_TIME = 150
_LAST_FRAME_TIME = 2500
# In inches; the width is 1,280 pixels.
_WIDTH = 8.0
_HEIGHT = 4.4
_DPI = 160
# Of the response and of the loss.
_SHARES = (1.2, 1.0)
# The colours of a GIF file are chosen from about as many frames.
_PALETTE_FRAMES = 8
_NEARLY_WHITE = 250
_WEBP_QUALITY = 90
# Programs that play MP4 files want a size that halves, and half of the colours' resolution.
_MP4_OPTIONS = ("-pix_fmt", "yuv420p", "-crf", "18", "-movflags", "frag_keyframe+empty_moov")


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
        title: What the animation shows, and in further lines of which run.
        inputs: The line or the plane.
        frames: What is predicted there, epoch by epoch.
        points: The data.
        history: The columns of metrics.csv.
    """
    places: list[Any] = []
    for epoch, caption, response in frames:
        figure = style.new_figure(_WIDTH, _HEIGHT, "\n".join(filter(None, (title, inputs.note))))
        figure.set_dpi(_DPI)
        shares = [*_SHARES]
        if isinstance(inputs, InputPlane) and not response.classes:
            shares.insert(1, 0.05)
        left, *scale, right = figure.subplots(1, len(shares), width_ratios=shares)
        inputs.draw(left, response, points, *scale)
        add_class_legend(figure, response, points)
        draw_loss(right, history, epoch)
        left.set_title(caption, loc="left", fontsize="medium")
        if places:  # the layout of the first frame, so that nothing moves
            figure.set_layout_engine("none")
            parts: list[Any] = [*figure.axes, *figure.texts]
            for part, place in zip(parts, places, strict=True):
                part.set_position(place)
        image = style.draw_pixels(figure)
        if not places:
            # The original ones: a colour bar with arrows makes itself smaller than its place.
            places = [axes.get_position(original=True) for axes in figure.axes]
            places += [text.get_position() for text in figure.texts]
        yield image


def check_encoder(kind: str) -> None:
    """Checks that files of a format in `FORMATS` can be written here.

    Raises:
        NNScratchError: What it needs is not installed; the message names it.
    """
    from PIL import features

    if kind == "mp4" and not shutil.which("ffmpeg"):
        raise NNScratchError(
            "a .mp4 file is written by the program ffmpeg, which is not installed: "
            "apt install ffmpeg, brew install ffmpeg or winget install ffmpeg\n"
            "a .gif or .webp file needs nothing more"
        )
    if kind == "webp" and not features.check("webp"):
        raise NNScratchError(
            "this installation of Pillow cannot write .webp files: pip install -U pillow; "
            "a .gif file needs nothing more"
        )


def save_animation(images: "Sequence[Image]", path: Path, *, exclusive: bool = False) -> None:
    """Writes images as an animation, in the format of its suffix, with a pause at the end.

    Raises:
        UsageError: The suffix is not in `FORMATS`.
        NNScratchError: As `check_encoder`, or the encoder fails.
        OSError: The file cannot be written; FileExistsError: `exclusive`, and it exists.
    """
    kind = style.check_format(path, FORMATS)
    check_encoder(kind)
    write: dict[str, Callable[[Sequence[Image], IO[bytes]], None]] = {
        "gif": _write_gif,
        "webp": _write_webp,
        "mp4": _write_mp4,
    }
    with replacing(path, exclusive=exclusive) as file:
        write[kind](images, file)


def _write_gif(images: "Sequence[Image]", file: IO[bytes]) -> None:
    from PIL.Image import Dither

    palette = _choose_palette(images[:: max(1, len(images) // _PALETTE_FRAMES)])
    frames: list[Any] = [image.quantize(palette=palette, dither=Dither.NONE) for image in images]
    _save(frames, file, format="GIF", optimize=False)


def _write_webp(images: "Sequence[Image]", file: IO[bytes]) -> None:
    _save(images, file, format="WEBP", quality=_WEBP_QUALITY, method=0)


def _save(images: Sequence[Any], file: IO[bytes], **options: Any) -> None:
    """Writes frames that are played for ever."""
    times = [_FRAME_TIME] * (len(images) - 1) + [_LAST_FRAME_TIME]
    images[0].save(file, save_all=True, append_images=images[1:], duration=times, loop=0, **options)


def _write_mp4(images: "Sequence[Image]", file: IO[bytes]) -> None:
    width, height = images[0].size
    rate = f"1000/{_FRAME_TIME}"
    source = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", rate)
    command = ["ffmpeg", "-v", "error", *source, "-i", "-", *_MP4_OPTIONS, "-f", "mp4", "-"]
    rest = [images[-1]] * (_LAST_FRAME_TIME // _FRAME_TIME)
    pixels = b"".join(image.tobytes() for image in (*images, *rest))
    done = subprocess.run(command, input=pixels, stdout=file, stderr=subprocess.PIPE, check=False)  # noqa: S603 - a fixed program
    if done.returncode:
        reason = " ".join(done.stderr.decode(errors="replace").split())
        raise NNScratchError(f"ffmpeg could not write the animation: {reason}")


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
