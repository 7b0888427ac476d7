"""The steps from a config to an experiment, one line for each."""

from nnscratch.config import Config
from nnscratch.config.contradictions import refuse_contradictions
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.experiment.checks import check_embedded_size, check_fit
from nnscratch.experiment.defaults import fill_defaults
from nnscratch.experiment.encoding import choose_encoding
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.loading import load_dataset
from nnscratch.model import Model
from nnscratch.nn.embeddings import EMBEDDINGS
from nnscratch.nn.embeddings.base import NumericEmbedding
from nnscratch.nn.network import Network
from nnscratch.nn.registry import create


def prepare(
    config: Config,
    *,
    dataset: Dataset | None = None,
    preprocessing: Preprocessing | None = None,
    download: bool = True,
    report: Report = lambda _: None,
    rows: int | None = None,
) -> Experiment:
    """Loads the data and builds the network.

    Args:
        config: Resolved or not.
        dataset: The data, if it is loaded already; see `load_dataset`.
        preprocessing: What is done to the inputs, if it has been learned already.
        download: Whether data may be downloaded.
        report: Called with what is being done if it takes long.
        rows: How many rows are enough to judge the data by; all unless given.

    Raises:
        ConfigError: Parts of the config do not fit the data or each other.
        DataError: The data is not available.
    """
    refuse_contradictions(config)
    if dataset is None:
        dataset = load_dataset(config, download=download, report=report, rows=rows)
    config, encoding = fit_config(config, dataset)
    preprocessing = preprocessing or fit_preprocessing(config, dataset)
    embedding = fit_embedding(config, dataset, preprocessing)
    if embedding is not None:
        check_embedded_size(config, preprocessing.outputs, embedding, encoding)
    network = build_network(config, preprocessing, encoding, embedding)
    model = Model(network, encoding, preprocessing, dataset.image, dataset.table)
    return Experiment(config, dataset, model)


def fit_config(config: Config, dataset: Dataset) -> tuple[Config, TargetEncoding]:
    """Returns the config with all that the data decides, and how the targets reach the loss.

    Raises:
        ConfigError: Parts of the config do not fit the data or each other.
    """
    config = fill_defaults(config, dataset)
    encoding = choose_encoding(config, dataset)
    check_fit(config, dataset, encoding)
    return config, encoding


def fit_preprocessing(config: Config, dataset: Dataset) -> Preprocessing:
    """Returns what a resolved config does to the inputs, learned from the training part."""
    if not hasattr(config.dataset, "scaling"):
        return Preprocessing.none(dataset.features)
    impute = getattr(config.dataset, "missing", None) == "impute"
    return Preprocessing.fit(dataset, config.dataset.scaling, impute=impute)


def fit_embedding(
    config: Config, dataset: Dataset, preprocessing: Preprocessing
) -> NumericEmbedding | None:
    """Returns what a resolved config adds for numeric columns, fitted to the training part.

    Args:
        config: Resolved.
        dataset: Whose training part it is fitted to.
        preprocessing: What the numbers go through before.

    Returns:
        What adds them; None if the config asks for none, or there are no numeric columns.
    """
    columns = preprocessing.number_outputs
    if not config.numeric_embedding or not columns:
        return None
    embedding = create(EMBEDDINGS, config.numeric_embedding.model_dump())
    rows = dataset.splits["train"].inputs
    return embedding.fit(columns, preprocessing.transform_numbers(rows, config.dtype), config.dtype)


def build_network(
    config: Config,
    preprocessing: Preprocessing,
    encoding: TargetEncoding,
    embedding: NumericEmbedding | None = None,
) -> Network:
    """Returns the network that a resolved config describes.

    Args:
        config: Resolved.
        preprocessing: What makes its inputs.
        encoding: How the targets reach the loss.
        embedding: Features added for numeric columns; None for none.
    """
    return Network(
        preprocessing.outputs,
        [layer.model_dump(exclude_none=True) for layer in config.architecture],
        encoding.outputs,
        activation=config.activation.model_dump(),
        output_activation=config.output_activation.model_dump(),
        dropout=config.dropout,
        batch_norm=config.model_dump(include={"batch_norm"})["batch_norm"],
        use_bias=config.use_bias,
        initializer=config.initializer.model_dump(),
        numeric_embedding=embedding,
        input_scale=config.input_scale,
        loss=encoding.loss,
        seed=config.seed,
        dtype=config.dtype,
    )
