"""what each `auto` means for this data."""

from typing import Any

from nnscratch.config import Config
from nnscratch.config.settings.components import (
    AUTO,
    HIDDEN_ACTIVATION_MODELS,
    LOSS_MODELS,
    OUTPUT_ACTIVATION_MODELS,
)
from nnscratch.config.settings.generated import by_name
from nnscratch.data.dataset import Dataset
from nnscratch.experiment.loading import TEST_SHARE
from nnscratch.nn.calibration import has_probabilities
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.metrics import validation_loss


def fill_defaults(config: Config, dataset: Dataset) -> Config:
    """Returns the config with each `auto` that the data decides replaced by what it stands for.

    It is that of one training run, so it has no search.
    """
    changes: dict[str, Any] = {"search": None}
    dataset_changes = _dataset_changes(config, dataset)
    if dataset_changes:
        changes["dataset"] = config.dataset.model_copy(update=dataset_changes)
    loss: str = config.loss.name
    if loss == "auto":
        loss = _implied_loss(dataset)
        changes["loss"] = by_name(LOSS_MODELS, loss)
    if config.output_activation.name == "auto":
        name = LOSSES[loss].output_activation
        changes["output_activation"] = by_name(OUTPUT_ACTIVATION_MODELS, name)
    are_numbers = dataset.classes is None and LOSSES[loss].output_activation == "linear"
    function = by_name(HIDDEN_ACTIVATION_MODELS, implied_activation(are_numbers=are_numbers))
    if config.activation.name == "auto":
        changes["activation"] = function
    if any(layer.activation and layer.activation.name == "auto" for layer in config.architecture):
        changes["architecture"] = [
            layer.model_copy(update={"activation": function})
            if layer.activation and layer.activation.name == "auto"
            else layer
            for layer in config.architecture
        ]
    calibrate = config.calibrate
    if calibrate == "auto":
        calibrate = "validation" in dataset.splits and has_probabilities(LOSSES[loss])
        changes["calibrate"] = calibrate
    if config.early_stopping and config.early_stopping.monitor == AUTO:
        monitor = {"monitor": validation_loss(calibrated=calibrate)}
        changes["early_stopping"] = config.early_stopping.model_copy(update=monitor)
    return config.model_copy(update=changes)


def implied_activation(*, are_numbers: bool) -> str:
    """Returns the activation of hidden layers that suits classes or labels, or else numbers.

    Holzmüller et al. 2024, section 3.
    """
    return "mish" if are_numbers else "selu"


def _dataset_changes(config: Config, dataset: Dataset) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    settings = config.dataset
    if hasattr(settings, "task"):
        changes["task"] = "regression" if dataset.classes is None else "classification"
    if getattr(settings, "scaling", None) == "auto":
        changes["scaling"] = "minmax" if dataset.image else "standardize"
    decides = getattr(settings, "test", 0) is None and getattr(settings, "fold", None) is None
    if decides and "test" in dataset.held_out:
        changes["test"] = TEST_SHARE
    elif decides and "test" not in dataset.splits:
        changes["test"] = 0
    return changes


def _implied_loss(dataset: Dataset) -> str:
    if dataset.classes is None:
        return "mean_squared_error"
    return "binary_cross_entropy" if len(dataset.classes) == 2 else "cross_entropy"
