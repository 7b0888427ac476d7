"""Animations: a frame for each epoch, and a file that plays them for ever."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from nnscratch.errors import NNScratchError, UsageError
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


def test_a_webp_file_does_too(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    save_animation(draw_two(), path)
    assert path.read_bytes()[8:12] == b"WEBP"
    with Image.open(path) as image:
        assert (image.n_frames, image.size) == (2, (1280, 704))  # type: ignore[attr-defined]
        times = []
        for number in range(2):
            image.seek(number)
            image.load()
            times.append(image.info["duration"])
        assert image.info["loop"] == 0
    assert times == [150, 2500]


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.gif or \.webp or \.mp4"):
        save_animation(draw_two(), tmp_path / "a.png")
    assert not any(tmp_path.iterdir())


def test_without_the_encoder_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NNScratchError, match="apt install ffmpeg, brew install ffmpeg"):
        save_animation(draw_two(), tmp_path / "a.mp4")
    monkeypatch.setattr("PIL.features.check", lambda feature: feature != "webp")
    with pytest.raises(NNScratchError, match="pip install -U pillow"):
        save_animation(draw_two(), tmp_path / "a.webp")
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs a shell script")
@pytest.mark.parametrize("code", [0, 3])
def test_ffmpeg_gets_all_pixels_and_a_failure_is_told(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nwc -c\necho 'no codec today' >&2\nexit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    path = tmp_path / "a.mp4"
    if code:
        with pytest.raises(NNScratchError, match="no codec today"):
            save_animation(draw_two(), path)
        assert not path.exists()
    else:
        save_animation(draw_two(), path)
        # Two frames, and the last one again for two and a half seconds of 150 ms each.
        assert int(path.read_text()) == (2 + 16) * 1280 * 704 * 3
