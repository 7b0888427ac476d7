"""From a config to all that it describes: data, network and model, ready to train."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset, Report
from nnscratch.errors import UsageError
from nnscratch.loading import choose_encoding, fit_preprocessing, load_dataset
from nnscratch.model import Model
from nnscratch.nn.averaging import Average
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.penalties import Penalty
from nnscratch.nn.registry import Spec, create
from nnscratch.nn.training import EpochRecord, fit
from nnscratch.resolution import resolve

if TYPE_CHECKING:
    from nnscratch.nn.gradcheck import TensorCheck

# Tables up to this size are made ready for the network once, larger ones in pieces.
_READY_BYTES = 64_000_000
_MOVE = 0.01


@dataclass(frozen=True)
class Experiment:
    """All that a config describes, ready to train.

    Attributes:
        config: With nothing left to `auto` that the data decides.
        dataset: The rows.
        model: The network, untrained, and what its inputs and outputs mean.
    """

    config: Config
    dataset: Dataset
    model: Model


def prepare(
    config: Config, *, download: bool = True, report: Report = lambda _: None
) -> Experiment:
    """Loads the data and builds the network.

    Args:
        config: Resolved or not.
        download: Whether data that lies on the network may be fetched.
        report: Told what is being done if it takes long.

    Raises:
        ConfigError: Parts of the config do not fit the data or each other.
        DataError: The data cannot be had.
    """
    dataset = load_dataset(config, download=download, report=report)
    config = resolve(config, dataset)
    encoding = choose_encoding(config, dataset)
    preprocessing = fit_preprocessing(config, dataset)
    network = Network(
        preprocessing.outputs,
        [layer.model_dump(exclude_none=True) for layer in config.architecture],
        encoding.outputs,
        activation=config.activation.model_dump(),
        output_activation=config.output_activation.model_dump(),
        dropout=config.dropout,
        batch_norm=config.model_dump(include={"batch_norm"})["batch_norm"],
        use_bias=config.use_bias,
        initializer=config.initializer.model_dump(),
        loss=encoding.loss,
        seed=config.seed,
        dtype=config.dtype,
    )
    return Experiment(config, dataset, Model(network, encoding, preprocessing, dataset.image))


def _schedule(config: Config) -> Spec:
    settings = config.schedule.model_dump()
    plain = settings == {"name": "constant", "warmup_epochs": 0.0}
    return "constant" if plain else settings


def _penalty(config: Config) -> Penalty:
    return Penalty(config.l1, config.l2)


def learn(experiment: Experiment) -> Iterator[EpochRecord]:
    """Trains the experiment's network in place, epoch by epoch, and writes nothing.

    Raises:
        DivergedError: As `fit`.
    """
    config, model, splits = experiment.config, experiment.model, experiment.dataset.splits
    # A small table is made ready once; a large one stays as it came and is made ready in pieces.
    width = model.network.inputs * model.network.dtype.itemsize
    small = sum(map(len, splits.values())) * width <= _READY_BYTES

    def part(name: str) -> tuple[NDArray[Any], NDArray[Any]]:
        split = splits[name]
        inputs = model.transform(split.inputs) if small else split.inputs
        return inputs, model.encoding.encode(split.targets)

    return fit(
        model.network,
        *part("train"),
        optimizer=create(OPTIMIZERS, config.optimizer.model_dump()),
        learning_rate=config.learning_rate,
        schedule=_schedule(config),
        epochs=config.epochs,
        batch_size=None if config.batch_size == "full" else config.batch_size,
        validation=part("validation") if "validation" in splits else None,
        test=part("test") if config.log_test else None,
        validate_every=config.validate_every,
        transform=None if small else model.transform,
        penalty=_penalty(config),
        clip_norm=config.clip_norm,
        max_norm=config.max_norm,
        average=Average(config.average.decay) if config.average else None,
        metric=model.encoding.metric(),
        seed=config.seed,
    )


def check_backpropagation(experiment: Experiment, *, rows: int, most: int) -> "list[TensorCheck]":
    """Compares the network's gradients with differences, near its first weights.

    Args:
        experiment: Of dtype float64; its network is moved a little.
        rows: Of the training part, to compute with.
        most: As for `check_gradients`.

    Raises:
        UsageError: Batch normalization is asked for with one row.
    """
    from nnscratch.nn.gradcheck import check_gradients

    config, model = experiment.config, experiment.model
    if model.network.mixes_rows and rows < 2:
        raise UsageError("batch_norm needs at least 2 rows, of which the variance is taken")
    split, params = experiment.dataset.splits["train"], model.network.params.flat
    # Where all biases are 0 and so is an input, a relu sits on its kink, where it has no slope.
    params += np.random.default_rng(config.seed).normal(scale=_MOVE, size=params.size)
    return check_gradients(
        model.network,
        model.transform(split.inputs[:rows]),
        model.encoding.encode(split.targets[:rows]),
        penalty=_penalty(config),
        most=most,
    )
