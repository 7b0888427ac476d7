"""`nnscratch verify`: does a run's config train to its weights?"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nnscratch.cli import EXIT_FAILED, progress
from nnscratch.cli.options import DEFAULT_RUNS, Format, ReportFormat, RunName, RunsDirectory
from nnscratch.cli.output import print_document, print_message, print_text
from nnscratch.formatting import plural, some

if TYPE_CHECKING:
    from nnscratch.runs import RunFiles
    from nnscratch.training.verify import Verification, WeightDifferences

POSITION_IN_HELP = 110


def verify(
    run: RunName,
    output_format: Format = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Train a run again and compare every bit.

    Its config is trained once more, and the weights are compared; the run is not touched.

    Example: nnscratch verify latest
    """
    from nnscratch.runs import find_weights
    from nnscratch.runs.members import many_of

    files = find_weights(run, runs_dir)
    as_json = output_format is ReportFormat.JSON
    if files.directory and many_of(files.directory):
        same = _verify_many(files.directory, as_json=as_json)
    else:
        document = _verify(files, as_json=as_json)
        same = document["same"]
        if as_json:
            print_document(document)
    if not same:
        raise typer.Exit(EXIT_FAILED)


def _verify(files: "RunFiles", *, as_json: bool, quiet: bool = False) -> dict[str, Any]:
    """Trains a run again and prints the comparison, or else returns it for a document."""
    from nnscratch.training.verify import prepare_verification

    with progress.Spinner() as spinner:
        verification = prepare_verification(files, report=spinner.say)
    with progress.choose(verification.trainer, verification.epochs, quiet=quiet) as bar:
        for record in verification:
            bar.update(record)
    result = verification.compare()
    if not as_json:
        _print_result(verification, result, str(files.directory))
    if result.by_array:
        for change in verification.changes:
            print_message(f"a reason may be that {change}")
    return {
        "run": str(files.directory),
        "epochs": verification.trainer.epochs_done,
        "same": not result.by_array,
        "weights": result.weights,
        "different": result.by_array,
        "largest_difference": result.largest,
        "changes": verification.changes,
    }


def _verify_many(path: Path, *, as_json: bool) -> bool:
    """Trains each run of a directory again, and makes their weights together again."""
    from nnscratch.runs import WEIGHTS, RunFiles
    from nnscratch.runs.members import list_leaves
    from nnscratch.search.results import is_made_of_its_runs

    quiet = not sys.stderr.isatty()
    leaves = list_leaves(path)
    each = [_verify(RunFiles(run / WEIGHTS, run), as_json=as_json, quiet=quiet) for run in leaves]
    made = is_made_of_its_runs(path)
    same = made and all(document["same"] for document in each)
    if as_json:
        print_document(
            {
                "run": str(path),
                "epochs": sum(one["epochs"] for one in each),
                "same": same,
                "weights": sum(one["weights"] for one in each),
                "different": {
                    f"{one['run']}: {array}": count
                    for one in each
                    for array, count in one["different"].items()
                },
                "largest_difference": max(one["largest_difference"] for one in each),
                "changes": list(dict.fromkeys(change for one in each for change in one["changes"])),
                "made_of_runs": made,
                "runs": [one["run"] for one in each],
            }
        )
    elif made:
        print_text(f"{path}: its weights are made of those of {plural(len(each), 'run')}")
    else:
        print_text(f"{path}: its weights are not those of its runs; resume makes them again")
    return same


def _print_result(verification: "Verification", result: "WeightDifferences", path: str) -> None:
    epochs = plural(verification.trainer.epochs_done, "epoch")
    again = f"{path}: trained again for {epochs}"
    if not result.by_array:
        print_text(f"{again}, all {plural(result.weights, 'weight')} are the same, bit for bit")
        return
    different = f"{sum(result.by_array.values()):,} of {plural(result.weights, 'weight')}"
    print_text(
        f"{again}, {different} are not the same, in {some(list(result.by_array))}; "
        f"by {result.largest:.3g} at most"
    )
