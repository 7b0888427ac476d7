"""how the targets reach the loss."""

from dataclasses import replace

import numpy as np

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.data.scaling import fit_scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.formatting import plain_text
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.registry import create


def choose_encoding(config: Config, dataset: Dataset) -> TargetEncoding:
    """Returns how the targets reach the loss of a resolved config."""
    loss = _create_loss(config, dataset)
    encoding = TargetEncoding(
        loss, dataset.classes, dataset.numbers, dataset.codes, names=dataset.target_names
    )
    is_scaled = dataset.classes is None and not encoding.multi_label
    if not is_scaled or not hasattr(config.dataset, "target_scaling"):
        return encoding
    targets = dataset.splits["train"].targets
    return replace(encoding, scaling=fit_scaling(targets, config.dataset.target_scaling))


def _create_loss(config: Config, dataset: Dataset) -> Loss:
    settings = config.loss.model_dump()
    if LOSSES[config.loss.name].output_activation != "linear":
        settings |= {
            "label_smoothing": config.label_smoothing,
            "class_weight": class_weights(config, dataset),
        }
    return create(LOSSES, settings)


def class_weights(config: Config, dataset: Dataset) -> tuple[float, ...] | None:
    """Returns how much each class counts in the loss, or None where all count 1.

    `balanced` is n / (K n_c): n rows to train on, n_c of them of class c, K classes among them. All
    classes together then weigh the same. King & Zeng 2001, as in scikit-learn.
    """
    if config.class_weight is None or dataset.classes is None:
        return None
    if config.class_weight == "balanced":
        counts = np.bincount(dataset.splits["train"].targets, minlength=len(dataset.classes))
        each = counts.sum() / np.count_nonzero(counts)
        return tuple(each / count if count else 1.0 for count in counts.tolist())
    given = config.class_weight
    return tuple(given.get(plain_text(label), 1.0) for label in dataset.classes)
