"""`nnscratch graph`: the computation graph of one example, every number with its gradient."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import output
from nnscratch.cli.options import (
    DEFAULT_RUNS,
    ExampleRow,
    ExampleTarget,
    ExampleValues,
    RunsDirectory,
    SplitName,
    is_config,
)

if TYPE_CHECKING:
    from nnscratch.insight.example import Example
    from nnscratch.model import Model


def graph(
    what: Annotated[
        str,
        typer.Argument(metavar="RUN|CONFIG", help="A run, or a config whose network is untrained."),
    ],
    values: ExampleValues = None,
    target: ExampleTarget = None,
    row: ExampleRow = None,
    split: SplitName = None,
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="A .dot, .svg, .png or .pdf that does not exist yet; DOT on the terminal else.",
        ),
    ] = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Draw the computation graph of one example.

    Each node has a number, how it was computed, and the gradient of the loss by it. Pictures need
    Graphviz; DOT, its language, does not. Without --input and --row it is row 0.

    Example: nnscratch graph xor --input 0,1 --output xor.svg
    """
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import replacing
    from nnscratch.insight.graph import PICTURES, SOURCES, build_graph, draw_graph, render

    kind = output_file.suffix.lower().removeprefix(".") if output_file else "dot"
    if kind not in PICTURES + SOURCES:
        kinds = ", .".join(("dot", *PICTURES))
        raise UsageError(f"--output {output_file}: a graph's name ends in .{kinds}")
    model, example = _find(what, runs_dir, values, target, row, split)
    text = render(draw_graph(build_graph(model, example)), kind)
    if output_file is None:
        print(text.decode(), end="")
        return
    with replacing(output_file, exclusive=True) as file:
        file.write(text)
    output.say(f"wrote {output_file}")


def _find(
    what: str,
    runs_dir: Path,
    values: str | None,
    target: str | None,
    row: int | None,
    split: str | None,
) -> "tuple[Model, Example]":
    """Returns the model that is named, or that a config describes, and the example."""
    from nnscratch.cli.examples import choose, look_up
    from nnscratch.cli.progress import Spinner
    from nnscratch.config import load
    from nnscratch.preparation import prepare

    if not is_config(what):
        _, model, example = look_up(what, runs_dir, values, target, row, split)
        return model, example
    with Spinner() as spinner:
        prepared = prepare(load(what), report=spinner.say)
    return prepared.model, choose(prepared.model, prepared.dataset, values, target, row, split)
