"""`nnscratch schema`: what a config may hold, for editors and for readers."""

from enum import StrEnum
from typing import Annotated

import typer


class SchemaFormat(StrEnum):
    """Who reads it: an editor or a person."""

    JSON = "json"
    MARKDOWN = "markdown"


def schema(
    output_format: Annotated[
        SchemaFormat, typer.Option("--format", help="JSON Schema, or a page of all keys.")
    ] = SchemaFormat.JSON,
) -> None:
    """Print a config's JSON Schema, for editors.

    Example: nnscratch schema > nnscratch.schema.json

    A config whose first line is `# yaml-language-server: $schema=nnscratch.schema.json` is then
    completed and checked as it is typed.
    """
    if output_format is SchemaFormat.MARKDOWN:
        from nnscratch.config.docs.reference import reference

        print(reference(), end="")
        return
    import json

    from nnscratch.config.docs.json_schema import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
