"""Where a config meets its data: what each `auto` comes to."""

from typing import Any

from nnscratch.config import Config
from nnscratch.config.settings.components import LOSS_MODELS, OUTPUT_ACTIVATION_MODELS
from nnscratch.config.settings.datasets import PreparedSettings, SplitSettings
from nnscratch.config.settings.generated import by_name
from nnscratch.data.dataset import Dataset
from nnscratch.experiment.checks import find_misfits
from nnscratch.experiment.loading import TEST_SHARE
from nnscratch.nn.losses import LOSSES


def resolve(config: Config, dataset: Dataset) -> Config:
    """Replaces each `auto` that the data decides: the task, the loss, the output activation.

    Raises:
        ConfigError: With a line for each thing that does not fit: the loss the targets, the output
            activation the loss or the targets, the network the memory.
    """
    resolved = _fill(config, dataset)
    broken = find_misfits(resolved, dataset)
    if broken:
        raise config.error(*broken)
    return resolved


def _fill(config: Config, dataset: Dataset) -> Config:
    changes: dict[str, Any] = {}
    dataset_changes = _fill_dataset(config, dataset)
    if dataset_changes:
        changes["dataset"] = config.dataset.model_copy(update=dataset_changes)
    loss: str = config.loss.name
    if loss == "auto":
        loss = _implied_loss(dataset)
        changes["loss"] = by_name(LOSS_MODELS, loss)
    if config.output_activation.name == "auto":
        name = LOSSES[loss].output_activation
        changes["output_activation"] = by_name(OUTPUT_ACTIVATION_MODELS, name)
    return config.model_copy(update=changes)


def _fill_dataset(config: Config, dataset: Dataset) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "task" in type(config.dataset).model_fields:
        changes["task"] = "numbers" if dataset.classes is None else "classes"
    if isinstance(config.dataset, PreparedSettings) and config.dataset.scaling == "auto":
        changes["scaling"] = "minmax" if dataset.image else "standardize"
    if isinstance(config.dataset, SplitSettings) and "test" in dataset.held_out:
        changes["test"] = TEST_SHARE if config.dataset.test is None else config.dataset.test
    return changes


def _implied_loss(dataset: Dataset) -> str:
    if dataset.classes is None:
        return "mean_squared_error"
    return "binary_cross_entropy" if len(dataset.classes) == 2 else "cross_entropy"
