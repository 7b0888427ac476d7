"""`nnscratch note`: what a person writes about a run."""

from typing import Annotated

import typer

from nnscratch.cli.options import DEFAULT_RUNS, Format, ReportFormat, RunName, RunsDirectory, Tags
from nnscratch.cli.output import print_document, print_text
from nnscratch.errors import UsageError

POSITION_IN_HELP = 95


def note(
    run: RunName,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="The note, in place of an earlier one.")
    ] = None,
    tags: Tags = None,
    untag: Annotated[
        list[str] | None,
        typer.Option(metavar="TAG", help="A tag to remove; can be repeated."),
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Remove the note.")] = False,
    output_format: Format = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Write a note about a run, or tag it; without either, show both.

    Example: nnscratch note latest "twice as wide" --tag baseline
    """
    from nnscratch.runs import find, read_annotations

    if text is not None and delete:
        raise UsageError("give a note or --delete, not both")
    found = find(run, runs_dir)
    if found.directory is None:
        raise UsageError(f"{found.weights}: belongs to no run that could have a note")
    before = read_annotations(found.directory)
    after = before.with_tags(tags or [], untag or [])
    if text is not None or delete:
        after = after.with_note(text or "")
    if after != before:
        after.write(found.directory)
    if output_format is ReportFormat.JSON:
        print_document({"run": str(found.directory), **after.model_dump()})
        return
    print_text(f"run      {found.directory}")
    print_text(f"tags     {', '.join(after.tags) or 'none'}")
    print_text(f"note     {after.note or 'none'}")
