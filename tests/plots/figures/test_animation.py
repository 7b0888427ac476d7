"""Animations: a frame for each epoch, and a file that plays them for ever."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from nnscratch.errors import UsageError
from nnscratch.plots.figures.animation import Frame, draw_frames, save_animation
from nnscratch.plots.figures.response import Response
from tests.plots.figures.plane_figures import PLANE, ROWS, named, shares

HISTORY = {"epoch": [1.0, 2.0], "loss": [0.75, 0.5]}


def draw_two() -> list[Image.Image]:
    frames = [
        Frame(epoch, f"epoch {epoch}", Response(shares(2, epoch % 2, 0.9), named(2)))
        for epoch in (1, 2)
    ]
    return list(draw_frames("run", PLANE, frames, [ROWS], HISTORY))


def test_frames_differ_in_the_response_and_have_one_size() -> None:
    first, second = draw_two()
    assert first.size == second.size == (1280, 704)
    assert (np.asarray(first) != np.asarray(second)).any()


def test_the_file_repeats_and_pauses_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    save_animation(draw_two(), path)
    with Image.open(path) as image:
        times = [frame.info["duration"] for frame in ImageSequence.Iterator(image)]
        assert image.info["loop"] == 0
    assert times == [150, 2500]


def test_only_gif_files_are_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gif"):
        save_animation(draw_two(), tmp_path / "a.png")
    assert not any(tmp_path.iterdir())
