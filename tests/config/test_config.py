"""The schema against the code it configures: every name of a registry can be written, and the keys
and defaults of each part are its class's own. And what a config is once it is read.
"""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from nnscratch.config import Config, load
from nnscratch.config.settings.base import KEY_ALIASES, NAME_ALIASES
from nnscratch.config.settings.datasets import DATASET_MODELS, SplitSettings
from nnscratch.config.settings.short_forms import LayerSettings
from nnscratch.data import DATASETS
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.initializers import INITIALIZERS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.training.schedules import SCHEDULES

PARTS: dict[str, dict[str, Any]] = {
    "activation": dict(ACTIVATIONS),
    "output_activation": dict(ACTIVATIONS),
    "initializer": dict(INITIALIZERS),
    "loss": dict(LOSSES),
    "optimizer": dict(OPTIMIZERS),
    "schedule": dict(SCHEDULES),
}

CONFIGS = [
    "dataset: xor\n",
    """
dataset: {name: and, inputs: 3, encoding: bipolar}
architecture: []
batch_size: full
loss: {name: huber, delta: 0.30000000000000004}
""",
    """
name: "1e3"
seed: 9223372036854775807
dtype: float64
dataset:
  name: inline
  inputs: [[0, 1.5], [-2, 1.0e-300], [1000000000000000000000, 0], [3, 4], [5, 6], [7, 8], [9, 0]]
  targets: ["no", "010", "1e-3", "", " x", "true", "a\\nb: [c]\\n#d"]
  task: classes
architecture: [4, {units: 3, activation: tanh}, {units: 2, activation: {name: elu, alpha: 0.1}}]
activation: {name: leaky_relu, negative_slope: 0.2}
output_activation: softmax
use_bias: false
initializer: {name: uniform, minval: -1, maxval: 1}
loss: cross_entropy
optimizer: {name: adamw, beta_1: 0.5, epsilon: 1.0e-12, weight_decay: 0.1}
learning_rate: 1.0e-5
batch_size: 1
epochs: 1000000000
""",
    """
dataset: {name: inline, inputs: [[1], [2]], targets: [true, false]}
optimizer: {name: sgd, momentum: 0.9, nesterov: true}
initializer: {name: normal, stddev: 0}
activation: swish
""",
    """
dataset: {name: inline, inputs: [[1], [2]], targets: [[0.1, 1], [2, 3.0]], task: numbers}
optimiser: {rho: 0.5, name: rmsprop}
lr: 1
hidden_layers: [1]
""",
]


def config_of(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    return load(path)


def dict_of(tmp_path: Path, text: str) -> dict[str, Any]:
    return config_of(tmp_path, text).to_dict()


@pytest.mark.parametrize(
    ("old", "task"), [("classes", "classification"), ("numbers", "regression")]
)
def test_the_tasks_of_older_configs_are_the_same_settings(
    old: str, task: str, tmp_path: Path
) -> None:
    text = "dataset: {{name: inline, inputs: [[1], [2]], targets: [1, 2], task: {}}}\n"
    before = config_of(tmp_path, text.format(old))
    now = config_of(tmp_path, text.format(task))
    assert before == now
    assert before.settings() == now.settings()
    assert before.settings()["dataset.task"] == task


def literals(annotation: Any) -> list[str]:
    """The words of a Literal, or of a union of several."""
    if isinstance(annotation, str):
        return [annotation]
    return [word for part in get_args(annotation) for word in literals(part)]


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def settings_by_name(key: str) -> dict[str, type[BaseModel]]:
    """The settings class behind each name that the config's `key` takes."""
    pairs = [
        (name, model)
        for model in models_in(Config.model_fields[key].annotation)
        for name in literals(model.model_fields["name"].annotation)
    ]
    assert len(dict(pairs)) == len(pairs), "a name has two meanings"
    return dict(pairs)


def keys_and_defaults(model: type[BaseModel]) -> dict[str, Any]:
    return {
        key: inspect.Parameter.empty if field.is_required() else field.default
        for key, field in model.model_fields.items()
    }


def arguments_and_defaults(function: Callable[..., Any]) -> dict[str, Any]:
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
    }


def all_models(model: type[BaseModel] = Config) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for part in models_in(field.annotation):
            yield from all_models(part)


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("activation", {*ACTIVATIONS, "auto"}),
        ("output_activation", {*ACTIVATIONS, "auto", "softmax"}),
        ("initializer", {*INITIALIZERS, "auto"}),
        ("loss", {*LOSSES, "auto"}),
        ("optimizer", set(OPTIMIZERS)),
        ("schedule", set(SCHEDULES)),
        ("dataset", set(DATASETS)),
    ],
)
def test_the_names_of_a_config_are_those_of_the_registry(key: str, names: set[str]) -> None:
    assert set(settings_by_name(key)) == names


