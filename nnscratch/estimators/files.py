"""Weights files: an estimator as a model, and any model as an estimator."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature, ImageFormat, number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.tables import TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import NO_TRANSFORM
from nnscratch.errors import UsageError
from nnscratch.estimators.progress import forget_epochs
from nnscratch.estimators.settings import ACTIVATION_NAMES, build_network
from nnscratch.model import Model
from nnscratch.nn.network import Network
from nnscratch.nn.registry import arguments_of

_THEIR_NAMES = {ours: theirs for theirs, ours in ACTIVATION_NAMES.items()}


class Loaded(NamedTuple):
    """What a model from a file does besides what its network does."""

    encoding: TargetEncoding
    preprocessing: Preprocessing
    image: ImageFormat | None
    table: TableFormat | None

    def is_plain(self, network: Network) -> bool:
        """Returns whether rows and targets are what layers of the parameters' kinds take.

        Training can then go on.
        """
        preprocessing, encoding = self.preprocessing, self.encoding
        return (
            not (network.input_scale or network.numeric_embedding)
            and preprocessing.scaling.is_identity
            and bool(np.isnan(preprocessing.fill).all())
            and not (preprocessing.has_categories or preprocessing.date_columns)
            and encoding.scaling.is_identity
            and encoding.transform is NO_TRANSFORM
        )


def to_model(estimator: Any) -> Model:
    """Returns the model of a fitted estimator.

    Raises:
        ValueError: Its classes are no numbers or texts.
    """
    core = estimator._ready()
    loaded: Loaded | None = estimator._loaded
    if loaded is not None:
        return Model(core.network, *loaded)
    classes = core.encoding.classes
    if classes is not None and not all(isinstance(label, str | int | float) for label in classes):
        raise ValueError(f"`classes_` must be numbers or texts to be saved; got {classes}.")
    network = core.network
    hidden = [layer.describe() for layer in network.hidden]
    loss = core.encoding.loss
    plain = build_network(
        estimator, network.inputs, network.outputs, loss, network.dtype, hidden=hidden
    )
    plain.weights[:] = network.weights
    features = number_features(network.inputs)
    if hasattr(estimator, "feature_names_in_"):
        features = tuple(map(Feature, estimator.feature_names_in_.tolist()))
    return Model(plain, core.encoding, Preprocessing.none(features))


def take_model(estimator: Any, model: Model, path: str | Path) -> None:
    """Gives an estimator the network of a model and the parameters that describe it.

    Args:
        estimator: A new one.
        model: The model.
        path: Its file, for messages.

    Raises:
        UsageError: It predicts what the estimator does not.
    """
    encoding, network = model.encoding, model.network
    are_numbers = encoding.classes is None and not encoding.multi_label
    if are_numbers != estimator._predicts_numbers:
        what, name = ("numbers", "MLPRegressor") if are_numbers else ("classes", "MLPClassifier")
        raise UsageError(f"{path}: predicts {what}; {name}.load takes it")
    estimator.set_params(**describe_network(network), random_state=0)
    estimator._loaded = Loaded(encoding, model.preprocessing, model.image, model.table)
    estimator.n_features_in_ = len(model.features)
    names = [feature.name for feature in model.features]
    if names != [feature.name for feature in number_features(len(names))]:
        estimator.feature_names_in_ = np.array(names, object)
    if not are_numbers:
        estimator._is_multilabel = encoding.classes is None
        labels = range(encoding.numbers) if encoding.classes is None else encoding.classes
        estimator.classes_ = np.array(list(labels))
    estimator.n_iter_, estimator.t_ = 0, 0
    forget_epochs(estimator)
    estimator.validation_scores_ = estimator.validation_loss_curve_ = None
    estimator._settle(network, encoding)


def describe_network(network: Network) -> dict[str, Any]:
    """Returns the parameters that describe a network's layers and loss."""
    layers = [layer.describe() for layer in network.hidden]
    first: Mapping[str, Any] = layers[0] if layers else {"activation": {"name": "relu"}}
    parameters: dict[str, Any] = {"use_bias": network.use_bias}
    others = [{k: v for k, v in layer.items() if k != "units"} for layer in layers]
    if all(other == {"activation": first["activation"]} for other in others):
        parameters["hidden_layer_sizes"] = tuple(layer["units"] for layer in layers)
        parameters["activation"] = short_name(first["activation"])
    else:
        parameters["hidden_layer_sizes"] = layers
    implied = {"binary_cross_entropy": "log_loss", "cross_entropy": "log_loss"}
    loss = type(network.loss).name
    settings = dict(arguments_of(network.loss))
    parameters["loss"] = {"name": loss, **settings}
    if loss in implied:
        parameters["loss"] = "log_loss"
        parameters["label_smoothing"] = settings["label_smoothing"]
    elif loss == "mean_squared_error":
        parameters["loss"] = "squared_error"
    return parameters


def short_name(spec: Mapping[str, Any]) -> Any:
    """Returns an activation as the parameter takes it: scikit-learn's name, or a mapping."""
    name = spec["name"]
    return _THEIR_NAMES.get(name, name) if len(spec) == 1 else dict(spec)


def model_outputs(estimator: Any, rows: Any) -> NDArray[Any]:
    """Returns the outputs for rows as the data has them, of an estimator that was loaded."""
    core = estimator._ready()
    with core.lock:
        return to_model(estimator).outputs(rows)
