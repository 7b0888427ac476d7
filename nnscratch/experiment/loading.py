"""The data that a config names, loaded and split into its parts."""

from nnscratch import data
from nnscratch.config import Config
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.splitting import forget_unseen_categories, hold_out, note_untrained_classes
from nnscratch.errors import Problem, SettingError
from nnscratch.nn.losses import LOSSES

TEST_SHARE = 0.2
# What is done to any data set once it is loaded.
_AFTER_LOADING = {"validation", "test", "scaling", "target_scaling"}


def load_dataset(
    config: Config, *, download: bool = True, report: Report = lambda _: None
) -> Dataset:
    """Returns the data set that a config names, with rows held out as it says.

    Args:
        config: Resolved or not.
        download: Whether data may be downloaded.
        report: Called with what is being done if it takes long.

    Raises:
        ConfigError: A setting does not fit the data.
        DataError: The data is not available.
    """
    settings = config.dataset.model_dump(exclude=_AFTER_LOADING)
    loss = LOSSES.get(config.loss.name)
    if settings.get("task") == "auto" and loss is not None and loss.output_activation == "linear":
        # A squared error asks for regression wherever the targets are numbers.
        settings["task"] = "regression_if_possible"
    try:
        dataset = data.load(**settings, download=download, report=report)
        dataset = hold_out(dataset, **_held_out_shares(config, dataset), seed=config.seed)
        return note_untrained_classes(forget_unseen_categories(dataset))
    except SettingError as error:
        problem = Problem(error.rule, f"dataset.{error.key}", error.remedy)
        raise config.error(problem) from None


def _held_out_shares(config: Config, dataset: Dataset) -> dict[str, float]:
    """Returns how much to hold out for each part that the data does not come with."""
    defaults = {"validation": 0.0, "test": TEST_SHARE}
    shares: dict[str, float] = {}
    for part, default in defaults.items():
        if not hasattr(config.dataset, part):
            continue
        share = getattr(config.dataset, part)
        if part not in dataset.splits:
            shares[part] = default if share is None else share
        elif share:
            raise SettingError(part, f"cannot be given: the data has a {part} part of its own")
    return shares
