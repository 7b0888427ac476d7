"""The warnings of `nnscratch validate`: what is allowed but probably a mistake, and only that."""

import re
from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.config.lint import find_warnings
from nnscratch.config.presets import PRESETS
from tests.conftest import ROOT, Command, skip_unless_a_name

# 80 rows to train on, 10 to validate, 10 to test.
MOONS = "dataset: {name: moons, samples: 100, validation: 10, test: 10}"
GATE = "dataset: xor"  # four rows
APPLIED = "preset: {name: tabular, applied: true}"
BATCH = PRESETS["tabular"].values["batch_size"]  # more than 80

# What is not meant beside what is, just before the boundary where there is one: the lines of the
# config, and the number of the line, the key and a part of the warning, if one is expected.
WARNINGS = [
    ([GATE, "learning_rate: 100"], (2, "learning_rate", "100 is so large")),
    ([GATE, "seed: 1", "lr: 1.01"], (3, "learning_rate", "1.01 is so large")),
    ([GATE, "learning_rate: 1"], None),
    ([GATE, "optimizer: lbfgs", "batch_size: full"], None),
    ([GATE, "learning_rate: 9e-8"], (2, "learning_rate", "9e-08 is so small")),
    ([GATE, "learning_rate: 1e-7"], None),
    ([GATE, "batch_size: 5"], (2, "batch_size", "5 is more than all 4 rows")),
    ([GATE, "batch_size: 4"], None),
    ([GATE, "batch_size: full"], None),
    ([MOONS, "batch_size: 81"], (2, "batch_size", "81 is more than all 80 rows")),
    ([MOONS, "batch_size: 80"], None),
    ([GATE, "epochs: 1"], (2, "epochs", "only once")),
    ([GATE, "epochs: 2"], None),
    (
        [MOONS, "epochs: 6", "early_stopping: 6"],
        (3, "early_stopping", "never stops before the last of 6 epochs"),
    ),
    ([MOONS, "epochs: 6", "early_stopping: 5"], None),
    (
        [MOONS, "early_stopping: 20"],
        (2, "early_stopping", "never stops before the last of 20 epochs"),
    ),
    ([MOONS, "early_stopping: 19"], None),
    (
        [MOONS, "early_stopping:", "  monitor: loss", "  patience: 100"],
        (2, "early_stopping", "never stops before the last of 20 epochs"),
    ),
    ([MOONS, "epochs: 5", "early_stopping: {monitor: loss}"], (3, "early_stopping", "5 epochs")),
    ([MOONS, "epochs: 6", "early_stopping: {monitor: loss}"], None),
    ([MOONS, "early_stopping: null"], None),
    ([MOONS, "epochs: 5", "validate_every: 6"], (3, "validate_every", "6 is more than all")),
    ([MOONS, "epochs: 5", "validate_every: 5"], None),
    ([MOONS, "validate_every: 21"], (2, "validate_every", "21 is more than all epochs, 20")),
    ([GATE, "schedule: {name: cosine, warmup_epochs: 19}"], None),
    ([GATE, "schedule: cosine"], None),
    ([GATE, "l1: 1"], (2, "l1", "1 is so large")),
    ([GATE, "l1: 0.99"], None),
    ([GATE, "l2: 1.5"], (2, "l2", "1.5 is so large")),
    ([GATE, "l2: 0.99"], None),
    ([GATE, "dropout: 0.9"], (2, "dropout", "0.9 leaves hardly anything")),
    ([GATE, "dropout: 0.89"], None),
    (
        [GATE, "ensemble: 2", "own_validation: true"],
        (3, "own_validation", "no random rows are held out for validation"),
    ),
    ([MOONS, "ensemble: 2", "own_validation: true"], None),
    (
        ["dataset:", "  name: moons", "  validation_seed: 4"],
        (3, "dataset.validation_seed", "no random rows are held out for validation"),
    ),
    (
        [
            "dataset:",
            "  name: moons",
            "  validation: 0.2",
            "  split: in_order",
            "  validation_seed: 0",
        ],
        (5, "dataset.validation_seed", "no random rows are held out for validation"),
    ),
    (["dataset: {name: moons, validation: 0.2, validation_seed: 4}"], None),
    # What a preset has set is written out in the config of a run; what was given beside it, too.
    ([MOONS, APPLIED, f"batch_size: {BATCH}"], None),
    ([MOONS, APPLIED, f"batch_size: {BATCH + 1}"], (3, "batch_size", "is more than all 80 rows")),
    ([MOONS, "own_validation: true"], None),  # such as a preset's, beside `ensemble=1`
    ([GATE], None),  # the default batch of 32 is more than four rows too
    ([GATE, "name: once", "architecture: [4]"], None),
]


