"""Where a config meets its data: what `auto` comes to, and what does not fit together."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray

from nnscratch.config import Config
from nnscratch.config.components import PlainLoss, PlainOutputActivation
from nnscratch.data.dataset import Dataset
from nnscratch.data.encoding import Encoding
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create

# Four bytes each, and five such vectors with Adam: 4 GB, what an ordinary machine can hold.
MAX_PARAMETERS = 200_000_000


def resolve(config: Config, dataset: Dataset) -> Config:
    """Replaces what the data decides: the loss, and with it the output activation.

    Raises:
        ConfigError: The loss does not fit the targets, or the output activation the loss.
    """
    classes = dataset.classes
    if classes is not None and len(classes) < 2:
        raise config.error("dataset", f"has one class only, {classes[0]!r}; nothing can be learnt")
    if config.loss.name == "auto":
        loss = PlainLoss(name=_implied_loss(classes))
        config = config.model_copy(update={"loss": loss})
    _check_loss(config, classes)
    implied = LOSSES[config.loss.name].output_activation
    if config.output_activation.name == "auto":
        output = PlainOutputActivation.model_validate({"name": implied})
        return config.model_copy(update={"output_activation": output})
    _check_output(config, implied)
    return config


def check_size(config: Config, widths: Sequence[int]) -> None:
    """Refuses a network that would not fit into memory; `widths` go from inputs to outputs.

    Raises:
        ConfigError: It has more than `MAX_PARAMETERS`.
    """
    parameters = sum((a + 1) * b for a, b in pairwise(widths))
    if parameters > MAX_PARAMETERS:
        rule = f"makes {parameters:,} parameters; at most {MAX_PARAMETERS:,} are allowed"
        raise config.error("architecture", rule)


def check_reach(config: Config, encoding: Encoding, targets: NDArray[Any]) -> None:
    """Refuses an output activation that can never give some of the targets.

    Raises:
        ConfigError: Targets lie outside of its bounds.
    """
    output = config.output_activation
    if encoding.probabilities:
        return
    low, high = create(ACTIVATIONS, output.model_dump()).bounds
    encoded = encoding.encode(targets)
    if encoded.min() < low or encoded.max() > high:
        span = f"but the targets go from {encoded.min():g} to {encoded.max():g}"
        rule = f"cannot be {output.name}, which gives {low:g} to {high:g}, {span}"
        raise config.error("output_activation", rule)


def _implied_loss(classes: Sequence[object] | None) -> Any:
    if classes is None:
        return "mean_squared_error"
    return "binary_cross_entropy" if len(classes) == 2 else "cross_entropy"


def _check_loss(config: Config, classes: Sequence[object] | None) -> None:
    name = config.loss.name
    if classes is None and LOSSES[name].output_activation != "linear":
        rule = f"cannot be {name}, which needs classes: the targets are numbers"
        ways = "mean_squared_error fits them, dataset.task=classes makes them classes"
        raise config.error("loss", f"{rule}; {ways}")
    if name == "binary_cross_entropy" and classes is not None and len(classes) > 2:
        rule = f"cannot be {name} for {len(classes)} classes; cross_entropy fits them"
        raise config.error("loss", rule)


def _check_output(config: Config, implied: str) -> None:
    loss, output = config.loss.name, config.output_activation.name
    if implied not in ("linear", output):
        rule = f"must be {implied} (or auto) for the loss {loss}; got {output}"
        raise config.error("output_activation", f"{rule}, which fits mean_squared_error")
    if implied == "linear" and output == "softmax":
        rule = f"cannot be softmax for the loss {loss}, only for cross_entropy"
        raise config.error("output_activation", rule)
