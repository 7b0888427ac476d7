"""From a config to all that it describes: data, network and model, ready to train."""

from nnscratch.config import Config
from nnscratch.config.contradictions import find_contradictions
from nnscratch.config.settings.datasets import MnistSettings, OpenMLSettings
from nnscratch.data.dataset import Report
from nnscratch.experiment.defaults import resolve
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.loading import choose_encoding, fit_preprocessing, load_dataset
from nnscratch.model import Model
from nnscratch.nn.network import Network


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
        # What is wrong without the data is reported before they are fetched.
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
