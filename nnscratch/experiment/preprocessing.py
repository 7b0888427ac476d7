"""The fifth step: what is done to the inputs before the network sees them."""

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.data.preprocessing import Preprocessing


def fit_preprocessing(config: Config, dataset: Dataset) -> Preprocessing:
    """Returns what a resolved config does to the inputs, learned from the training part."""
    if not hasattr(config.dataset, "scaling"):
        return Preprocessing.none(dataset.features)
    impute = getattr(config.dataset, "missing", None) == "impute"
    return Preprocessing.fit(dataset, config.dataset.scaling, impute=impute)
