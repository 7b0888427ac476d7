"""`nnscratch graph`: the computation graph of one example, with the gradient of each number."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import options
from nnscratch.cli.output import naming_missing_glyphs, print_message, write_data

if TYPE_CHECKING:
    from nnscratch.autograd import Value

POSITION_IN_HELP = 80


def graph(
    what: options.RunOrConfig,
    values: options.ExampleValues = None,
    target: options.ExampleTarget = None,
    row: options.ExampleRow = None,
    split: options.SplitName = None,
    member: options.MemberNumber = None,
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A new .dot, .svg, .png or .pdf file; without it DOT is printed.",
            callback=options.typeable,
        ),
    ] = None,
    runs_dir: options.RunsDirectory = options.DEFAULT_RUNS,
) -> None:
    """Draw the computation graph of one example.

    Each node has a number, how it is computed, and the gradient of the loss. Graphviz arranges
    images best; without it, small graphs are drawn all the same. Without --input and --row the
    example is training row 0.

    Example: nnscratch graph xor --input "0,1" --output xor.svg
    """
    from nnscratch.cli.example_options import load_example
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import replacing
    from nnscratch.insight import graph as graphs

    file_format = _choose_format(output_file)
    model, _, example = load_example(what, runs_dir, values, target, row, split, member)
    try:
        result = graphs.build_graph(model, example)
    except graphs.MissingTargetError as error:
        raise UsageError(f"{error}; give it with --target") from None
    try:
        content = graphs.render(graphs.draw_graph(result), file_format)
    except graphs.MissingGraphvizError:
        assert output_file
        _draw_without_graphviz(result, output_file)
        return
    if output_file is None:
        write_data([content.decode()])
        return
    with replacing(output_file, exclusive=True) as file:
        file.write(content)
    print_message(f"wrote {output_file}")


def _draw_without_graphviz(result: "Value", output_file: Path) -> None:
    """Draws a small graph, and names what draws a large one."""
    from nnscratch.errors import NNScratchError
    from nnscratch.insight import graph as graphs
    from nnscratch.plots.figures.computation_graph import MOST_NODES, Box, draw_computation_graph
    from nnscratch.plots.figures.style import save_figure

    nodes = graphs.list_nodes(result)
    if len(nodes) > MOST_NODES:
        raise NNScratchError(
            f"this graph has {len(nodes)} nodes; without Graphviz at most {MOST_NODES} are drawn: "
            f"{graphs.INSTALL_GRAPHVIZ}\n"
            "a .dot file needs no Graphviz, and can be drawn on any machine that has it"
        )
    with naming_missing_glyphs():
        figure = draw_computation_graph([Box(*node) for node in nodes])
        save_figure(figure, output_file, exclusive=True)
    print_message(f"drawn without Graphviz, which arranges it better: {graphs.INSTALL_GRAPHVIZ}")
    print_message(f"wrote {output_file}")


def _choose_format(output_file: Path | None) -> str:
    """Returns the format that the name of the file stands for; `dot` without a file."""
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import check_new
    from nnscratch.insight import graph as graphs

    if output_file is None:
        return "dot"
    file_format = output_file.suffix.lower().removeprefix(".")
    if file_format not in (*graphs.IMAGES, *graphs.SOURCES):
        endings = ", .".join(("dot", *graphs.IMAGES))
        raise UsageError(f"--output {output_file}: the file name must end in .{endings}")
    check_new(output_file)  # refused now, not after the data is loaded
    return file_format
