"""Ctrl-C and SIGTERM to real processes: the first lets the epoch end, the second stops at once."""

import random
import signal
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from nnscratch import Model
from tests.processes import (
    Process,
    check_same,
    check_whole,
    command,
    done,
    end,
    is_training,
    leftovers,
    record_of,
    rows_of,
    runs_in,
    start,
    wait_for_line,
    wait_until,
)

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="sends signals as Linux does"),
]

SIGNALS = [signal.SIGINT, signal.SIGTERM]
# A training without an end, and three epochs of sixteen steps that a patch makes as slow as wanted.
ENDLESS = ["configs/xor.yaml", "epochs=1000000000"]
SHORT = ["configs/xor.yaml", "dataset.inputs=6", "batch_size=4", "epochs=3"]
SLOW_STEPS = """
import time
import nnscratch.cli.interrupt
from nnscratch.nn.training.step import TrainingStep
take = TrainingStep.take
def slowly(self, batch, epoch):
    if epoch >= {since}:
        time.sleep({seconds})
    return take(self, batch, epoch)
TrainingStep.take = slowly
"""
# Steps of half a second, so an epoch takes eight; only the first is as quick as ever.
LONG_EPOCH = SLOW_STEPS.format(since=2, seconds=0.5)
GRACE = "nnscratch.cli.interrupt._GRACE_SECONDS = 1\n"


def start_slow(workplace: Path, patch: str, *more: str) -> Process:
    """Starts a training and returns it soon after its first epoch."""
    process = start("train", *SHORT, *more, "--no-plots", cwd=workplace, patch=patch)
    wait_for_line(process, "epoch 1/3")
    time.sleep(0.2)
    return process


def end_soon(process: Process, seconds: float) -> tuple[int, str, str]:
    began = time.monotonic()
    result = end(process)
    assert time.monotonic() - began < seconds, "that was not at once"
    return result


def check_interrupted(workplace: Path, *, epochs: int, settings: list[str] = SHORT) -> None:
    """Checks that a run was stopped after so many epochs, resumes it and compares.

    The last of the settings says how far it is to go.
    """
    (run,) = runs_in(workplace / "runs")
    assert (record_of(run)["status"], record_of(run)["epochs_done"]) == ("interrupted", epochs)
    assert check_whole(run) == epochs
    assert len(rows_of(run)) == epochs
    done("resume", run, *settings[-1:], "--quiet", "--no-plots", cwd=workplace)
    to = ["--runs-dir", "reference", "--quiet", "--no-plots"]
    check_same(run, workplace / done("train", *settings, *to, cwd=workplace))
    assert not leftovers(run)


# The slow ones hold what the others nearly say.
@pytest.mark.parametrize(
    ("number", "quiet"),
    [
        (signal.SIGINT, False),
        pytest.param(signal.SIGTERM, True, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, True, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, False, marks=pytest.mark.slow),
    ],
)
def test_the_first_signal_ends_training_after_the_current_epoch(
    number: signal.Signals, quiet: bool, workplace: Path
) -> None:
    process = start("train", *ENDLESS, "--no-plots", *["--quiet"] * quiet, cwd=workplace)
    wait_until(lambda: is_training(workplace / "runs", process), process)
    time.sleep(0.05)
    process.send_signal(number)
    code, out, err = end_soon(process, 5)
    assert code == 128 + number
    assert "stopping after this epoch" in err
    run = runs_in(workplace / "runs")[0].relative_to(workplace)
    if quiet:
        assert out == f"{run}\n"
    else:
        assert "interrupted: " in out
        assert f"next     nnscratch resume {run}\n" in out
    epochs = record_of(workplace / run)["epochs_done"]
    check_interrupted(
        workplace, epochs=epochs, settings=["configs/xor.yaml", f"epochs={epochs + 9}"]
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (signal.SIGINT, signal.SIGINT),
        pytest.param(signal.SIGTERM, signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, signal.SIGINT, marks=pytest.mark.slow),
    ],
)
def test_the_second_signal_stops_at_once(
    first: signal.Signals, second: signal.Signals, workplace: Path
) -> None:
    process = start_slow(workplace, LONG_EPOCH)
    process.send_signal(first)
    time.sleep(0.2)
    assert process.poll() is None  # the first waits for the epoch
    process.send_signal(second)
    code, out, _ = end_soon(process, 2)
    assert code == 128 + first
    assert "in the middle of an epoch" in out
    assert "nnscratch resume runs/" in out
    check_interrupted(workplace, epochs=1)