def test_the_activations_of_a_layer_are_those_of_the_config() -> None:
    layer = models_in(LayerSettings.model_fields["activation"].annotation)

    assert layer == models_in(Config.model_fields["activation"].annotation)


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key, registry in PARTS.items() for name in registry]
)
def test_the_keys_and_defaults_of_a_part_are_the_arguments_of_its_class(
    key: str, name: str
) -> None:
    keys = keys_and_defaults(settings_by_name(key)[name])
    keys.pop("name")
    arguments = arguments_and_defaults(PARTS[key][name])
    # These two are keys of the whole config.
    of_config = {k: arguments.pop(k) for k in ("label_smoothing", "class_weight") if k in arguments}

    assert keys == arguments
    assert of_config.items() <= keys_and_defaults(Config).items()


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key, registry in PARTS.items() for name in registry]
)
def test_every_name_of_a_registry_can_be_written_alone(key: str, name: str) -> None:
    config = Config.model_validate({"dataset": "xor", key: name})
    settings = config.model_dump()[key]

    assert settings.pop("name") == name
    assert PARTS[key][name](**settings) == PARTS[key][name]()


@pytest.mark.parametrize("name", DATASETS)
def test_the_keys_and_defaults_of_a_data_set_are_the_arguments_of_its_source(name: str) -> None:
    keys = keys_and_defaults(DATASET_MODELS[name])
    own = {key: default for key, default in keys.items() if key not in SplitSettings.model_fields}

    assert own == arguments_and_defaults(DATASETS[name])


@pytest.mark.parametrize("model", dict.fromkeys(all_models()), ids=lambda model: model.__name__)
def test_every_key_is_described_in_one_line(model: type[BaseModel]) -> None:
    for key, field in model.model_fields.items():
        # The name of a part is what its class's docstring describes.
        if model is Config or key != "name":
            assert field.description, key
            assert len(field.description.splitlines()) == 1, key
    assert model.__doc__


def test_only_the_data_set_has_no_default() -> None:
    required = [key for key, field in Config.model_fields.items() if field.is_required()]

    assert required == ["dataset"]


def test_the_defaults_are_the_documented_ones(tmp_path: Path) -> None:
    config = dict_of(tmp_path, "dataset: xor\n")

    assert (
        config.items()
        >= {
            "name": "c",
            "seed": 42,
            "dtype": "float32",
            "activation": "relu",
            "output_activation": "auto",
            "use_bias": True,
            "initializer": "auto",
            "loss": "auto",
            "learning_rate": 0.001,
            "epochs": 20,
        }.items()
    )
    assert config["optimizer"] == {
        "name": "adam",
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-8,
    }


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("mnist.yaml", "mnist"),
        ("my-run_2.1.yaml", "my-run_2.1"),
        ("no-suffix", "no-suffix"),
        ("7.yaml", "7"),
    ],
)
def test_the_name_is_the_stem_of_the_file_unless_given(
    tmp_path: Path, file: str, name: str
) -> None:
    path = tmp_path / file
    path.write_text("dataset: xor\n")

    assert load(path).name == name
    assert load(path, ["name=other"]).name == "other"


@pytest.mark.parametrize("file", ["two words.yaml", "ähm.yaml", "日本.yaml", ".yaml", "-x.yaml"])
def test_any_file_name_makes_a_name_for_a_directory(tmp_path: Path, file: str) -> None:
    path = tmp_path / file
    path.write_text("dataset: xor\n")
    name = load(path).name

    assert name.isascii()
    assert name.strip()
    assert not set(name) & set(" /\\:")
    assert not name.startswith(("-", "."))


@pytest.mark.parametrize(
    ("line", "canonical"),
    [
        ("activation: logistic", "activation: sigmoid"),
        ("activation: identity", "activation: linear"),
        ("activation: swish", "activation: silu"),
        ("activation: {name: identity}", "activation: {name: linear}"),
        (
            "architecture: [{units: 4, activation: logistic}]",
            "architecture: [{units: 4, activation: sigmoid}]",
        ),
        ("output_activation: logistic", "output_activation: sigmoid"),
        ("initializer: xavier_uniform", "initializer: glorot_uniform"),
        ("initializer: xavier_normal", "initializer: glorot_normal"),
        ("initializer: kaiming_uniform", "initializer: he_uniform"),
        ("initializer: kaiming_normal", "initializer: he_normal"),
        ("loss: mse", "loss: mean_squared_error"),
        ("loss: mae", "loss: mean_absolute_error"),
        ("loss: bce", "loss: binary_cross_entropy"),
        ("loss: {name: mse}", "loss: {name: mean_squared_error}"),
        ("lr: 0.5", "learning_rate: 0.5"),
        ("hidden_layers: [4]", "architecture: [4]"),
        ("optimiser: sgd", "optimizer: sgd"),
        ("random_state: 1", "seed: 1"),
        ("bias: false", "use_bias: false"),
    ],
)
def test_an_alias_is_accepted_and_written_back_canonically(
    tmp_path: Path, line: str, canonical: str
) -> None:
    written = config_of(tmp_path, f"dataset: xor\n{line}\n").to_yaml()

    assert written == config_of(tmp_path, f"dataset: xor\n{canonical}\n").to_yaml()


