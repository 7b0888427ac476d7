"""What a config asks of held-out rows that its data does not have, or cannot measure on them."""

from collections.abc import Iterator

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import Problem
from nnscratch.nn.calibration import has_probabilities
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.metrics import CALIBRATED_LOSS


def check_held_out(config: Config, dataset: Dataset, encoding: TargetEncoding) -> Iterator[Problem]:
    """Yields a problem for each key of a resolved config that needs rows which are not held out."""
    yield from _check_monitors(config, dataset, encoding)
    has_validation = "validation" in dataset.splits
    if config.validate_every > 1 and not has_validation and not config.log_test:
        rule = "needs a validation part, which the data does not have, or log_test"
        yield Problem(rule, "validate_every")
    if config.log_test and "test" not in dataset.splits:
        yield Problem("needs a test part, which the data does not have", "log_test")
    if config.calibrate:
        yield from _check_calibrate(config, dataset)


def _check_monitors(
    config: Config, dataset: Dataset, encoding: TargetEncoding
) -> Iterator[Problem]:
    metric = encoding.metric().name
    known = ["loss", metric]
    has_validation = "validation" in dataset.splits
    if has_validation:
        known += ["val_loss", f"val_{metric}"]
    if config.calibrate:
        known.append(CALIBRATED_LOSS)
    for key in ("early_stopping", "schedule"):
        monitor = getattr(getattr(config, key), "monitor", None)
        if monitor is None or monitor in known:
            continue
        remedy = ""
        if monitor.startswith("val_") and not has_validation:
            remedy = f"the data has no validation part: use {key}.monitor=loss"
            if hasattr(config.dataset, "validation"):
                remedy = "the data has no validation part: dataset.validation=0.1 makes one"
        elif monitor == CALIBRATED_LOSS and has_probabilities(LOSSES[config.loss.name]):
            remedy = "calibrate=true measures it"
        rule = f"must be one of {', '.join(known)}; got {monitor}"
        yield Problem(rule, f"{key}.monitor", remedy)


def _check_calibrate(config: Config, dataset: Dataset) -> Iterator[Problem]:
    name = config.loss.name
    if not has_probabilities(LOSSES[name]):
        rule = f"needs a loss with probabilities; {name} has none"
        remedy = "calibrate=auto leaves numbers as they are"
        if dataset.classes is not None:
            remedy = "loss=auto has some"
        yield Problem(rule, "calibrate", remedy)
    if "validation" not in dataset.splits:
        rule = "needs a validation part, which the data does not have"
        remedy = "calibrate=auto calibrates only where there is one"
        if hasattr(config.dataset, "validation"):
            remedy = "dataset.validation=0.1 makes one"
        yield Problem(rule, "calibrate", remedy)