def test_a_stop_within_the_first_epoch_leaves_a_run_that_can_start_again(workplace: Path) -> None:
    patch = SLOW_STEPS.format(since=1, seconds=0.5)
    process = start("train", *SHORT, "--quiet", "--no-plots", cwd=workplace, patch=patch)
    wait_until(lambda: is_training(workplace / "runs", process), process)
    for _ in range(2):
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
    assert end_soon(process, 2)[0] == 143
    check_interrupted(workplace, epochs=0)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_long_epoch_is_abandoned_after_the_grace_period(
    number: signal.Signals, workplace: Path
) -> None:
    process = start_slow(workplace, LONG_EPOCH + GRACE)
    began = time.monotonic()
    process.send_signal(number)
    code, _, err = end_soon(process, 4)
    assert time.monotonic() - began > 0.9
    assert code == 128 + number
    assert "in 1 s at the latest" in err
    check_interrupted(workplace, epochs=1)


SLOW_SAVE = """
from nnscratch.training import training_run
save = training_run.save_checkpoint
def save_slowly(*arguments):
    for _ in range(20):
        time.sleep(0.1)
    save(*arguments)
training_run.save_checkpoint = save_slowly
"""


@pytest.mark.slow  # saving takes seconds here
@pytest.mark.parametrize("times", [1, 2])
def test_a_stop_during_a_checkpoint_prevents_the_next_epoch(times: int, workplace: Path) -> None:
    # One signal: the grace period ends while the file is still being written.
    process = start_slow(workplace, LONG_EPOCH + GRACE + SLOW_SAVE, "checkpoint_seconds=0")
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    code, _, _ = end_soon(process, 7)
    assert code == 130
    (run,) = runs_in(workplace / "runs")
    assert check_whole(run) == record_of(run)["epochs_done"] == 1


SLOW_EVALUATION = """
import nnscratch.nn.training.held_out as training
evaluate = training.evaluate_examples
def evaluate_slowly(*arguments, **settings):
    if evaluate_slowly.calls:
        for _ in range(60):
            time.sleep(0.1)
    evaluate_slowly.calls += 1
    return evaluate(*arguments, **settings)
evaluate_slowly.calls = 0
training.evaluate_examples = evaluate_slowly
"""


@pytest.mark.slow  # evaluating takes seconds here
def test_the_second_signal_stops_at_once_while_held_out_rows_are_evaluated(workplace: Path) -> None:
    settings = ["configs/moons.yaml", "dataset.validation=0.2", "epochs=3", "--no-plots"]
    patch = SLOW_STEPS.format(since=9, seconds=0) + SLOW_EVALUATION
    process = start("train", *settings, cwd=workplace, patch=patch)
    wait_for_line(process, "epoch 1/3")
    for _ in range(2):
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
    assert end_soon(process, 2)[0] == 130
    (run,) = runs_in(workplace / "runs")
    assert check_whole(run) == record_of(run)["epochs_done"] == 1


def wait_for_pictures(workplace: Path, process: Process) -> Path:
    """Waits until a training is completed, so that its pictures are about to be drawn."""
    runs = workplace / "runs"
    wait_until(lambda: [r for r in runs_in(runs) if record_of(r)["status"] == "completed"], process)
    return runs_in(runs)[0]


def test_ctrl_c_while_plots_are_drawn_leaves_a_completed_run_that_is_reported(
    workplace: Path,
) -> None:
    slow = (
        "import time\nfrom nnscratch.plots import drawing\n"
        "drawing.draw_for_run = lambda *_: time.sleep(9)"
    )
    process = start("train", "configs/xor.yaml", cwd=workplace, patch=slow)
    run = wait_for_pictures(workplace, process)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    code, out, _ = end_soon(process, 2)
    assert code in (0, 130)
    assert record_of(run)["status"] == "completed"
    assert f"run      {run.relative_to(workplace)}" in out
    assert "plots    " not in out


@pytest.mark.slow  # drawing imports matplotlib, again and again
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_plots_are_drawn_damages_nothing(
    number: signal.Signals, workplace: Path
) -> None:
    for i in range(8):
        folder = workplace / str(i)
        folder.mkdir()
        process = start("train", workplace / "configs/xor.yaml", cwd=folder)
        run = wait_for_pictures(folder, process)
        time.sleep(0.08 * i)
        process.send_signal(number)
        code, _, _ = end_soon(process, 5)
        assert code in (0, 128 + number, -number)
        assert check_whole(run) == 500
        for path in run.glob("plots/*.png"):
            with Image.open(path) as image:
                image.load()
        assert Model.load(run).predict([[0, 1]]).tolist() == [1]


