"""The network that a command is to look into, and the one example that goes through it."""

from pathlib import Path
from typing import TYPE_CHECKING

from nnscratch.cli.options import is_config
from nnscratch.cli.output import say
from nnscratch.cli.prediction_inputs import check_names_data
from nnscratch.cli.progress import Spinner

if TYPE_CHECKING:
    from nnscratch.config import Config
    from nnscratch.data.columns import Unseen
    from nnscratch.data.dataset import Dataset
    from nnscratch.insight.example import Example
    from nnscratch.model.model import Model
    from nnscratch.runs import Found


def look_up(
    what: str,
    runs_dir: Path,
    values: str | None,
    target: str | None,
    row: int | None,
    split: str | None,
) -> "tuple[Model, Config | None, Example]":
    """Returns a run's model or that of a config, untrained; its config; and the example.

    Raises:
        UsageError: The options do not go together, or there is no such example.
        Others as `load_data` and `prepare`.
    """
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.model.model import Model
    from nnscratch.runs import find_weights

    if is_config(what):
        with Spinner() as spinner:
            prepared = prepare(load(what), report=spinner.say)
        example = _choose(prepared.model, prepared.dataset, values, target, row, split)
        return prepared.model, prepared.config, example
    found = find_weights(what, runs_dir)
    model, dataset = Model.load(found.weights), None
    if values is None or (target is None and found.config):
        dataset = _load_data(found, model, needed=values is None)
    config = load(found.config, find_files=False) if found.config else None
    return model, config, _choose(model, dataset, values, target, row, split)


def _load_data(found: "Found", model: "Model", *, needed: bool) -> "Dataset | None":
    """Returns a run's data; where only a target would be looked up in them they may be missing."""
    from nnscratch.errors import NNScratchError
    from nnscratch.experiment.run_data import load_data

    try:
        check_names_data(found, model)
        with Spinner() as spinner:
            return load_data(found, model, report=spinner.say)
    except NNScratchError as error:
        if needed:
            raise
        say(f"warning: no target is looked up: {error}; --target gives one")
        return None


def _choose(
    model: "Model",
    dataset: "Dataset | None",
    values: str | None,
    target: str | None,
    row: int | None,
    split: str | None,
) -> "Example":
    """Returns the example that the options name: row 0 unless they say another."""
    from nnscratch.cli.prediction_inputs import warn_unseen
    from nnscratch.errors import UsageError
    from nnscratch.insight.example import take_row, take_values

    if values is not None:
        if row is not None or split is not None:
            raise UsageError("give --input, or --row with --split, not both")
        unseen: Unseen = {}
        example = take_values(model, values, target, dataset, unseen)
        warn_unseen(unseen)
        return example
    if target is not None:
        raise UsageError("--target says what is right for --input; a row has its own")
    assert dataset
    return take_row(dataset, row or 0, split)
