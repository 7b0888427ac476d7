"""From a config to all that it describes: data, network and model, ready to train."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from nnscratch.combinations import find_contradictions
from nnscratch.config import Config
from nnscratch.config.datasets import MnistSettings, OpenMLSettings
from nnscratch.data.dataset import Dataset, Report
from nnscratch.errors import UsageError
from nnscratch.loading import choose_encoding, fit_preprocessing, load_dataset
from nnscratch.model import Model
from nnscratch.nn.network import Network
from nnscratch.nn.penalties import Penalty
from nnscratch.resolution import resolve

if TYPE_CHECKING:
    from nnscratch.nn.gradcheck import TensorCheck

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

    @cached_property
    def data_fingerprint(self) -> str:
        """The data's fingerprint."""
        return self.dataset.fingerprint()


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
    if isinstance(config.dataset, MnistSettings | OpenMLSettings):
        # What is wrong without them is said before they are fetched.
        broken = [*find_contradictions(config)]
        if broken:
            raise config.error(*broken)
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
        penalty=Penalty(config.l1, config.l2),
        most=most,
    )
