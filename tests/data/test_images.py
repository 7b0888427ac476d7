"""Which rows are images, and how a network trained on MNIST has to see images as people make them.

The oracles are properties that LeCun, Cortes and Burges 1998 give to every image of MNIST.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nnscratch.data.dataset import ImageFormat
from nnscratch.data.images import are_bytes, draw_text, image_of_names, image_of_shape, read_image
from nnscratch.errors import DataError
from tests.data.drawing import DIGITS, drawn

MNIST = ImageFormat(28, 28, largest=255)
ORIENTATION = 0x0112  # the tag of EXIF that says how the camera was held


@pytest.fixture
def seen(tmp_path: Path) -> Callable[..., NDArray[np.float64]]:
    """Saves an image and returns what a network sees of it, (28, 28)."""

    def save_and_read(image: Image.Image, name: str = "a.png", **options: Any) -> Any:
        image.save(tmp_path / name, **options)
        row = read_image(tmp_path / name, MNIST)
        assert row.shape == (1, 784)
        return row.reshape(28, 28)

    return save_and_read


Seen = Callable[..., NDArray[np.float64]]


def assert_like_mnist(pixels: NDArray[np.float64]) -> None:
    """Light on dark, at most 20 pixels high and wide, the centre of mass in the middle."""
    assert pixels.min() == 0
    assert 128 <= pixels.max() <= 255
    rows, columns = np.nonzero(pixels)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20)
    frame = np.concatenate([pixels[:2].ravel(), pixels[:, :2].ravel(), pixels[:, -2:].ravel()])
    assert not frame.any()
    for axis in (0, 1):
        mass = pixels.sum(axis=1 - axis)
        centre = np.average(np.arange(28) + 0.5, weights=mass)
        assert abs(centre - 14) <= 0.5 + 1e-9


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("side", [24, 28, 57, 300])
def test_a_digit_looks_like_one_of_mnists(digit: int, side: int, seen: Seen) -> None:
    pixels = seen(drawn(digit, side))
    if side > 50:
        assert_like_mnist(pixels)
    assert 0 <= pixels.min() < 128 < pixels.max() <= 255


@pytest.mark.parametrize("digit", DIGITS)
def test_dark_on_light_and_light_on_dark_are_the_same(digit: int, seen: Seen) -> None:
    dark = seen(drawn(digit))
    assert np.array_equal(dark, seen(drawn(digit, ink=255, paper=0)))
    assert np.array_equal(dark, seen(ImageOps.invert(drawn(digit))))


@pytest.mark.parametrize(
    ("ink", "paper"), [(20, 110), (0, 100), (255, 150), (235, 140), (90, 160), (160, 90)]
)
def test_any_paper_will_do_that_differs_from_the_ink(ink: int, paper: int, seen: Seen) -> None:
    # A photo in poor light has grey paper, and a blackboard is not black.
    assert np.allclose(seen(drawn(4, ink=ink, paper=paper)), seen(drawn(4)), atol=1)


@pytest.mark.parametrize(
    "image",
    [
        drawn(4, mode="RGB", ink=(0, 0, 0), paper=(255, 255, 255)),
        drawn(4, mode="RGBA", ink=(0, 0, 0, 255), paper=(0, 0, 0, 0)),
        drawn(4, mode="RGBA", ink=(0, 0, 0, 255), paper=(255, 255, 255, 0)),
        drawn(4, mode="LA", ink=(0, 255), paper=(0, 0)),
        drawn(4).convert("1"),
        drawn(4).convert("P"),
        drawn(4, mode="I;16", ink=0, paper=65535),
        drawn(4, mode="I;16", ink=50000, paper=1000),
        drawn(4, mode="RGB", ink=(255, 255, 0), paper=(0, 0, 90)),
        drawn(4, mode="RGB", ink=(0, 0, 160), paper=(250, 240, 200)),
    ],
    ids=[
        "rgb", "transparent", "transparent white", "grey and alpha", "black and white", "palette",
        "16 bits", "16 bits, light on dark", "yellow on blue", "blue on cream",
    ],
)  # fmt: skip
def test_colours_and_modes_do_not_matter(image: Image.Image, seen: Seen) -> None:
    assert np.allclose(seen(image), seen(drawn(4)), atol=2)


def test_light_strokes_on_nothing_are_seen(seen: Seen) -> None:
    image = drawn(4, mode="RGBA", ink=(255, 255, 255, 255), paper=(0, 0, 0, 0))
    assert np.allclose(seen(image), seen(drawn(4)), atol=2)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_is_nearly_the_same(mode: str, seen: Seen) -> None:
    pixels = seen(drawn(7).convert(mode), "a.jpg", quality=85)
    assert_like_mnist(pixels)
    assert np.abs(pixels - seen(drawn(7))).mean() < 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_held_upright(orientation: int, seen: Seen) -> None:
    # How the pixels lie in the file for each orientation, by the standard.
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = drawn(7)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = image.transpose(turns[orientation]) if orientation > 1 else image
    pixels = seen(stored, "a.jpg", exif=exif, quality=95)
    assert np.abs(pixels - seen(image)).mean() < 3


@pytest.mark.parametrize("corner", [(0, 0), (300, 0), (0, 300), (300, 300), (10, 250)])
def test_it_does_not_matter_where_a_digit_is(corner: tuple[int, int], seen: Seen) -> None:
    page = Image.new("L", (440, 440), 255)
    page.paste(drawn(2), corner)
    assert np.array_equal(seen(page), seen(drawn(2)))


def test_a_wide_page_does_not_stretch_a_digit(seen: Seen) -> None:
    page = Image.new("L", (1200, 200), 255)
    page.paste(drawn(2), (600, 30))
    assert np.array_equal(seen(page), seen(drawn(2)))


def test_a_huge_photo_is_a_small_digit_too(seen: Seen) -> None:
    assert_like_mnist(seen(drawn(2, 3000)))


@pytest.mark.parametrize(("side", "pen"), [(400, 0.01), (1000, 0.005), (1500, 0.0005)])
def test_a_thin_pen_on_a_large_page_can_be_seen(side: int, pen: float, seen: Seen) -> None:
    # The network knows strokes that are white, not ones that scaling has thinned to a shadow.
    assert seen(drawn(2, side, pen=pen)).max() >= 128


def test_an_image_in_mnists_own_form_comes_back_as_it_is(seen: Seen) -> None:
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:24, 9:17] = np.random.default_rng(0).integers(0, 256, (20, 8))
    for mode in ("L", "RGB", "RGBA"):
        assert np.array_equal(seen(Image.fromarray(pixels).convert(mode)), pixels)


def test_mnists_own_form_printed_dark_on_light_is_nearly_the_same(seen: Seen) -> None:
    pixels = seen(drawn(2)).round().astype(np.uint8)  # as smooth at its edges as MNIST
    printed = seen(Image.fromarray(255 - pixels))
    assert np.abs(printed - pixels).mean() < 3


@pytest.mark.parametrize(
    "form", [ImageFormat(8, 8, 16), ImageFormat(28, 28, 1), ImageFormat(20, 32, 255)]
)
def test_other_forms_have_their_own_size_and_range(form: ImageFormat, tmp_path: Path) -> None:
    drawn(0).save(tmp_path / "a.png")
    row = read_image(tmp_path / "a.png", form)
    assert row.shape == (1, form.height * form.width)
    assert row.min() == 0
    assert form.largest / 2 <= row.max() <= form.largest


@pytest.mark.parametrize("shape", [(1, 900), (900, 1), (1, 1), (3, 2)])
def test_images_of_strange_shapes_are_read_or_refused(
    shape: tuple[int, int], tmp_path: Path
) -> None:
    grey = np.full(shape, 255, np.uint8)
    grey[-1, -1] = 0
    Image.fromarray(grey).save(tmp_path / "a.png")
    try:
        row = read_image(tmp_path / "a.png", MNIST)
    except DataError:
        return
    assert np.isfinite(row).all()
    assert 0 <= row.min() <= row.max() <= 255


def test_a_blot_is_in_the_middle(seen: Seen) -> None:
    page = Image.new("L", (100, 100), 255)
    page.putpixel((3, 90), 0)
    pixels = seen(page)
    assert pixels[4:24, 4:24].min() == 255
    assert pixels.sum() == 255 * 400


@pytest.mark.parametrize("side", [8, 28, 100])
@pytest.mark.parametrize("grey", [0, 100, 255])
def test_a_blank_image_is_refused(grey: int, side: int, seen: Seen) -> None:
    with pytest.raises(DataError, match=r"a\.png: nothing in the image stands out"):
        seen(Image.new("L", (side, side), grey))


@pytest.mark.parametrize("damage", ["text", "empty", "truncated", "header", "directory", "missing"])
def test_what_is_not_an_image_is_refused(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    drawn(2).save(path)
    content = path.read_bytes()
    path.unlink()
    if damage == "directory":
        path.mkdir()
    elif damage != "missing":
        broken = {
            "text": b"a digit\n" * 99,
            "empty": b"",
            "truncated": content[: len(content) // 2],
            "header": content[:17] + b"?" + content[18:],
        }
        path.write_bytes(broken[damage])
    with pytest.raises(DataError) as caught:
        read_image(path, MNIST)
    assert str(caught.value).startswith(f"{path}: cannot be read as an image: ")
    assert len(str(caught.value).splitlines()) == 1


def test_no_truncation_is_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    drawn(2).save(path)
    content = path.read_bytes()
    for length in range(0, len(content) - 2, 97):
        path.write_bytes(content[:length])
        with pytest.raises(DataError):
            read_image(path, MNIST)


def test_an_image_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(2).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10_000)
    with pytest.raises(DataError, match=r"a\.png"):
        read_image(tmp_path / "a.png", MNIST)


def test_text_shows_lighter_pixels_fuller() -> None:
    form = ImageFormat(2, 3, largest=16)
    lines = draw_text(np.array([[0, 8, 16, 16, 0, 0]]), form).split("\n")
    assert len(lines) == 2
    assert lines[0][:2] == "  "
    assert lines[0][2] == lines[0][3] not in " @"
    assert lines[0][4:] == lines[1] == "@@"


def light_on_dark(height: int, width: int, top: int, left: int) -> NDArray[np.uint8]:
    """A page of MNIST's size with a drawing of this size on it."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[top : top + height, left : left + width] = 200
    pixels[top + height // 3 : top + height // 2, left + 1 : left + width - 1] = 0
    return pixels


@pytest.mark.parametrize(("height", "width"), [(15, 6), (6, 15), (10, 10), (3, 2), (18, 9)])
@pytest.mark.parametrize("top", [1, 9])
def test_a_small_drawing_of_mnists_size_is_scaled(
    height: int, width: int, top: int, seen: Seen
) -> None:
    pixels = light_on_dark(height, width, top, 3)
    shown = seen(Image.fromarray(pixels))
    assert_like_mnist(shown)
    rows, columns = np.nonzero(shown)
    assert (np.ptp(rows) + 1) / (np.ptp(columns) + 1) == pytest.approx(height / width, rel=0.1)
    # A page of another size with the same drawing is seen alike.
    page = np.zeros((60, 50), np.uint8)
    page[10:38, 20:48] = pixels
    np.testing.assert_array_equal(shown, seen(Image.fromarray(page)))


@pytest.mark.parametrize(
    ("height", "width", "top"), [(20, 8, 4), (20, 8, 0), (8, 20, 9), (26, 20, 1)]
)
def test_a_full_drawing_of_mnists_size_is_taken_as_it_is(
    height: int, width: int, top: int, seen: Seen
) -> None:
    pixels = light_on_dark(height, width, top, 3)
    np.testing.assert_array_equal(seen(Image.fromarray(pixels)), pixels)


def rows(shape: tuple[int, ...], low: float, high: float, dtype: str) -> NDArray[Any]:
    """Three rows for images of a shape, whose smallest and largest number are these."""
    made = np.linspace(low, high, 3 * int(np.prod(shape))).reshape(3, -1)
    return made.astype(dtype)


@pytest.mark.parametrize(
    ("shape", "low", "high", "dtype", "form"),
    [
        ((28, 28), 0, 255, "uint8", (28, 28, 255)),
        ((28, 28, 1), 0, 255, "uint8", (28, 28, 255)),
        ((28, 28), 0, 9, "uint8", (28, 28, 255)),  # dark ones are images too
        ((784,), 0, 255, "uint8", (28, 28, 255)),
        ((64,), 0, 16, "uint8", (8, 8, 255)),
        ((5, 4), 0, 255, "uint8", (5, 4, 255)),
        ((28, 20), 0, 1, "float32", (28, 20, 1)),
        ((28, 28), 0, 0.5, "float64", (28, 28, 1)),
        ((8, 8), 0, 16, "float64", (8, 8, 255)),
        ((28, 28), 0, 255, "float64", (28, 28, 255)),
        ((28, 28, 1), 0, 65535, "float64", (28, 28, 65535)),
    ],
)
def test_grey_images(
    shape: tuple[int, ...], low: float, high: float, dtype: str, form: tuple[int, int, float]
) -> None:
    assert image_of_shape(shape, rows(shape, low, high, dtype)) == ImageFormat(*form)


@pytest.mark.parametrize(
    ("shape", "low", "high", "dtype"),
    [
        ((28, 28), -1, 1, "float32"),
        ((28, 28), -1e-9, 255, "float64"),
        ((28, 28), 0, 0, "float64"),
        ((28, 28), 0, 0, "uint8"),
        ((20, 3), 0, 1, "float64"),  # twenty measurements of three things
        ((3, 20), 0, 255, "float64"),
        ((7, 7), 0, 1, "float32"),
        ((784,), 0, 1, "float64"),  # a table
        ((49,), 0, 255, "uint8"),
        ((785,), 0, 255, "uint8"),
        ((32, 32, 3), 0, 255, "uint8"),  # coloured
        ((32, 32, 3), 0, 1, "float64"),
        ((8, 8, 8, 1), 0, 255, "uint8"),
    ],
)
def test_rows_that_are_not_grey_images(
    shape: tuple[int, ...], low: float, high: float, dtype: str
) -> None:
    assert image_of_shape(shape, rows(shape, low, high, dtype)) is None


def counted(first: int, count: int, form: str = "pixel{}") -> list[str]:
    return [form.format(i) for i in range(first, first + count)]


def grid(side: int, first: int = 1) -> list[str]:
    places = range(first, first + side)
    return [f"{row}x{column}" for row in places for column in places]


@pytest.mark.parametrize(
    ("names", "side"),
    [
        (counted(0, 784), 28),  # Kaggle's Digit Recognizer
        (counted(1, 784), 28),  # OpenML's mnist_784
        (counted(0, 64, "pixel_{}"), 8),
        (counted(0, 784, "pixel{:03}"), 28),
        (grid(28), 28),  # mnist_train.csv
        (grid(8, first=0), 8),
    ],
)
def test_names_of_pixels_in_order(names: list[str], side: int) -> None:
    assert image_of_names(names) == ImageFormat(side, side, 255)


@pytest.mark.parametrize(
    "names",
    [
        sorted(counted(0, 784)),  # pixel0, pixel1, pixel10
        sorted(grid(28)),
        counted(0, 784)[::-1],
        [*counted(1, 783), "pixel0"],
        counted(0, 783),
        counted(0, 49),
        [*counted(0, 63), "width"],
        counted(0, 64, "x{}"),
        counted(0, 64, "my pixel{}"),
        counted(0, 64, "pixel{}.5"),
        [],
    ],
    ids=[
        "alphabetical", "alphabetical grid", "backwards", "one out of order", "no square",
        "too few", "another column", "other names", "words before", "words behind", "none",
    ],
)  # fmt: skip
def test_names_that_are_not_of_images(names: list[str]) -> None:
    assert image_of_names(names) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, True), (255, True), (256, False), (-1, False), (0.5, False), (float("nan"), False)],
)
def test_bytes_are_whole_numbers_from_0_to_255(value: float, expected: bool) -> None:
    assert are_bytes(np.array([[0.0, value], [7.0, 8.0]])) is expected
