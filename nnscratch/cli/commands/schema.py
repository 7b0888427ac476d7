"""`nnscratch schema`: prints what a config may contain, for editors or for readers."""

from enum import StrEnum
from typing import Annotated

import typer

from nnscratch.cli.output import write_data

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
) -> None:
    """Print a config's JSON Schema, for editors.

    Example: nnscratch schema > nnscratch.schema.json

    An editor with a YAML language server then completes and checks a config whose first line is
    `# yaml-language-server: $schema=nnscratch.schema.json`.
    """
    if output_format is SchemaFormat.MARKDOWN:
        from nnscratch.config.docs.reference import reference

        write_data([reference()])
        return
    import json

    from nnscratch.config.docs.json_schema import json_schema

    write_data([json.dumps(json_schema(), indent=2, ensure_ascii=False), "\n"])
