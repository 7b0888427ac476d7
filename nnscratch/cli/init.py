"""`nnscratch init`: a config to start from."""

from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.tables import print_table

_FOLDER = Path("configs")


def init(
    template: Annotated[
        str | None,
        typer.Argument(metavar="TEMPLATE", help="Such as xor, mnist or csv; a list unless given."),
    ] = None,
    table: Annotated[
        Path | None, typer.Argument(metavar="TABLE", help="For csv: your CSV file.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The column to predict; the last unless given."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write; configs/TEMPLATE.yaml unless given."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a commented config to start from.

    Example: nnscratch init csv data.csv --target price
    """
    from nnscratch import starter
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import write_text

    if template is None:
        rows = [[name, starter.title(path)] for name, path in starter.templates().items()]
        print_table(["template", "what it is"], rows)
        return
    if (table or target) and template != "csv":
        raise UsageError(f"a table goes with the template csv, not with {template}")
    path = output or _FOLDER / f"{table.stem if table else template}.yaml"
    text = starter.from_table(table, path, target) if table else starter.from_template(template)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text, exclusive=not force)
    except FileExistsError:
        hint = "--force replaces it, --output FILE writes another"
        raise UsageError(f"{path}: exists already; {hint}") from None
    print(path)
    print(f"next     nnscratch train {path}")
