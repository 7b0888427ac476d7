"""What each `auto` means once the data is known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnscratch.config import load
from nnscratch.experiment.defaults import fill_defaults
from nnscratch.experiment.loading import load_dataset
from nnscratch.experiment.prepare import prepare


@pytest.mark.parametrize(
    ("targets", "loss", "output", "task"),
    [
        ("[a, b, a, b]", "binary_cross_entropy", "sigmoid", "classification"),
        ("[a, b, c, a]", "cross_entropy", "softmax", "classification"),
        ("[0.5, 1, 2, 3]", "mean_squared_error", "linear", "regression"),
    ],
)
def test_auto_follows_the_targets(targets: str, loss: str, output: str, task: str) -> None:
    rows = "inputs: [[0], [1], [2], [3]]"
    Path("mine.yaml").write_text(f"dataset: {{name: inline, {rows}, targets: {targets}}}\n")
    config = load("mine.yaml")
    filled = fill_defaults(config, load_dataset(config))
    assert (filled.loss.name, filled.output_activation.name) == (loss, output)
    assert filled.settings()["dataset.task"] == task


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("targets: [a, b, c, a]}", "selu"),
        ("targets: [[0, 1], [1, 1], [1, 0], [0, 0]]}\nloss: binary_cross_entropy", "selu"),
        ("targets: [0.5, 1, 2, 3]}", "mish"),
        ("targets: [a, b, a, b]}\nloss: mean_squared_error", "selu"),
    ],
)
def test_an_automatic_activation_follows_the_targets(settings: str, expected: str) -> None:
    rows = "inputs: [[0], [1], [2], [3]]"
    layers = "architecture: [3, {units: 2, activation: auto}, {units: 2, activation: tanh}]"
    text = f"dataset: {{name: inline, {rows}, {settings}\nactivation: auto\n{layers}\n"
    Path("mine.yaml").write_text(text)
    experiment = prepare(load("mine.yaml"))
    assert experiment.config.activation.name == expected
    names = [layer.activation.name for layer in experiment.model.network.hidden]
    assert names == [expected, expected, "tanh"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("targets: [a, b, c, a]}", True),
        ("targets: [a, b, a, b]}", True),
        ("targets: [a, b, a, b]}\nloss: hinge", False),
        ("targets: [a, b, a, b]}\nloss: mean_squared_error", False),
        ("targets: [0.5, 1, 2, 3]}", False),
        ("targets: [[0, 1], [1, 1], [1, 0], [0, 0]]}\nloss: binary_cross_entropy", True),
    ],
)
def test_automatic_calibration_follows_the_loss_and_the_parts(
    settings: str, expected: bool
) -> None:
    rows = "inputs: [[0], [1], [2], [3]]"
    Path("mine.yaml").write_text(f"dataset: {{name: inline, {rows}, {settings}\ncalibrate: auto\n")
    config = load("mine.yaml")
    whole = load_dataset(config)
    assert fill_defaults(config, whole).calibrate is False  # no validation part
    parts = {**whole.splits, "validation": whole.splits["train"]}
    filled = fill_defaults(config, replace(whole, splits=parts))
    assert filled.calibrate is expected
    assert "calibrate: " + str(expected).lower() in filled.to_yaml()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("calibrate: auto\nearly_stopping: 5", "val_calibrated_loss"),
        ("calibrate: true\nearly_stopping: {monitor: auto}", "val_calibrated_loss"),
        ("calibrate: true\nearly_stopping: {monitor: val_loss}", "val_loss"),
        ("calibrate: true\nearly_stopping: {monitor: val_accuracy}", "val_accuracy"),
        ("calibrate: auto\nloss: hinge\nearly_stopping: 5", "val_loss"),
        ("early_stopping: 5", "val_loss"),
    ],
)
def test_early_stopping_watches_the_loss_of_what_is_saved(settings: str, expected: str) -> None:
    data = "{name: moons, samples: 40, validation: 0.25}"
    Path("mine.yaml").write_text(f"dataset: {data}\n{settings}\n")
    config = prepare(load("mine.yaml")).config
    assert config.early_stopping
    assert config.early_stopping.monitor == expected
    Path("again.yaml").write_text(config.to_yaml())
    assert prepare(load("again.yaml")).config == config


@pytest.mark.parametrize(
    ("dataset", "settings"),
    [
        ("iris", {"scaling": "standardize", "test": 0.2}),
        ("digits", {"scaling": "minmax", "test": 0.2}),
        ("{name: iris, scaling: none, test: 0}", {"scaling": "none", "test": 0}),
    ],
)
def test_scaling_and_the_test_part(dataset: str, settings: dict[str, Any]) -> None:
    Path("mine.yaml").write_text(f"dataset: {dataset}\n")
    config = load("mine.yaml")
    filled = fill_defaults(config, load_dataset(config)).dataset.model_dump()
    assert settings.items() <= filled.items()


INLINE = [
    "targets: [[0], [1], [1], [0]]",
    "targets: [0.0, 1.0, 1.0, 0.0]",
    "targets: [a, b, c, a]",
    "targets: [true, false, false, true]",
    "targets: [[0, 1], [1, 0], [1, 1], [0, 0]]",
    "targets: [1, 2, 3, 4], task: classes",
    "targets: [1, 2, 1, 2], task: numbers",
]


@pytest.mark.parametrize("loss", ["auto", "mse", "huber"])
@pytest.mark.parametrize("targets", INLINE)
def test_a_resolved_config_is_a_config_that_resolves_to_itself(
    targets: str, loss: str, tmp_path: Path
) -> None:
    inputs = "inputs: [[0, 0], [0, 1], [1, 0], [1, 1]]"
    path = tmp_path / "mine.yaml"
    path.write_text(f"dataset: {{name: inline, {inputs}, {targets}}}\nloss: {loss}\n")
    first = prepare(load(path))
    (tmp_path / "again.yaml").write_text(first.config.to_yaml())
    again = prepare(load(tmp_path / "again.yaml"))
    assert again.config == first.config
    assert again.dataset.fingerprint() == first.dataset.fingerprint()
    assert again.model.encoding.loss == first.model.encoding.loss
    rows = first.dataset.splits["train"].targets
    encoded = first.model.encoding.encode(rows)
    assert again.model.encoding.encode(rows).tolist() == encoded.tolist()
