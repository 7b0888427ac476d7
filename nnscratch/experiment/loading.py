"""The data that a config names, loaded and split into its parts."""

from dataclasses import replace

from nnscratch import data
from nnscratch.config import Config
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.folds import take_fold
from nnscratch.data.splitting import forget_unseen_categories, hold_out, note_untrained_classes
from nnscratch.errors import ConfigError, DataError, Problem, SettingError
from nnscratch.nn.losses import LOSSES

TEST_SHARE = 0.2
# The first rows of a table, up to this many, show what a config has to be checked for.
ENOUGH_ROWS = 50_000
# With fewer rows a test part would show little, and training would miss them.
_FEW_ROWS = 30
# What is done to any data set once it is loaded.
_AFTER_LOADING = {
    *("validation", "test", "split", "split_seed", "validation_seed", "folds", "fold"),
    *("scaling", "target_scaling", "target_transform"),
}


def load_dataset(
    config: Config,
    *,
    download: bool = True,
    report: Report = lambda _: None,
    rows: int | None = None,
) -> Dataset:
    """Returns the data set that a config names, with rows held out as it says.

    Args and errors are those of `load_rows`; besides, a setting may not fit the rows.
    """
    return split_dataset(config, load_rows(config, download=download, report=report, rows=rows))


def load_rows(
    config: Config,
    *,
    download: bool = True,
    report: Report = lambda _: None,
    rows: int | None = None,
) -> Dataset:
    """Returns the data set that a config names before any rows are held out.

    Args:
        config: Resolved or not.
        download: Whether data may be downloaded.
        report: Called with what is being done if it takes long.
        rows: How many of the first rows are enough to judge the data by; all unless given, or
            where a number of rows is held out.

    Raises:
        ConfigError: A setting does not fit the data.
        DataError: The data is not available.
    """
    settings = config.dataset.model_dump(exclude=_AFTER_LOADING)
    if settings.get("task") == "auto":
        settings["task"] = _task_of_loss(config.loss.name)
    parts = (getattr(config.dataset, part, None) for part in ("validation", "test"))
    if any(isinstance(part, int) and part for part in parts):
        rows = None
    try:
        return data.load(**settings, download=download, report=report, rows=rows)
    except MemoryError:
        source = getattr(config.dataset, "path", config.dataset.name)
        raise DataError(
            f"{source}: not enough memory to read the data; fewer rows or columns need less"
        ) from None
    except SettingError as error:
        raise _as_config_error(config, error) from None


def split_dataset(config: Config, dataset: Dataset, *, for_ensemble: bool = False) -> Dataset:
    """Returns a data set, loaded as a config names it, with rows held out as the config says.

    Args:
        config: Resolved or not.
        dataset: The rows.
        for_ensemble: Whether it is for all networks of the config together: where each draws
            validation rows of its own, `train` is what any of them is trained on.

    Raises:
        ConfigError: A setting does not fit the data.
        DataError: A column has no value left to learn from.
    """
    try:
        seed, split = split_seed(config), getattr(config.dataset, "split", "random")
        folds, fold = (getattr(config.dataset, key, None) for key in ("folds", "fold"))
        if folds and fold:
            dataset = take_fold(dataset, folds, fold, seed=seed, split=split)
        dataset = _note_few_rows(config, dataset)
        shares = _held_out_shares(config, dataset)
        dataset = hold_out(
            dataset,
            **shares,
            seed=seed,
            split=split,
            validation_seed=getattr(config.dataset, "validation_seed", None),
            keeps_validation=for_ensemble and config.draws_own_validation,
        )
        return note_untrained_classes(forget_unseen_categories(dataset))
    except SettingError as error:
        raise _as_config_error(config, error) from None


def split_seed(config: Config) -> int:
    """Returns the seed for the choice of rows that are held out."""
    seed = getattr(config.dataset, "split_seed", None)
    return config.seed if seed is None else seed


def validation_seed(config: Config) -> int:
    """Returns the seed for the choice of rows that are held out for validation."""
    seed = getattr(config.dataset, "validation_seed", None)
    return split_seed(config) if seed is None else seed


def what_decides_rows(config: Config) -> tuple[object, ...]:
    """Returns what decides which rows are held out of a given data set, to be compared."""
    keys = ("split", "validation", "test", "folds", "fold")
    settings = {key: getattr(config.dataset, key, None) for key in keys}
    seeds = (split_seed(config), validation_seed(config)) if settings["split"] == "random" else ()
    return (*settings.values(), *seeds)


def _as_config_error(config: Config, error: SettingError) -> ConfigError:
    return config.error(Problem(error.rule, f"dataset.{error.key}", error.remedy))


def _task_of_loss(name: str) -> str:
    """Returns what a loss makes of `task: auto`."""
    if name not in LOSSES:
        return "auto"
    if LOSSES[name].output_activation == "linear":
        # A squared error asks for regression wherever the targets are numbers.
        return "regression_if_possible"
    return "auto" if LOSSES[name].takes_indices else "labels_if_possible"


def _is_too_small_to_test(config: Config, dataset: Dataset) -> bool:
    """Whether no rows are held out for testing because there are few, and nobody asked for it."""
    wants_default = getattr(config.dataset, "test", 0) is None and "test" not in dataset.splits
    return wants_default and len(dataset.splits["train"]) < _FEW_ROWS


def _note_few_rows(config: Config, dataset: Dataset) -> Dataset:
    """Returns the data set with a note if it is too small to hold out rows for testing."""
    if not _is_too_small_to_test(config, dataset):
        return dataset
    note = f"fewer than {_FEW_ROWS} rows: none are held out for testing"
    if not getattr(config.dataset, "validation", 0) and "validation" not in dataset.splits:
        note += ", so the scores are those of the rows trained on"
    return replace(dataset, notes=(*dataset.notes, f"{note}; dataset.test={TEST_SHARE} would"))


def _held_out_shares(config: Config, dataset: Dataset) -> dict[str, float]:
    """Returns how much to hold out for each part that the data does not come with."""
    test = 0.0 if _is_too_small_to_test(config, dataset) else TEST_SHARE
    defaults = {"validation": 0.0, "test": test}
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
