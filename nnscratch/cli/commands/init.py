"""`nnscratch init`: a config to start from."""

from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.options import Format, ReportFormat, typeable
from nnscratch.cli.output import print_document, print_message, print_text, print_written
from nnscratch.cli.tables import print_table
from nnscratch.errors import UsageError
from nnscratch.formatting import typed

POSITION_IN_HELP = 10

_FOLDER = Path("configs")


Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="File to write; by default configs/ and the name of TEMPLATE or TABLE.",
        callback=typeable,
    ),
]


def init(
    template: Annotated[
        str | None,
        typer.Argument(metavar="TEMPLATE", help="Such as xor, mnist or csv; omit it for a list."),
    ] = None,
    table: Annotated[
        Path | None, typer.Argument(metavar="TABLE", help="With csv: your CSV file.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column to predict; the last by default."),
    ] = None,
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    output_format: Format = ReportFormat.TABLE,
) -> None:
    """Write a commented config to start from.

    Example: nnscratch init csv data.csv --target price
    """
    from nnscratch.scaffold.templates import TABLE, from_template

    if template is None:
        _list_templates(output_format)
        return
    if not table and _is_table(template):
        template, table = TABLE, Path(template)
    _check_template(template, table, target)
    path = output or _FOLDER / f"{table.stem if table else Path(template).name}.yaml"
    _check_place(path, table, force=force)
    if table:
        from nnscratch.scaffold.from_table import from_table

        text = from_table(table, path, target)
    else:
        text = from_template(template)
    _write(path, text, force=force)
    if output_format is ReportFormat.JSON:
        print_document({"config": str(path), "template": template, "table": table and str(table)})
    else:
        print_written(path)
        print_text(f"next     nnscratch train {typed(path)}")


def _list_templates(output_format: ReportFormat) -> None:
    from nnscratch.scaffold.templates import templates, title

    titles = {name: title(path) for name, path in templates().items()}
    if output_format is ReportFormat.JSON:
        print_document({"templates": titles})
        return
    print_table(["template", "what it is"], list(map(list, titles.items())))
    print_message("to write one, into configs/: nnscratch init xor")
    print_message("for your own table: nnscratch init csv data.csv")


def _is_table(template: str) -> bool:
    """Returns whether a file stands where the template should: a table that is to be learned."""
    path = Path(template)
    return path.is_file() and path.suffix not in (".yaml", ".yml")


def _check_template(template: str, table: Path | None, target: str | None) -> None:
    from nnscratch.scaffold.templates import TABLE

    if (table or target) and template != TABLE:
        raise UsageError(f"a table goes with the template {TABLE}, not with {template}")
    if template == TABLE and not table:
        raise UsageError("csv needs your table: nnscratch init csv data.csv --target price")


def _check_place(path: Path, table: Path | None, *, force: bool) -> None:
    """Raises UsageError if the file cannot be written there, before the table is looked through."""
    if path.is_dir() or not path.name:
        raise UsageError(f"{path}: is a folder; name a file with --output")
    if table and path.exists() and path.samefile(table):
        raise UsageError(f"{path}: is the table itself, which is not overwritten")
    if path.exists() and not force:
        raise UsageError(
            f"{path}: exists already; --force replaces it, --output FILE writes another"
        )


def _write(path: Path, text: str, *, force: bool) -> None:
    from nnscratch.files.atomic import write_text

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{path.parent}: is a file, not a folder") from None
    write_text(path, text, exclusive=not force)
