"""Tables on the terminal and in pipes, as narrow as possible and never cut."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from math import isnan
from typing import TYPE_CHECKING, Any

from nnscratch.cli.output import PIPE_WIDTH, console
from nnscratch.formatting import cell, label_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnscratch.data.columns import NameRows
    from nnscratch.data.dataset import Feature
    from nnscratch.model.model import Model

# More inputs would push the prediction off the screen.
_MOST_INPUTS = 8
# Of more classes, only the most probable ones are shown.
_MOST_CLASSES = 5


def print_table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    last_is_total: bool = False,
    stderr: bool = False,
    show: Callable[[object], str] = cell,
) -> None:
    """Prints a table, its numbers aligned to the right and its texts to the left.

    If it is wider than the terminal, the terminal wraps its lines; no cell is cut.

    Args:
        header: The names of the columns.
        rows: The cells.
        last_is_total: Whether to draw a line above the last row.
        stderr: Whether to print to stderr instead of stdout.
        show: Returns the text of a cell.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    rows = [list(row) for row in rows]
    table = Table(
        box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0), show_edge=False
    )
    for i, name in enumerate(header):
        text = any(isinstance(row[i], str) for row in rows)
        table.add_column(label_text(name), justify="left" if text else "right", no_wrap=True)
    for number, row in enumerate(rows, start=1):
        table.add_row(*map(show, row), end_section=last_is_total and number == len(rows) - 1)
    out = console(stderr=stderr)
    needed = out.measure(table, options=out.options.update(width=PIPE_WIDTH)).maximum
    out.width = max(out.width, needed)
    # A closed stderr must not stop a training run.
    with suppress(OSError) if stderr else nullcontext():
        out.print(table)


def print_predictions(
    model: "Model",
    rows: "NDArray[Any]",
    targets: "NDArray[Any] | None",
    name_rows: "NameRows | None" = None,
) -> None:
    """Prints a table of inputs, targets (if they are known) and predictions."""
    from nnscratch.data.columns import rows_text
    from nnscratch.model.predictions import Predictions, list_labels, name_columns

    predictions = Predictions.of(model, rows, name_rows=name_rows or rows_text)
    columns: dict[str, list[Any]] = {"row": list(range(len(rows)))}
    if len(model.features) <= _MOST_INPUTS:
        for feature, values in zip(model.features, rows.T.tolist(), strict=True):
            columns[feature.name] = [_input_text(feature, value) for value in values]
    if targets is not None:
        actual = model.encoding.to_labels(targets).reshape(len(rows), -1)
        if model.encoding.multi_label:
            columns["target"] = list_labels(model.encoding.target_names, actual)
        else:
            names = name_columns("target", model.encoding)
            columns |= zip(names, map(_label_cells, actual.T.tolist()), strict=True)
    for name, values in predictions.columns(most=_MOST_CLASSES).items():
        columns[name] = _label_cells(values)
    print_table(list(columns), zip(*columns.values(), strict=True))


def _input_text(feature: "Feature", value: float) -> str:
    if isnan(value):
        return ""
    if feature.categories is None:
        return f"{value:g}"
    return label_text(feature.categories[int(value)]) if value >= 0 else "(unseen)"


def _label_cells(values: list[Any]) -> list[Any]:
    """Returns numbers as they are and classes as text, so that no class gets a thousands comma."""
    return [value if isinstance(value, float) else label_text(value) for value in values]
