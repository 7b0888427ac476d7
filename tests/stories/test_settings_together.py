"""Settings that contradict each other are refused with the reason; all others train."""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product
from math import isfinite
from pathlib import Path

import numpy as np
import pytest

from nnscratch import load_config, prepare
from nnscratch.errors import ConfigError
from nnscratch.files import npz
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.schedules import SCHEDULES
from nnscratch.runs import read_metrics
from nnscratch.training.trainer import Trainer
from tests.conftest import Command, messages

ROWS = "inputs: [[0, 1], [1, 0], [2, 1], [3, 3], [4, 1], [5, 0], [6, 2]]"
CLASSES = f"dataset: {{name: inline, {ROWS}, targets: [a, b, a, b, a, b, a]}}\n"
NUMBERS = f"dataset: {{name: inline, {ROWS}, targets: [0.5, 1.5, 2.25, 3, 4, 5, 6]}}\n"
DROPPING = "architecture=[{units: 3, dropout: 0.5}]"
NORMALIZED = "architecture=[{units: 3, batch_norm: true}]"

# The data, settings that contradict it or each other, the key that is named, and the reason.
CONTRADICTIONS = [
    (CLASSES, "optimizer=lbfgs batch_size=3", "batch_size", "must be full"),
    (CLASSES, "optimizer=rprop batch_size=3", "batch_size", "must be full"),
    (CLASSES, "early_stopping=3", "early_stopping.monitor", "no validation part"),
    (CLASSES, "schedule=reduce_on_plateau", "schedule.monitor", "no validation part"),
    (CLASSES, "validate_every=2", "validate_every", "needs a validation part"),
    (CLASSES, "loss=hinge output_activation=softmax", "output_activation", "cannot be softmax"),
    (CLASSES, "loss=hinge output_activation=sigmoid", "output_activation", "go from -1 to 1"),
    (NUMBERS, "loss=hinge", "loss", "hinge, which needs classes"),
    (CLASSES, "dropout=1", "dropout", "must be below 1"),
    (CLASSES, "dropout=1.0", "dropout", "must be below 1"),
    (CLASSES, "dropout=-0.1", "dropout", "must be at least 0"),
    (CLASSES, "architecture=[{units: 3, dropout: 1}]", "architecture.0.dropout", "below 1"),
    (CLASSES, "architecture=[3] architecture.0.dropout=1", "architecture.0.dropout", "below 1"),
    (CLASSES, "batch_norm=true batch_size=1", "batch_size", "no variance"),
    (CLASSES, "batch_norm=true batch_size=3", "batch_size", "no variance"),
    (CLASSES, f"{NORMALIZED} batch_size=6", "batch_size", "no variance"),
    (CLASSES, "batch_norm.momentum=0.5 batch_size=2", "batch_size", "no variance"),
    (CLASSES, "batch_norm.momentum=1", "batch_norm.momentum", "must be below 1"),
    (CLASSES, "batch_norm.epsilon=0", "batch_norm.epsilon", "must be at least"),
    (CLASSES, "batch_norm=3", "batch_norm", "true"),
    (CLASSES, "optimizer=lbfgs dropout=0.2", "dropout", "lbfgs"),
    (CLASSES, f"optimizer=lbfgs {DROPPING}", "architecture.0.dropout", "lbfgs"),
    (CLASSES, "optimizer=lbfgs schedule=cosine", "schedule", "lbfgs"),
    (CLASSES, "optimizer=lbfgs schedule={name: constant, warmup_epochs: 2}", "schedule", "lbfgs"),
    (CLASSES, "optimizer=lbfgs clip_norm=1", "clip_norm", "lbfgs"),
    (CLASSES, "optimizer=lbfgs max_norm=1", "max_norm", "lbfgs"),
    (CLASSES, "architecture=[] dropout=0.5", "dropout", "needs a hidden layer"),
    (CLASSES, "architecture=[] batch_norm=true", "batch_norm", "needs a hidden layer"),
    (CLASSES, "loss=mse label_smoothing=0.1", "label_smoothing", "the loss is mean_squared_error"),
    (CLASSES, "loss=hinge label_smoothing=0.1", "label_smoothing", "the loss is hinge"),
    (CLASSES, "label_smoothing=1", "label_smoothing", "must be below 1"),
    (CLASSES, "loss=mse class_weight=balanced", "class_weight", "the loss is mean_squared_error"),
    (NUMBERS, "class_weight=balanced", "class_weight", "the loss is mean_squared_error"),
    (CLASSES, "class_weight={c: 3}", "class_weight", "names c; the classes are a, b"),
    (CLASSES, "class_weight.c=3", "class_weight", "names c; the classes are a, b"),
    (CLASSES, "class_weight={a: 0, b: 0}", "class_weight", "every class the weight 0"),
    (CLASSES, "class_weight={a: -1}", "class_weight.a", "must be at least 0"),
    (CLASSES, "class_weight.a=-1", "class_weight.a", "must be at least 0"),
    (CLASSES, "class_weight={a: .nan}", "class_weight.a", "must be a finite number"),
    (CLASSES, "class_weight={a: much}", "class_weight.a", "must be a number"),
    (CLASSES, "class_weight=balancd", "class_weight", "balanced or a mapping"),
    (CLASSES, "class_weight=[1, 2]", "class_weight", "balanced or a mapping"),
    (CLASSES, "average=1", "average.decay", "must be below 1"),
    (CLASSES, "average.decay=1", "average.decay", "must be below 1"),
    (CLASSES, "average={decay: -0.5}", "average.decay", "must be at least 0"),
    (CLASSES, "max_norm=0", "max_norm", "must be above 0"),
    (CLASSES, "clip_norm=0", "clip_norm", "must be above 0"),
    (CLASSES, "early_stopping=0 dataset.task=classes", "early_stopping.patience", "at least 1"),
]


