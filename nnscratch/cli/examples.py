"""The one example that a command is to look at, from its options."""

from pathlib import Path
from typing import TYPE_CHECKING

from nnscratch.cli.output import say
from nnscratch.cli.progress import Spinner

if TYPE_CHECKING:
    from nnscratch.data.dataset import Dataset
    from nnscratch.insight.example import Example
    from nnscratch.model import Model
    from nnscratch.runs import Found


def look_up(
    run: str,
    runs_dir: Path,
    values: str | None,
    target: str | None,
    row: int | None,
    split: str | None,
) -> "tuple[Found, Model, Example]":
    """Returns a run, its model, and the example that the options name.

    Raises:
        UsageError: The options do not go together, or there is no such example.
    """
    from nnscratch.errors import NNScratchError
    from nnscratch.evaluation import load_data
    from nnscratch.model import Model
    from nnscratch.runs import find_weights

    found = find_weights(run, runs_dir)
    model = Model.load(found.weights)
    dataset = None
    if values is None or (target is None and found.config):
        try:
            with Spinner() as spinner:
                dataset = load_data(found, model, report=spinner.say)
        except NNScratchError as error:
            if values is None:
                raise
            say(f"warning: no target is looked up: {error}; --target gives one")
    return found, model, choose(model, dataset, values, target, row, split)


def choose(
    model: "Model",
    dataset: "Dataset | None",
    values: str | None,
    target: str | None,
    row: int | None,
    split: str | None,
) -> "Example":
    """Returns the example that the options name: row 0 unless they say another.

    Raises:
        UsageError: The options do not go together, or there is no such example.
    """
    from nnscratch.errors import UsageError
    from nnscratch.insight.example import take_row, take_values

    if values is not None:
        if row is not None or split is not None:
            raise UsageError("give --input, or --row with --split, not both")
        return take_values(model, values, target, dataset)
    if target is not None:
        raise UsageError("--target says what is right for --input; a row has its own")
    assert dataset
    return take_row(dataset, row or 0, split)
