"""`nnscratch verify`: does a run's config train to its weights?"""

from typing import TYPE_CHECKING

import typer

from nnscratch.cli import EXIT_FAILED, progress
from nnscratch.cli.options import DEFAULT_RUNS, Format, ReportFormat, RunName, RunsDirectory
from nnscratch.cli.output import print_document, print_message, print_text
from nnscratch.formatting import plural, some

if TYPE_CHECKING:
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
    from nnscratch.training.verify import prepare_verification

    files = find_weights(run, runs_dir)
    with progress.Spinner() as spinner:
        verification = prepare_verification(files, report=spinner.say)
    with progress.choose(verification.trainer, verification.epochs) as bar:
        for record in verification:
            bar.update(record)
    result = verification.compare()
    if output_format is ReportFormat.JSON:
        print_document(
            {
                "run": str(files.directory),
                "epochs": verification.trainer.epochs_done,
                "same": not result.by_array,
                "weights": result.weights,
                "different": result.by_array,
                "largest_difference": result.largest,
                "changes": verification.changes,
            }
        )
    else:
        _print_result(verification, result, str(files.directory))
    if result.by_array:
        for change in verification.changes:
            print_message(f"a reason may be that {change}")
        raise typer.Exit(EXIT_FAILED)


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