def split(settings: str) -> list[str]:
    """Parts KEY=VALUE from KEY=VALUE where a new key begins, for values hold blanks too."""
    return re.split(r" (?=[a-z_.0-9]+=)", settings)


def assert_one_reason(result: tuple[int, str, str], key: str, reason: str) -> None:
    code, out, err = result
    assert (code, out) == (2, ""), err
    (line,) = [line for line in messages(err) if not line.startswith(("data ", "network "))]
    assert line.startswith("error: ")
    assert f"`{key}` " in line
    assert reason in line


@pytest.mark.parametrize(("data", "settings", "key", "reason"), CONTRADICTIONS)
def test_a_contradiction_is_refused_with_one_reason_however_it_is_written(
    data: str, settings: str, key: str, reason: str, workplace: Path, nnscratch: Command
) -> None:
    Path("plain.yaml").write_text(data)
    assert_one_reason(nnscratch("train", "plain.yaml", *split(settings)), key, reason)
    lines = [change.replace("=", ": ", 1) for change in split(settings)]
    if not any("." in line.partition(":")[0] for line in lines):
        Path("whole.yaml").write_text(data + "\n".join(lines))
        assert_one_reason(nnscratch("train", "whole.yaml"), key, reason)
        assert_one_reason(nnscratch("validate", "whole.yaml"), key, reason)
    assert not Path("runs").exists()


def test_all_contradictions_are_reported_at_once(workplace: Path, nnscratch: Command) -> None:
    Path("mine.yaml").write_text(CLASSES)
    settings = "optimizer=lbfgs dropout=0.5 schedule=linear max_norm=2"
    result = nnscratch("train", "mine.yaml", *split(settings))
    assert result.code == 2
    named = re.findall(r"`(\w+)` ", result.err)
    assert {"dropout", "schedule", "max_norm"} <= set(named)


def test_all_that_does_not_fit_the_data_is_reported_at_once(
    workplace: Path, nnscratch: Command
) -> None:
    Path("mine.yaml").write_text(CLASSES)
    settings = "batch_size=2 batch_norm=true loss=mse label_smoothing=0.1"
    result = nnscratch("train", "mine.yaml", *split(settings))
    assert result.code == 2
    named = re.findall(r"`(\w+)` ", result.err)
    assert {"batch_size", "label_smoothing"} <= set(named)


