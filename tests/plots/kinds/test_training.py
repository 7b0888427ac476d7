"""`nnscratch plot --kind training`: an animation of what the snapshots answer, or a reason."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from nnscratch.plots.figures.style import COLORS
from tests.conftest import Command, Result
from tests.processes import command
from tests.stopped import quick_disk, read_record, start, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
USAGE, FAILED = 2, 1
Pixels = NDArray[np.uint8]
XOR = "architecture: [4]\nactivation: tanh"
BLOBS = "{name: blobs, samples: 30}"
IRIS = "iris"
PETALS = "petal length (cm),petal width (cm)"
NUMBERS = (
    "{name: inline, inputs: [[0, 0], [0, 1], [1, 0], [2, 2]], targets: [0.5, 1.5, 2.5, 9.5], "
    "task: numbers}"
)

WAVE = "{name: inline, inputs: [[0], [1], [2], [3]], targets: [0.5, 9.5, 0.25, 8], task: numbers}"


def run_with_snapshots(
    folder: Path, dataset: str = "xor", text: str = XOR, *changes: str, count: int = 2
) -> Path:
    """Trains for sixteen epochs, of which 0, 4 and 16 are kept unless `count` is another."""
    config = write_config(folder, f"{text}\nsnapshots: {count}", dataset=dataset, epochs=16)
    return start(config, *changes)


def frames(path: Path) -> list[Pixels]:
    with Image.open(path) as image:
        return [np.array(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


def plot(nnscratch: Command, run: Path, *options: object) -> Path:
    result = nnscratch("plot", run, "--kind", "training", *options)
    assert result.code == 0, result.err
    assert result.err == ""
    return Path(result.out.strip().removeprefix("wrote "))


def refused(nnscratch: Command, run: Path | str, *options: object) -> Result:
    """A line that names what it is about, perhaps one with what there is; nothing is left."""
    result = nnscratch("plot", run, "--kind", "training", *options)
    assert result.code in (FAILED, USAGE), result
    assert result.out == ""
    assert "mistake in nnscratch" not in result.err
    assert result.err.startswith("error: ")
    assert result.err.count("\n") in (1, 2), result.err
    assert not [*Path(run).rglob("*.gif"), *Path(run).rglob("*.tmp")]
    return result


def share_near(frame: Pixels, color: str) -> float:
    """Returns the share of an image that nearly has a colour."""
    red_green_blue = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return float((np.abs(frame.astype(int) - red_green_blue).max(axis=2) <= 12).mean())


def test_each_snapshot_is_a_frame_and_the_last_one_rests(
    workplace: Path, nnscratch: Command
) -> None:
    run = run_with_snapshots(workplace, count=4)
    path = plot(nnscratch, run)
    assert path == run / "plots" / "training.gif"
    assert path.read_bytes()[:6] == b"GIF89a"
    with Image.open(path) as image:
        assert image.info["loop"] == 0  # for ever
        times = [frame.info["duration"] for frame in ImageSequence.Iterator(image)]
    assert len(times) == len(list((run / "snapshots").iterdir())) == 5
    assert len(set(times[:-1])) == 1
    assert 50 <= times[0] <= 500  # fluent, and slow enough to look at
    assert times[-1] >= 4 * times[0]
    images = frames(path)
    assert len({image.shape for image in images}) == 1
    height, width, _ = images[0].shape
    assert width == 1280
    assert 200 <= height <= width
    changed = [(images[0] != image).any(axis=2).mean() for image in images]
    assert changed[0] == 0
    assert all(share > 0.05 for share in changed[1:])


def test_it_is_the_same_bytes_each_time_and_replaces_the_runs_own(
    workplace: Path, nnscratch: Command
) -> None:
    run = run_with_snapshots(workplace)
    first = plot(nnscratch, run).read_bytes()
    assert plot(nnscratch, run, "--output", "Mine.GIF").read_bytes() == first
    own = run / "plots" / "training.gif"
    own.write_bytes(b"an old one")
    assert plot(nnscratch, run) == own
    assert own.read_bytes() == first
    assert [path.name for path in own.parent.iterdir()] == ["training.gif"]


@pytest.mark.parametrize("dataset", ["xor", WAVE])
def test_nothing_trembles_but_what_changes(
    dataset: str, workplace: Path, nnscratch: Command
) -> None:
    images = frames(plot(nnscratch, run_with_snapshots(workplace, dataset)))
    dark = [image.max(axis=2) < 110 for image in images]
    # The uppermost is the title.
    assert len({int(np.flatnonzero(image.any(axis=1))[0]) for image in dark}) == 1
    below = [image[-60:] for image in dark]
    assert all((image == below[0]).all() for image in below)
    # What is answered does change, left of the loss.
    first, *others = (image[60:-60, : image.shape[1] // 2] for image in images)
    assert all((other != first).mean() > 0.002 for other in others)


@pytest.mark.parametrize(
    ("dataset", "text", "options", "classes"),
    [
        pytest.param("xor", XOR, [], 2, id="xor"),
        # Animations take a second each.
        pytest.param(BLOBS, "", [], 3, id="blobs", marks=pytest.mark.slow),
        pytest.param(
            IRIS,
            "average: 0.9\nbatch_norm: true",
            ["--columns", PETALS],
            3,
            id="iris",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_each_class_has_its_colour_in_every_frame(
    dataset: str, text: str, options: list[str], classes: int, workplace: Path, nnscratch: Command
) -> None:
    images = frames(plot(nnscratch, run_with_snapshots(workplace, dataset, text), *options))
    assert len(images) == 3
    for image in images:
        for color in COLORS[:classes]:  # at least that of its sample in the legend
            assert share_near(image, color) > 0.0001, color
        white = image[:3, :3].reshape(-1, 3)
        assert (white >= 250).all()


def test_numbers_have_the_same_scale_of_colours_all_the_time(
    workplace: Path, nnscratch: Command
) -> None:
    images = frames(plot(nnscratch, run_with_snapshots(workplace, NUMBERS, "learning_rate: 0.1")))
    assert len(images) == 3
    # The scale is the one tall narrow strip that goes from cividis' darkest blue to its yellow.
    height, width, _ = images[0].shape
    blue, yellow = (0, 34, 78), (254, 232, 56)
    found = [
        column
        for column in range(width)
        if _has(images[0][height // 2 :, column], blue)
        and _has(images[0][: height // 4, column], yellow)
    ]
    assert len(found) >= 5
    middle = found[len(found) // 2]
    for image in images[1:]:
        assert (image[70:, middle] == images[0][70:, middle]).all()  # below title and caption
    assert (images[0] != images[-1]).any(axis=2).mean() > 0.05


def _has(pixels: Pixels, color: tuple[int, int, int]) -> bool:
    return bool((np.abs(pixels.astype(int) - color).max(axis=1) <= 16).any())


def test_the_animation_ends_with_the_network_that_was_saved(
    workplace: Path, nnscratch: Command
) -> None:
    # Early stopping ends a training at an epoch that nobody knew to be the last.
    text = "early_stopping: {monitor: loss, patience: 2, min_delta: 10}"
    run = run_with_snapshots(workplace, "xor", text, "epochs=1000", count=3)
    assert read_record(run)["epochs_done"] == 3
    assert len(frames(plot(nnscratch, run))) >= 2  # the first network alone shows no learning


@pytest.mark.parametrize("name", ["x.png", "x.svg", "x.gif.txt", "gif", "x"])
def test_other_formats_are_refused(name: str, workplace: Path, nnscratch: Command) -> None:
    result = refused(nnscratch, run_with_snapshots(workplace), "--output", name)
    assert result.code == USAGE
    assert ".gif" in result.err
    assert name in result.err
    assert not (workplace / name).exists()


def test_a_file_that_is_there_is_not_overwritten(workplace: Path, nnscratch: Command) -> None:
    mine = workplace / "mine.gif"
    mine.write_bytes(b"mine")
    assert "mine.gif" in refused(nnscratch, run_with_snapshots(workplace), "--output", mine).err
    assert mine.read_bytes() == b"mine"
    assert [path for path in workplace.iterdir() if path.suffix == ".tmp"] == []


def test_a_run_without_snapshots_says_how_to_keep_them(workplace: Path, nnscratch: Command) -> None:
    run = run_with_snapshots(workplace, count=0)
    result = refused(nnscratch, run)
    assert result.code == USAGE
    assert "`snapshots: " in result.err
    assert run.name in result.err


@pytest.mark.parametrize(
    ("dataset", "text", "options", "fragment"),
    [
        ("digits", "architecture: []", [], "64"),
        ("iris", "", [], 'choose columns: --columns "sepal length (cm),sepal width (cm)"'),
        ("iris", "", ["--columns", "petal length (cm),colour"], "colour"),
        ("iris", "", ["--columns", "petal length (cm),petal length (cm)"], "two columns"),
    ],
)
def test_a_run_without_a_line_or_a_plane_says_why(
    dataset: str,
    text: str,
    options: list[str],
    fragment: str,
    workplace: Path,
    nnscratch: Command,
) -> None:
    result = refused(nnscratch, run_with_snapshots(workplace, dataset, text, "epochs=1"), *options)
    assert result.code == USAGE
    assert fragment in result.err


def test_there_is_one_run_in_an_animation(workplace: Path, nnscratch: Command) -> None:
    run = run_with_snapshots(workplace)
    result = refused(nnscratch, run, run_with_snapshots(workplace))
    assert (result.code, "one run" in result.err) == (USAGE, True)
    alone = refused(nnscratch, shutil.copy(run / "weights.npz", workplace / "alone.npz"))
    assert (alone.code, "alone.npz" in alone.err) == (USAGE, True)


def test_of_very_many_some_are_shown_and_the_one_that_is_kept(
    workplace: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnscratch.plots.kinds.training._MOST_FRAMES", 2)
    run = run_with_snapshots(workplace, count=4)
    epochs = [int(path.stem[-6:]) for path in sorted((run / "snapshots").iterdir())]
    assert epochs == [0, 1, 4, 9, 16]
    assert len(frames(plot(nnscratch, run))) == 2  # 1 and 16
    record = read_record(run)
    (run / "run.json").write_text(json.dumps({**record, "kept_epoch": 9}))
    assert len(frames(plot(nnscratch, run))) == 3


Damage = Callable[[Path, Path], object]


def other_network(dataset: str) -> Damage:
    return lambda file, other: shutil.copy(
        run_with_snapshots(other, dataset, "") / "weights.npz", file
    )


def a_directory(file: Path, _: Path) -> None:
    file.unlink()
    file.mkdir()


def no_folder(file: Path, _: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.write_text("")


def an_empty_folder(file: Path, _: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.mkdir()


FILE = "epoch-000004.npz"
SPOILT: dict[str, tuple[Damage, str]] = {
    "section short": (lambda file, _: file.write_bytes(file.read_bytes()[:700]), FILE),
    "empty file": (lambda file, _: file.write_bytes(b""), FILE),
    "text": (lambda file, _: file.write_text("no network"), FILE),
    "a directory": (a_directory, FILE),
    "a network of other columns": (other_network(IRIS), FILE),
    "a network of numbers": (other_network(NUMBERS), FILE),
    "a network of other classes": (other_network(BLOBS), FILE),
    "an empty folder": (an_empty_folder, "snapshots"),
    "a file instead of the folder": (no_folder, "snapshots"),
    "no finished epoch": (
        lambda file, _: (file.parents[1] / "metrics.csv").write_text("epoch,loss\n"),
        "metrics.csv",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_spoilt_snapshots_are_one_clear_error(
    case: str, workplace: Path, nnscratch: Command
) -> None:
    run, (spoil, fragment) = run_with_snapshots(workplace), SPOILT[case]
    other = workplace / "other"
    other.mkdir()
    spoil(run / "snapshots" / FILE, other)
    assert fragment in refused(nnscratch, run).err


def test_one_that_is_missing_is_a_frame_less_and_other_files_are_ignored(
    workplace: Path, nnscratch: Command
) -> None:
    run = run_with_snapshots(workplace)
    folder = run / "snapshots"
    (folder / "epoch-000004.npz").unlink()
    (folder / "notes.txt").write_text("mine")
    (folder / "epoch-x.npz").write_text("mine")
    (folder / "best.npz").write_text("mine")
    (folder / ".epoch-000004.npz.0a1b2c3d.tmp").write_text("half")
    assert len(frames(plot(nnscratch, run))) == 2
    (folder / "epoch-000000.npz").unlink()
    assert len(frames(plot(nnscratch, run))) == 1


def test_rows_that_a_killed_process_had_not_written_are_not_missed(
    workplace: Path, nnscratch: Command
) -> None:
    run = run_with_snapshots(workplace)
    metrics = run / "metrics.csv"
    lines = metrics.read_text().splitlines(keepends=True)
    metrics.write_text("".join(lines[:4]) + lines[4][:9])
    assert len(frames(plot(nnscratch, run))) == 3


@pytest.mark.parametrize("until", [1, 2])
def test_a_run_that_was_stopped_has_one_until_then(
    until: int, workplace: Path, nnscratch: Command
) -> None:
    config = write_config(workplace, "snapshots: 40", dataset="xor")
    assert len(frames(plot(nnscratch, start(config, until=until)))) == until + 1


def test_on_a_pipe_it_prints_what_it_wrote(workplace: Path) -> None:
    run = run_with_snapshots(workplace)
    code, out, err = command("plot", run, "--kind", "training", cwd=workplace)
    assert (code, out, err) == (0, f"wrote {run / 'plots' / 'training.gif'}\n", "")


def test_the_epoch_can_be_read_whatever_the_run_is_called(
    workplace: Path, nnscratch: Command
) -> None:
    images = frames(
        plot(nnscratch, run_with_snapshots(workplace, "xor", XOR, f"name={'long_' * 20}"))
    )
    title = images[0][:20].min(axis=2)
    # What reaches both edges has been section off there.
    assert (title[:, :2] > 200).all()
    assert (title[:, -2:] > 200).all()


def test_many_runs_have_their_snapshots_each(workplace: Path, nnscratch: Command) -> None:
    changes = ["ensemble=2", "epochs=4", "snapshots=2", "--no-plots", "--quiet"]
    run = nnscratch("train", "configs/xor.yaml", *changes).out.strip()
    result = nnscratch("plot", run, "--kind", "training")
    assert result.code == USAGE
    named = re.search(r"snapshots of its own, such as (\S+)", result.err)
    assert named
    drawn = nnscratch("plot", named.group(1), "--kind", "training")
    assert drawn.code == 0, drawn.err
