"""how the targets reach the loss."""

from dataclasses import replace

import numpy as np

from nnscratch.config import Config
from nnscratch.data.class_names import find_class
from nnscratch.data.dataset import Dataset
from nnscratch.data.scaling import fit_scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import NO_TRANSFORM, TARGET_TRANSFORMS, TargetTransform
from nnscratch.errors import Problem
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.registry import create


def choose_encoding(config: Config, dataset: Dataset) -> TargetEncoding:
    """Returns how the targets reach the loss of a resolved config.

    Raises:
        ConfigError: The targets cannot be transformed as the config says.
    """
    loss = _create_loss(config, dataset)
    encoding = TargetEncoding(
        loss, dataset.classes, dataset.numbers, dataset.codes, names=dataset.target_names
    )
    are_numbers = dataset.classes is None and not encoding.multi_label
    transform = TARGET_TRANSFORMS[getattr(config.dataset, "target_transform", "none")]
    problem = _find_transform_problem(transform, dataset, are_numbers=are_numbers)
    if problem:
        raise config.error(problem)
    if not are_numbers or not hasattr(config.dataset, "target_scaling"):
        return encoding
    targets = transform.apply(dataset.splits["train"].targets)
    scaling = fit_scaling(targets, config.dataset.target_scaling)
    return replace(encoding, scaling=scaling, transform=transform)


def _find_transform_problem(
    transform: TargetTransform, dataset: Dataset, *, are_numbers: bool
) -> Problem | None:
    """Returns why the targets cannot be transformed, if they cannot."""
    key = "dataset.target_transform"
    if transform is NO_TRANSFORM:
        return None
    if not are_numbers:
        kind = "labels" if dataset.classes is None else "classes"
        remedy = ""
        if dataset.classes and not any(isinstance(label, str | bool) for label in dataset.classes):
            remedy = "dataset.task=regression and loss=auto make numbers of them"
        return Problem(f"is for numbers to predict, but the targets are {kind}", key, remedy)
    for part, split in dataset.splits.items():
        wrong = split.targets[~transform.accepts(split.targets)]
        if len(wrong):
            rule = f"cannot be {transform.name}, which needs targets {transform.domain}"
            lowest = min(float(each.targets.min()) for each in dataset.splits.values())
            remedy = "dataset.target_transform=log1p takes 0, too" if lowest >= 0 else ""
            return Problem(f"{rule}: the {part} part has {wrong[0]:g}", key, remedy)
    return None


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
    weights = {find_class(dataset.classes, key): w for key, w in config.class_weight.items()}
    return tuple(weights.get(index, 1.0) for index in range(len(dataset.classes)))