@pytest.mark.slow  # many starts, each with the data loaded
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_at_any_moment_gives_no_traceback_and_its_own_exit_code(
    number: signal.Signals, workplace: Path
) -> None:
    moments = random.Random(int(number))  # noqa: S311 - nothing secret
    for i in range(25):
        runs = workplace / f"runs-{i}"
        settings = ["configs/digits.yaml", "epochs=5", "--runs-dir", runs]
        process = start("train", *settings, cwd=workplace)
        # In its first milliseconds it is Python that starts, and nnscratch has no say yet.
        time.sleep(moments.uniform(0.1, 2.5))
        process.send_signal(number)
        code, _, err = end(process)  # looks for tracebacks
        assert code in (0, 128 + number, -number), err
        found = runs_in(runs)
        if code == 0:
            assert record_of(found[0])["status"] == "completed"
        for run in found:
            check_whole(run)
            assert record_of(run)["status"] in ("completed", "interrupted")
            assert not list(run.glob(".*.tmp"))
            assert command("runs", "--runs-dir", runs, cwd=workplace)[0] == 0


# What is written piece by piece, with time between the pieces.
SLOWLY = """
import time
def slowly(function):
    def run(*arguments, **options):
        for piece in function(*arguments, **options):
            yield piece
            time.sleep({seconds})
    return run
"""
SLOW_TABLE = """
from nnscratch.model import prediction_files
prediction_files.csv_lines = slowly(prediction_files.csv_lines)
prediction_files.json_lines = slowly(prediction_files.json_lines)
"""
SLOW_FIGURE = """
from PIL.Image import Image
from matplotlib.figure import Figure
def save_slowly(figure, file, *kind, **options):
    file.write(b"half of it")
    file.flush()
    time.sleep(20)
Figure.savefig = Image.save = save_slowly
"""
SLOW_SCORES = """
from nnscratch.model import evaluation
def evaluate_slowly(*_):
    open(".evaluating.tmp", "w").close()
    time.sleep(20)
evaluation.evaluate_split = evaluate_slowly
"""
WRITERS = {
    "predict": (SLOW_TABLE, ["predict", "latest", "--output", "new.csv"]),
    "predict json": (SLOW_TABLE, ["predict", "latest", "--output", "new.json"]),
    "plot": (SLOW_FIGURE, ["plot", "latest", "--output", "new.svg"]),
    "plot all": (SLOW_FIGURE, ["plot", "latest", "--kind", "all"]),
    "evaluate": (SLOW_SCORES, ["evaluate", "latest"]),
}


@pytest.mark.parametrize(
    "number",
    [
        # Ctrl-C has tests of its own; each of these takes a second.
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        signal.SIGTERM,
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),  # handled as SIGTERM is
    ],
)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_signal_leaves_no_temporary_file(
    writer: str, number: signal.Signals, trained: Path, workplace: Path
) -> None:
    patch, arguments = WRITERS[writer]
    before = {*workplace.rglob("*")}
    patch = SLOWLY.format(seconds=20) + patch
    process = start(*arguments, cwd=workplace, patch=patch)
    wait_until(lambda: [*workplace.rglob(".*.tmp")], process)
    (workplace / ".evaluating.tmp").unlink(missing_ok=True)
    time.sleep(0.1)
    process.send_signal(number)
    # What it interrupts would take twenty seconds.
    code, out, err = end_soon(process, 15)
    assert (code, out, err) == (128 + number, "", "")
    assert {*workplace.rglob("*")} - before <= {trained / "plots"}


@pytest.mark.slow  # many starts
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("writer", ["predict", "plot"])
def test_a_signal_at_any_moment_leaves_a_whole_file_or_none(
    writer: str, number: signal.Signals, trained: Path, workplace: Path
) -> None:
    before = {*workplace.rglob("*")}
    arguments = WRITERS[writer][1]
    (new,) = (workplace / word for word in arguments if word.startswith("new."))
    moments = random.Random(int(number))  # noqa: S311 - nothing secret
    codes = set()
    for _ in range(25):
        process = start(*arguments, cwd=workplace)
        time.sleep(moments.uniform(0.1, 1.0))
        process.send_signal(number)
        code, _, err = end_soon(process, 5)
        assert code in (0, 128 + number, -number), err
        codes.add(code)
        assert code != 0 or new.exists()
        if new.exists():
            assert new.read_bytes().endswith((b"\n", b"</svg>\n"))
            new.unlink()
        assert {*workplace.rglob("*")} == before
    assert 128 + number in codes


def test_signals_that_are_ignored_stay_so(workplace: Path, trained: Path) -> None:
    """As under nohup, whose children outlive the terminal."""
    patch = SLOWLY.format(seconds=0.1) + SLOW_TABLE
    patch += "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    arguments = ["predict", "latest", "--output", "new.csv"]
    process = start(*arguments, cwd=workplace, patch=patch)
    wait_until(lambda: [*workplace.rglob(".*.tmp")], process)
    process.send_signal(signal.SIGHUP)
    assert end(process)[0] == 0
    assert (workplace / "new.csv").is_file()