def test_aliases_of_names_lead_to_names_and_hide_none() -> None:
    names = {name for registry in PARTS.values() for name in registry}

    assert set(NAME_ALIASES.values()) <= names
    assert not set(NAME_ALIASES) & (names | {"auto", "softmax", *DATASETS})


def test_aliases_of_keys_lead_to_keys_and_hide_none() -> None:
    assert set(KEY_ALIASES.values()) <= set(Config.model_fields)
    assert not set(KEY_ALIASES) & set(Config.model_fields)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("dataset: xor", "dataset: {name: xor}"),
        ("activation: elu", "activation: {name: elu, alpha: 1}"),
        ("output_activation: sigmoid", "output_activation: {name: sigmoid}"),
        ("initializer: normal", "initializer: {name: normal, mean: 0, stddev: 0.05}"),
        ("loss: huber", "loss: {name: huber, delta: 1.0}"),
        ("optimizer: sgd", "optimizer: {name: sgd, momentum: 0, nesterov: false}"),
        ("optimizer: adam", "optimizer: {epsilon: 1e-8}"),
        ("architecture: [4, 3]", "architecture: [{units: 4}, {units: 3}]"),
        (
            "architecture: [{units: 4, activation: tanh}]",
            "architecture: [{units: 4, activation: {name: tanh}}]",
        ),
    ],
)
def test_a_short_form_means_its_mapping(tmp_path: Path, short: str, long: str) -> None:
    text = "" if short.startswith("dataset") else "dataset: xor\n"

    assert dict_of(tmp_path, text + short) == dict_of(tmp_path, text + long)


def test_mappings_are_written_in_their_short_form_where_they_can(tmp_path: Path) -> None:
    text = """
dataset: xor
architecture: [{units: 4}, {units: 3, activation: {name: tanh}}]
activation: {name: relu}
loss: {name: huber}
"""
    config = dict_of(tmp_path, text)

    assert config["architecture"] == [4, {"units": 3, "activation": "tanh"}]
    assert config["activation"] == "relu"
    assert config["loss"] == {"name": "huber", "delta": 1.0}


@pytest.mark.parametrize("text", CONFIGS)
def test_a_written_config_is_read_back_the_same(tmp_path: Path, text: str) -> None:
    config = config_of(tmp_path, text)
    copy = tmp_path / "config.yaml"
    copy.write_text(config.to_yaml(), encoding="utf-8")

    again = load(copy)

    assert again.to_dict() == config.to_dict()
    assert again.to_yaml() == config.to_yaml()


def test_rows_that_are_one_list_in_python_are_written_out(tmp_path: Path) -> None:
    row = [0, 1]
    dataset = {"name": "inline", "inputs": [row, row], "targets": ["a", "b"]}
    config = Config.model_validate({"dataset": dataset})

    assert dict_of(tmp_path, config.to_yaml()) == config.to_dict()


@pytest.mark.parametrize(
    ("key", "value"), [("epochs", 5), ("activation", "tanh"), ("dataset", "and"), ("new", 1)]
)
def test_a_config_cannot_be_changed(tmp_path: Path, key: str, value: object) -> None:
    config = config_of(tmp_path, "dataset: xor\n")

    with pytest.raises(ValidationError):
        setattr(config, key, value)
    assert config.to_dict() == dict_of(tmp_path, "dataset: xor\n")


def test_the_parts_of_a_config_cannot_be_changed(tmp_path: Path) -> None:
    config = config_of(tmp_path, "dataset: xor\narchitecture: [4]\n")

    for part in (config.dataset, config.architecture[0], config.activation, config.optimizer):
        for key in type(part).model_fields:
            with pytest.raises(ValidationError):
                setattr(part, key, None)


def test_a_config_made_in_python_is_as_strict_as_a_file() -> None:
    with pytest.raises(ValidationError):
        Config.model_validate({"dataset": "xor", "epochs": "5"})
    with pytest.raises(ValidationError):
        Config.model_validate({"dataset": "xor", "epoch": 5})