def test_a_layer_that_drops_out_under_lbfgs_is_named_with_its_line(
    workplace: Path, nnscratch: Command
) -> None:
    layers = "architecture:\n  - 4\n  - units: 3\n    dropout: 0.5\n"
    Path("mine.yaml").write_text(f"{CLASSES}optimizer: lbfgs\n{layers}")
    assert re.search(r"mine\.yaml:[56]:5: `architecture\.1", nnscratch("train", "mine.yaml").err)


def train_with_batches_of(size: int | str) -> list[EpochRecord]:
    config = load_config("mine.yaml", [f"batch_size={size}"])
    return list(Trainer(prepare(config)).epochs())


@pytest.mark.parametrize(
    ("rows", "sizes"), [(rows, range(2, rows + 2)) for rows in (2, 3, 4, 5, 7, 9, 13)] + [(6, [1])]
)
def test_a_batch_size_that_is_proposed_works(
    rows: int, sizes: Sequence[int], workplace: Path
) -> None:
    inputs, targets = [[i] for i in range(rows)], ["a", "b"] * rows
    data = f"dataset: {{name: inline, inputs: {inputs}, targets: {targets[:rows]}}}\n"
    Path("mine.yaml").write_text(f"{data}batch_norm: true\nepochs: 1\n".replace("'", ""))
    for size in sizes:
        if size > 1 and (size >= rows or rows % size != 1):
            assert train_with_batches_of(size)
            continue
        with pytest.raises(ConfigError) as caught:
            prepare(load_config("mine.yaml", [f"batch_size={size}"]))
        other = re.search(r"batch_norm; ([\d,]+) does not", str(caught.value))
        assert other, str(caught.value)
        assert train_with_batches_of(other[1])


@pytest.mark.parametrize("change", ["early_stopping=3", "schedule=reduce_on_plateau"])
def test_a_remedy_that_is_given_works(change: str, workplace: Path, nnscratch: Command) -> None:
    remedy = "dataset.validation=0.1"
    quiet = ("--quiet", "--no-plots", "epochs=2")
    assert remedy in nnscratch("train", "configs/iris.yaml", change).err
    assert nnscratch("train", "configs/iris.yaml", change, remedy, *quiet).code == 0
    # A gate has four rows and no such key.
    assert nnscratch("train", "configs/xor.yaml", change, remedy, *quiet).code == 2
    assert remedy not in nnscratch("train", "configs/xor.yaml", change).err


@pytest.mark.parametrize(
    "settings",
    [
        "schedule: reduce_on_plateau",
        "schedule: {name: reduce_on_plateau, monitor: loss}",
        "optimizer: lbfgs\nschedule: cosine",
        "optimizer: lbfgs",
        "schedule: {name: cosine, warmup_epochs: 20}",
    ],
)
def test_a_rate_that_cannot_be_known_before_training_is_not_drawn(
    settings: str, workplace: Path, nnscratch: Command
) -> None:
    Path("mine.yaml").write_text(f"dataset: {{name: iris, validation: 0.2}}\n{settings}\n")
    result = nnscratch("plot", "--kind", "schedule", "mine.yaml")
    assert (result.code, result.out) == (2, "")
    assert re.match(r"error: .*(reduce_on_plateau|lbfgs|warmup_epochs)", result.err)
    assert not Path("mine-schedule.png").exists()


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("early_stopping=3", "early_stopping={monitor: auto, patience: 3, min_delta: 0}"),
        ("early_stopping.patience=3", "early_stopping={patience: 3}"),
        ("average=0.9", "average={decay: 0.9}"),
        ("average=0", "average={decay: 0.0}"),
        ("batch_norm=true", "batch_norm={momentum: 0.9, epsilon: 1e-5}"),
        ("batch_norm={}", "batch_norm=true"),
        ("batch_norm.momentum=0.5", "batch_norm={momentum: 0.5, epsilon: 1e-5}"),
        ("class_weight.1=5", 'class_weight={"1": 5.0}'),
        ("class_weight={1: 5}", 'class_weight={"1": 5.0}'),
        ("architecture.0.dropout=0.5", "architecture=[{units: 8, dropout: 0.5}]"),
        ("architecture.0.batch_norm=true", "architecture=[{units: 8, batch_norm: {}}]"),
        (
            "architecture.0.batch_norm.momentum=0.5",
            "architecture=[{units: 8, batch_norm: {momentum: 0.5}}]",
        ),
        ("schedule=cosine", "schedule={name: cosine, warmup_epochs: 0, end: 0}"),
    ],
)
def test_a_short_form_means_its_long_form(short: str, long: str, workplace: Path) -> None:
    brief = load_config("configs/xor.yaml", [short])
    assert brief == load_config("configs/xor.yaml", [long])
    assert brief != load_config("configs/xor.yaml")
    Path("again.yaml").write_text(brief.to_yaml())
    assert load_config("again.yaml") == brief


