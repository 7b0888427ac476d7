"""The options that choose a model and the one example that goes through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nnscratch.cli.options import is_config
from nnscratch.cli.output import print_message
from nnscratch.cli.prediction_inputs import check_names_data, warn_unseen
from nnscratch.cli.progress import Spinner

if TYPE_CHECKING:
    from nnscratch.config import Config
    from nnscratch.data.columns import Unseen
    from nnscratch.data.dataset import Dataset
    from nnscratch.insight.example import Example
    from nnscratch.model.model import Model
    from nnscratch.runs import Found


def load_example(
    what: str,
    runs_dir: Path,
    values: str | None,
    target: str | None,
    row: int | None,
    split: str | None,
) -> "tuple[Model, Config | None, Example]":
    """Returns a run's model, or that of a config, untrained; its config; and the example.

    Args:
        what: The run or the config.
        runs_dir: Where runs are kept.
        values: --input.
        target: --target.
        row: --row.
        split: --split.

    Raises:
        UsageError: The options contradict each other, or there is no such example.
        Others as `load_data` and `prepare`.
    """
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.model.model import Model
    from nnscratch.runs import find_weights

    _check_options(values, target, row, split)
    dataset: Dataset | None
    config: Config | None
    if is_config(what):
        with Spinner() as spinner:
            experiment = prepare(load(what), report=spinner.say)
        model = experiment.model
        dataset = experiment.dataset
        config = experiment.config
    else:
        found = find_weights(what, runs_dir)
        model = Model.load(found.weights)
        dataset = None
        if values is None:
            dataset = _load_data(found, model)
        elif target is None and found.config:
            dataset = _load_data_if_possible(found, model)
        config = load(found.config, find_files=False) if found.config else None
    if values is not None:
        return model, config, _take_values(model, dataset, values, target)
    assert dataset
    return model, config, _take_row(dataset, row or 0, split)


def _check_options(
    values: str | None, target: str | None, row: int | None, split: str | None
) -> None:
    from nnscratch.errors import UsageError

    if values is not None and (row is not None or split is not None):
        raise UsageError("give --input, or --row with --split, not both")
    if values is None and target is not None:
        raise UsageError("--target is the target of --input; a row has its own")


def _load_data(found: "Found", model: "Model") -> "Dataset":
    from nnscratch.experiment.run_data import load_data

    check_names_data(found, model)
    with Spinner() as spinner:
        return load_data(found, model, report=spinner.say)


def _load_data_if_possible(found: "Found", model: "Model") -> "Dataset | None":
    """Returns a run's data, or None with a warning if they cannot be loaded."""
    from nnscratch.errors import NNScratchError

    try:
        return _load_data(found, model)
    except NNScratchError as error:
        print_message(f"warning: cannot look up the target: {error}; give it with --target")
        return None


def _take_values(
    model: "Model", dataset: "Dataset | None", values: str, target: str | None
) -> "Example":
    from nnscratch.insight.example import read_target, shorten_text, take_values

    expected = None
    if target is not None:
        with _naming(f"--target {shorten_text(target)}"):
            expected = read_target(model, target)
    unseen: Unseen = {}
    with _naming(f"--input {shorten_text(values)}"):
        example = take_values(model, values, expected, dataset, unseen)
    warn_unseen(unseen)
    return example


def _take_row(dataset: "Dataset", row: int, split: str | None) -> "Example":
    from nnscratch.insight.example import take_row

    if split is None:
        with _naming(f"--row {row}"):
            return take_row(dataset, row)
    with _naming(f"--row {row} --split {split}"):
        return take_row(dataset, row, split)


@contextmanager
def _naming(option: str) -> Iterator[None]:
    """Begins the message of a UsageError with the option that it is about."""
    from nnscratch.errors import UsageError

    try:
        yield
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None
