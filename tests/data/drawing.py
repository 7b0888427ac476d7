"""Images of digits as a person draws them."""

from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw

# Digits as lines through points of a square of side 1, and as ellipses in boxes.
LINES = {
    1: [[(0.4, 0.3), (0.5, 0.2), (0.5, 0.8)]],
    2: [[(0.3, 0.3), (0.5, 0.2), (0.7, 0.35), (0.3, 0.8), (0.7, 0.8)]],
    4: [[(0.6, 0.8), (0.6, 0.2), (0.3, 0.6), (0.75, 0.6)]],
    7: [[(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]],
}
ELLIPSES = {
    0: [(0.3, 0.2, 0.7, 0.8)],
    8: [(0.35, 0.2, 0.65, 0.5), (0.33, 0.5, 0.67, 0.85)],
}
DIGITS = (*LINES, *ELLIPSES)


def drawn(
    digit: int,
    side: int = 140,
    *,
    ink: Any = 0,
    paper: Any = 255,
    mode: str = "L",
    pen: float = 0.08,
) -> Image.Image:
    image = Image.new(mode, (side, side), paper)
    draw, width = ImageDraw.Draw(image), max(1, round(pen * side))
    for points in LINES.get(digit, []):
        for start, end in pairwise(points):
            ends = [(x * side, y * side) for x, y in (start, end)]
            draw.line(ends, fill=ink, width=width)
    for box in ELLIPSES.get(digit, []):
        draw.ellipse([edge * side for edge in box], outline=ink, width=width)
    return image
