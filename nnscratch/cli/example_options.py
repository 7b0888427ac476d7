"""The options that choose a model and the one example that goes through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from nnscratch.cli.members import choose_member
from nnscratch.cli.options import is_config
from nnscratch.cli.output import print_message
from nnscratch.cli.prediction_inputs import check_names_data, warn_unseen
from nnscratch.cli.progress import Spinner
from nnscratch.config import Config, load
from nnscratch.data.dataset import Dataset
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.experiment.prepare import prepare
from nnscratch.experiment.run_data import load_data
from nnscratch.insight.example import Example, read_target, shorten_text, take_row, take_values
from nnscratch.model.loading import load_model
from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor
from nnscratch.runs import RunFiles, find_weights


def load_example(
    what: str,
    runs_dir: Path,
    values: str | None,
    target: str | None,
    row: int | None,
    split: str | None,
    member: int | None = None,
) -> tuple[Model, Config | None, Example]:
    """Returns a run's model, or that of a config, untrained; its config; and the example.

    Args:
        what: The run or the config.
        runs_dir: Where runs are kept.
        values: --input.
        target: --target.
        row: --row.
        split: --split.
        member: --member.

    Raises:
        UsageError: The options contradict each other, or there is no such example.
        Others as `load_data` and `prepare`.
    """
    if values is not None and (row is not None or split is not None):
        raise UsageError("give --input, or --row with --split, not both")
    if values is None and target is not None:
        raise UsageError("--target is the target of --input; a row has its own")
    dataset: Dataset | None = None
    config: Config | None = None
    model: Predictor
    if is_config(what):
        with Spinner() as spinner:
            experiment = prepare(load(what), report=spinner.say)
        model, dataset, config = experiment.model, experiment.dataset, experiment.config
    else:
        found = find_weights(what, runs_dir)
        model = load_model(found.weights)
        if values is None or (target is None and found.config):
            dataset = _load_data(found, model, is_needed=values is None)
        if found.config:
            config = load(found.config, find_files=False)
    if values is not None:
        example = _take_values(model, dataset, values, target)
    else:
        assert dataset
        example = _take_row(dataset, row, split)
    single, example = _choose_member(model, example, member)
    return single, config, example


def _choose_member(model: Predictor, example: Example, number: int | None) -> tuple[Model, Example]:
    """Returns the network to look into, and the example as it takes it; says which of several."""
    chosen = choose_member(len(model.members), number)
    inputs = model.table_for(chosen - 1, example.inputs)
    return model.members[chosen - 1], replace(example, inputs=inputs)


def _load_data(found: RunFiles, model: Predictor, *, is_needed: bool) -> Dataset | None:
    """Returns a run's data; None with a warning if they are missing and not needed."""
    try:
        check_names_data(found, model)
        with Spinner() as spinner:
            return load_data(found, model, report=spinner.say)
    except NNScratchError as error:
        if is_needed:
            raise
        print_message(f"warning: cannot look up the target: {error}; give it with --target")
        return None


def _take_values(
    model: Predictor, dataset: Dataset | None, values: str, target: str | None
) -> Example:
    expected = None
    if target is not None:
        with _naming(f"--target {shorten_text(target)}"):
            expected = read_target(model, target)
    unseen: dict[str, set[str]] = {}
    with _naming(f"--input {shorten_text(values)}"):
        example = take_values(model, values, expected, dataset, unseen)
    warn_unseen(unseen)
    return example


def _take_row(dataset: Dataset, row: int | None, split: str | None) -> Example:
    options = {"--row": row, "--split": split}
    given = [f"{option} {value}" for option, value in options.items() if value is not None]
    with _naming(" ".join(given)):
        return take_row(dataset, row or 0, "train" if split is None else split)


@contextmanager
def _naming(option: str) -> Iterator[None]:
    """Begins the message of a UsageError with the option that it is about."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None