def sensible(optimizer: str) -> Iterator[list[str]]:
    """Yields settings that go together, each schedule in turn."""
    schedules = cycle(["constant"] if optimizer == "lbfgs" else SCHEDULES)
    dropouts = (0,) if optimizer == "lbfgs" else (0, 0.3)
    size = "full" if OPTIMIZERS[optimizer].full_batch else 5
    parts = product(LOSSES, ("false", "true"), dropouts, ("null", 0.9))
    for (loss, norm, dropout, average), schedule in zip(parts, schedules, strict=False):
        keys = f"optimizer={optimizer} loss={loss} batch_norm={norm} dropout={dropout}"
        yield f"{keys} average={average} schedule={schedule} batch_size={size}".split()


# A third of them in the fast tests; each optimizer has some fifty.
@pytest.mark.parametrize("first", [0, *(pytest.param(i, marks=pytest.mark.slow) for i in (1, 2))])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_valid_settings_train_and_the_resolved_config_gives_the_same_weights(
    optimizer: str, first: int, workplace: Path
) -> None:
    plain = "validation: 6, test: 4}\narchitecture: [3]\nepochs: 2\n"
    Path("blobs.yaml").write_text(f"dataset: {{name: blobs, samples: 24, {plain}")
    Path("moons.yaml").write_text(f"dataset: {{name: moons, samples: 24, {plain}")
    for changes in islice(sensible(optimizer), first, None, 3):
        file = "moons.yaml" if "loss=binary_cross_entropy" in changes else "blobs.yaml"
        once = prepare(load_config(file, changes))
        records = list(Trainer(once).epochs())
        assert all(isfinite(x) for r in records for x in r.scores.values()), changes
        assert {"loss", "val_loss"} <= records[-1].scores.keys()
        Path("resolved.yaml").write_text(once.config.to_yaml())
        again = prepare(load_config("resolved.yaml"))
        assert [r.scores for r in Trainer(again).epochs()] == [r.scores for r in records], changes
        weights = once.model.network.weights
        assert again.model.network.weights.tobytes() == weights.tobytes(), changes


@pytest.mark.parametrize(
    ("schedule", "optimizer"), list(zip(SCHEDULES, cycle(OPTIMIZERS), strict=False))
)
def test_a_run_can_be_repeated_from_its_own_config(
    schedule: str, optimizer: str, workplace: Path, nnscratch: Command
) -> None:
    optimizer = "nadam" if optimizer == "lbfgs" else optimizer
    settings = f"optimizer={optimizer} schedule={schedule} architecture.0.dropout=0.2 l1=0.01"
    settings += " batch_norm.momentum=0.5 average=0.9 max_norm=2 clip_norm=1 label_smoothing=0.1"
    settings += " class_weight=balanced early_stopping=9 dataset.validation=0.2 validate_every=2"
    size = "full" if OPTIMIZERS[optimizer].full_batch else 48
    few = [f"batch_size={size}", "epochs=5", "--quiet", "--no-plots"]
    result = nnscratch("train", "configs/iris.yaml", *settings.split(), *few)
    assert result.code == 0, result.err
    run = Path(result.out.strip())
    history = read_metrics(run)
    assert np.isfinite([history["loss"], history["learning_rate"]]).all()
    again = nnscratch("train", run / "config.yaml", "--quiet", "--no-plots")
    other = npz.read(Path(again.out.strip()) / "weights.npz")[0]
    first = npz.read(run / "weights.npz")[0]
    assert {n: a.tobytes() for n, a in first.items()} == {n: a.tobytes() for n, a in other.items()}
