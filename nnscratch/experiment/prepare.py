"""The steps from a config to an experiment: one file for each."""

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset, Report
from nnscratch.experiment.checks import check_fit
from nnscratch.experiment.defaults import fill_defaults
from nnscratch.experiment.encoding import choose_encoding
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.loading import load_dataset
from nnscratch.experiment.network import build_network
from nnscratch.experiment.preprocessing import fit_preprocessing
from nnscratch.model import Model


def prepare(
    config: Config,
    *,
    dataset: Dataset | None = None,
    download: bool = True,
    report: Report = lambda _: None,
) -> Experiment:
    """Loads the data and builds the network.

    Args:
        config: Resolved or not.
        dataset: The data, if it is loaded already; see `load_dataset`.
        download: Whether data may be downloaded.
        report: Called with what is being done if it takes long.

    Raises:
        ConfigError: Parts of the config do not fit the data or each other.
        DataError: The data is not available.
    """
    if dataset is None:
        dataset = load_dataset(config, download=download, report=report)
    config = fill_defaults(config, dataset)
    encoding = choose_encoding(config, dataset)
    check_fit(config, dataset, encoding)
    preprocessing = fit_preprocessing(config, dataset)
    network = build_network(config, preprocessing.outputs, encoding)
    return Experiment(config, dataset, Model(network, encoding, preprocessing, dataset.image))
