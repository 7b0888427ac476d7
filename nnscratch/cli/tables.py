"""Tables on stdout, as narrow as they can be and never cut in a pipe."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from math import isnan
from typing import TYPE_CHECKING, Any

from nnscratch.cli.output import PIPE_WIDTH, console
from nnscratch.formatting import cell, label_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnscratch.data.dataset import Feature
    from nnscratch.model.model import Model

# Wider inputs would push the prediction off the screen.
_SHOWN_INPUTS = 8
# Of more classes the two most probable tell all that fits a line.
_SHOWN_CLASSES = 5


def print_table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    last_is_total: bool = False,
    stderr: bool = False,
    show: Callable[[object], str] = cell,
) -> None:
    """Prints a table, to stdout unless told otherwise, numbers to the right and text to the left.

    `show` turns a cell into text. A table wider than the terminal is wrapped by the terminal, whole
    words and names uncut.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    rows = [list(row) for row in rows]
    table = Table(
        box=SIMPLE_HEAD,
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    for i, name in enumerate(header):
        text = any(isinstance(row[i], str) for row in rows)
        table.add_column(name, justify="left" if text else "right", no_wrap=True)
    for number, row in enumerate(rows, start=1):
        table.add_row(*map(show, row), end_section=last_is_total and number == len(rows) - 1)
    out = console(stderr=stderr)
    needed = out.measure(table, options=out.options.update(width=PIPE_WIDTH)).maximum
    out.width = max(out.width, needed)
    # A training goes on if nobody can read what is said about it.
    with suppress(OSError) if stderr else nullcontext():
        out.print(table)


def print_predictions(model: "Model", rows: "NDArray[Any]", targets: "NDArray[Any] | None") -> None:
    """Prints a table of inputs, targets if they are known, and predictions."""
    from nnscratch.model.predictions import Predictions, list_labels, name_columns

    predictions = Predictions.of(model, rows)
    columns: dict[str, list[Any]] = {"row": list(range(len(rows)))}
    if len(model.features) <= _SHOWN_INPUTS:
        for feature, values in zip(model.features, rows.T.tolist(), strict=True):
            columns[feature.name] = [_value(feature, value) for value in values]
    if targets is not None:
        actual = model.encoding.to_labels(targets).reshape(len(rows), -1)
        if model.encoding.multi_label:
            columns["target"] = list_labels(model.encoding.target_names, actual)
        else:
            names = name_columns("target", model.encoding)
            columns |= zip(names, map(_labels, actual.T.tolist()), strict=True)
    for name, values in predictions.columns(most=_SHOWN_CLASSES).items():
        columns[name] = _labels(values)
    print_table(list(columns), zip(*columns.values(), strict=True))


def _value(feature: "Feature", value: float) -> str:
    if isnan(value):
        return ""
    if feature.categories is None:
        return f"{value:g}"
    return label_text(feature.categories[int(value)]) if value >= 0 else "(unseen)"


def _labels(values: list[Any]) -> list[Any]:
    """Returns numbers as they are and classes as text, which no thousands are parted in."""
    return [value if isinstance(value, float) else label_text(value) for value in values]
