"""`nnscratch schema`: prints what a config may contain, for editors or for readers."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.options import typeable
from nnscratch.cli.output import print_message, write_data

POSITION_IN_HELP = 140


class SchemaFormat(StrEnum):
    """For an editor, or for a reader."""

    JSON = "json"
    MARKDOWN = "markdown"


def schema(
    output_format: Annotated[
        SchemaFormat,
        typer.Option("--format", help="A JSON Schema, or a Markdown reference of all keys."),
    ] = SchemaFormat.JSON,
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="A new file to write to.", callback=typeable
        ),
    ] = None,
) -> None:
    """Print a config's JSON Schema, for editors.

    Example: nnscratch schema --output nnscratch.schema.json

    An editor with a YAML language server then completes and checks a config whose first line is
    `# yaml-language-server: $schema=nnscratch.schema.json`.
    """
    from nnscratch.files.atomic import write_text

    text = _render(output_format)
    if output_file is None:
        write_data([text])
    else:
        write_text(output_file, text, exclusive=True)
        print_message(f"wrote {output_file}")


def _render(output_format: SchemaFormat) -> str:
    if output_format is SchemaFormat.MARKDOWN:
        from nnscratch.config.docs.reference import reference

        return reference()
    import json

    from nnscratch.config.docs.json_schema import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
