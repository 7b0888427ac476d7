"""`nnscratch export`: a model for those who have no nnscratch, from the raw row to the label."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import options
from nnscratch.cli.output import print_message
from nnscratch.export import Format

if TYPE_CHECKING:
    from nnscratch.export.formats import Export
    from nnscratch.export.subject import Subject

POSITION_IN_HELP = 85


class WeightType(StrEnum):
    """How weights are held."""

    FLOAT32 = "float32"
    INT8 = "int8"


def export(
    run: options.RunName,
    file_format: Annotated[Format, typer.Option("--to", help="What to export to.")],
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A new file; by default it is called after the run, such as xor_model.py.",
            callback=options.typeable,
        ),
    ] = None,
    dtype: Annotated[
        WeightType | None,
        typer.Option(
            help="How C holds weights: as float32, or as int8, which takes a quarter of the room."
        ),
    ] = None,
    runs_dir: options.RunsDirectory = options.DEFAULT_RUNS,
) -> None:
    """Export a model to use it without nnscratch.

    The file holds everything from the raw row to the label: missing values, categories, dates,
    scaling, the network, the names of the classes. It tests itself with ten made-up rows.

    python: one file for the standard library. c: a C99 header and a program that tests it.
    onnx: a graph for onnxruntime and others, with one input for each column; it needs the package
    nnscratch[onnx]. html: one page to try the model in a browser, without a server. json: the
    operations and weights, which the page reads.

    Example: nnscratch export xor --to python --output xor.py
    """
    from nnscratch.cli.progress import Spinner
    from nnscratch.errors import UsageError
    from nnscratch.export.subject import take_subject
    from nnscratch.files.atomic import check_new
    from nnscratch.model.loading import load_model
    from nnscratch.runs import find_weights

    if dtype is not None and file_format is not Format.C:
        raise UsageError(f"--dtype {dtype.value}: is for C; got --to {file_format.value}")
    if output_file is not None:
        _check_ending(output_file, file_format)
        check_new(output_file)  # refused now, not after the data is loaded
    found = find_weights(run, runs_dir)
    model = load_model(found.weights)
    with Spinner() as spinner:
        needs_ranges = file_format in (Format.HTML, Format.JSON)
        subject = take_subject(found, model, needs_ranges=needs_ranges, report=spinner.say)
        path = output_file or _default_name(subject.name, file_format)
        stem = path.name.removesuffix(file_format.ending)
        result = _render(subject, file_format, stem, is_int8=dtype is WeightType.INT8)
    _write(result, path.parent / stem)


def _check_ending(path: Path, file_format: Format) -> None:
    from nnscratch.errors import UsageError

    if path.suffix != file_format.ending or path.name == file_format.ending:
        rule = f"the file name must end in {file_format.ending}"
        raise UsageError(f"--output {path}: {rule}")


def _default_name(name: str, file_format: Format) -> Path:
    """Returns a name that can be imported as a module and written anywhere."""
    safe = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)[:60]
    return Path(f"{'_' if safe[:1].isdigit() else ''}{safe}_model{file_format.ending}")


def _render(subject: "Subject", file_format: Format, stem: str, *, is_int8: bool) -> "Export":
    from nnscratch.export import c_format, html_format, json_format, onnx_format, python_format

    match file_format:
        case Format.PYTHON:
            return python_format.write(subject)
        case Format.C:
            return c_format.write(subject, stem, is_int8=is_int8)
        case Format.ONNX:
            return onnx_format.write(subject)
        case Format.HTML:
            return html_format.write(subject)
        case Format.JSON:
            return json_format.write(subject)


def _write(result: "Export", base: Path) -> None:
    """Writes all files, or none where one of them exists already."""
    from nnscratch.files.atomic import check_new, replacing
    from nnscratch.formatting import size_text

    paths = {
        base.with_name(f"{base.name}{ending}"): content for ending, content in result.files.items()
    }
    for path in paths:
        check_new(path)
    for path, content in paths.items():
        with replacing(path, exclusive=True) as file:
            file.write(content)
        print_message(f"wrote {path}, {size_text(len(content))}")
    for note in result.notes:
        print_message(note)
