"""Tables on the terminal and in pipes, as narrow as possible and never cut."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from nnscratch.cli.output import PIPE_WIDTH, console, print_message
from nnscratch.formatting import cell, label_text, plural

if TYPE_CHECKING:
    from nnscratch.data.columns import NameRows
    from nnscratch.model.predictions import Rows
    from nnscratch.model.predictor import Predictor

# More inputs would push the prediction off the screen.
_MOST_INPUTS = 8
_GAP = "  "
# Six digits of a larger number are whole ones, with commas between them.
_WITH_COMMAS = 100_000
# Of more classes, only the most probable ones are shown.
_MOST_CLASSES = 5


def print_table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    last_is_total: bool = False,
    stderr: bool = False,
    show: Callable[[object], str] = cell,
    expendable: Sequence[int] = (),
    left_out: int = 0,
) -> None:
    """Prints a table, its numbers aligned to the right and its texts to the left.

    If it is wider than the terminal, columns that are expendable are left out; if that is not
    enough, the terminal wraps its lines. No cell is cut, and in a pipe no column is left out.

    Args:
        header: The names of the columns.
        rows: The cells.
        last_is_total: Whether to draw a line above the last row.
        stderr: Whether to print to stderr instead of stdout.
        show: Returns the text of a cell.
        expendable: The indices of columns that may be left out, the last of these first.
        left_out: How many columns are left out already.
    """
    rows = [list(row) for row in rows]
    # Rich has tables too, and takes a millisecond for each row.
    columns = []
    for i, name in enumerate(header):
        has_text = any(isinstance(row[i], str) for row in rows)
        texts = [label_text(name), *(show(row[i]) for row in rows)]
        columns.append(align(texts, to_left=has_text))
    out = console(stderr=stderr)
    columns, too_many = _leave_out(columns, expendable, out.width)
    left_out += too_many
    lines = [_GAP.join(cells).rstrip() for cells in zip(*columns, strict=True)]
    if last_is_total:
        lines.insert(-1, "")
    dash = "-" if out.options.ascii_only else "─"
    # A closed stderr must not stop a training run.
    with suppress(OSError) if stderr else nullcontext():
        out.out(lines[0], style="bold", highlight=False)
        out.out(dash * _table_width(columns), highlight=False)
        if rows:
            out.out("\n".join(lines[1:]), highlight=False)
    if left_out:
        print_message(f"… {plural(left_out, 'more column')}")


def _leave_out(
    columns: list[list[str]], expendable: Sequence[int], width: int
) -> tuple[list[list[str]], int]:
    """Returns columns that are not wider than `width` if possible, and how many are left out."""
    removed: set[int] = set()
    for candidate in reversed(expendable):
        kept = [column for i, column in enumerate(columns) if i not in removed]
        if _table_width(kept) <= width or width >= PIPE_WIDTH:
            break
        removed.add(candidate)
    return [column for i, column in enumerate(columns) if i not in removed], len(removed)


def _table_width(columns: Sequence[Sequence[str]]) -> int:
    return text_width(_GAP.join(column[0] for column in columns))


def align(texts: list[str], *, to_left: bool) -> list[str]:
    """Returns the texts of a column with blanks beside them, all equally wide on the screen."""
    widths = list(map(text_width, texts))
    longest = max(widths)
    blanks = (" " * (longest - width) for width in widths)
    pairs = zip(texts, blanks, strict=True)
    return [text + blank if to_left else blank + text for text, blank in pairs]


def text_width(text: str) -> int:
    """Returns how many columns of the screen a text takes; Chinese characters take two each."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def print_predictions(
    model: "Predictor", given: "Rows", name_rows: "NameRows | None" = None
) -> None:
    """Prints a table of inputs, targets (if they are known) and predictions.

    On a terminal, inputs and then probabilities give way to what must be seen.
    """
    from nnscratch.data.columns import rows_text
    from nnscratch.data.decoding import value_text
    from nnscratch.model.predictions import Predictions, Rows

    shown = [] if model.image else list(enumerate(model.features))[:_MOST_INPUTS]
    inputs = {
        feature.name: [value_text(feature, value) for value in given.inputs[:, i].tolist()]
        for i, feature in shown
        if feature.name not in given.beside
    }
    rows = Rows(given.inputs, given.targets, {**given.beside, **inputs})
    predictions = Predictions.of(model, rows, name_rows=name_rows or rows_text)
    columns = {
        name: values if name == "row" else _label_cells(values)
        for name, values in predictions.table(most=_MOST_CLASSES).items()
    }
    names = list(columns)
    repeated = 1 + len(given.beside)
    beside, shown_inputs = names[1:repeated], names[repeated : repeated + len(inputs)]
    made_from = [
        name
        for name in predictions.columns(most=_MOST_CLASSES)
        if name not in (*predictions.label_names, "prediction")
    ]
    expendable = [names.index(name) for name in (*beside, *made_from, *shown_inputs)]
    print_table(
        names,
        zip(*columns.values(), strict=True),
        show=_significant,
        expendable=expendable,
        left_out=0 if model.image else len(model.features) - len(shown),
    )


def _significant(value: object) -> str:
    """Returns a number with six significant digits, and other values as in any table."""
    if isinstance(value, float) and abs(value) < _WITH_COMMAS:
        return f"{value:z.6g}"
    return cell(value)


def _label_cells(values: list[Any]) -> list[Any]:
    """Returns numbers as they are and classes as text, so that no class gets a thousands comma."""
    return [value if isinstance(value, float | None) else label_text(value) for value in values]
