"""An estimator's parameters as a config, and a config's settings as parameters."""

from collections.abc import Mapping
from math import inf, isfinite
from typing import Any

from pydantic import ValidationError

from nnscratch.config import Config
from nnscratch.config.reading.yaml import dump
from nnscratch.config.settings.components import AUTO
from nnscratch.estimators.files import short_name
from nnscratch.estimators.learning import AUTO_BATCH
from nnscratch.estimators.settings import activation_of, hidden_layers

# What a config can say of a network and an estimator cannot.
_CONFIG_ONLY = ("numeric_embedding", "input_scale", "rate_factors", "ensemble", "calibrate")
# Stands for the data, which an estimator gets when it is fitted.
_NO_DATA = {"name": "xor"}


def to_yaml(estimator: Any, dataset: Mapping[str, Any] | None = None) -> str:
    """Returns a config that trains a network like an estimator's; without data, a part of one.

    Args:
        estimator: The estimator.
        dataset: The config's `dataset`.

    Raises:
        ValueError: A parameter has no counterpart in a config.
    """
    settings = {**_settings(estimator), "dataset": dict(dataset or _NO_DATA)}
    try:
        config = Config.model_validate(settings).to_dict()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"`{place}` cannot be in a config: {first['msg']}") from None
    del config["name"]
    if dataset is None:
        del config["dataset"]
    return dump({key: value for key, value in config.items() if key in settings})


def _settings(estimator: Any) -> dict[str, Any]:
    if estimator.learning_rate != "constant" and estimator.solver == "sgd":
        raise ValueError(
            f"learning_rate={estimator.learning_rate!r} has no counterpart in a config; "
            "`schedule` has."
        )
    optimizer = _optimizer(estimator)
    is_full = estimator.batch_size == "full" or optimizer["name"] in ("lbfgs", "rprop")
    batch = AUTO_BATCH if estimator.batch_size == "auto" else estimator.batch_size
    settings: dict[str, Any] = {
        "dtype": "float64",
        "architecture": [_layer(layer) for layer in hidden_layers(estimator.hidden_layer_sizes)],
        "activation": _component(activation_of(estimator.activation)),
        "dropout": float(estimator.dropout),
        "batch_norm": estimator.batch_norm,
        "use_bias": bool(estimator.use_bias),
        "initializer": _component(estimator.initializer or "glorot_uniform"),
        "optimizer": optimizer,
        "learning_rate": float(estimator.learning_rate_init),
        "batch_size": "full" if is_full else int(batch),
        "epochs": int(estimator.max_iter),
        "l1": float(estimator.l1),
        "l2": float(estimator.l2),
        "clip_norm": estimator.clip_norm,
        "max_norm": estimator.max_norm,
        "average": None if estimator.average is None else {"decay": float(estimator.average)},
    }
    if optimizer["name"] == "lbfgs":
        del settings["learning_rate"]
    if not is_full:
        # scikit-learn's penalty is divided by the rows of a batch.
        settings["l2"] += estimator.alpha / (2.0 * batch)
    if isinstance(estimator.random_state, int):
        settings["seed"] = estimator.random_state
    if estimator.schedule is not None:
        settings["schedule"] = _component(estimator.schedule)
    if isfinite(estimator.n_iter_no_change) and optimizer["name"] != "lbfgs":
        settings["early_stopping"] = {
            "monitor": "val_loss" if estimator.early_stopping else "loss",
            "patience": int(estimator.n_iter_no_change) + 1,
            "min_delta": float(estimator.tol),
        }
    return settings | _loss_settings(estimator)


def _loss_settings(estimator: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if estimator.loss not in ("log_loss", "squared_error"):
        settings["loss"] = _component(estimator.loss)
    for name in ("label_smoothing", "class_weight"):
        value = getattr(estimator, name, None)
        if value:
            is_mapping = isinstance(value, Mapping)
            settings[name] = {str(k): float(w) for k, w in value.items()} if is_mapping else value
    return settings


def _optimizer(estimator: Any) -> dict[str, Any]:
    match estimator.solver:
        case "sgd":
            nesterov = bool(estimator.nesterovs_momentum and estimator.momentum)
            return {"name": "sgd", "momentum": float(estimator.momentum), "nesterov": nesterov}
        case "adam":
            names = ("beta_1", "beta_2", "epsilon")
            return {"name": "adam"} | {name: float(getattr(estimator, name)) for name in names}
    return _component(estimator.solver)


def _component(spec: Any) -> dict[str, Any]:
    return {"name": spec} if isinstance(spec, str) else dict(spec)


def _layer(layer: Any) -> dict[str, Any]:
    if not isinstance(layer, Mapping):
        return {"units": int(layer)}
    spelled = {**layer, "units": int(layer["units"])}
    if "activation" in layer:
        spelled["activation"] = _component(layer["activation"])
    return spelled


def parameters_of(config: Config) -> dict[str, Any]:
    """Returns a config's settings as an estimator's parameters; data are no part of them.

    Raises:
        ValueError: A setting has no counterpart in an estimator.
    """
    _refuse_config_only(config)
    plain = config.model_dump(exclude_none=True)
    stopping, optimizer = config.early_stopping, dict(plain["optimizer"])
    parameters: dict[str, Any] = {
        "hidden_layer_sizes": [_described(layer) for layer in plain["architecture"]],
        "activation": short_name(plain["activation"]),
        "solver": optimizer,
        "learning_rate_init": config.learning_rate,
        "alpha": 0.0,
        "l1": config.l1,
        "l2": config.l2,
        "batch_size": config.batch_size,
        "max_iter": config.epochs,
        "random_state": config.seed,
        "dropout": config.dropout,
        "batch_norm": plain["batch_norm"],
        "use_bias": config.use_bias,
        "initializer": plain["initializer"],
        "clip_norm": config.clip_norm,
        "max_norm": config.max_norm,
        "average": None if config.average is None else config.average.decay,
        "tol": stopping.min_delta if stopping else 0.0,
        "n_iter_no_change": max(stopping.patience - 1, 1) if stopping else inf,
        "early_stopping": bool(stopping and stopping.monitor.startswith(("val_", AUTO))),
    }
    if plain["schedule"] != {"name": "constant", "warmup_epochs": 0.0}:
        parameters["schedule"] = plain["schedule"]
    if plain["initializer"] == {"name": "auto"}:
        parameters["initializer"] = "auto"
    validation = getattr(config.dataset, "validation", 0)
    if isinstance(validation, float) and validation:
        parameters["validation_fraction"] = validation
    if config.loss.name != "auto":
        parameters["loss"] = plain["loss"]
    if config.label_smoothing:
        parameters["label_smoothing"] = config.label_smoothing
    if config.class_weight is not None:
        parameters["class_weight"] = config.class_weight
    return parameters


def _refuse_config_only(config: Config) -> None:
    defaults = Config.model_fields
    without = [n for n in _CONFIG_ONLY if getattr(config, n) != defaults[n].default]
    if without:
        names = ", ".join(f"`{name}`" for name in without)
        preset = f"; `preset` {config.preset.name} sets them" if config.preset else ""
        raise ValueError(f"an estimator has no counterpart of {names}{preset}")


def _described(layer: dict[str, Any]) -> Any:
    if layer.keys() == {"units"}:
        return layer["units"]
    activation = layer.get("activation")
    return layer | ({} if activation is None else {"activation": short_name(activation)})