@pytest.fixture(autouse=True)
def home(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(workplace / "nothing"))
    return workplace


@pytest.mark.parametrize(
    ("lines", "expected"), WARNINGS, ids=[" ".join(lines[1:]) for lines, _ in WARNINGS]
)
def test_a_probable_mistake_gets_a_warning_and_nothing_else_does(
    lines: list[str], expected: tuple[int, str, str] | None, nnscratch: Command
) -> None:
    Path("mine.yaml").write_text("\n".join(lines))
    result = nnscratch("validate", "mine.yaml")
    assert (result.code, result.out) == (0, "mine.yaml: fine\n")
    if expected is None:
        assert result.err == ""
        return
    number, key, words = expected
    warning, shown, mark = result.err.splitlines()
    line = lines[number - 1]
    indent = " " * line.index(key.rpartition(".")[2][0])
    assert warning.startswith(f"warning: mine.yaml:{number}:{len(indent) + 1}: `{key}` ")
    assert words in warning
    assert (shown, mark) == (f"      {number} | {line}", f"        | {indent}^")


def test_all_that_is_not_meant_is_said_at_once_and_the_exit_code_is_zero(
    nnscratch: Command,
) -> None:
    keys = ["learning_rate: 50", "batch_size: 4000", "epochs: 1", "early_stopping: 3", "l1: 2"]
    keys += ["validate_every: 2", "l2: 2", "dropout: 0.95"]
    Path("mine.yaml").write_text("\n".join([MOONS, *keys]))
    result = nnscratch("validate", "mine.yaml")
    assert (result.code, result.out) == (0, "mine.yaml: fine\n")
    found = re.findall(r"^warning: mine\.yaml:(\d+):1: `(\w+)` ", result.err, re.MULTILINE)
    expected = [(str(i), key.partition(":")[0]) for i, key in enumerate(keys, start=2)]
    assert sorted(found) == sorted(expected)


def test_a_config_with_a_mistake_shows_its_mistakes_and_no_warnings(nnscratch: Command) -> None:
    Path("mine.yaml").write_text("dataset: xor\nepochs: 1\nseed: -1\n")
    result = nnscratch("validate", "mine.yaml")
    assert (result.code, result.out) == (2, "")
    assert "warning" not in result.err


@pytest.mark.parametrize(
    "name", ["a,b.yaml", "two words.yaml", "12:30:00.yaml", "é.yaml", "folder,1/x.yaml"]
)
def test_a_warning_names_the_file_whatever_it_is_called(name: str, nnscratch: Command) -> None:
    skip_unless_a_name(name)
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("dataset: xor\nepochs: 1\n")
    result = nnscratch("validate", name)
    assert (result.code, result.out) == (0, f"{name}: fine\n")
    warning, *shown = result.err.splitlines()
    assert warning.startswith(f"warning: {name}:2:1: `epochs` ")
    assert shown == ["      2 | epochs: 1", "        | ^"]


def test_warnings_that_need_no_data_are_shown_where_the_data_is_missing(nnscratch: Command) -> None:
    Path("mine.yaml").write_text("dataset: mnist\nlearning_rate: 100\nepochs: 1\n")
    result = nnscratch("validate", "mine.yaml")
    assert result.code == 0
    assert result.out.startswith("mine.yaml: fine, as far as can be checked without its data")
    assert "warning: mine.yaml:2:1: `learning_rate` " in result.err
    assert "warning: mine.yaml:3:1: `epochs` " in result.err


@pytest.mark.parametrize("path", sorted(ROOT.glob("configs/*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_config_has_no_warnings(path: Path, nnscratch: Command) -> None:
    result = nnscratch("validate", path)
    assert (result.code, result.err) == (0, "")
    # Where the data are not there, the rows are none too few.
    assert find_warnings(load(path), rows=10**9) == []
