"""`nnscratch graph`: the computation graph of one example, every number with its gradient."""

from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli import output
from nnscratch.cli.options import (
    DEFAULT_RUNS,
    ExampleRow,
    ExampleTarget,
    ExampleValues,
    RunOrConfig,
    RunsDirectory,
    SplitName,
)

POSITION_IN_HELP = 80


def graph(
    what: RunOrConfig,
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
    from nnscratch.cli.example_options import look_up
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import replacing
    from nnscratch.insight.graph import PICTURES, SOURCES, build_graph, draw_graph, render

    kind = output_file.suffix.lower().removeprefix(".") if output_file else "dot"
    if kind not in PICTURES + SOURCES:
        kinds = ", .".join(("dot", *PICTURES))
        raise UsageError(f"--output {output_file}: a graph's name ends in .{kinds}")
    model, _, example = look_up(what, runs_dir, values, target, row, split)
    text = render(draw_graph(build_graph(model, example)), kind)
    if output_file is None:
        print(text.decode(), end="")
        return
    with replacing(output_file, exclusive=True) as file:
        file.write(text)
    output.say(f"wrote {output_file}")
