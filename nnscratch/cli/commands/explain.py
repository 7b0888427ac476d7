"""`nnscratch explain`: the forward and the backward pass of one example, in numbers."""

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import options
from nnscratch.cli.output import print_document, print_heading, print_text
from nnscratch.cli.tables import print_table
from nnscratch.formatting import cell

if TYPE_CHECKING:
    from nnscratch.insight.section import Section

POSITION_IN_HELP = 70


class TextFormat(StrEnum):
    """How numbers and formulas are printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def explain(
    what: options.RunOrConfig,
    values: options.ExampleValues = None,
    target: options.ExampleTarget = None,
    row: options.ExampleRow = None,
    split: options.SplitName = None,
    member: options.MemberNumber = None,
    output_format: Annotated[
        TextFormat, typer.Option("--format", help="Tables, Markdown to keep, or JSON for programs.")
    ] = TextFormat.TABLE,
    runs_dir: options.RunsDirectory = options.DEFAULT_RUNS,
) -> None:
    """Explain one forward and one backward pass in numbers.

    For each layer, with the formulas: what each unit computes, the loss, the gradient that flows
    back, and the step of every weight. Without --input and --row the example is training row 0.

    Example: nnscratch explain xor --input "0,1"
    """
    from nnscratch.cli.example_options import load_example
    from nnscratch.insight.explanation import explain as explain_example

    model, config, example = load_example(what, runs_dir, values, target, row, split, member)
    if output_format is TextFormat.JSON:
        sections = [asdict(section) for section in explain_example(model, example, config)]
        print_document({"example": example.name, "sections": sections})
        return
    is_markdown = output_format is TextFormat.MARKDOWN
    for number, section in enumerate(explain_example(model, example, config)):
        if number:
            print_text()
        if is_markdown:
            _print_markdown(section)
        else:
            _print_table(section)
    if example.target is None:  # which is why the last section has no gradients
        print_text(f"{'-' if is_markdown else ' '} --target gives one")


def _print_table(section: "Section") -> None:
    print_heading(section.title)
    for line in section.formulas:
        print_text(f"  {line}")
    if section.header:
        print_table(section.header, section.rows, show=_exact)


def _print_markdown(section: "Section") -> None:
    print_text(f"## {section.title}\n")
    for line in section.formulas:
        print_text(f"- {line}")
    if section.header:
        print_text()
        ruler = ["---", *("---:" for _ in section.header[1:])]
        for cells in (section.header, ruler, *section.rows):
            print_text("|" + "|".join(f" {_escape(_exact(c))} " for c in cells) + "|")


def _exact(value: object) -> str:
    """Returns a number with five significant digits, and other values as in any table."""
    return f"{value:z.5g}" if isinstance(value, float) else cell(value)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
