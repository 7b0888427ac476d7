"""No truncation and no flipped bit of weights or a checkpoint changes a value unnoticed.

Damage to the files beside them never gives a traceback.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nnscratch.errors import FileFormatError, UsageError
from nnscratch.model import weights_file as weights
from nnscratch.model.model import Model
from nnscratch.training.checkpoint import load_checkpoint
from tests.conftest import Command

# One unit, so that the files are small enough to flip each of their bits.
CONFIG = "dataset: not\narchitecture: []\nepochs: 2\noptimizer: {name: sgd, momentum: 0.5}\n"
STEP = 11  # the fast tests flip every eleventh bit, so in turn each of a byte's


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_bytes(CONFIG.encode())
    result = nnscratch("train", "tiny.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return Path(result.out.strip())


def model_values(path: Path) -> object:
    """All that a weights file says, to the bit."""
    model = Model.load(path)
    arrays, manifest = weights.pack(
        model.network, model.encoding, model.preprocessing, model.image, model.table
    )
    return {name: (a.dtype.str, a.shape, a.tobytes()) for name, a in arrays.items()}, manifest


def checkpoint_values(path: Path) -> object:
    """All that a checkpoint says, to the bit; Python compares the floats of equal texts."""
    saved = load_checkpoint(path)
    arrays = [saved.weights, saved.best_weights]
    numbers = {}
    for name, (counters, state) in saved.states.items():
        numbers[name] = repr(counters), list(state)
        arrays += state.values()
    values = [None if a is None else (a.dtype.str, a.shape, a.tobytes()) for a in arrays]
    others = (saved.last, saved.best, saved.seconds)
    return values, numbers, others, saved.config.to_dict(), saved.data_fingerprint


READERS: dict[str, Callable[[Path], object]] = {
    "weights.npz": model_values,
    "checkpoint.npz": checkpoint_values,
}
for_each_file = pytest.mark.parametrize("name", READERS)


def truncations(content: bytes) -> Iterator[bytes]:
    return (content[:length] for length in range(len(content)))


def flips(content: bytes, step: int = 1, start: int = 0) -> Iterator[bytes]:
    """Yields `content` with one bit flipped: each bit, or every so many-th."""
    damaged = bytearray(content)
    for bit in range(start, 8 * len(content), step):
        damaged[bit // 8] ^= 1 << bit % 8
        yield bytes(damaged)
        damaged[bit // 8] ^= 1 << bit % 8


def outcomes(path: Path, damaged: Iterator[bytes]) -> Counter[str]:
    """Reads each damaged content from `path` and counts what came of it."""
    read = READERS[path.name]
    whole, counts = read(path), Counter[str]()
    for number, content in enumerate(damaged):
        path.write_bytes(content)
        try:
            values, refusal = read(path), ""
        except (FileFormatError, UsageError) as error:
            values, refusal = whole, str(error)
        assert values == whole, number
        assert not refusal or (str(path) in refusal and "\n" not in refusal), refusal
        counts["refused" if refusal else "the same"] += 1
    return counts


@for_each_file
def test_every_truncation_is_refused(name: str, run: Path) -> None:
    size = (run / name).stat().st_size
    counts = outcomes(run / name, truncations((run / name).read_bytes()))
    assert counts == {"refused": size}


@for_each_file
def test_no_flipped_bit_changes_a_value(name: str, run: Path) -> None:
    content = (run / name).read_bytes()
    counts = outcomes(run / name, flips(content, STEP))
    assert counts["refused"] > counts["the same"]


@pytest.mark.slow  # some twenty thousand bits, half a millisecond each
@for_each_file
def test_none_of_all_flipped_bits_changes_a_value(name: str, run: Path) -> None:
    content = (run / name).read_bytes()
    counts = outcomes(run / name, flips(content))
    assert counts.total() == 8 * len(content)
    # Of a member's two heads in the zip most of dates, versions and rights mean nothing.
    assert counts["refused"] > 6 * len(content)


def assert_no_traceback(nnscratch: Command, commands: list[list[object]], what: object) -> None:
    for command in commands:
        result = nnscratch(*command)
        context = (what, command[0], result.err)
        assert result.code in (0, 1, 2), context
        assert "Traceback" not in result.err, context
        assert "mistake in nnscratch" not in result.err, context
        if result.code:
            assert any(line.startswith("error: ") for line in result.err.splitlines()), context


def read_damaged(
    name: str, run: Path, other: Path, damaged: Iterator[bytes], nnscratch: Command
) -> None:
    """Lets every command that reads `name` read it damaged; the run is mended after each."""
    before = {path: path.read_bytes() for path in run.iterdir() if path.is_file()}
    for number, content in enumerate(damaged):
        (run / name).write_bytes(content)
        reading: list[list[object]] = [
            ["runs"],
            ["compare", run, other],
            ["compare", run, other, "--format", "json"],
            ["predict", run],
            ["evaluate", run],
            ["show", run],
            ["resume", run, "epochs=3", "--quiet", "--no-plots"],
        ]
        unread = {"metrics.csv": {"predict", "evaluate", "show"}, "run.json": {"show"}}
        commands = [one for one in reading if one[0] not in unread.get(name, ())]
        assert_no_traceback(nnscratch, commands, (number, content))
        for path, whole in before.items():
            path.write_bytes(whole)


# Bits are far apart where commands take longer, and all of them take minutes.
@pytest.mark.parametrize(
    "step", [487, pytest.param(9, marks=pytest.mark.slow)], ids=["sample", "many"]
)
@pytest.mark.parametrize("name", ["run.json", "metrics.csv", "config.yaml"])
def test_a_flipped_bit_in_another_file_gives_no_traceback(
    name: str, step: int, run: Path, nnscratch: Command
) -> None:
    other = run.with_name("other-20260101-000000")
    other.mkdir()
    for path in run.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    content = (run / name).read_bytes()
    read_damaged(name, run, other, flips(content, step), nnscratch)
    read_damaged(name, run, other, iter([content[: len(content) // 2], b"", b"\xff"]), nnscratch)
