"""What is to be predicted: values from the command line, a table, pictures, or a run's own data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnscratch.cli import output
from nnscratch.cli.progress import Spinner
from nnscratch.formatting import label_text, some

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnscratch.data.columns import Unseen
    from nnscratch.model.model import Model
    from nnscratch.runs import Found


@dataclass
class Source:
    """Rows to predict, some at a time.

    Attributes:
        pieces: Tables (rows, columns) as the model's features have them.
        targets: What is right, where that is known.
        unseen: Words that training did not have, filled while the pieces are taken.
    """

    pieces: "Iterator[NDArray[Any]]"
    targets: "NDArray[Any] | None" = None
    unseen: "Unseen" = field(default_factory=dict)


def warn_unseen(unseen: "Unseen") -> None:
    """Says which words have no effect."""
    for name, words in unseen.items():
        what = f"column {label_text(name)}: {some(sorted(words))} unseen in training"
        output.say(f"warning: {what}, so of no effect")


def from_values(model: "Model", inputs: Sequence[str]) -> Source:
    """Returns rows as they are typed, `5.1,red`."""
    from nnscratch.data.columns import split_values
    from nnscratch.errors import UsageError

    unseen: Unseen = {}
    try:
        rows = [split_values(text) for text in inputs]
        return Source(iter([model.as_table(rows, unseen)]), unseen=unseen)
    except UsageError as error:
        raise UsageError(f"--input {' --input '.join(inputs)}: {error}") from None


def from_csv(model: "Model", path: Path) -> Source:
    """Returns the rows of a table, read as they are wanted."""
    from nnscratch.data.csv_files import read_rows

    unseen: Unseen = {}
    return Source(read_rows(path, model.features, unseen), unseen=unseen)


def from_images(model: "Model", paths: Sequence[Path], *, show: bool) -> Source:
    """Returns the pixels of pictures, and shows them if asked to."""
    import numpy as np

    from nnscratch.data.image_files import draw_text, read_image
    from nnscratch.errors import UsageError

    if model.image is None:
        raise UsageError("--image: the network was not trained on pictures; give --input or --csv")
    rows = [read_image(path, model.image) for path in paths]
    if show:
        for path, row in zip(paths, rows, strict=True):
            output.say(f"{path}:\n{draw_text(row, model.image)}")
    return Source(iter([np.vstack(rows)]))


def from_run(found: "Found", model: "Model", split: str | None) -> Source:
    """Returns a part of the run's own data."""
    from nnscratch.experiment.run_data import load_split

    check_names_data(found, model)
    with Spinner() as spinner:
        _, part = load_split(found, model, split, report=spinner.say)
    return Source(iter([part.inputs]), part.targets)


def check_names_data(found: "Found", model: "Model") -> None:
    """Checks that a run's own data can be looked for.

    Raises:
        UsageError: There is only a weights file.
    """
    from nnscratch.errors import UsageError

    if found.config is None:
        example = ",".join("0" for _ in model.features[:8])
        rule = f"{found.weights}: there is no config next to it that names its data"
        raise UsageError(f"{rule}; give rows with --input {example}")
