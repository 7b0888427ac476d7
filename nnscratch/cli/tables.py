"""Tables on the terminal and in pipes, as narrow as possible and never cut."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from nnscratch.cli.output import console
from nnscratch.formatting import cell, label_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnscratch.data.columns import NameRows
    from nnscratch.model.model import Model

# More inputs would push the prediction off the screen.
_MOST_INPUTS = 8
_GAP = "  "
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
    rows = [list(row) for row in rows]
    # Rich has tables too, and takes a millisecond for each row.
    columns = []
    for i, name in enumerate(header):
        has_text = any(isinstance(row[i], str) for row in rows)
        columns.append(
            _align([label_text(name), *(show(row[i]) for row in rows)], to_left=has_text)
        )
    lines = [_GAP.join(cells).rstrip() for cells in zip(*columns, strict=True)]
    if last_is_total:
        lines.insert(-1, "")
    out = console(stderr=stderr)
    dash = "-" if out.options.ascii_only else "─"
    # A closed stderr must not stop a training run.
    with suppress(OSError) if stderr else nullcontext():
        out.out(lines[0], style="bold", highlight=False)
        out.out(dash * _width(_GAP.join(column[0] for column in columns)), highlight=False)
        if rows:
            out.out("\n".join(lines[1:]), highlight=False)


def _align(texts: list[str], *, to_left: bool) -> list[str]:
    """Returns the texts of a column with blanks beside them, all equally wide on the screen."""
    widths = list(map(_width, texts))
    longest = max(widths)
    blanks = (" " * (longest - width) for width in widths)
    pairs = zip(texts, blanks, strict=True)
    return [text + blank if to_left else blank + text for text, blank in pairs]


def _width(text: str) -> int:
    """Returns how many columns of the screen a text takes; Chinese characters take two each."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def print_predictions(
    model: "Model",
    rows: "NDArray[Any]",
    targets: "NDArray[Any] | None",
    name_rows: "NameRows | None" = None,
) -> None:
    """Prints a table of inputs, targets (if they are known) and predictions."""
    from nnscratch.data.columns import rows_text, value_text
    from nnscratch.model.predictions import Predictions, list_labels, name_columns

    predictions = Predictions.of(model, rows, name_rows=name_rows or rows_text)
    columns: dict[str, list[Any]] = {"row": list(range(len(rows)))}
    if len(model.features) <= _MOST_INPUTS:
        for feature, values in zip(model.features, rows.T.tolist(), strict=True):
            columns[feature.name] = [value_text(feature, value) for value in values]
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


def _label_cells(values: list[Any]) -> list[Any]:
    """Returns numbers as they are and classes as text, so that no class gets a thousands comma."""
    return [value if isinstance(value, float) else label_text(value) for value in values]
